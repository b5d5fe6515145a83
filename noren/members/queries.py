"""Reads on corporations, lines, accounts and contracts."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from noren.kit import db, sql
from noren.kit.duck import PARQUET, Connection, literal
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
    source = _csv(plain, {"id": "VARCHAR"})
    connection.execute(f"CREATE OR REPLACE TABLE known_{what} AS SELECT * FROM {source}")
    plain.unlink()


def ended(as_of: date, target: Path) -> None:
    """Write the uids (CSV, no header) of members whose line closed or who withdrew on or before the day."""
    db.copy_out(sql.text("members", "snapshot_ended.sql"), target, {"as_of": as_of})


def _snapshot(folder: Path, target: Path, statement: str, columns: dict[str, str], connection: Connection) -> None:
    plain = folder / f"{target.stem}.csv"
    db.copy_out(sql.text("members", statement), plain)
    connection.execute(f"COPY (SELECT * FROM {_csv(plain, columns)}) TO {literal(target)} {PARQUET}")
    plain.unlink()


def _csv(path: Path, columns: dict[str, str]) -> str:
    return f"read_csv({literal(path)}, header=false, auto_detect=false, delim=',', quote='\"', columns={columns})"
