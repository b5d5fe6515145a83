"""Take an issue job back: its accounts that nobody has used yet end, and their login ids are free again."""

from datetime import datetime

from django.db import transaction

from noren.accounts import actions as accounts
from noren.accounts.actions import Deed
from noren.bulk.actions.committing import SLICE_ROWS, Clock
from noren.bulk.actions.judging import actor_of
from noren.bulk.models import Job
from noren.bulk.rules import JobState
from noren.groups import queries as groups
from noren.kit import sql
from noren.lifecycle import actions as lifecycle


def undo_all(job: Job, clock: Clock) -> None:
    """In slices, each one transaction."""
    while _slice(job, clock()):
        pass
    job.state, job.ended_at = JobState.UNDONE, clock()
    job.save(update_fields=["state", "ended_at"])


@transaction.atomic
def _slice(job: Job, now: datetime) -> int:
    found = sql.rows(
        lambda number, account_id: (number, account_id),
        "bulk",
        "undo_slice.sql",
        {"job_id": job.job_id, "most": SLICE_ROWS},
    )
    if not found:
        return 0
    unused = accounts.hold_unused([account_id for _number, account_id in found])
    risen = set(groups.holding(unused))
    unused = [account_id for account_id in unused if account_id not in risen]
    lifecycle.abolish_many(unused, Deed(actor_of(job.undone_by), now, f"job {job.job_id}"), release=True)
    numbers = {"numbers": [number for number, _account_id in found], "undone": unused}
    sql.run("bulk", "mark_undone.sql", {"job_id": job.job_id, **numbers})
    job.done += len(found)
    job.tries = 0
    job.save(update_fields=["done", "tries"])
    return len(found)
