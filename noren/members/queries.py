"""Reads on corporations, lines, accounts and contracts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from noren.kit import db, sql
from noren.kit.duck import PARQUET, Connection, csv_of, literal
from noren.kit.errors import Refusal
from noren.members.models import Account, Corporation, Line
from noren.members.rules import MemberKind


class UnknownMember(Refusal):
    """No line or account has that id."""

    code = "member.unknown"


class AmbiguousMember(Refusal):
    """A line and an account share the id."""

    code = "member.ambiguous"


@dataclass(frozen=True, slots=True)
class Member:
    """A line or an account: what it is called outside, and the uid that it has inside."""

    kind: MemberKind
    member_id: str
    uid: UUID
    corporation_id: str
    corporation_name: str


@dataclass(frozen=True, slots=True)
class Held:
    """A solution contract, in force or not. `ended_on` is the first day no longer in force."""

    contract_id: str
    solution: str
    started_on: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Profile:
    """A line or account as its person sees it. An account has no phone number, service and opening day."""

    kind: MemberKind
    uid: UUID
    member_id: str
    corporation_id: str
    corporation_name: str
    corporation_kind: str
    phone_number: str
    service: str
    opened_on: date | None
    closed_on: date | None
    joined_on: date | None
    withdrawn_on: date | None
    contracts: tuple[Held, ...]


PROFILE_COLUMNS = len(Profile.__dataclass_fields__) - 1


def profiles(account_id: str, line_ids: Iterable[str]) -> tuple[Profile, ...]:
    """The account as a member (if it is one) and these lines, each with its contracts: one statement."""
    params = {"account_id": account_id, "line_ids": list(line_ids)}
    found = sql.rows(lambda *columns: columns, "members", "profiles.sql", params)
    return tuple(_profile(list(rows)) for _uid, rows in groupby(found, key=lambda row: row[1]))


def _profile(rows: list[tuple[Any, ...]]) -> Profile:
    make: Callable[..., Profile] = Profile
    kind, *plain = rows[0][:PROFILE_COLUMNS]
    contracts = tuple(Held(*row[PROFILE_COLUMNS:]) for row in rows if row[PROFILE_COLUMNS] is not None)
    return make(MemberKind(kind), *plain, contracts)


def member(name: str) -> Member:
    """The line or account named by its id, or by `line:ID` / `account:ID` where both exist.

    Raises UnknownMember, AmbiguousMember.
    """
    found = _lines(name) + _accounts(name)
    for kind, look in ((MemberKind.LINE, _lines), (MemberKind.ACCOUNT, _accounts)):
        if not found and name.startswith(f"{kind}:"):
            found = look(name.removeprefix(f"{kind}:"))
    if not found:
        raise UnknownMember(_("No line or account has the id %(name)s."), name=name)
    if len(found) > 1:
        raise AmbiguousMember(
            _("A line and an account have the id %(name)s. Write line:%(name)s or account:%(name)s."),
            name=name,
        )
    return found[0]


def corporation_numbered(corporate_number: str) -> str | None:
    """The id of the corporation with that corporate number, if there is one."""
    row = Corporation.objects.filter(corporate_number=corporate_number).order_by("corporation_id").first()
    return None if row is None else row.corporation_id


class UnknownCorporation(Refusal):
    """No corporation has that id."""

    code = "corporation.unknown"


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line as it is now."""

    line_id: str
    uid: UUID
    corporation_id: str
    phone_number: str
    opened_on: date
    closed_on: date | None
    joined_on: date | None
    withdrawn_on: date | None


def corporation_name(corporation_id: str) -> str:
    """The name of the corporation. Raises UnknownCorporation."""
    name = Corporation.objects.filter(corporation_id=corporation_id).values_list("name", flat=True).first()
    if name is None:
        raise UnknownCorporation(_("No corporation has the id %(corporation_id)s."), corporation_id=corporation_id)
    return name


def line(line_id: str) -> LineRow:
    """The line. Raises UnknownMember."""
    found = Line.objects.filter(line_id=line_id).first()
    if found is None:
        raise UnknownMember(_("No line or account has the id %(name)s."), name=line_id)
    return _line_row(found)


def continued_lines() -> list[tuple[UUID, str]]:
    """Closed lines (uid) that an account (id) continues, which is a member still."""
    rows = Line.objects.filter(continued_by__isnull=False, continued_by__withdrawn_on__isnull=True)
    return list(rows.order_by("line_id").values_list("uid", "continued_by_id"))


def continued_by(account_id: str) -> list[UUID]:
    """The closed lines (uid) that the account continues."""
    return list(Line.objects.filter(continued_by=account_id).order_by("line_id").values_list("uid", flat=True))


def lines_of_number(corporation_id: str, phone_number: str) -> tuple[LineRow, ...]:
    """The corporation's open lines of that phone number; hyphens and spaces do not matter."""
    wanted = _figures(phone_number)
    rows = Line.objects.filter(corporation_id=corporation_id, closed_on__isnull=True).exclude(phone_number="")
    candidates = rows.filter(phone_number__in={phone_number, wanted}) or rows
    return tuple(_line_row(row) for row in candidates if wanted and _figures(row.phone_number) == wanted)


def numbered(phone_number: str) -> list[str]:
    """The ids of open lines of that phone number, whose ever they are; with or without the usual hyphens."""
    figures = _figures(phone_number)
    if not figures:
        return []
    ways = {phone_number, figures, f"{figures[:3]}-{figures[3:7]}-{figures[7:]}"}
    rows = Line.objects.filter(closed_on__isnull=True, phone_number__in=ways).exclude(phone_number="")
    return list(rows.order_by("line_id").values_list("line_id", flat=True))


def corporations_called(text: str) -> list[str]:
    """The ids of corporations of that id, corporate number or name."""
    rows = Corporation.objects.filter(Q(corporation_id=text) | Q(corporate_number=text) | Q(name=text))
    return list(rows.order_by("corporation_id").values_list("corporation_id", flat=True)) if text else []


def _figures(phone_number: str) -> str:
    return "".join(sign for sign in phone_number if sign.isdecimal())


def _line_row(row: Line) -> LineRow:
    return LineRow(
        row.line_id,
        row.uid,
        row.corporation_id,
        row.phone_number,
        row.opened_on,
        row.closed_on,
        row.joined_on,
        row.withdrawn_on,
    )


def called(uids: Iterable[UUID]) -> dict[UUID, str]:
    """What people call these members: a line by its phone number or id, an account by its id."""
    wanted = list(uids)
    lines = Line.objects.filter(uid__in=wanted).values_list("uid", "phone_number", "line_id")
    found = {uid: number or line_id for uid, number, line_id in lines}
    return found | dict(Account.objects.filter(uid__in=wanted).values_list("uid", "account_id"))


def phone_numbers(line_ids: Iterable[str]) -> dict[str, str]:
    """The phone numbers of these lines, those that have one."""
    rows = Line.objects.filter(line_id__in=list(line_ids)).exclude(phone_number="")
    return dict(rows.values_list("line_id", "phone_number"))


def lines(line_ids: Iterable[str]) -> tuple[Member, ...]:
    """The lines of these ids as members, in the order of the ids."""
    rows = Line.objects.filter(line_id__in=list(line_ids)).select_related("corporation").order_by("line_id")
    return tuple(
        Member(MemberKind.LINE, row.line_id, row.uid, row.corporation_id, row.corporation.name) for row in rows
    )


def accounts(account_ids: Iterable[str]) -> tuple[Member, ...]:
    """The accounts of these ids, members or not, in the order of the ids."""
    rows = Account.objects.filter(account_id__in=list(account_ids)).select_related("corporation").order_by("account_id")
    return tuple(
        Member(MemberKind.ACCOUNT, row.account_id, row.uid, row.corporation_id, row.corporation.name) for row in rows
    )


def account_members(account_id: str) -> tuple[Member, ...]:
    """The account as a member, if it joined and has not withdrawn."""
    rows = Account.objects.filter(account_id=account_id, joined_on__isnull=False, withdrawn_on__isnull=True)
    return tuple(
        Member(MemberKind.ACCOUNT, row.account_id, row.uid, row.corporation_id, row.corporation.name)
        for row in rows.select_related("corporation")
    )


def line_ids(corporation_id: str) -> list[str]:
    """The ids of the corporation's open lines."""
    found = Line.objects.filter(corporation_id=corporation_id, closed_on__isnull=True)
    return list(found.order_by("line_id").values_list("line_id", flat=True))


def has_open_line(corporation_id: str) -> bool:
    """Whether a line in the corporation's name is open."""
    return Line.objects.filter(corporation_id=corporation_id, closed_on__isnull=True).exists()


def has_customers() -> bool:
    """Whether any corporation is known."""
    return Corporation.objects.exists()


def some_member() -> str | None:
    """The id of some line that has a contract, to try things with."""
    line = Line.objects.filter(contract__isnull=False, joined_on__isnull=False).order_by("line_id").first()
    return None if line is None else line.line_id


def _lines(line_id: str) -> list[Member]:
    rows = Line.objects.filter(line_id=line_id).select_related("corporation")
    return [Member(MemberKind.LINE, row.line_id, row.uid, row.corporation_id, row.corporation.name) for row in rows]


def _accounts(account_id: str) -> list[Member]:
    rows = Account.objects.filter(account_id=account_id).select_related("corporation")
    return [
        Member(MemberKind.ACCOUNT, row.account_id, row.uid, row.corporation_id, row.corporation.name) for row in rows
    ]


def snapshot_members(connection: Connection, folder: Path, target: Path) -> None:
    """Write every line and account as Parquet.

    Columns: uid, kind, member_id, opened_on (null: an account), closed_on, joined_on, withdrawn_on.
    """
    dates = dict.fromkeys(("opened_on", "closed_on", "joined_on", "withdrawn_on"), "DATE")
    columns = {"uid": "UUID", "kind": "VARCHAR", "member_id": "VARCHAR", **dates}
    _snapshot(folder, target, "snapshot_members.sql", columns, connection)


def snapshot_contracts(connection: Connection, folder: Path, target: Path) -> None:
    """Write every solution contract as Parquet: uid of its line or account, contract_id, solution, dates."""
    dates = dict.fromkeys(("started_on", "ended_on"), "DATE")
    columns = {"uid": "UUID", "contract_id": "VARCHAR", "solution": "VARCHAR", **dates}
    _snapshot(folder, target, "snapshot_contracts.sql", columns, connection)


def known_corporations(connection: Connection, folder: Path) -> None:
    """Load the ids of every corporation into the DuckDB table known_corporations (id)."""
    _known(connection, folder, "corporations")


def known_owners(connection: Connection, folder: Path) -> None:
    """Load the ids of every line and account into the DuckDB tables known_lines and known_accounts (id)."""
    _known(connection, folder, "lines")
    _known(connection, folder, "accounts")


def _known(connection: Connection, folder: Path, what: str) -> None:
    plain = folder / f"{what}-ids.csv"
    db.copy_out(sql.text("members", f"ids_of_{what}.sql"), plain)
    source = csv_of(plain, {"id": "VARCHAR"})
    connection.execute(f"CREATE OR REPLACE TABLE known_{what} AS SELECT * FROM {source}")
    plain.unlink()


def ended(as_of: date, target: Path) -> None:
    """Write the uids (CSV, no header) of members whose line closed or who withdrew on or before the day."""
    db.copy_out(sql.text("members", "snapshot_ended.sql"), target, {"as_of": as_of})


def _snapshot(folder: Path, target: Path, statement: str, columns: dict[str, str], connection: Connection) -> None:
    plain = folder / f"{target.stem}.csv"
    db.copy_out(sql.text("members", statement), plain)
    connection.execute(f"COPY (SELECT * FROM {csv_of(plain, columns)}) TO {literal(target)} {PARQUET}")
    plain.unlink()
