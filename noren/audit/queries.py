"""Reads on the audit: pages and whole lists of what was done."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from noren.audit.models import Link, Record
from noren.audit.rules import START, Head

FETCHED = 2_000
"""Rows that are held in memory while a list is written."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: of these scopes (None: of every one) and these subjects, by an actor, of an act, in a span.

    `act` is a whole act or its beginning up to a point (`account` for `account.lock`); `until` is not included.
    """

    scopes: Sequence[str] | None
    subjects: Sequence[str] | None = None
    actor: str = ""
    act: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecordRow:
    """Who did what to what, when, why, and what was before and after."""

    record_id: UUID
    booked_at: datetime
    actor: str
    act: str
    subject: str
    scope: str
    reason: str
    detail: dict[str, Any]
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    place: int


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and the place behind the last of them; empty: there is no more."""

    rows: tuple[RecordRow, ...]
    following: str


def search(wanted: Wanted, *, behind: str, size: int) -> Page:
    """The rows, the newest first, those behind the place of an earlier page (empty: from the top). One statement.

    A place that cannot be read is the top.
    """
    found = _found(wanted)
    if (place := _read(behind)) is not None:
        at, last = place
        # The first condition is one that an index answers; the second leaves the rows of the same instant out.
        found = found.filter(booked_at__lte=at).filter(Q(booked_at__lt=at) | Q(place__lt=last))
    rows = [RecordRow(*one) for one in found[: size + 1]]
    return Page(tuple(rows[:size]), _place(rows[size - 1]) if len(rows) > size else "")


def every(wanted: Wanted) -> Iterator[RecordRow]:
    """All of the rows, the newest first, read piece by piece: memory stays the same whatever their number."""
    for one in _found(wanted).iterator(chunk_size=FETCHED):
        yield RecordRow(*one)


def _found(wanted: Wanted) -> "QuerySet[Record, tuple[Any, ...]]":
    found = Record.objects.order_by("-booked_at", "-place").values_list(*RecordRow.__slots__)
    limits = {
        "scope__in": wanted.scopes,
        "actor": wanted.actor or None,
        "booked_at__gte": wanted.since,
        "booked_at__lt": wanted.until,
    }
    found = found.filter(**{name: value for name, value in limits.items() if value is not None})
    if wanted.subjects is not None:
        found = found.filter(_one_of(wanted.subjects))
    return found.filter(Q(act=wanted.act) | Q(act__startswith=f"{wanted.act}.")) if wanted.act else found


def _one_of(subjects: Sequence[str]) -> RawSQL:
    """One list, not a parameter for each: a company has more people than a statement may have parameters."""
    return RawSQL("subject = ANY (%s)", [list(subjects)], output_field=BooleanField())


def _place(row: RecordRow) -> str:
    return f"{(row.booked_at - EPOCH) // MICROSECOND}-{row.place}"


def _read(behind: str) -> tuple[datetime, int] | None:
    at, _stroke, place = behind.rpartition("-")
    try:
        return EPOCH + int(at) * MICROSECOND, int(place)
    except (ValueError, OverflowError):
        return None


def head() -> Head:
    """The last link of the chain."""
    last = Link.objects.order_by("-number").first()
    return Head(0, START.hex()) if last is None else Head(last.number, bytes(last.hash).hex())
