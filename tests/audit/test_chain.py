"""The chain: every committed row is linked once, whoever wrote it and however late it committed; a change is found."""

import random
import signal
import subprocess
import threading
import time
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from noren.audit import actions, queries, verifying
from noren.audit.rules import START, Head, link_hash
from noren.kit.progress import silent
from tests import soak
from tests.audit import books
from tests.audit.books import found, owner, tampered, write
from tests.cast import NOW
from tests.conftest import NOREN, Place

WRITERS = 4
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["write", "write", "commit", "rollback", "seal", "thorough"]), st.integers(0, WRITERS - 1)
    ),
    max_size=40,
)
ON_ONE_PLACE = settings(
    max_examples=soak.many(25, 500),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a handful of rows is many transactions and many pieces."""
    monkeypatch.setattr(actions, "AT_ONCE", 3)
    monkeypatch.setattr(actions, "FETCHED", 2)
    monkeypatch.setattr(verifying, "AT_ONCE", 2)


def is_whole(place: Place) -> bool:
    """Numbers without a gap, each row once, nothing found."""
    links = books.chain(place)
    assert [number for number, _row in links] == list(range(1, len(links) + 1))
    assert {row for _number, row in links} == books.rows(place)
    return found() == {}


@pytest.mark.soak
@pytest.mark.usefixtures("small_steps")
@ON_ONE_PLACE
@given(steps=STEPS)
def test_every_committed_row_is_linked_however_late_it_commits(place: Place, steps: list[tuple[str, int]]) -> None:
    writers = [books.app(place) for _number in range(WRITERS)]
    try:
        for number, (step, whose) in enumerate(steps):
            if step == "write":
                writers[whose].execute(books.BULK, [NOW, f"a{number}"])
            elif step in {"commit", "rollback"}:
                getattr(writers[whose], step)()
            else:
                actions.seal(thorough=step == "thorough")
                assert is_whole(place)
        for writer in reversed(writers):
            writer.commit()
    finally:
        for writer in writers:
            writer.close()
    actions.seal()
    assert is_whole(place)


def test_a_row_of_an_old_transaction_is_linked_after_thousands_of_newer_ones(place: Place) -> None:
    with books.app(place) as late:
        late.execute(books.BULK, [NOW, "late"])
        for number in range(20):
            write(200, first=number * 200)
            assert actions.seal() == (202 if number == 0 else 200)
    assert actions.seal() == 1
    assert is_whole(place)


def test_nothing_is_looked_at_twice_when_nothing_is_open(place: Place) -> None:
    write(50)
    actions.seal()
    with owner(place) as inside:
        found_above = inside.execute(
            "SELECT count(*) FROM audit_record, audit_mark WHERE entered >= settled"
        ).fetchone()
        assert found_above == (0,)
        before = inside.execute("SELECT xmin::text FROM audit_mark").fetchone()
        assert actions.seal() == 0
        assert inside.execute("SELECT xmin::text FROM audit_mark").fetchone() == before, "an idle second writes nothing"


def test_a_dump_that_was_restored_into_another_server_goes_on(place: Place) -> None:
    """Transactions count from the beginning there: the mark and the rows are of a future that will not come."""
    write(5)
    actions.seal()
    write(5, first=5)
    with owner(place) as inside:
        inside.execute(
            "UPDATE audit_record SET entered = '900000000' WHERE record_id NOT IN (SELECT record_id FROM audit_link)"
        )
        inside.execute("UPDATE audit_mark SET settled = '900000000'")
    write(5, first=10)
    assert actions.seal() == 10
    write(5, first=15)
    assert actions.seal() == 5
    assert is_whole(place)


def test_a_forged_mark_hides_nothing_from_verify_and_a_thorough_seal(place: Place) -> None:
    actions.seal()
    write(5)
    with books.app(place, autocommit=True) as inside:
        inside.execute("UPDATE audit_mark SET settled = pg_current_xact_id()")
    assert actions.seal() == 0
    assert found() == {"audit.unlinked": 5}
    assert actions.seal(thorough=True) == 5
    assert is_whole(place)


@pytest.mark.usefixtures("small_steps")
def test_several_sealers_at_a_time_link_each_row_once(place: Place) -> None:
    write(60)
    linked: list[int] = []

    def work() -> None:
        try:
            linked.append(actions.seal())
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(linked) == 62
    assert is_whole(place)


def test_writers_do_not_wait_for_a_sealer_nor_for_each_other(place: Place) -> None:
    with books.app(place) as first, books.app(place) as second, books.app(place) as sealer:
        for number, writer in enumerate((first, second)):
            writer.execute("SET LOCAL lock_timeout = '1s'")
            writer.execute(books.BULK, [NOW, f"a{number}"])
        sealer.execute("SELECT pg_advisory_xact_lock(hashtextextended('noren.audit.chain', 0))")
        write(3)
        second.commit()
        first.commit()
    actions.seal()
    assert is_whole(place)


@pytest.mark.soak
def test_a_sealer_that_is_killed_leaves_a_whole_chain(place: Place) -> None:
    place.home.mkdir(parents=True, exist_ok=True)
    chance, killed, rows = random.Random(7), 0, 30_000
    for number in range(soak.many(2, 30)):
        write(rows, first=number * rows)
        process = subprocess.Popen([*NOREN, "audit", "seal"], env=place.environment, stdout=subprocess.DEVNULL)
        while process.poll() is None and not _is_sealing(place):
            time.sleep(0.005)
        time.sleep(0.4 * chance.random())
        killed += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert set(found()) <= {"audit.unlinked"}
        actions.seal()
        assert is_whole(place)
    assert killed


def _is_sealing(place: Place) -> bool:
    with owner(place) as inside:
        held = inside.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted").fetchone()
    return held != (0,)


FIELDS = {
    "booked_at": "booked_at + interval '1 microsecond'",
    "actor": "'staff:taro'",
    "act": "act || 's'",
    "subject": "subject || ' '",
    "detail": """'{"n": 1.0}'""",
    "scope": "'C9'",
    "reason": "'none'",
    "before": "NULL",
    "after": """'{}'""",
    "entered": "'5'",
    "place": "DEFAULT",
    "record_id": "gen_random_uuid()",
}
"""Every column, and another value of it."""


@pytest.fixture
def ten(place: Place) -> Place:
    """A chain of twelve links, the first two of the programme's."""
    write(10)
    actions.seal()
    return place


@pytest.mark.parametrize("field", FIELDS)
def test_a_change_of_any_field_is_found(ten: Place, field: str) -> None:
    assert found() == {}
    with tampered(ten, f"UPDATE audit_record SET {field} = {FIELDS[field]} WHERE subject = 'a4'"):
        expected = {"audit.missing": 1, "audit.unlinked": 1} if field == "record_id" else {"audit.altered": 1}
        assert found() == expected
    assert found() == {}


def test_every_field_is_tried(ten: Place) -> None:
    with owner(ten) as inside:
        columns = inside.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'audit_record'"
        ).fetchall()
    assert {name for (name,) in columns} == set(FIELDS)


@pytest.mark.parametrize(
    ("statements", "codes"),
    [
        (["DELETE FROM audit_record WHERE subject = 'a4'"], {"audit.missing"}),
        (["DELETE FROM audit_link WHERE number = 5"], {"audit.gap", "audit.unlinked"}),
        (["DELETE FROM audit_link WHERE number = 1"], {"audit.gap", "audit.unlinked"}),
        (
            [
                "DELETE FROM audit_record WHERE record_id = (SELECT record_id FROM audit_link WHERE number = 5)",
                "DELETE FROM audit_link WHERE number = 5",
            ],
            {"audit.gap"},
        ),
        (
            [
                "DELETE FROM audit_record WHERE record_id = (SELECT record_id FROM audit_link WHERE number = 5)",
                "DELETE FROM audit_link WHERE number = 5",
                "UPDATE audit_link SET number = -number WHERE number > 5",
                "UPDATE audit_link SET number = -number - 1 WHERE number < 0",
            ],
            {"audit.altered"},
        ),
        (["UPDATE audit_link SET hash = sha256(hash) WHERE number = 5"], {"audit.altered"}),
        (["UPDATE audit_link SET number = -7 WHERE number = 5"], {"audit.gap"}),
        (["UPDATE audit_link SET record_id = gen_random_uuid() WHERE number = 5"], {"audit.missing", "audit.unlinked"}),
        (
            [
                "UPDATE audit_link SET number = -1 WHERE number = 5",
                "UPDATE audit_link SET number = 5 WHERE number = 6",
                "UPDATE audit_link SET number = 6 WHERE number = -1",
            ],
            {"audit.altered"},
        ),
        (["INSERT INTO audit_link VALUES (13, gen_random_uuid(), sha256('x'))"], {"audit.missing"}),
        (
            [
                books.BULK.replace("%s", "'2020-01-01'", 1).replace("%s", "'forged'"),
                "INSERT INTO audit_link SELECT 0, record_id, sha256('x') FROM audit_record WHERE subject = 'forged'",
            ],
            {"audit.gap", "audit.altered"},
        ),
    ],
)
def test_what_is_deleted_inserted_or_reordered_is_found(ten: Place, statements: list[str], codes: set[str]) -> None:
    with tampered(ten, *statements):
        assert set(found()) == codes
    assert found() == {}


def rewrite(place: Place) -> None:
    """A superuser makes a new chain over what is there now."""
    with owner(place) as inside:
        inside.execute("TRUNCATE audit_link")
    actions.seal(thorough=True)


def test_a_chain_that_was_rewritten_is_found_by_a_head_that_was_noted(ten: Place) -> None:
    noted = queries.head()
    write(3, first=20)
    actions.seal()
    assert found(noted=noted) == {}
    assert found(noted=Head(0, START.hex())) == {}
    with tampered(ten, "UPDATE audit_record SET actor = 'staff:taro' WHERE subject = 'a4'"):
        rewrite(ten)
        assert found() == {}
        assert found(noted=noted) == {"audit.head": 1}
    assert found(noted=noted) == {}


def test_a_chain_whose_end_is_gone_is_found_by_a_head_that_was_noted(ten: Place) -> None:
    noted = queries.head()
    cut = ["DELETE FROM audit_record WHERE subject = 'a9'", "DELETE FROM audit_link WHERE number = 12"]
    with tampered(ten, *cut):
        assert found() == {}
        assert found(noted=noted) == {"audit.head": 1}


@pytest.mark.soak
@ON_ONE_PLACE
@given(data=st.data())
def test_a_random_change_is_found(ten: Place, data: st.DataObject) -> None:
    number, field = data.draw(st.integers(3, 12)), data.draw(st.sampled_from(sorted(FIELDS)))
    row = f"(SELECT record_id FROM audit_link WHERE number = {number})"
    with tampered(ten, f"UPDATE audit_record SET {field} = {FIELDS[field]} WHERE record_id = {row}"):
        assert found()


def test_what_was_written_just_now_waits_and_is_no_fault(ten: Place) -> None:
    del ten
    write(2, first=30)
    done = verifying.verify(now=NOW, progress=silent)
    assert (done.links, done.waiting, done.findings) == (12, 2, ())


def test_anybody_can_compute_the_chain_with_the_lines_of_the_docs(ten: Place) -> None:
    """What docs/rules/audit.md says of the line that is hashed."""
    line = (
        "ROW(record_id, place, entered, (extract(epoch FROM booked_at) * 1000000)::bigint, actor, act, subject, scope,"
        " reason, detail, before, after)::text"
    )
    statement = f"SELECT hash, {line} FROM audit_link JOIN audit_record USING (record_id) ORDER BY number"
    with owner(ten) as inside:
        links: list[tuple[Any, ...]] = inside.execute(statement.encode()).fetchall()
    previous = START
    for digest, text in links:
        previous = link_hash(previous, text)
        assert bytes(digest) == previous
    assert len(links) == 12
