"""Every invariant is seen to fail: the books are falsified as only their owner can, and `verify` names the fault."""

import json
from dataclasses import dataclass
from uuid import UUID

import pytest

from noren.points import actions, queries, rules
from tests.cast import ENGINEER, NOW
from tests.conftest import Place
from tests.points.books import (
    FIRST_POOL,
    JULY,
    LIMITED,
    NORMAL,
    ON,
    as_owner,
    back,
    change,
    expire,
    give,
    move,
    post,
    use,
    wallet_id,
)

STRANGE = UUID(int=77)
MEMBER, POOL, DEBTOR, RATED = (f"'{wallet_id(number)}'" for number in (1, 2, 3, 4))
GROUP = f"'{wallet_id(FIRST_POOL)}'"

POSTING = (
    "INSERT INTO points_posting"
    " (wallet_id, posting_id, natural_key, movement, effective_on, booked_at, reason, actor, points) VALUES"
)
ENTRY = (
    "INSERT INTO points_entry"
    " (wallet_id, posting_id, line, effective_on, kind, uses, lapses_on, points, movement, booked_at) VALUES"
)
PROGRAMME_ENTRY = (
    "INSERT INTO points_programme_entry (wallet_id, posting_id, account, points, effective_on, booked_at) VALUES"
)

Rows = list[dict[str, object]]


@pytest.fixture
def balanced(place: Place) -> Place:
    """Books with every kind of posting, which balance."""
    give(1, 100)
    give(1, 50, LIMITED)
    back(1, use(1, 30).posting_id, 10)
    move(1, 2, 40)
    give(3, 10)
    change(3, -30, allow_negative=True)
    post("c1", {4: 70, 5: 5, 6: 9}, pools={6: FIRST_POOL})
    back(FIRST_POOL, use(FIRST_POOL, 6, budgets=("unit:1",)).posting_id, 2)
    expire("e1", ON, ended=(5,))
    assert queries.verify() == []
    return place


def row(number: int, **values: object) -> dict[str, object]:
    return {"wallet_id": wallet_id(number), **values}


@dataclass(frozen=True)
class Fault:
    """What is done to the books, and what `verify` says of it: the codes, and the rows with these values in them."""

    name: str
    statements: tuple[str, ...]
    findings: dict[str, dict[str, object]]


FAULTS = [
    Fault(
        "one side of a posting is changed",
        ("UPDATE points_programme_entry SET points = points - 1 WHERE account = 'lapsed'",),
        {"posting_not_balanced": {"posting_id": rules.posting_id("e1/expire/0000"), "points": -1}},
    ),
    Fault(
        "a posting says too much",
        (f"UPDATE points_posting SET points = points - 1 WHERE wallet_id = {MEMBER} AND movement = 'spend'",),
        {"posting_not_its_entries": row(1, points=-31, entries=-30)},
    ),
    Fault(
        "a slice says too much",
        ("UPDATE points_posting SET points = points + 1 WHERE natural_key = 'c1/post/0000'",),
        {"posting_not_its_entries": {"wallet_id": rules.PROGRAMME, "points": 76, "entries": 75}},
    ),
    Fault(
        "a balance is changed",
        (f"UPDATE points_wallet SET points = points + 1 WHERE wallet_id = {RATED}",),
        {
            "wallet_not_its_entries": row(4, points=71, entries=70),
            "wallet_not_its_lots": row(4, points=71, arrears=0, lots=70),
        },
    ),
    Fault(
        "a wallet is removed",
        (f"DELETE FROM points_wallet WHERE wallet_id = {RATED}",),
        {
            "wallet_not_its_entries": row(4, points=None, entries=70),
            "wallet_not_its_lots": row(4, points=None, lots=70),
        },
    ),
    Fault(
        "arrears are changed",
        (f"UPDATE points_wallet SET arrears = arrears + 1 WHERE wallet_id = {DEBTOR}",),
        {
            "arrears_not_their_entries": row(3, arrears=21, entries=-20),
            "wallet_not_its_lots": row(3, points=-20, arrears=21, lots=0),
        },
    ),
    Fault(
        "points are owed beside points that are there",
        (
            f"{POSTING} ({DEBTOR}, '{STRANGE}', 'k', 'adjust', '{ON}', now(), '', '', 0)",
            f"{ENTRY} ({DEBTOR}, '{STRANGE}', 1, '{ON}', 'normal', '*', '{NORMAL.lapses_on}', 5, 'adjust', now())",
            f"{ENTRY} ({DEBTOR}, '{STRANGE}', 2, '{ON}', 'arrears', '', '9999-12-31', -5, 'adjust', now())",
            f"UPDATE points_lot SET granted = 5, remaining = 5, is_open = true WHERE wallet_id = {DEBTOR}",
            f"UPDATE points_wallet SET arrears = 25 WHERE wallet_id = {DEBTOR}",
        ),
        {"arrears_beside_open_lots": row(3, arrears=25, lots=5)},
    ),
    Fault(
        "a lot says that more was used",
        (f"UPDATE points_lot SET granted = granted + 1, used = used + 1 WHERE wallet_id = {RATED}",),
        {"lot_not_its_entries": row(4, granted=71, used=1, remaining=70)},
    ),
    Fault(
        "a lot holds more",
        (f"UPDATE points_lot SET granted = granted + 1, remaining = remaining + 1 WHERE wallet_id = {RATED}",),
        {
            "lot_not_its_entries": row(4, granted=71, remaining=71),
            "wallet_not_its_lots": row(4, points=70, arrears=0, lots=71),
        },
    ),
    Fault(
        "a lot is removed",
        (f"DELETE FROM points_lot WHERE wallet_id = {RATED}",),
        {
            "lot_not_its_entries": row(4, kind="normal", granted=None),
            "wallet_not_its_lots": row(4, points=70, arrears=0, lots=0),
        },
    ),
    Fault(
        "a lot is closed with points in it",
        (
            "ALTER TABLE points_lot DROP CONSTRAINT points_lot_open_while_points_remain",
            f"UPDATE points_lot SET is_open = false WHERE wallet_id = {RATED}",
        ),
        {"lot_does_not_add_up": row(4, remaining=70, is_open=False)},
    ),
    Fault(
        "a lot was granted more than became of it",
        (
            "ALTER TABLE points_lot DROP CONSTRAINT points_lot_adds_up",
            f"UPDATE points_lot SET granted = granted + 1 WHERE wallet_id = {RATED}",
        ),
        {"lot_does_not_add_up": row(4, granted=71), "lot_not_its_entries": row(4, granted=71)},
    ),
    Fault(
        "a lot is below zero",
        (
            "ALTER TABLE points_lot DROP CONSTRAINT points_lot_not_negative",
            f"UPDATE points_lot SET lapsed = -1, used = 1 WHERE wallet_id = {RATED}",
        ),
        {"lot_does_not_add_up": row(4, lapsed=-1), "lot_not_its_entries": row(4, lapsed=-1)},
    ),
    Fault(
        "a posting is removed",
        (f"DELETE FROM points_posting WHERE wallet_id = {MEMBER} AND movement = 'spend'",),
        {"entry_without_posting": row(1)},
    ),
    Fault(
        "the programme's side stands alone",
        (
            f"{PROGRAMME_ENTRY} ('{rules.PROGRAMME}', '{STRANGE}', 'issued', 5, '{ON}', now())",
            f"{PROGRAMME_ENTRY} ('{rules.PROGRAMME}', '{STRANGE}', 'lapsed', -5, '{ON}', now())",
        ),
        {"entry_without_posting": {"wallet_id": rules.PROGRAMME, "posting_id": STRANGE}},
    ),
    Fault(
        "a run did not post what it had announced",
        (
            "UPDATE points_programme_entry SET points = points - 1 WHERE account = 'issued' AND points = -84",
            "UPDATE points_programme_entry SET points = points + 1 WHERE account = 'clearing/c1' AND points = 84",
        ),
        {"clearing_not_zero": {"account": "clearing/c1", "points": 1}},
    ),
    Fault(
        "an origin is changed",
        (f"UPDATE points_origin SET points = points + 1 WHERE wallet_id = {POOL} AND kind = 'normal'",),
        {"origins_not_their_entries": row(2, kind="normal", origins=11, entries=10)},
    ),
    Fault(
        "the origins are removed",
        (f"DELETE FROM points_origin WHERE wallet_id = {POOL} AND kind = 'normal'",),
        {"origins_not_their_entries": row(2, kind="normal", origins=0, entries=10)},
    ),
    Fault(
        "a pool got points in nobody's stead",
        (f"DELETE FROM points_origin WHERE wallet_id = {GROUP}",),
        {"origins_not_their_entries": row(FIRST_POOL, movement="grant", origins=0, entries=9)},
    ),
    Fault(
        "a limit's use is changed",
        (f"UPDATE points_budget_use SET used = used + 1 WHERE wallet_id = {GROUP}",),
        {"budget_use_not_its_postings": row(FIRST_POOL, spender="unit:1", used=5, postings=4)},
    ),
]


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
@pytest.mark.usefixtures("balanced")
def test_a_fault_is_found_with_the_row_that_is_wrong(fault: Fault) -> None:
    for statement in fault.statements:
        as_owner(statement)
    findings = {finding.code: finding.rows for finding in queries.verify()}
    assert set(findings) == {f"points.{code}" for code in fault.findings}
    for code, expected in fault.findings.items():
        [found] = findings[f"points.{code}"]
        assert expected.items() <= found.items()


def test_every_invariant_is_seen_to_fail() -> None:
    assert {code for fault in FAULTS for code in fault.findings} == set(queries.INVARIANTS)


@pytest.mark.usefixtures("place")
def test_the_clearing_account_of_a_run_under_way_may_hold_points() -> None:
    actions.open_clearing(run="c1", points=10, usage_month=JULY, on=ON, actor=ENGINEER, now=NOW)
    assert [finding.code for finding in queries.verify()] == ["points.clearing_not_zero"]
    assert queries.verify(running={"c1"}) == []


@pytest.mark.usefixtures("place")
def test_of_many_rows_at_fault_the_first_are_shown() -> None:
    post("c1", dict.fromkeys(range(1, queries.MAX_FAULTS + 2), 5))
    as_owner("UPDATE points_lot SET granted = granted + 1, used = used + 1")
    [finding] = queries.verify()
    assert len(finding.rows) == queries.MAX_FAULTS


def test_the_command_shows_the_rows_and_ends_with_1(balanced: Place) -> None:
    said = json.loads(balanced.noren("verify", "--json").stdout)
    assert (said["ok"], said["findings"]) == (True, [])
    as_owner(f"UPDATE points_origin SET points = points + 1 WHERE wallet_id = {POOL} AND kind = 'normal'")
    done = balanced.noren("verify", "--json", check=False)
    assert done.returncode == 1
    said = json.loads(done.stdout)
    assert not said["ok"]
    [finding] = said["findings"]
    assert finding["code"] == "points.origins_not_their_entries"
    assert [(one["wallet_id"], one["origins"], one["entries"]) for one in finding["rows"]] == [
        (str(wallet_id(2)), 11, 10)
    ]
