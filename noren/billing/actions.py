"""Take a bill file in: check every item, archive the good ones sorted by member, account for every row and yen."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from noren.audit import actions as audit
from noren.billing import layout, queries
from noren.billing.models import Intake
from noren.kit import files, intake
from noren.kit.actor import Actor
from noren.kit.duck import PARQUET, Connection, literal
from noren.kit.intake import Lookup, Raw, Result
from noren.kit.months import month_text
from noren.kit.progress import Progress
from noren.members import actions as members

REASONS = {
    **members.REASONS,
    "other_month": _("%(field)s is not the month that is being closed."),
    "unknown_charge_code": _("%(field)s is not a charge code that the programme knows."),
}
"""What is wrong with a field, by code."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A bill file that was read and split; its good rows wait in the engine's view `accepted`."""

    path: Path
    month: date
    raw: Raw
    result: Result


def check(
    connection: Connection,
    folder: Path,
    *,
    month: date,
    path: Path,
    members_file: Path,
    charge_codes: Iterable[str],
    encoding: intake.Encoding,
    strict: bool,
    progress: Progress,
) -> Checked:
    """Read the file and check every item against the month and the members.

    Raises the refusals of `kit.intake`.
    """
    raw = intake.open_file(connection, folder, path, layout.BILLS, encoding=encoding, progress=progress)
    for kind in ("line", "account"):
        connection.execute(
            f"CREATE OR REPLACE TABLE known_{kind}s AS SELECT member_id AS id, uid"
            f" FROM read_parquet({literal(members_file)}) WHERE kind = {literal(kind)}"
        )
    result = intake.split(
        connection,
        raw,
        checks=layout.of_month(month, charge_codes),
        lookups=(
            Lookup("line_id", "unknown_line", "known_lines", "id"),
            Lookup("account_id", "unknown_account", "known_accounts", "id"),
        ),
        progress=progress,
    )
    if strict and result.rejected.rows:
        raise intake.strict_refusal(path, result, REASONS)
    return Checked(path, month, raw, result)


def archive(
    connection: Connection,
    checked: Checked,
    *,
    home: Path,
    target: Path,
    number: int,
    rejects: Path | None,
    actor: Actor,
    now: datetime,
) -> queries.IntakeRow:
    """Write the good items as Parquet, sorted by member, and record the intake in the caller's transaction.

    A crash between the two leaves a file that no row names; the next intake of that number replaces it.
    """
    with files.whole(target) as scratch:
        connection.execute(f"COPY ({ITEMS}) TO {literal(scratch)} {PARQUET}")
    told = intake.keep_rejects(connection, checked.raw, checked.result, rejects, REASONS, home=home, now=now)
    read, accepted, rejected = checked.result.read, checked.result.accepted, checked.result.rejected
    row = queries.IntakeRow(
        number=number,
        file_name=checked.path.name,
        sha256=checked.raw.sha256,
        archive=str(target.relative_to(home)),
        read_rows=read.rows,
        read_yen=read.yen,
        accepted_rows=accepted.rows,
        accepted_yen=accepted.yen,
        rejected_rows=rejected.rows,
        rejected_yen=rejected.yen,
        rejects=told,
        reasons=[asdict(one) for one in checked.result.reasons],
    )
    Intake.objects.create(month=checked.month, booked_at=now, actor=str(actor), **row.as_totals())
    subject = f"{month_text(checked.month)}/{number}"
    audit.record(actor=actor, act="bills.intake", subject=subject, detail=row.as_totals(), now=now)
    return row


ITEMS = (
    "SELECT item_id, coalesce(line.uid, account.uid) AS uid, charge_code, amount_yen::BIGINT AS amount_yen"
    " FROM accepted LEFT JOIN known_lines AS line ON line.id = line_id"
    " LEFT JOIN known_accounts AS account ON account.id = account_id ORDER BY uid"
)
"""The good items, each with the uid of its line or account, sorted by it."""
