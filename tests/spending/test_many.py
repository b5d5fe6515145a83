"""Points of one pool for many bills, taken by many at once: never more than there are, nor than anybody may."""

import random
import threading
from collections import Counter
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import connections

from noren.kit.actor import Actor, ActorKind
from noren.lifecycle import actions as lifecycle
from noren.members import queries as members
from noren.points import actions as points
from noren.points import queries as books
from noren.points.models import BudgetUse
from noren.points.rules import WalletKey
from noren.spending import actions, queries
from noren.spending.actions import Outcome, Wish
from noren.spending.models import Overdue
from tests import soak
from tests.cast import ENGINEER
from tests.lifecycle import cast
from tests.members.desk import Desk
from tests.points import crew as crews
from tests.spending.desk import LATE, NOW, SOON, stands
from tests.spending.test_killed import asked

LINES = ("L1", "L2", "L3", "L4")
POOL = 600
UNIT, PERSON = "unit:osaka", "account:lead"
LIMITS = {UNIT: 250, PERSON: 600}
SPENDERS = {"L1": (UNIT, PERSON), "L2": (UNIT,), "L3": (PERSON,), "L4": ()}
END_TRANSACTIONS = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in%'"
)
ROUNDS = soak.many(3, 60)


@pytest.fixture
def group(desk: Desk) -> UUID:
    """Four lines and a pool with 600 points, of which 400 lapse first."""
    del desk
    lead = cast.active("lead@example.jp")
    made = lifecycle.create_group(corporation_id="C1", name="G", representative=lead, actor=ENGINEER, now=NOW)
    lifecycle.join_group(made, line_ids=LINES, actor=ENGINEER, now=NOW)
    for lot, amount in ((SOON, 400), (LATE, POOL - 400)):
        points.grant(
            wallet=WalletKey(made, "group", str(made)),
            lot=lot,
            points=amount,
            on=date(2021, 7, 1),
            actor=ENGINEER,
            now=NOW,
            key=f"gift/{lot.lapses_on}",
            reason="gift",
        )
    return made


def use(group: UUID, wished: list[Wish], key: str) -> tuple[Outcome, ...]:
    """Who uses them is named after the key, so that what they took can be told apart."""
    actor = Actor(ActorKind.MEMBER, key)
    return actions.allocate_many(wallet_id=group, wishes=wished, key=key, actor=actor, now=NOW)


def taken(group: UUID) -> dict[str, dict[str, int]]:
    """What was taken by whom for which bill."""
    found: dict[str, dict[str, int]] = {}
    for row in queries.allocations([group]):
        found.setdefault(row.made_by.partition(":")[2], {})[row.member_id] = row.points
    return found


def test_sixteen_that_pay_the_same_bills_take_what_is_there_within_the_limits(group: UUID) -> None:
    """Each use is sent by two at once. For L4, whose bills are overdue, points are taken first and then not."""
    for spender, monthly in LIMITS.items():
        points.set_budget(wallet_id=group, spender=spender, monthly=monthly, actor=ENGINEER, now=NOW)
    Overdue.objects.create(kind="line", id="L4")

    def pay(number: int, time: int) -> tuple[dict[str, int], set[str], Counter[str]]:
        """What was wished, for which bills it was taken, and why not for the others."""
        key = f"{time}/{number // 2}"
        chance = random.Random(key)
        wished = [
            Wish(one, chance.randint(1, 60), SPENDERS[one.member_id])
            for one in chance.sample(members.lines(LINES), len(LINES))
        ]
        actions.look_at_many(wallet_id=group, wishes=wished, actor=ENGINEER, now=NOW)
        told = use(group, wished, key)
        assert [one.wish for one in told] == wished
        done = {one.wish.target.member_id for one in told if not one.code}
        return {one.target.member_id: one.points for one in wished}, done, Counter(one.code for one in told)

    refused = Counter[str]()
    with crews.assembled() as crew:
        for time in range(ROUNDS):
            told = crew.each(partial(pay, time=time))
            real = taken(group)
            for use_, (one, other) in enumerate(zip(told[::2], told[1::2], strict=True)):
                assert one[:2] == other[:2]
                assert real.get(f"{time}/{use_}", {}) == {line: one[0][line] for line in one[1]}
                refused += one[2]
    bills = Counter[str]()
    for its in taken(group).values():
        bills.update(its)
    assert set(bills) == {"L1", "L2", "L3"}
    assert (books.balance(group, NOW.date()).total, stands("reserved/bill")) == (POOL - bills.total(), bills.total())
    for row in books.budgets(group, date(2021, 7, 1)):
        counted = sum(bills[line] for line, spenders in SPENDERS.items() if row.spender in spenders)
        assert counted == row.used <= LIMITS[row.spender]
    assert set(refused) == {"", "allocation.overdue", "points.over_budget", "points.insufficient"}


def test_a_database_that_dies_leaves_all_the_bills_of_a_use_or_none(desk: Desk, group: UUID) -> None:
    stop = threading.Event()
    wished = [Wish(one, 1) for one in members.lines(LINES)]

    def pay(person: int) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            try:
                if any(one.code for one in use(group, wished, f"{person}/{number}")):
                    break
            except Exception:  # noqa: BLE001  (whatever a broken connection raises)
                connections.close_all()
        connections.close_all()

    people = [threading.Thread(target=pay, args=[person]) for person in range(4)]
    for thread in people:
        thread.start()
    killed = 0
    for _time in range(soak.many(10, 100)):
        killed += asked(desk, END_TRANSACTIONS)
        stop.wait(0.05)
    stop.set()
    for thread in people:
        thread.join()
    uses = taken(group).values()
    assert all(its == dict.fromkeys(LINES, 1) for its in uses)
    assert books.balance(group, NOW.date()).total == POOL - len(LINES) * len(uses)
    assert stands("reserved/bill") == len(LINES) * len(uses)
    assert uses
    assert killed


def test_what_is_taken_every_month_counts_for_nobody(desk: Desk, group: UUID) -> None:
    """It was held to the limit when it was set; what is used besides has all of the limit."""
    points.set_budget(wallet_id=group, spender=UNIT, monthly=100, actor=ENGINEER, now=NOW)
    [line] = members.lines(["L1"])
    rest: dict[str, Any] = {
        "wallet_id": group,
        "target": line,
        "since": date(2021, 7, 1),
        "actor": ENGINEER,
        "now": NOW,
    }
    with pytest.raises(actions.OverLimit):
        actions.set_standing(amount=101, spenders=(UNIT,), **rest)
    with pytest.raises(actions.OverLimit):
        actions.set_standing(amount=None, spenders=(UNIT,), **rest)
    actions.set_standing(amount=80, spenders=(UNIT,), **rest)
    desk.close("2021-07", "a,2021-07,L1,,call,900")
    assert [row.points for row in queries.allocations([group])] == [80]
    assert BudgetUse.objects.count() == 0
