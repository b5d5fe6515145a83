"""Order a job whose dry run stands, approve it, undo it: what a person decides. A worker does it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from noren.audit import actions as audit
from noren.bulk import authority
from noren.bulk.actions import refusals
from noren.bulk.models import Job
from noren.bulk.queries import UnknownJob
from noren.bulk.rules import APPROVAL_ROWS, UNDO_WITHIN, JobState, Operation
from noren.kit.actor import Actor


@transaction.atomic
def commit(job_id: UUID, *, actor: Actor, now: datetime) -> JobState:
    """Order what the dry run told; gives whether it is ordered or waits for approval.

    Raises UnknownJob, NotAllowed, WrongState, HasErrors (all or nothing), NothingToDo.
    """
    job = allowed(job_id, actor, JobState.JUDGED)
    if job.all_or_nothing and job.errors:
        message = _("Some rows have errors (%(errors)d), and all or nothing is to be done. Correct the file.")
        raise refusals.HasErrors(message, errors=job.errors)
    if not job.to_do:
        raise refusals.NothingToDo(_("No row of the job is to be done."))
    waits = job.needs_approval and (job.rows > APPROVAL_ROWS or job.operation == Operation.ABOLISH)
    job.state = JobState.WAITING if waits else JobState.ORDERED
    job.ordered_by, job.ordered_at, job.failure = str(actor), now, ""
    job.done, job.total, job.started_at, job.tries = 0, job.to_do, None, 0
    job.save()
    _record(job, "commit", actor, now)
    return JobState(job.state)


@transaction.atomic
def approve(job_id: UUID, *, actor: Actor, now: datetime) -> None:
    """A second administrator lets a job that waits go on. Raises UnknownJob, NotAllowed, WrongState, OwnJob."""
    job = allowed(job_id, actor, JobState.WAITING)
    if str(actor) in {job.made_by, job.ordered_by}:
        raise refusals.OwnJob(_("Somebody else than the one who made the job approves it."))
    job.state, job.approved_by, job.approved_at = JobState.ORDERED, str(actor), now
    job.save(update_fields=["state", "approved_by", "approved_at"])
    _record(job, "approve", actor, now)


@transaction.atomic
def undo(job_id: UUID, *, actor: Actor, now: datetime) -> None:
    """End the accounts of an issue job that nobody has used yet; the others stay and are told.

    Raises UnknownJob, NotAllowed, WrongState, TooLate.
    """
    job = allowed(job_id, actor, JobState.DONE)
    if job.operation != Operation.ISSUE:
        raise refusals.WrongState(_("Only a job that issued accounts can be undone."))
    if job.ended_at is None or now - job.ended_at > UNDO_WITHIN:
        raise refusals.TooLate(_("A job can be undone within 24 hours after its end."))
    job.state, job.undone_by = JobState.UNDOING, str(actor)
    job.total, job.done, job.started_at, job.tries = job.done - job.changed, 0, None, 0
    job.save()
    _record(job, "undo", actor, now)


def allowed(job_id: UUID, actor: Actor, *states: JobState) -> Job:
    """The job, kept from everybody else, if the actor may order it. Raises UnknownJob, NotAllowed, WrongState."""
    job = Job.objects.select_for_update().filter(job_id=job_id).first()
    if job is None:
        raise UnknownJob(_("There is no such job."))
    operation = Operation(job.operation)
    powers = authority.of(actor, operation, job.corporation_id)
    authority.must_cover(powers, operation, job.corporation_id, job.group_id)
    if job.state not in states:
        raise refusals.WrongState(_("The job is %(state)s; this cannot be done with it."), state=job.state)
    return job


def _record(job: Job, act: str, actor: Actor, now: datetime) -> None:
    detail = {"operation": job.operation, "rows": job.rows, "to_do": job.to_do}
    audit.record(
        actor=actor, act=f"job.{act}", subject=str(job.job_id), detail=detail, now=now, scope=job.corporation_id
    )
