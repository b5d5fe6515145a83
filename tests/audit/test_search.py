"""Pages of the audit: together they are what is wanted, each row once, the newest first, and nothing out of scope."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from noren.audit import actions, queries
from noren.audit.actions import Entry
from noren.audit.queries import RecordRow, Wanted
from noren.kit.actor import Actor, ActorKind
from tests import soak
from tests.audit import books
from tests.cast import NOW
from tests.conftest import Place

SCOPES, SUBJECTS = ["", "C1", "C2"], ["a", "b", "a' OR 1=1"]
ACTS = ["account.lock", "account.lock_more", "account", "sso.key", "sso.key.revoke"]
ACTORS = [Actor(ActorKind.STAFF, "hanako"), Actor(ActorKind.MEMBER, "a")]
MINUTES = st.integers(0, 4)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(ACTORS), st.sampled_from(ACTS), st.sampled_from(SUBJECTS), st.sampled_from(SCOPES), MINUTES
    ),
    max_size=30,
)


def at(minute: int) -> Any:
    return NOW + timedelta(minutes=minute, microseconds=minute)


WANTED = st.builds(
    Wanted,
    scopes=st.none() | st.lists(st.sampled_from([*SCOPES, "C9"]), max_size=3),
    subjects=st.none() | st.lists(st.sampled_from([*SUBJECTS, "z"]), max_size=3),
    actor=st.sampled_from(["", *map(str, ACTORS)]),
    act=st.sampled_from(["", "account", "account.lock", "sso.key", "s_o", "%", "other"]),
    since=st.none() | MINUTES.map(at),
    until=st.none() | MINUTES.map(at),
)


def is_wanted(row: RecordRow, wanted: Wanted) -> bool:
    """The same in plain words."""
    return (
        (wanted.scopes is None or row.scope in wanted.scopes)
        and (wanted.subjects is None or row.subject in wanted.subjects)
        and (not wanted.actor or row.actor == wanted.actor)
        and (not wanted.act or row.act == wanted.act or row.act.startswith(f"{wanted.act}."))
        and (wanted.since is None or row.booked_at >= wanted.since)
        and (wanted.until is None or row.booked_at < wanted.until)
    )


def pages(wanted: Wanted, size: int) -> list[RecordRow]:
    """All pages, one behind the other."""
    found: list[RecordRow] = []
    behind = ""
    while True:
        page = queries.search(wanted, behind=behind, size=size)
        assert len(page.rows) <= size
        found += page.rows
        if not page.following:
            return found
        behind = page.following


@pytest.mark.soak
@settings(max_examples=soak.many(40, 1_000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, wanted=WANTED, size=st.integers(1, 7))
def test_pages_hold_what_is_wanted_once_and_in_order(place: Place, rows: Any, wanted: Wanted, size: int) -> None:
    with books.owner(place) as inside:
        inside.execute("TRUNCATE audit_record")
    for actor, act, subject, scope, minute in rows:
        actions.record_many([Entry(act, subject, scope=scope)], actor=actor, now=at(minute))
    everything = list(queries.every(Wanted(scopes=None)))
    assert everything == sorted(everything, key=lambda row: (row.booked_at, row.place), reverse=True)
    expected = [row for row in everything if is_wanted(row, wanted)]
    assert pages(wanted, size) == expected
    assert list(queries.every(wanted)) == expected


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("behind", ["x", "-", "1-", "-1", "1-x", "9" * 40 + "-1", "\0", "1--1-", "１-２"])
def test_a_place_that_cannot_be_read_is_the_top_or_the_end(behind: str) -> None:
    rows = queries.search(Wanted(scopes=None), behind=behind, size=5).rows
    assert rows in (queries.search(Wanted(scopes=None), behind="", size=5).rows, ())


@pytest.mark.usefixtures("place")
def test_an_act_is_found_by_its_whole_name_or_its_beginning_up_to_a_point() -> None:
    actions.record_many([Entry(act, "x") for act in ACTS], actor=ACTORS[0], now=NOW)

    def found(act: str) -> list[str]:
        return [row.act for row in queries.every(Wanted(scopes=None, subjects=["x"], act=act))][::-1]

    assert found("account") == ["account.lock", "account.lock_more", "account"]
    assert found("account.lock") == ["account.lock"]
    assert found("sso.key") == ["sso.key", "sso.key.revoke"]
    assert found("account.loc_") == []


@pytest.mark.usefixtures("place")
def test_a_company_of_70_000_is_asked_about_in_one_statement() -> None:
    actions.record_many([Entry("account.lock", "p69999", scope="C1")], actor=ACTORS[0], now=NOW)
    people = [f"p{number}" for number in range(70_000)]
    [row] = queries.search(Wanted(["C1"], people), behind="", size=5).rows
    assert row.subject == "p69999"
