"""Take in whose bills are overdue: until the next file says otherwise, no points are taken for them."""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from noren.audit import actions as audit
from noren.kit import db, intake, sql
from noren.kit.actor import Actor
from noren.kit.duck import Connection, literal
from noren.kit.intake import Reason
from noren.kit.progress import Progress
from noren.members import actions as members
from noren.members import queries
from noren.spending import layouts
from noren.spending.models import Overdue

REASONS = {
    **members.REASONS,
    "one_of_three": _("Exactly one of corporation_id, line_id and account_id must be filled."),
}
"""What is wrong with a field, by code."""


@dataclass(frozen=True, slots=True)
class OverdueImported:
    """What came of one file. read = accepted + rejected; `overdue`: how many are now, each counted once."""

    file_name: str
    sha256: str
    read: int
    accepted: int
    rejected: int
    overdue: int
    rejects: str = ""
    reasons: tuple[Reason, ...] = ()


@transaction.atomic
def import_overdue(
    connection: Connection,
    folder: Path,
    *,
    path: Path,
    home: Path,
    actor: Actor,
    now: datetime,
    progress: Progress,
    encoding: intake.Encoding = "auto",
    strict: bool = False,
    rejects: Path | None = None,
) -> OverdueImported:
    """Replace whose bills are overdue by what the file says; a file without rows clears everybody.

    Raises the refusals of `kit.intake`.
    """
    raw = intake.open_file(connection, folder, path, layouts.OVERDUE, encoding=encoding, progress=progress)
    queries.known_corporations(connection, folder)
    queries.known_owners(connection, folder)
    result = intake.split(connection, raw, lookups=layouts.OF_CUSTOMERS, progress=progress)
    if strict and result.rejected.rows:
        raise intake.strict_refusal(path, result, REASONS)
    told = intake.keep_rejects(connection, raw, result, rejects, REASONS, home=home, now=now)
    done = OverdueImported(
        file_name=path.name,
        sha256=raw.sha256,
        read=result.read.rows,
        accepted=result.accepted.rows,
        rejected=result.rejected.rows,
        overdue=_replace(connection, folder),
        rejects=told,
        reasons=result.reasons,
    )
    audit.record(actor=actor, act="overdue.import", subject=path.name, detail=asdict(done), now=now)
    return done


def _replace(connection: Connection, folder: Path) -> int:
    each = "SELECT '{0}', {0}_id FROM accepted WHERE {0}_id IS NOT NULL"
    rows = " UNION ".join(map(each.format, layouts.CUSTOMERS))
    listed = folder / "overdue.csv"
    connection.execute(f"COPY ({rows}) TO {literal(listed)} (FORMAT csv, HEADER false)")
    Overdue.objects.all().delete()
    return db.copy_in(listed, sql.text("spending", "copy_overdue.sql"))
