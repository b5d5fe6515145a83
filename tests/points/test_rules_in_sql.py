"""Where the database decides as `rules` do, it decides the same: in which order, from which lots, back to which."""

import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from noren.points import actions, queries, rules
from noren.points.models import Entry
from noren.points.rules import LotKey, Part, take, unwind
from tests import soak
from tests.points.books import NORMAL, ON, back, give, post, use, wallet_id
from tests.points.model import total

LIMITED_KINDS = {"Limited", "campaign", "限定"}

kinds = st.sampled_from(["normal", "Normal", "normal-2", "ポイント", *sorted(LIMITED_KINDS)])
lot_keys = st.builds(
    lambda kind, uses, day: LotKey(kind, kind in LIMITED_KINDS, uses, day),
    kinds,
    st.sampled_from(["*", "bill", "bill donation", "goods"]),
    st.dates(ON - timedelta(days=2), ON + timedelta(days=2)),
)
filled_lots = st.lists(st.builds(Part, lot_keys, st.integers(1, 50)), min_size=1, max_size=7, unique_by=lambda p: p.lot)
some_kinds = st.just(()) | st.lists(kinds, max_size=3).map(tuple)
uses = st.sampled_from(["bill", "donation", "goods", "bil", "bill donation"])
amounts = st.integers(1, 150)
often = settings(
    max_examples=soak.many(60, 1_500), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

pytestmark = [pytest.mark.soak, pytest.mark.usefixtures("place")]


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    """Wallets that no example has used."""
    return itertools.count(1)


def moved(posting_id: UUID) -> tuple[Part, ...]:
    """The posting's entries in their order, as parts; whether into the lots or out of them."""
    rows = Entry.objects.filter(posting_id=posting_id).order_by("line")
    return tuple(
        Part(LotKey(row.kind, row.kind in LIMITED_KINDS, row.uses, row.lapses_on), abs(row.points)) for row in rows
    )


@often
@given(lots=filled_lots)
def test_lots_are_listed_in_the_order_of_use(numbers: Iterator[int], lots: list[Part]) -> None:
    number = next(numbers)
    for part in lots:
        give(number, part.points, part.lot)
    rows = queries.lots(wallet_id(number))
    listed = [Part(LotKey(row.kind, row.is_limited, row.uses, row.lapses_on), row.remaining) for row in rows]
    assert listed == sorted(lots, key=lambda part: part.lot.order)


@often
@given(lots=filled_lots, asked=st.tuples(amounts, uses, some_kinds), returns=st.lists(st.integers(1, 40), max_size=4))
def test_points_are_taken_and_given_back_as_the_rules_say(
    numbers: Iterator[int], lots: list[Part], asked: tuple[int, str, tuple[str, ...]], returns: list[int]
) -> None:
    number = next(numbers)
    points, use_named, of_kinds = asked
    for part in lots:
        give(number, part.points, part.lot)
    expected = take(lots, points, use_named, ON, of_kinds)
    usable = queries.usable(wallet_id(number), use_named, ON, of_kinds)
    assert min(usable, points) == total(expected)
    if total(expected) < points:
        with pytest.raises(actions.InsufficientPoints) as refused:
            use(number, points, use_named, kinds=of_kinds)
        assert refused.value.values["usable"] == usable
        return
    spent = use(number, points, use_named, kinds=of_kinds).posting_id
    assert moved(spent) == expected
    assert not of_kinds or {part.lot.kind for part in expected} <= set(of_kinds)
    returned = 0
    for wanted in returns:
        if returned + wanted <= points:
            assert moved(back(number, spent, wanted).posting_id) == unwind(expected, returned, wanted)
            returned += wanted


@often
@given(lots=filled_lots, fillings=st.tuples(amounts, amounts), points=st.integers(1, 300))
def test_points_are_taken_back_from_the_lots_of_the_month_and_then_in_the_order_of_use(
    numbers: Iterator[int], lots: list[Part], fillings: tuple[int, int], points: int
) -> None:
    number = next(numbers)
    bounds = wallet_id(number), wallet_id(number + 1)
    held, target = {part.lot: part.points for part in lots}, 0
    for part in lots:
        give(number, part.points, part.lot)
    month = (NORMAL, lots[0].lot)
    for lot, filling in zip(month, fillings, strict=True):
        target += filling
        held[lot] = held.get(lot, 0) + filling
        post(f"c{number}-{lot.lapses_on}", {number: target}, lot, bounds=bounds, clearing=False)
    points = min(points, target)
    everything = [Part(lot, held[lot]) for lot in held]
    own = take([part for part in everything if part.lot in month], points, None, date.min)
    others = take([part for part in everything if part.lot not in month], points - total(own), None, date.min)
    post(f"d{number}", {number: target - points} if target > points else {}, bounds=bounds, clearing=False)
    assert moved(rules.posting_id(f"d{number}/post/0000")) == own + others
