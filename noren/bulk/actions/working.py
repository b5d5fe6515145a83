"""Work on what is asked for: one job at a time, by whoever comes first. A worker that dies leaves nothing held."""

from datetime import datetime
from uuid import UUID

from noren.bulk.actions import judging
from noren.bulk.actions.committing import Clock, carry_out
from noren.bulk.actions.undoing import undo_all
from noren.bulk.models import Job, Row
from noren.bulk.rules import KEPT, WORK, JobState
from noren.kit import db
from noren.kit.errors import Refusal

TRIES = 5
"""So often in a row a job may end its worker before it is given up."""


def work(clock: Clock) -> bool:
    """Take the oldest job on which nobody works and do what is asked of it. False: there is none.

    The claim is a lock of this connection: when its process is killed, the next worker takes the job up at once.
    """
    waiting = Job.objects.filter(state__in=WORK).order_by("made_at").values_list("job_id", flat=True)
    for job_id in list(waiting[:100]):
        with db.exclusive(f"bulk.job/{job_id}") as ours:
            if ours and _work_on(job_id, clock):
                return True
    return False


def _work_on(job_id: UUID, clock: Clock) -> bool:
    job = Job.objects.filter(job_id=job_id, state__in=WORK).first()
    if job is None:
        return False
    job.started_at = job.started_at or clock()
    job.tries += 1
    job.save(update_fields=["started_at", "tries"])
    if job.tries > TRIES:
        _give_up(job, "job.given_up")
        return True
    try:
        DOES[JobState(job.state)](job, clock)
    except Refusal as refusal:
        job.refresh_from_db()
        _give_up(job, refusal.code)
    return True


def _judge(job: Job, clock: Clock) -> None:
    judging.dry_run(job, clock())


DOES = {JobState.QUEUED: _judge, JobState.ORDERED: carry_out, JobState.UNDOING: undo_all}


def _give_up(job: Job, code: str) -> None:
    job.state, job.failure = JobState.FAILED, code
    job.save(update_fields=["state", "failure"])


def tidy(now: datetime) -> None:
    """Remove the rows of jobs that are older than they are kept; the jobs stay."""
    old = Job.objects.filter(made_at__lt=now - KEPT).exclude(state__in=WORK).values_list("job_id", flat=True)
    Row.objects.filter(job_id__in=list(old)).delete()
