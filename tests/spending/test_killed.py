"""Killed while points are reserved, handed over, written or answered, or a file is read: nothing is lost or doubled."""

import random
import subprocess
import time
from collections.abc import Callable
from datetime import date

import psycopg
import pytest

from noren.members import queries as members
from noren.spending import queries
from noren.spending.models import Overdue, Standing
from noren.spending.rules import ItemState
from tests import soak
from tests.cast import ENGINEER
from tests.conftest import NOREN
from tests.members.desk import Desk
from tests.spending.desk import NOW, Billing

LINES = [f"K{number:04}" for number in range(2_000)]
ROUNDS = soak.many(2, 40)


@pytest.fixture
def many(desk: Desk) -> Desk:
    """Two thousand lines with 50 points each, and a standing allocation of 30 for the bills of each."""
    desk.bring("lines", *(f"{line},C1,,mobile,2020-01-01,,2021-01-01," for line in LINES), name="many")
    desk.close("2021-07", *(f"{line},2021-07,{line},,call,10000" for line in LINES))
    wished = [
        Standing(
            wallet_id=one.uid,
            uid=one.uid,
            kind="line",
            member_id=one.member_id,
            points=30,
            since=date(2021, 8, 1),
            made_by=str(ENGINEER),
            made_at=NOW,
        )
        for one in members.lines(LINES)
    ]
    Standing.objects.bulk_create(wished)
    return desk


def begin(desk: Desk, *arguments: object) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [*NOREN, *map(str, arguments)],
        env=desk.place.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def asked(desk: Desk, statement: str) -> int:
    with psycopg.connect(desk.place.url) as connection:
        return int((connection.execute(statement.encode()).fetchone() or (0,))[0])


def killed(process: "subprocess.Popen[bytes]", begun: Callable[[], bool], seconds: float) -> bool:
    """End the process so many seconds after it has begun; whether it was still at work."""
    while process.poll() is None and not begun():
        time.sleep(0.01)
    time.sleep(seconds)
    alive = process.poll() is None
    process.kill()
    process.communicate()
    return alive


def alone(desk: Desk) -> Desk:
    """The desk when the server has seen that nobody is at work any more: it holds a killed client's locks till then."""
    busy = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend' AND state <> 'idle'"
    )
    for _time in range(300):
        if not asked(desk, busy):
            break
        time.sleep(0.1)
    return desk


def killed_before_the_end(desk: Desk, *arguments: object) -> None:
    """End the command when all is written but the audit, whose table somebody holds: one moment before the commit."""
    waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with psycopg.connect(desk.place.url) as holder:
        holder.execute("LOCK TABLE audit_record IN EXCLUSIVE MODE")
        assert killed(begin(desk, *arguments), lambda: asked(desk, waits) > 0, 0)
    alone(desk)


@pytest.mark.soak
def test_a_killed_close_takes_and_hands_over_once(many: Desk, billing: Billing) -> None:
    chance, hit = random.Random(3), 0
    bills = many.file("bills", *(f"{line},2021-08,{line},,call,20" for line in LINES), name="august")
    step = "SELECT count(*) FROM closing_step WHERE name = 'allocate' AND run_id LIKE 'close/2021-08/%'"
    for _round in range(ROUNDS):
        process = begin(many, "close", "2021-08", "--bills", bills)
        hit += killed(process, lambda: asked(many, step) > 0, chance.random() * 0.8)
        taken = asked(many, "SELECT count(*) FROM spending_allocation")
        assert taken in {0, len(LINES)}
        for path in (many.place.home / "allocations").glob("allocations-*.csv"):
            assert len(path.read_text().splitlines()) == len(LINES) + 1
    alone(many).place.noren("close", "2021-08", "--bills", bills)
    assert asked(many, "SELECT sum(points) FROM spending_allocation") == 30 * len(LINES)
    [made] = queries.handovers()
    assert (made.items, made.points) == (len(LINES), 20 * len(LINES))
    assert sum(billing.handed("2021-08").values()) == 20 * len(LINES)
    assert hit


@pytest.mark.soak
def test_a_killed_answer_settles_all_or_nothing(many: Desk, billing: Billing) -> None:
    chance, hit = random.Random(4), 0
    many.close("2021-08", *(f"{line},2021-08,{line},,call,20" for line in LINES))
    states = ("confirmed", 20), ("reduced", 5), ("refused", 0)
    told = {line: states[number % 3] for number, line in enumerate(LINES)}
    path = many.folder / "told.csv"
    rows = (",".join(map(str, row)) for row in billing.answers("2021-08", told))
    path.write_text("\n".join(["item_id,state,points,reason", *rows, ""]))
    for _round in range(ROUNDS):
        process = begin(many, "allocation", "answer", path)
        hit += killed(process, lambda: True, 1 + chance.random() * 2)
        settled = asked(many, f"SELECT count(*) FROM spending_item WHERE state <> '{ItemState.SENT}'")
        assert settled in {0, len(LINES)}
    alone(many).place.noren("allocation", "answer", path)
    assert asked(many, "SELECT sum(paid) FROM spending_allocation") == sum(points for _state, points in told.values())
    back = 30 * sum(state == "refused" for state, _points in told.values())
    assert asked(many, "SELECT sum(returned) FROM spending_allocation") == back
    assert hit


def test_a_killed_file_of_overdue_bills_is_taken_in_as_a_whole_or_not_at_all(desk: Desk) -> None:
    def overdue() -> set[tuple[str, str]]:
        return set(Overdue.objects.values_list("kind", "id"))

    first, second = (desk.folder / name for name in ("first.csv", "second.csv"))
    first.write_text("corporation_id,line_id,account_id\n,L1,\n,L2,\n")
    second.write_text("corporation_id,line_id,account_id\nC1,,\n,L3,\n")
    desk.place.noren("import", "overdue", first)
    records = asked(desk, "SELECT count(*) FROM audit_record")
    killed_before_the_end(desk, "import", "overdue", second)
    assert overdue() == {("line", "L1"), ("line", "L2")}
    assert asked(desk, "SELECT count(*) FROM audit_record") == records
    desk.place.noren("import", "overdue", second)
    assert overdue() == {("corporation", "C1"), ("line", "L3")}
    assert asked(desk, "SELECT count(*) FROM audit_record") == records + 1
    assert list((desk.place.home / "scratch").iterdir()) == []
