"""Points at the counter: what is sold, when an offer lapses, what a signature is, what comes back. Pure.

1 point pays 1 yen. The rules are told in docs/rules/counter.md.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from math import hypot
from typing import Any

LIFE = timedelta(minutes=30)
"""So long a customer may consent to a quote."""

MOST_ITEMS = 10
DESCRIPTION_LENGTH = 100
REASON_LENGTH = 200
MOST_YEN = 100_000_000

WIDTH, HEIGHT = 600, 200
"""The field of a signature, in units of its own."""

MOST_STROKES, MOST_PLACES, MOST_TEXT = 100, 4_000, 60_000
LEAST_INK = 100
"""A signature is longer than this, so that a touch by mistake is none."""


class Kind(StrEnum):
    """What points pay for at the counter: uses of the programme."""

    DEVICE = "device"
    REPAIR = "repair"


class State(StrEnum):
    """open -> paid or cancelled. An open one whose time is over has lapsed."""

    OPEN = "open"
    PAID = "paid"
    CANCELLED = "cancelled"


class Consent(StrEnum):
    """How a customer says yes."""

    CODE = "code"
    PIN = "pin"
    SIGNATURE = "signature"


class ReceiptKind(StrEnum):
    """Of points that were used, or given back."""

    SALE = "sale"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class Item:
    """What is bought or repaired, and its price in yen, tax included."""

    description: str
    price: int


Place = tuple[int, int]
Stroke = tuple[Place, ...]
Signature = tuple[Stroke, ...]


def has_lapsed(state: State, expires_at: datetime, now: datetime) -> bool:
    """Whether it is too late for the customer to consent."""
    return state is State.OPEN and now >= expires_at


def points_back(points: int, price: int, before: int, returning: int) -> int:
    """How many of the points come back when `returning` yen of the price do, after `before` yen came back earlier.

    In proportion, whole points, what is left over with the last yen: all of the price gives back all of the points.
    """
    return points * (before + returning) // price - points * before // price


def signature(text: str) -> Signature:
    """The strokes of a signature from their JSON, `[[[x, y], …], …]`. Raises ValueError for what is none."""
    if len(text) > MOST_TEXT:
        raise ValueError("too long")
    try:
        strokes = tuple(_stroke(one) for one in _list(json.loads(text)))
    except RecursionError as error:
        raise ValueError("too deep") from error
    if len(strokes) > MOST_STROKES or sum(map(len, strokes)) > MOST_PLACES:
        raise ValueError("too many strokes")
    if sum(map(_ink, strokes)) < LEAST_INK:
        raise ValueError("not signed")
    return strokes


def _list(found: Any) -> list[Any]:
    if not isinstance(found, list):
        raise ValueError("not a list")  # noqa: TRY004  (all that is wrong with it is one kind of wrong)
    return found


def _stroke(found: Any) -> Stroke:
    return tuple(_place(_list(one)) for one in _list(found))


def _place(found: list[Any]) -> Place:
    x, y = found
    if type(x) is not int or type(y) is not int or not (0 <= x <= WIDTH and 0 <= y <= HEIGHT):
        raise ValueError("outside the field")
    return x, y


def _ink(stroke: Stroke) -> float:
    return sum(hypot(x - left, y - upper) for (left, upper), (x, y) in pairwise(stroke))


def drawn(strokes: Sequence[Sequence[Sequence[int]]]) -> Iterator[str]:
    """Each stroke as the path of an SVG."""
    for stroke in strokes:
        if stroke:
            yield "M" + "L".join(f"{x} {y}" for x, y in stroke)
