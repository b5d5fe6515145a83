"""Reads on runs: which months are closed, what the steps counted, the rated members of a month."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from noren.billing import queries as billing
from noren.closing.models import Run, Step
from noren.closing.rules import StepName
from noren.closing.work import result_file
from noren.kit import sql
from noren.kit.duck import Connection, literal
from noren.kit.errors import Refusal
from noren.kit.months import add_months, month_text, months_between
from noren.points import queries as points
from noren.points.queries import MAX_FAULTS, Finding

POSTING = "target"
"""What the step post notes first: from then on the run goes to its end as it was begun."""

RESULTS = ("members", "contracts", "stages", "rated")
"""What every close keeps in the archive beside the bill items."""


class NotClosed(Refusal):
    """The month has no finished close."""

    code = "close.not_closed"


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step as it was recorded."""

    name: str
    done: bool
    seconds: float
    totals: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run as it was recorded, with its steps in their order."""

    run_id: str
    month: date | None
    number: int
    as_of: date
    programme_version: str
    steps: tuple[StepRow, ...]

    def totals(self, step: StepName) -> dict[str, Any]:
        """What the step counted; empty if the run has no such step."""
        return next((row.totals for row in self.steps if row.name == step), {})


def run(run_id: str) -> RunRow:
    """The run of that id."""
    return _row(Run.objects.get(run_id=run_id))


def latest_run(month: date) -> RunRow:
    """The last finished close of the month. Raises NotClosed."""
    found = Run.objects.filter(month=month, finished_at__isnull=False).order_by("-number").first()
    if found is None:
        raise NotClosed(_("%(month)s has not been closed."), month=month_text(month))
    return _row(found)


def latest_runs(first: date, last: date) -> dict[date, RunRow]:
    """The last finished close of each month from `first` to `last` that has one."""
    rows = Run.objects.filter(month__range=(first, last), finished_at__isnull=False).order_by("month", "-number")
    return {row.month: _row(row) for row in reversed(rows) if row.month is not None}


def last_month(wallets: Iterable[UUID]) -> tuple[date | None, dict[UUID, int]]:
    """The last closed month (None: no month is closed) and the points that the wallets have for it: one statement."""
    found = sql.rows(lambda *columns: columns, "closing", "last_month.sql", {"wallets": list(wallets)})
    month = found[0][0] if found else None
    return month, {wallet: points for _month, wallet, points in found if wallet is not None}


def closed_months(since: date) -> list[date]:
    """Months from `since` on that have a finished close, in their order."""
    found = Run.objects.filter(month__gte=since, finished_at__isnull=False).order_by("month")
    return [month for month in found.values_list("month", flat=True).distinct() if month is not None]


def unfinished(month: date | None) -> Run | None:
    """The close of the month (None: the expiry) that was begun and not ended."""
    return Run.objects.filter(month=month, finished_at__isnull=True).first()


def running() -> set[str]:
    """The runs that were begun and not ended: their clearing accounts need not be zero."""
    return set(Run.objects.filter(finished_at__isnull=True).values_list("run_id", flat=True))


def closed_since(month: date) -> date:
    """The first of the months that are closed, without a gap, up to this one, which is being closed."""
    closed = {row.month for row in Run.objects.filter(finished_at__isnull=False) if row.month is not None}
    while add_months(month, -1) in closed:
        month = add_months(month, -1)
    return month


def gaps() -> list[date]:
    """Months without a finished close between the first and the last one that has it."""
    closed = {row.month for row in Run.objects.filter(finished_at__isnull=False) if row.month is not None}
    if not closed:
        return []
    first, last = min(closed), max(closed)
    return [m for n in range(months_between(first, last)) if (m := add_months(first, n)) not in closed]


def accounted_until(as_of: date) -> date:
    """The business date of the last close before the day: the accounting goes on from there. The first has none."""
    found = Run.objects.filter(month__isnull=False, finished_at__isnull=False, as_of__lt=as_of)
    last: date | None = found.aggregate(last=Max("as_of"))["last"]
    return last or date.min


def versions_used() -> list[date]:
    """First days of the programme versions by which points were posted."""
    posted = Run.objects.filter(steps__name=StepName.POST, steps__totals__has_key=POSTING)
    used = posted.exclude(programme_version="").values_list("programme_version", flat=True).distinct()
    return [date.fromisoformat(version.rpartition("/")[2]) for version in used]


def _row(found: Run) -> RunRow:
    rows = {row.name: row for row in Step.objects.filter(run=found)}
    steps = tuple(
        StepRow(row.name, row.finished_at is not None, float(row.seconds), row.totals)
        for name in StepName
        if (row := rows.get(name)) is not None
    )
    return RunRow(found.run_id, found.month, found.number, found.as_of, found.programme_version, steps)


def findings(connection: Connection, home: Path) -> list[Finding]:
    """What `noren verify` says of closes: bill files and results that are gone, months whose points are not posted."""
    latest = latest_runs(date.min, date.max)
    rows: dict[str, list[dict[str, object]]] = {
        "billing.archive_damaged": billing.archive_faults(connection, home),
        "closing.result_missing": [
            {"run": run.run_id, "file": str(path.relative_to(home))}
            for month, run in latest.items()
            for name in (*RESULTS, *(["pools"] if "pooled" in run.totals(StepName.INTAKE) else []))
            if not (path := result_file(home, month, run.number, name)).exists()
        ],
        "closing.posted_not_rated": [
            {"run": run.run_id, "rated": rated, "posted": posted}
            for month, run in latest.items()
            if not unfinished(month)
            and (rated := run.totals(StepName.RATE)["points"]) != (posted := points.posted(month))
        ],
    }
    return [Finding(code, tuple(faults[:MAX_FAULTS])) for code, faults in rows.items() if faults]


def kept(path: Path) -> Path:
    """The file, if the archive still holds it. Raises billing.queries.ArchiveDamaged."""
    if not path.exists():
        message = _("%(file)s is missing in the archive. Restore it from a backup, or close the month again.")
        raise billing.ArchiveDamaged(message, file=path)
    return path


def export_grants(connection: Connection, home: Path, month: date, target: Path, *, as_parquet: bool) -> int:
    """Write the members of the month with stage, base, rate and points, sorted by member_id.

    Gives the number of rows. Raises NotClosed.
    """
    latest = latest_run(month)
    rated = kept(result_file(home, month, latest.number, "rated"))
    form = "FORMAT parquet" if as_parquet else "FORMAT csv, HEADER"
    written = connection.execute(
        f"COPY (SELECT member_id, {literal(month_text(month))} AS bill_month, stage, tenure_months, solutions,"
        f" base_yen, rate, points, {literal(latest.programme_version)} AS programme_version"
        f" FROM read_parquet({literal(rated)}) ORDER BY member_id, kind) TO {literal(target)} ({form})"
    ).fetchone()
    return int((written or (0,))[0])
