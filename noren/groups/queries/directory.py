"""The people whom an administrator sees: search, counts, use. Every read takes the scope."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from noren.accounts.rules import Kind, SignInResult, State
from noren.groups.models import SavedView
from noren.groups.rules import Scope
from noren.kit import sql

PAGE = 50
ORDERS = ("name_kana", "login_id", "employee_number", "state", "used")
FACTORS = ("passkey", "no_passkey", "own", "no_own")
"""`own`: a passkey or an authenticator app."""

_HIRAGANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked of the directory. Abolished accounts show when their state or their ids are asked for."""

    ids: tuple[str, ...] | None = None
    text: str = ""
    state: State | None = None
    kind: Kind | None = None
    group_id: UUID | None = None
    unit_id: UUID | None = None
    ungrouped: bool = False
    factor: str = ""
    unused_since: datetime | None = None
    order: str = "name_kana"
    descending: bool = False
    offset: int = 0
    size: int = PAGE


@dataclass(frozen=True, slots=True)
class Person:
    """An account in the directory."""

    account_id: str
    login_id: str
    name: str
    name_kana: str
    department: str
    title: str
    employee_number: str
    corporation_id: str
    kind: Kind
    state: State
    lock_reason: str
    last_used_at: datetime | None
    contact_mail: str
    contact_mobile: str
    group_id: str
    group: str
    unit_id: str
    unit: str
    has_passkey: bool
    has_app: bool


@dataclass(frozen=True, slots=True)
class People:
    """A page of them, and how many answer in all."""

    rows: tuple[Person, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts of accounts: by state, by kind, by the second factor they have of their own, unused."""

    invited: int
    active: int
    locked: int
    abolished: int
    line_linked: int
    carrier_free: int
    passkey: int
    app: int
    none: int
    unused: int

    @property
    def total(self) -> int:
        """All that have not ended."""
        return self.invited + self.active + self.locked


@dataclass(frozen=True, slots=True)
class Use:
    """A sign-in or a use of a service, and whose."""

    sign_in_id: UUID
    at: datetime
    account_id: str
    login_id: str
    name: str
    result: SignInResult
    methods: tuple[str, ...]
    service: str
    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class Span:
    """Which uses: of a span of time, of one account, result or service (empty: any), behind a place."""

    since: datetime
    until: datetime
    account_id: str = ""
    result: SignInResult | None = None
    service: str = ""
    behind: tuple[datetime, UUID] | None = None
    size: int = PAGE


def people(scope: Scope, search: Search) -> People:
    """A page of the accounts in the scope that answer: one statement."""
    asked = {**_within(scope), **_asked(search)}
    found = sql.rows(lambda *columns: columns, "groups", "directory.sql", asked, parts=_parts(scope, search, asked))
    total = found[0][0] if found else 0
    return People(tuple(_person(row[1:]) for row in found if row[1] is not None), total)


def every(scope: Scope, search: Search) -> Iterator[Person]:
    """All that answer, page by page, for a file."""
    search = replace(search, offset=0, size=1_000)
    while rows := people(scope, search).rows:
        yield from rows
        search = replace(search, offset=search.offset + search.size)


def coverage(scope: Scope, *, unused_since: datetime) -> Coverage:
    """The counts of the dashboard: one statement."""
    asked = {**_within(scope), "unused_since": unused_since}
    [counted] = sql.rows(Coverage, "groups", "coverage.sql", asked, parts=frozenset({_place_of(scope)}))
    return counted


def uses(scope: Scope, span: Span) -> tuple[Use, ...]:
    """Sign-ins and uses of services in the scope, the newest first: one statement."""
    asked = {**_within(scope), **_in_span(span)}
    return tuple(sql.rows(_use, "groups", "sign_ins.sql", asked, parts=_parts_of(scope, span)))


def uses_by_day(scope: Scope, span: Span) -> list[tuple[date, SignInResult, str, int]]:
    """How many on each day (Japan's), by result and service: one statement."""
    asked = {**_within(scope), **_in_span(span)}
    found = sql.rows(lambda *columns: columns, "groups", "sign_ins_by_day.sql", asked, parts=_parts_of(scope, span))
    return [(day, SignInResult(result), service, count) for day, result, service, count in found]


def subjects(scope: Scope) -> list[str]:
    """What acts can be about within the groups and units of the scope: ids of members and of the groups."""
    return sql.rows(str, "groups", "subjects.sql", _within(scope))


def saved_views(account_id: str) -> list[tuple[str, str]]:
    """Name and search of the views that an administrator keeps, by name."""
    rows = SavedView.objects.filter(account_id=account_id).order_by("name")
    return list(rows.values_list("name", "query"))


def _within(scope: Scope) -> dict[str, list[str]]:
    return {
        "corporations": sorted(scope.corporations),
        "groups": sorted(scope.groups),
        "units": sorted(scope.units),
    }


def _asked(search: Search) -> dict[str, Any]:
    text = unicodedata.normalize("NFKC", search.text).strip().lower()
    digits = re.sub(r"[-() ]", "", text)
    phone = re.fullmatch(r"\+?[0-9]{3,}", digits)
    return {
        "ids": list(search.ids or ()),
        "text": _like(text),
        "kana": _like(text.translate(_HIRAGANA)),
        "digits": _like(digits.replace("+81", "0")) if phone else "",
        "state": search.state,
        "kind": search.kind,
        "group": search.group_id,
        "unit": search.unit_id,
        "factors": ["webauthn"] if search.factor.endswith("passkey") else ["webauthn", "totp"],
        "unused_since": search.unused_since,
        "size": search.size,
        "offset": search.offset,
    }


FILTERS = ("state", "kind", "group", "unit", "unused_since", "text", "digits")


def _parts(scope: Scope, search: Search, asked: Mapping[str, Any]) -> frozenset[str]:
    """What of the statement is needed."""
    found = {name for name in FILTERS if asked[name]}
    found |= {search.factor, "state_order" if search.order == "state" else search.order}
    found |= {"descending" if search.descending else "ascending", _place_of(scope)}
    found |= {"ungrouped"} if search.ungrouped else set()
    found |= {"ids"} if search.ids is not None else set()
    found |= {"living"} if search.state is None and search.ids is None else set()
    if "digits" in found and _place_of(scope) == "corporations":
        found.add("line_corporations")
    return frozenset(found)


def _place_of(scope: Scope) -> str:
    if scope.corporations:
        return "both" if scope.groups or scope.units else "corporations"
    return "groups"


def _like(text: str) -> str:
    escaped = re.sub(r"([\\%_])", r"\\\1", text)
    return f"%{escaped}%" if escaped else ""


def _in_span(span: Span) -> dict[str, Any]:
    at, last = span.behind or (None, None)
    return {
        "since": span.since,
        "until": span.until,
        "account_id": span.account_id,
        "result": span.result or "",
        "service": span.service,
        "at": at,
        "id": last,
        "size": span.size,
    }


def _parts_of(scope: Scope, span: Span) -> frozenset[str]:
    wished = {"account": span.account_id, "result": span.result, "service": span.service, "behind": span.behind}
    return frozenset({_place_of(scope), *(name for name, value in wished.items() if value)})


def _person(columns: tuple[Any, ...]) -> Person:
    row = Person(*columns)
    return replace(row, kind=Kind(row.kind), state=State(row.state))


def _use(*columns: Any) -> Use:
    row = Use(*columns)
    return replace(row, result=SignInResult(row.result), methods=tuple(json.loads(str(row.methods))))
