"""Months with a billing system that confirms, shrinks, refuses, repeats, delays, contradicts and loses: to the point.

Now and then it says that bills are overdue. While they are, nothing is taken for them; what was taken before goes on.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from noren.kit.months import add_months, month_text
from noren.points import queries as books
from noren.spending import queries, rules
from noren.spending.actions import BillsOverdue
from noren.spending.rules import ItemState
from tests import soak
from tests.members.desk import Desk
from tests.spending.desk import Billing, apply, give, of, overdue, standing, stands, uid

SEEDS = soak.many(2, 60)
MONTHS = 5
LINES = ("L1", "L2", "L3", "L4")
EVERY_MONTH = {"L1": 40, "L3": 250}
START = date(2021, 7, 1)


@dataclass
class Held:
    """What an allocation should have come to."""

    line: str
    month: date
    made_at: datetime
    points: int
    paid: int = 0
    returned: int = 0
    sent: dict[tuple[date, int], int] = field(default_factory=dict)

    @property
    def open_points(self) -> int:
        return self.points - self.paid - self.returned

    @property
    def waiting(self) -> int:
        return sum(self.sent.values())


@dataclass
class World:
    """The books as they should be, and the real ones."""

    desk: Desk
    billing: Billing
    chance: random.Random
    held: dict[UUID, Held] = field(default_factory=dict)
    bills: dict[tuple[date, str], int] = field(default_factory=dict)
    answered: dict[str, tuple[str, int]] = field(default_factory=dict)
    refused: set[UUID] = field(default_factory=set)
    overdue: set[str] = field(default_factory=set)
    left_out: int = 0

    def arrears(self, *rows: str) -> None:
        """A file of whose bills are overdue: those rows, or whatever comes."""
        drawn = [f",{line}," for line in LINES if self.chance.random() < 0.15]
        told = [*(rows or drawn), *(["C1,,"] if self.chance.random() < 0.05 else [])]
        overdue(self.desk, *told)
        self.overdue = set(LINES) if "C1,," in told else {row.strip(",") for row in told}

    def applications(self, month: date) -> None:
        for number in range(self.chance.randrange(4)):
            line = self.chance.choice(LINES)
            most = books.balance(uid(line), date(2021, 7, 1)).spendable
            if most <= 0:
                continue
            now = datetime(month.year, month.month, 5, tzinfo=UTC) + timedelta(hours=number)
            points = self.chance.randint(1, min(most, 400))
            if line in self.overdue:
                with pytest.raises(BillsOverdue):
                    apply(line, points, key=f"{month}/{number}", now=now)
                assert books.balance(uid(line), date(2021, 7, 1)).spendable == most
                continue
            made = apply(line, points, key=f"{month}/{number}", now=now)
            self.held[made] = Held(line, month, now, points)

    def close(self, month: date) -> None:
        rows = []
        for line in LINES:
            yen = self.bills[month, line] = self.chance.randint(-50, 500)
            rows.append(f"{line},{month_text(month)},{line},,call,{yen}")
        totals = self.desk.close(month_text(month), *rows)["allocate"]
        self._stood(month, totals)
        expected = self._handed(month)
        assert (totals["items"], totals["points"]) == (len(expected), sum(expected.values()))
        if expected:
            number = totals["handover"]
            shown = {UUID(row["item_id"].rpartition("/")[2]): int(row["points"]) for row in self.rows(month, number)}
            assert shown == expected
            for made, points in expected.items():
                self.held[made].sent[month, number] = points

    def _stood(self, month: date, totals: dict[str, Any]) -> None:
        """What stands every month was taken, as far as there were points; of lines with overdue bills it was not."""
        asked = EVERY_MONTH.keys() - self.overdue
        assert (totals["standing"], totals["overdue"]) == (len(asked), len(EVERY_MONTH) - len(asked))
        self.left_out += totals["overdue"]
        for line in LINES:
            made = [row for row in of(line) if row.allocation_id not in self.held]
            assert len(made) == (line in asked)
            for row in made:
                there = row.points + books.balance(uid(line), date(2021, 7, 1)).spendable
                assert row.points == min(EVERY_MONTH[line], there)
                self.held[row.allocation_id] = Held(line, month, row.made_at, row.points)

    def _handed(self, month: date) -> dict[UUID, int]:
        found: dict[UUID, int] = {}
        for line in LINES:
            mine = [(made, one) for made, one in self.held.items() if one.line == line and one.month <= month]
            mine = [(made, one) for made, one in mine if one.open_points > one.waiting]
            mine.sort(key=lambda pair: (pair[1].month, pair[1].made_at, pair[0]))
            wishes = [one.open_points - one.waiting for _made, one in mine]
            for (made, _one), paid in zip(mine, rules.pay(wishes, self.bills[month, line]), strict=True):
                found |= {made: paid} if paid else {}
        return found

    def rows(self, month: date, number: int) -> list[dict[str, str]]:
        return self.billing.rows(month_text(month), number)

    def answers(self, now: datetime) -> None:
        self.refused.clear()
        told = list(self._told())
        for made in self.refused:  # whatever the order of the rows: what is paid counts first
            one = self.held[made]
            one.returned += rules.settle(ItemState.REFUSED, 0, 0, one.open_points - one.waiting).returned
        self.chance.shuffle(told)
        done = self.billing.answer(*[row for row, _good in told], now=now)
        assert done.rejected == sum(not good for _row, good in told)

    def _told(self) -> Iterator[tuple[tuple[str, str, int, str], bool]]:
        """Rows of the answer, and whether they can be taken; the model goes along."""
        earlier = list(self.answered.items())  # only of these is anything said again: a file names an item once
        for (month, number), made, points in [
            (place, made, points) for made, one in self.held.items() for place, points in one.sent.items()
        ]:
            item = f"{month_text(month)}/{number}/{made}"
            state = self.chance.choice(["confirmed", "confirmed", "reduced", "refused", "lost", "nonsense"])
            state = state if self.answered else "confirmed"  # so that something is paid in every world
            taken = {"confirmed": points, "reduced": self.chance.randrange(points), "refused": 0}.get(state, 0)
            if state == "nonsense":
                yield (item, "confirmed", points + 1, ""), False
            elif state != "lost":
                self.answered[item] = (state, taken)
                self._settle(made, (month, number), ItemState(state), taken)
                yield (item, state, taken, "because"), True
        for item, (state, taken) in earlier:
            if self.chance.random() < 0.2:
                other = {"confirmed": ("refused", 0), "reduced": ("refused", 0), "refused": ("reduced", 0)}[state]
                repeats = self.chance.random() < 0.5
                yield (item, *((state, taken) if repeats else other), ""), repeats

    def _settle(self, made: UUID, place: tuple[date, int], state: ItemState, taken: int) -> None:
        one = self.held[made]
        sent = one.sent.pop(place)
        if state is ItemState.REFUSED:
            self.refused.add(made)
        else:
            one.paid += rules.settle(state, sent, taken, one.open_points - one.waiting).paid

    def check(self) -> None:
        real = {row.allocation_id: row for line in LINES for row in of(line)}
        assert {made: (row.paid, row.returned, row.lost) for made, row in real.items()} == {
            made: (one.paid, one.returned, 0) for made, one in self.held.items()
        }
        assert queries.findings() == []
        waiting = sum(one.waiting for one in self.held.values())
        assert sum(row.waiting_points for row in queries.handovers()) == waiting
        assert stands("used/bill") == sum(one.paid for one in self.held.values())
        assert stands("reserved/bill") == sum(one.open_points - one.waiting for one in self.held.values())
        self.desk.place.noren("verify")


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(SEEDS))
def test_after_every_month_what_was_taken_is_paid_given_back_or_carried(
    desk: Desk, billing: Billing, seed: int
) -> None:
    world = World(desk, billing, random.Random(seed))
    for line in LINES:
        give(line, 1_000)
    for line, points in EVERY_MONTH.items():
        standing(line, points)
    for number in range(MONTHS):
        month = add_months(START, number)
        world.arrears(*(["C1,,"] if number == 1 else []))
        world.applications(month)
        world.close(month)
        world.answers(datetime(month.year, month.month, 28, tzinfo=UTC))
        world.check()
    assert any(one.paid for one in world.held.values())
    assert world.left_out
