"""Points month by month: the table, and its drawing."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from noren.closing import queries as closing
from noren.kit.months import add_months, first_day, fiscal_year, month_text
from noren.member_site.people import Person, name_of
from noren.members.queries import Profile
from noren.points import queries as points
from noren.programme import queries as programme

MONTHS = 24
SERIES = 4
"""Members that are drawn and listed apart; the rest is one series."""

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 760, 280, 64, 28, 236
"""The drawing, its left margin, the upper and lower end of its bars."""

LEAST_SLOTS = 12
"""Bars of a few months are not drawn wider than those of a year."""

LINES = 4
"""Lines of the scale above 0."""


@dataclass(frozen=True, slots=True)
class Series:
    """A column: a member, or the members that are left (uid None)."""

    name: str
    uid: UUID | None
    number: int


@dataclass(frozen=True, slots=True)
class Row:
    """A month: whether it is closed, the points of each series, in all."""

    month: date
    closed: bool
    points: tuple[tuple[Series, int], ...]
    total: int
    programme_year: int | None

    @property
    def text(self) -> str:
        """The month as addresses write it."""
        return month_text(self.month)


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a bar."""

    series: int
    x: int
    y: int
    width: int
    height: int
    title: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A text at a place, with or without a line."""

    x: int
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The drawing, in its own units."""

    description: str
    blocks: tuple[Block, ...]
    scale: tuple[Mark, ...]
    months: tuple[Mark, ...]
    years: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    bottom: int = BOTTOM


def page(person: Person, today: date) -> dict[str, Any]:
    """The last months that can be closed, from the first one that was."""
    newest = add_months(first_day(today), -1)
    since = add_months(newest, 1 - MONTHS)
    series = _series(person.profiles)
    closed, first_month = set(closing.closed_months(since)), _first_month(today)
    given = {(row.usage_month, row.wallet_id): row.points for row in points.by_month(person.wallets, since)}
    window = [add_months(since, number) for number in range(MONTHS)]
    months = [month for month in window if month >= min(closed, default=newest)]
    rows = tuple(_row(month, series, person, given, closed=month in closed, first=first_month) for month in months)
    return {
        "series": series,
        "rows": tuple(reversed(rows)),
        "chart": _chart(rows),
        "several": len(series) > 1,
        "total": sum(row.total for row in rows),
    }


def _first_month(today: date) -> int:
    """The month in which a programme year begins; April where no programme says otherwise."""
    try:
        return programme.in_force(first_day(today)).year_first_month
    except programme.NoProgramme:
        return 4


def _series(profiles: tuple[Profile, ...]) -> tuple[Series, ...]:
    apart = profiles if len(profiles) <= SERIES else profiles[: SERIES - 1]
    found = tuple(Series(name_of(profile), profile.uid, number) for number, profile in enumerate(apart, start=1))
    return found if len(apart) == len(profiles) else (*found, Series(_("Other lines"), None, SERIES))


def _row(
    month: date,
    series: tuple[Series, ...],
    person: Person,
    given: dict[tuple[date, UUID], int],
    *,
    closed: bool,
    first: int,
) -> Row:
    mine = {uid: given.get((month, uid), 0) for uid in person.wallets}
    apart = sum(mine[one.uid] for one in series if one.uid is not None)
    total = sum(mine.values())
    cells = tuple((one, total - apart if one.uid is None else mine[one.uid]) for one in series)
    return Row(month, closed, cells, total, fiscal_year(month, first) if month.month == first else None)


def _chart(rows: tuple[Row, ...]) -> Chart:
    slots = _slots(len(rows))
    top = _top(max(1, *(sum(max(0, part) for _one, part in row.points) for row in rows)))
    return Chart(
        description=_description(rows),
        blocks=tuple(block for slot, row in zip(slots, rows, strict=True) for block in _blocks(row, top, slot)),
        scale=tuple(
            Mark(LEFT, _height_at(top * step // LINES, top), f"{top * step // LINES:,}") for step in range(LINES + 1)
        ),
        months=tuple(
            Mark((slot.start + slot.stop) // 2, BOTTOM + 18, str(row.month.month))
            for slot, row in zip(slots, rows, strict=True)
        ),
        years=tuple(
            Mark(slot.start, TOP - 12, _("Programme year %(year)s") % {"year": row.programme_year})
            for slot, row in zip(slots, rows, strict=True)
            if row.programme_year is not None
        ),
    )


def _description(rows: tuple[Row, ...]) -> str:
    best = max(rows, key=lambda row: row.total)
    return _("%(first)s to %(last)s. Most points: %(points)s in %(month)s. The table has every figure.") % {
        "first": date_format(rows[0].month, "YEAR_MONTH_FORMAT"),
        "last": date_format(rows[-1].month, "YEAR_MONTH_FORMAT"),
        "points": f"{best.total:,}",
        "month": date_format(best.month, "YEAR_MONTH_FORMAT"),
    }


def _blocks(row: Row, top: int, slot: range) -> list[Block]:
    blocks, below = [], 0
    for series, part in row.points:
        if part > 0:
            high, low = _height_at(below + part, top), _height_at(below, top)
            title = f"{date_format(row.month, 'YEAR_MONTH_FORMAT')}, {series.name}: {part:,}"
            blocks.append(Block(series.number, slot.start + 3, high, len(slot) - 6, max(1, low - high), title))
            below += part
    return blocks


def _slots(count: int) -> tuple[range, ...]:
    """From where to where each month has its bar; the newest at the right end, which small screens show first."""
    width = (WIDTH - LEFT - 8) // max(count, LEAST_SLOTS)
    start = WIDTH - 8 - count * width
    return tuple(range(start + place * width, start + (place + 1) * width) for place in range(count))


def _height_at(value: int, top: int) -> int:
    return BOTTOM - value * (BOTTOM - TOP) // top


def _top(most: int) -> int:
    """The upper end of the scale: 4, 8, 20, 40, 80, 200 … so that each of its lines is a round figure."""
    powers = (int(10**power) for power in range(16))
    return next(base * power for power in powers for base in (4, 8, 20) if base * power >= most)
