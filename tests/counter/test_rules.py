"""What comes back of the points, and what a signature is."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noren.counter import rules
from noren.counter.rules import HEIGHT, MOST_PLACES, MOST_STROKES, WIDTH
from tests.counter.shop import CURVE

AMOUNTS = st.integers(1, 10**8)


@given(AMOUNTS, st.data())
def test_returns_give_back_all_points_with_all_of_the_price_and_never_more_than_their_value(
    price: int, data: st.DataObject
) -> None:
    points = data.draw(st.integers(1, price))
    ends = sorted({price, *data.draw(st.lists(st.integers(1, price), max_size=5))})
    before, back = 0, 0
    for end in ends:
        yen = end - before
        part = rules.points_back(points, price, before, yen)
        assert 0 <= part <= yen
        assert part in {points * yen // price, points * yen // price + 1}
        before, back = before + yen, back + part
    assert back == points


def test_a_signature_is_strokes_of_places() -> None:
    assert rules.signature(json.dumps(CURVE))[1] == ((300, 20), (310, 180))


@pytest.mark.parametrize(
    "strokes",
    [
        [],
        [[[0, 0], [99, 0]]],
        [[[0, 0], [WIDTH + 1, 0]]],
        [[[0, -1], [200, 0]]],
        [[[0, 0], [0, HEIGHT + 1]]],
        [[[0, 0], [200.5, 0]]],
        [[[0, 0], [True, 0], [200, 0]]],
        [[[0, 0, 0], [200, 0]]],
        [[[0, 0], "ab"]],
        {"0": [[0, 0], [200, 0]]},
        [[[0, 0], [200, 0]]] * (MOST_STROKES + 1),
        [[[0, 0], [200, 0]] * (MOST_PLACES // 2 + 1)],
    ],
)
def test_anything_else_is_none(strokes: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        rules.signature(json.dumps(strokes))


def test_a_stroke_is_drawn_as_a_path() -> None:
    assert list(rules.drawn([[(1, 2), (3, 4)], [], [(5, 6)]])) == ["M1 2L3 4", "M5 6"]
