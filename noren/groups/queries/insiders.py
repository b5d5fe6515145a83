"""Who is in a group: the lines and accounts for which its pool may be used."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from noren.accounts.rules import login_key
from noren.groups.rules import MEMBERS_PER_GROUP, Held, Permission, scope_of
from noren.kit import sql

PAGE = 50


@dataclass(frozen=True, slots=True)
class Insider:
    """A line or an account in a group: what people call it, who uses it, in which unit (None: in none)."""

    uid: UUID
    kind: str
    member_id: str
    called: str
    name: str
    unit_id: UUID | None
    unit: str


@dataclass(frozen=True, slots=True)
class Within:
    """All of a group (`units` None), or some units of it."""

    group_id: UUID
    units: frozenset[str] | None = None


def within(held: Iterable[Held], permission: Permission, group_id: UUID, corporation_id: str) -> Within | None:
    """The part of the group in which the roles give the permission; None: nowhere in it."""
    scope = scope_of(held, permission)
    if scope.covers(corporation_id=corporation_id, group_id=str(group_id)):
        return Within(group_id)
    units = frozenset().union(*(one.units for one in held if one.group_id == str(group_id))) & scope.units
    return Within(group_id, units) if units else None


def page(
    place: Within, *, text: str = "", unit_id: UUID | None = None, offset: int = 0, size: int = PAGE
) -> tuple[list[Insider], int]:
    """A page of them that answer, by what they are called, and how many answer in all: one statement."""
    asked = {"text": _like(text), "digits": _like(_digits(text)), "unit_id": unit_id, "offset": offset, "size": size}
    parts = {name for name, given in (("text", text), ("unit", unit_id)) if given}
    return _rows(place, asked, parts)


def chosen(place: Within, uids: Iterable[UUID]) -> list[Insider]:
    """Those of the members that are there: one statement."""
    listed = list(uids)
    return _rows(place, {"uids": listed, "offset": 0, "size": len(listed)}, {"uids"})[0]


def named(place: Within, names: Iterable[str]) -> list[Insider]:
    """Those that somebody names by id, phone number or login ID: one statement."""
    listed = list(names)
    asked = {"names": listed, "keys": [login_key(name) for name in listed], "offset": 0, "size": 2 * len(listed)}
    return _rows(place, asked, {"names"})[0]


def uids(place: Within) -> set[UUID] | None:
    """The members in these units: one statement; None where it is all of the group."""
    if place.units is None:
        return None
    return {one.uid for one in page(place, size=MEMBERS_PER_GROUP)[0]}


def _rows(place: Within, asked: dict[str, Any], parts: set[str]) -> tuple[list[Insider], int]:
    units = None if place.units is None else sorted(place.units)
    told = {**asked, "group_id": place.group_id, "units": units}
    chosen_parts = frozenset(parts | ({"units"} if place.units is not None else set()))
    found = sql.rows(lambda *columns: columns, "groups", "insiders.sql", told, parts=chosen_parts)
    return [Insider(*row[1:]) for row in found], found[0][0] if found else 0


def _like(text: str) -> str:
    escaped = re.sub(r"([\\%_])", r"\\\1", text)
    return f"%{escaped}%"


def _digits(text: str) -> str:
    """The digits of what may be a part of a phone number; one that no number has where there are none."""
    return re.sub(r"[^0-9]", "", text) or "-"
