"""Reads on bill items: files in the archive of a month, of which the later replace items of the earlier."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

import duckdb
from django.utils.translation import gettext_lazy as _

from noren.billing.models import Intake
from noren.kit.duck import Connection, literal
from noren.kit.errors import Refusal
from noren.kit.months import month_text


class ArchiveDamaged(Refusal):
    """A file of the archive is missing or is not what was taken in."""

    code = "archive.damaged"


@dataclass(frozen=True, slots=True)
class IntakeRow:
    """A bill file that was taken in, with its counts in rows and yen."""

    number: int
    file_name: str
    sha256: str
    archive: str
    read_rows: int
    read_yen: int
    accepted_rows: int
    accepted_yen: int
    rejected_rows: int
    rejected_yen: int
    rejects: str
    reasons: list[dict[str, object]]

    def as_totals(self) -> dict[str, object]:
        """The counts for a step's record."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A bill item of one member, the intake that brought it, and the later one that replaced it (None: it counts)."""

    item_id: str
    charge_code: str
    amount_yen: int
    intake: int
    replaced_by: int | None


def intakes(month: date) -> list[IntakeRow]:
    """The bill files taken in for the month, the first one first."""
    names = IntakeRow.__dataclass_fields__
    return [IntakeRow(**row) for row in Intake.objects.filter(month=month).order_by("number").values(*names)]


def archive_faults(connection: Connection, home: Path, month: date | None = None) -> list[dict[str, object]]:
    """Archived files (of one month, or all) that are missing, unreadable, or hold other rows and yen than came in."""
    found = Intake.objects.all() if month is None else Intake.objects.filter(month=month)
    rows = found.order_by("month", "number").values_list("month", "archive", "accepted_rows", "accepted_yen")
    return [
        {"month": month_text(of), "file": file, "taken_in": f"rows={items} yen={yen}", "found": there}
        for of, file, items, yen in rows
        if (there := _content(connection, home / file)) != f"rows={items} yen={yen}"
    ]


def check_archive(connection: Connection, home: Path, month: date) -> None:
    """See that the month's bill items are those that were taken in. Raises ArchiveDamaged."""
    for fault in archive_faults(connection, home, month):
        raise ArchiveDamaged(
            _(
                "%(file)s in the archive is not what was taken in (%(taken_in)s; now: %(found)s)."
                " Restore it from a backup."
            ),
            **fault,
        )


def check_archive_rows(connection: Connection, home: Path, month: date) -> None:
    """See that the month's files are there with the rows taken in, by what they say of themselves: quick at any size.

    Raises ArchiveDamaged.
    """
    for row in intakes(month):
        there = _rows_of(connection, home / row.archive)
        if there != str(row.accepted_rows):
            message = _("%(file)s in the archive does not have the rows that were taken in (%(rows)d; now: %(found)s).")
            raise ArchiveDamaged(message, file=row.archive, rows=row.accepted_rows, found=there)


def _rows_of(connection: Connection, path: Path) -> str:
    if not path.exists():
        return "missing"
    try:
        found = connection.execute(f"SELECT num_rows FROM parquet_file_metadata({literal(path)})").fetchone()
    except duckdb.Error as error:
        return str(error).splitlines()[0]
    return str((found or (0,))[0])


def _content(connection: Connection, path: Path) -> str:
    if not path.exists():
        return "missing"
    try:
        found = connection.execute(
            f"SELECT count(*), coalesce(sum(amount_yen), 0)::BIGINT FROM read_parquet({literal(path)})"
        ).fetchone()
    except duckdb.Error as error:
        return str(error).splitlines()[0]
    rows, yen = found or (0, 0)
    return f"rows={rows} yen={yen}"


LATEST = (
    "LEFT JOIN (SELECT item_id, max(intake) AS intake FROM later_items GROUP BY item_id) AS latest"
    " ON latest.item_id = item.item_id"
)


def items_view(connection: Connection, home: Path, month: date, *, until: int | None = None) -> None:
    """Make the view `items` (item_id, uid, charge_code, amount_yen, intake): what counts in the month.

    Equals `rules.effective_items`. An item is replaced by one of a later file, wherever that moved it; an amount
    of 0 withdraws it and counts as 0 yen. `until`: only files up to that number.
    """
    taken = [row for row in intakes(month) if until is None or row.number <= until]
    connection.execute("CREATE OR REPLACE VIEW all_items AS " + _union(home, taken))
    connection.execute("CREATE OR REPLACE VIEW later_items AS " + _union(home, taken[1:]))
    connection.execute(
        f"CREATE OR REPLACE VIEW items AS SELECT item.* FROM all_items AS item {LATEST}"
        " WHERE latest.intake IS NULL OR latest.intake = item.intake"
        if len(taken) > 1
        else "CREATE OR REPLACE VIEW items AS SELECT * FROM all_items"
    )


def effective(connection: Connection, home: Path, month: date) -> dict[str, int]:
    """Rows and yen of the items that count in the month."""
    items_view(connection, home, month)
    found = connection.execute("SELECT count(*), coalesce(sum(amount_yen), 0)::BIGINT FROM items").fetchone()
    rows, yen = found or (0, 0)
    return {"rows": rows, "yen": yen}


def items_of(connection: Connection, home: Path, month: date, uid: UUID, *, until: int) -> list[ItemRow]:
    """The items of one member in the month up to intake `until`, also those that a later file replaced; by item_id."""
    items_view(connection, home, month, until=until)
    found = connection.execute(
        "SELECT item.item_id, charge_code, amount_yen, item.intake,"
        " CASE WHEN latest.intake > item.intake THEN latest.intake END"
        f" FROM all_items AS item {LATEST} WHERE uid = ? ORDER BY item.item_id, item.intake",
        [uid],
    ).fetchall()
    return [ItemRow(*row) for row in found]


def _union(home: Path, taken: Sequence[IntakeRow]) -> str:
    nothing = (
        "SELECT NULL::VARCHAR AS item_id, NULL::UUID AS uid, NULL::VARCHAR AS charge_code,"
        " 0::BIGINT AS amount_yen, 0 AS intake WHERE false"
    )
    return (
        " UNION ALL ".join(
            f"SELECT item_id, uid, charge_code, amount_yen, {row.number} AS intake"
            f" FROM read_parquet({literal(home / row.archive)})"
            for row in taken
        )
        or nothing
    )
