"""The order of use and its unwinding, without a database."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from noren.points import rules
from noren.points.rules import LotKey, Part
from tests.points.books import LIMITED, NORMAL, ON, SOONER

keys = st.builds(
    LotKey,
    kind=st.sampled_from(["normal", "limited", "campaign"]),
    is_limited=st.booleans(),
    uses=st.sampled_from(["*", "bill", "bill donation", "goods"]),
    lapses_on=st.dates(ON - timedelta(days=3), ON + timedelta(days=3)),
)
parts = st.lists(st.builds(Part, keys, st.integers(0, 50)), max_size=8, unique_by=lambda part: part.lot)
amounts = st.integers(0, 200)
uses = st.sampled_from([None, "bill", "donation", "goods"])


def test_points_that_lapse_first_go_first() -> None:
    taken = rules.take([Part(NORMAL, 10), Part(SOONER, 10)], 15, "bill", ON)
    assert taken == (Part(SOONER, 10), Part(NORMAL, 5))


def test_on_the_same_last_day_limited_points_go_first() -> None:
    taken = rules.take([Part(SOONER, 10), Part(LIMITED, 10)], 15, "bill", ON)
    assert taken == (Part(LIMITED, 10), Part(SOONER, 5))


def test_limited_points_serve_only_the_uses_they_name() -> None:
    assert rules.take([Part(LIMITED, 10)], 5, "goods", ON) == ()
    assert rules.take([Part(LIMITED, 10)], 5, "donation", ON) == (Part(LIMITED, 5),)


def test_points_can_be_used_on_their_last_day_and_not_after() -> None:
    last = SOONER.lapses_on
    assert rules.take([Part(SOONER, 10)], 5, "bill", last) == (Part(SOONER, 5),)
    assert rules.take([Part(SOONER, 10)], 5, "bill", last + timedelta(days=1)) == ()


def test_the_lot_taken_last_is_filled_first() -> None:
    taken = (Part(LIMITED, 10), Part(SOONER, 10), Part(NORMAL, 5))
    assert rules.unwind(taken, 0, 7) == (Part(NORMAL, 5), Part(SOONER, 2))
    assert rules.unwind(taken, 7, 10) == (Part(SOONER, 8), Part(LIMITED, 2))


@given(parts, amounts, uses)
def test_what_is_taken_is_there_and_is_enough_if_there_is_enough(
    lots: list[Part], points: int, use: str | None
) -> None:
    taken = rules.take(lots, points, use, ON)
    there = {part.lot: part.points for part in lots}
    usable = [part for part in lots if part.lot.lapses_on >= ON and part.lot.allows(use)]
    assert all(0 < part.points <= there[part.lot] for part in taken)
    assert sum(part.points for part in taken) == min(points, sum(part.points for part in usable))


@given(parts, amounts, uses)
def test_no_lot_is_touched_while_an_earlier_one_holds_points(lots: list[Part], points: int, use: str | None) -> None:
    taken = rules.take(lots, points, use, ON)
    there = {part.lot: part.points for part in lots}
    assert [part.lot.order for part in taken] == sorted(part.lot.order for part in taken)
    assert all(part.points == there[part.lot] for part in taken[:-1])


@given(parts, amounts, st.lists(st.integers(1, 40), max_size=6))
def test_returns_in_parts_restore_what_was_taken(lots: list[Part], points: int, returns: list[int]) -> None:
    taken = rules.take(lots, points, None, date.min)
    spent, returned, restored = sum(part.points for part in taken), 0, dict.fromkeys((p.lot for p in taken), 0)
    for wanted in [*returns, spent]:
        now = min(wanted, spent - returned)
        for part in rules.unwind(taken, returned, now):
            restored[part.lot] += part.points
        returned += now
    assert restored == {part.lot: part.points for part in taken}


def test_the_same_natural_key_makes_the_same_id() -> None:
    assert rules.posting_id("close/2021-07/1/post/0001") == UUID("25d8787a-fdf8-662b-337a-5743c1104383")


def test_a_request_is_what_is_asked_for() -> None:
    asked = rules.request_hash("spend", points=1, use="bill")
    assert asked == rules.request_hash("spend", use="bill", points=1)
    assert asked != rules.request_hash("spend", points=2, use="bill")
    assert asked != rules.request_hash("adjust", points=1, use="bill")
