"""Bring corporations, lines and contracts in: a whole file or nothing, every row accounted for."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import duckdb
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from stdnum.jp import cn

from noren.audit import actions as audit
from noren.kit import db, intake, sql
from noren.kit.actor import Actor
from noren.kit.duck import Connection, literal
from noren.kit.errors import Refusal
from noren.kit.intake import Check, Layout, Lookup, Raw, Reason, Result
from noren.kit.intake.layout import quoted
from noren.kit.progress import Progress
from noren.members import layouts, queries, rules
from noren.members.models import Corporation
from noren.programme import queries as programme


class Kind(StrEnum):
    """What a file holds."""

    CORPORATIONS = "corporations"
    LINES = "lines"
    CONTRACTS = "contracts"


class KnownCorporation(Refusal):
    """A corporation of that corporate number is a customer already."""

    code = "corporation.known"


REASONS = {
    **intake.REASONS,
    "bad_check_digit": _("%(field)s is not a corporate number: 13 digits of which the first is the check digit."),
    "unknown_corporation": _("%(field)s names a corporation that is not known. Import corporations first."),
    "unknown_line": _("%(field)s names a line that is not known. Import lines first."),
    "unknown_account": _("%(field)s names an account that is not known."),
    "unknown_solution": _("%(field)s is not a solution that the programme knows."),
    "line_or_account": _("Exactly one of line_id and account_id must be filled, and none is."),
    "line_and_account": _("Exactly one of line_id and account_id must be filled, and both are."),
    "before_opened_on": _("%(field)s lies before opened_on."),
    "before_joined_on": _("%(field)s lies before joined_on."),
    "before_started_on": _("%(field)s lies before started_on."),
}
"""What is wrong with a field, by code."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of one file. read = accepted + rejected; accepted = added + changed + same."""

    kind: Kind
    file_name: str
    sha256: str
    read: int
    accepted: int
    rejected: int
    added: int
    changed: int
    same: int
    rejects: str = ""
    reasons: tuple[Reason, ...] = ()


@transaction.atomic
def import_file(
    connection: Connection,
    folder: Path,
    *,
    kind: Kind,
    path: Path,
    home: Path,
    actor: Actor,
    now: datetime,
    progress: Progress,
    encoding: intake.Encoding = "auto",
    strict: bool = False,
    rejects: Path | None = None,
) -> Imported:
    """Add what is new, change what is known, by the first column; rejected rows go to a file.

    Raises the refusals of `kit.intake`.
    """
    layout = LAYOUTS[kind]
    raw = intake.open_file(connection, folder, path, layout, encoding=encoding, progress=progress)
    result = _split(connection, folder, kind, raw, progress)
    if strict and result.rejected.rows:
        raise intake.strict_refusal(path, result, REASONS)
    told = intake.keep_rejects(connection, raw, result, rejects, REASONS, home=home, now=now)
    added, changed = _upsert(connection, folder, kind, layout)
    done = Imported(
        kind=kind,
        file_name=path.name,
        sha256=raw.sha256,
        read=result.read.rows,
        accepted=result.accepted.rows,
        rejected=result.rejected.rows,
        added=added,
        changed=changed,
        same=result.accepted.rows - added - changed,
        rejects=told,
        reasons=result.reasons,
    )
    audit.record(actor=actor, act=f"{kind}.import", subject=path.name, detail=asdict(done), now=now)
    return done


def _split(connection: Connection, folder: Path, kind: Kind, raw: Raw, progress: Progress) -> Result:
    checks, lookups = REFERENCES[kind](connection, folder)
    return intake.split(connection, raw, checks=checks, lookups=lookups, progress=progress)


References = tuple[tuple[Check, ...], tuple[Lookup, ...]]


def _of_corporations(connection: Connection, _folder: Path) -> References:
    """Corporate numbers are few, so the well-known library judges each of them."""
    with contextlib.suppress(duckdb.InvalidInputException):  # a file before this one made it
        connection.remove_function("is_corporate_number")
    connection.create_function("is_corporate_number", _is_corporate_number, ["VARCHAR"], "BOOLEAN")
    return (), ()


def _is_corporate_number(text: str) -> bool:
    # The library also takes spaces and hyphens; the file format is digits alone.
    return len(text) == 13 and text.isdecimal() and text.isascii() and bool(cn.is_valid(text))


def _of_lines(connection: Connection, folder: Path) -> References:
    queries.known_corporations(connection, folder)
    return (), (Lookup("corporation_id", "unknown_corporation", "known_corporations", "id"),)


def _of_contracts(connection: Connection, folder: Path) -> References:
    """A contract hangs on a known corporation, and on a known line or account."""
    _checks, of_corporation = _of_lines(connection, folder)
    queries.known_owners(connection, folder)
    codes = ", ".join(map(literal, sorted(programme.solution_codes()))) or "''"
    checks = (Check("solution", "unknown_solution", f"solution NOT IN ({codes})"),)
    return checks, (
        *of_corporation,
        Lookup("line_id", "unknown_line", "known_lines", "id"),
        Lookup("account_id", "unknown_account", "known_accounts", "id"),
    )


REFERENCES: Mapping[Kind, Callable[[Connection, Path], References]] = {
    Kind.CORPORATIONS: _of_corporations,
    Kind.LINES: _of_lines,
    Kind.CONTRACTS: _of_contracts,
}

LAYOUTS: Mapping[Kind, Layout] = {
    Kind.CORPORATIONS: layouts.CORPORATIONS,
    Kind.LINES: layouts.LINES,
    Kind.CONTRACTS: layouts.CONTRACTS,
}


def _upsert(connection: Connection, folder: Path, kind: Kind, layout: Layout) -> tuple[int, int]:
    """Send the accepted rows to the database and merge them; gives rows added and rows changed."""
    staged = folder / f"{kind}.csv"
    columns = ", ".join(map(quoted, layout.columns))
    connection.execute(f"COPY (SELECT {columns} FROM accepted) TO {literal(staged)} (FORMAT csv, HEADER false)")
    sql.run("members", f"stage_{kind}.sql")
    db.copy_in(staged, sql.text("members", f"load_{kind}.sql"))
    staged.unlink()
    return sql.rows(lambda added, changed: (added, changed), "members", f"merge_{kind}.sql")[0]


def add_corporation(
    *,
    corporation_id: str,
    kind: rules.CorporationKind,
    name: str,
    name_kana: str,
    corporate_number: str = "",
    actor: Actor,
    now: datetime,
) -> None:
    """Add a corporation that has no line. Raises KnownCorporation."""
    made = False
    about = {"corporate_number": corporate_number, "name": name, "name_kana": name_kana, "kind": kind}
    if not corporate_number or queries.corporation_numbered(corporate_number) is None:
        _row, made = Corporation.objects.get_or_create(corporation_id=corporation_id, defaults=about)
    if not made:
        raise KnownCorporation(_("This corporation is a customer already."))
    audit.record(actor=actor, act="corporation.add", subject=corporation_id, now=now, scope=corporation_id, after=about)
