"""Bars for what people would rather look at than read; the figures stand beside them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

WIDTH = 240


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure with its name, drawn `width` units of WIDTH long; `url` leads to what it counts."""

    label: str
    value: int
    width: int
    url: str = ""


def bars(figures: Iterable[tuple[str, int, str]], *, whole: int = 0) -> tuple[Bar, ...]:
    """Bars as long as their share of the whole (0: of the largest). What is not nothing is seen."""
    found = list(figures)
    most = whole or max((value for _label, value, _url in found), default=0)
    return tuple(Bar(label, value, _length(value, most), url) for label, value, url in found)


def _length(value: int, most: int) -> int:
    return max(2, value * WIDTH // most) if value > 0 and most > 0 else 0


@dataclass(frozen=True, slots=True)
class Column:
    """A day of a chart: where it stands, how high it is, what it says."""

    x: int
    y: int
    width: int
    height: int
    text: str
    value: int


HEIGHT = 120


def columns(figures: Iterable[tuple[str, int]], *, width: int = 720) -> tuple[Column, ...]:
    """Columns side by side, the highest as high as the chart."""
    found = list(figures)
    most = max((value for _text, value in found), default=0)
    step = max(3, width // max(1, len(found)))
    return tuple(
        Column(place * step, HEIGHT - high, max(2, step - 2), high, text, value)
        for place, (text, value) in enumerate(found)
        for high in [max(2, value * HEIGHT // most) if value and most else 0]
    )
