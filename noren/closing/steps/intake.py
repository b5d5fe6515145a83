"""Take in the bill files that are not in yet, against the lines and accounts as they are now."""

from pathlib import Path

from django.db import transaction

from noren.billing import actions as billing
from noren.billing import queries as billing_queries
from noren.closing import pools
from noren.closing.models import Step
from noren.closing.rules import already_taken
from noren.closing.work import Work, keep, month_folder
from noren.kit import files, intake
from noren.members import queries as members


def run(work: Work, step: Step) -> None:
    """Snapshot members, pools and contracts, then archive each file; every file is in or out as a whole."""
    billing_queries.check_archive(work.connection, work.home, work.month)
    with files.whole(work.file("members")) as target:
        members.snapshot_members(work.connection, work.scratch, target)
    with files.whole(work.file("pools")) as target:
        pooled = pools.snapshot(work.connection, work.scratch, target)
    with files.whole(work.file("contracts")) as target:
        members.snapshot_contracts(work.connection, work.scratch, target)
    # A file of which rows were rejected is worth another try: what they lacked may be there now.
    taken = [intake.sha256 if not intake.rejected_rows else "" for intake in billing_queries.intakes(work.month)]
    skipped = already_taken(taken, [files.sha256(path) for path in work.bills]) if taken else 0
    for path in work.bills[skipped:]:
        _take(work, path)
    keep(step, **_totals(work), pooled=pooled, skipped=[path.name for path in work.bills[:skipped]])


def _take(work: Work, path: Path) -> None:
    checked = billing.check(
        work.connection,
        work.scratch,
        month=work.month,
        path=path,
        members_file=work.file("members"),
        charge_codes=work.programme.charge_codes,
        encoding=work.options.encoding,
        strict=work.options.strict,
        progress=work.progress,
    )
    number = len(billing_queries.intakes(work.month)) + 1
    with transaction.atomic():
        billing.archive(
            work.connection,
            checked,
            home=work.home,
            target=month_folder(work.home, work.month) / f"bills-{number:04}.parquet",
            number=number,
            rejects=intake.rejects_file(work.options.rejects, path, work.bills),
            actor=work.actor,
            now=work.clock(),
        )


def _totals(work: Work) -> dict[str, object]:
    """The month's intakes so far: what was read is what was accepted and what was rejected, in rows and yen."""
    intakes = billing_queries.intakes(work.month)
    return {
        "files": len(intakes),
        "intakes": [intake.as_totals() for intake in intakes],
        "items": billing_queries.effective(work.connection, work.home, work.month),
    }
