"""Every read on jobs: how far one is, its rows page by page, which there are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from noren.bulk.models import Job, Row
from noren.bulk.rules import JobState, Operation, Outcome, Verdict
from noren.groups.rules import Scope
from noren.kit import sql
from noren.kit.actor import Actor
from noren.kit.errors import Refusal

PAGE_ROWS = 100


class UnknownJob(Refusal):
    """No such job, or none that the asker may know of."""

    code = "job.unknown"


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as it is now. `done` of `total` rows: how far the work that is going on has come."""

    job_id: UUID
    operation: Operation
    corporation_id: str
    group_id: UUID | None
    group_name: str
    file_name: str
    language: str
    encoding: str
    columns: tuple[str, ...]
    made_by: str
    made_at: datetime
    state: JobState
    all_or_nothing: bool
    needs_approval: bool
    rows: int
    to_do: int
    nothing: int
    errors: int
    changed: int
    done: int
    total: int
    failure: str
    ordered_by: str
    approved_by: str
    undone_by: str
    judged_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None

    def remaining(self, now: datetime) -> timedelta | None:
        """How long the work will take at its pace so far; None: nobody can tell yet."""
        if self.started_at is None or not self.done or self.done >= self.total:
            return None
        return (now - self.started_at) / self.done * (self.total - self.done)


@dataclass(frozen=True, slots=True)
class RowRow:
    """A row of a job's file. `reasons` are `field:code`; `changes`: field -> [before, after]."""

    number: int
    given: Mapping[str, str]
    verdict: Verdict | None
    reasons: tuple[str, ...]
    changes: Mapping[str, Sequence[str]]
    outcome: Outcome
    account_id: str


def job(job_id: UUID) -> JobRow:
    """The job. Raises UnknownJob."""
    found = Job.objects.select_related("group").filter(job_id=job_id).first()
    if found is None:
        raise UnknownJob(_("There is no such job."))
    return _job(found)


def visible(job_id: UUID, scope: Scope, actor: Actor) -> JobRow:
    """The job, if it stands within the scope or the actor made it. Raises UnknownJob."""
    found = Job.objects.select_related("group").filter(_within(scope, actor), job_id=job_id).first()
    if found is None:
        raise UnknownJob(_("There is no such job."))
    return _job(found)


def jobs(scope: Scope, actor: Actor, *, most: int = PAGE_ROWS) -> tuple[JobRow, ...]:
    """The latest jobs within the scope, and those that the actor made, the newest first."""
    return _jobs(_within(scope, actor), most)


def jobs_of(corporation_id: str = "", *, most: int = PAGE_ROWS) -> tuple[JobRow, ...]:
    """For the operator: the latest jobs of a corporation (empty: of all), the newest first."""
    return _jobs(Q(corporation_id=corporation_id) if corporation_id else Q(), most)


def rows(
    job_id: UUID,
    *,
    verdict: Verdict | None = None,
    outcome: Outcome | None = None,
    behind: int = 0,
    most: int = PAGE_ROWS,
) -> tuple[RowRow, ...]:
    """A page of the job's rows, those behind a number, of one verdict or outcome or of all (None)."""
    found = Row.objects.filter(job_id=job_id, number__gt=behind)
    if verdict is not None:
        found = found.filter(verdict=verdict)
    if outcome is not None:
        found = found.filter(outcome=outcome)
    return tuple(_row(row) for row in found.order_by("number")[:most])


def every_row(job_id: UUID) -> Iterator[RowRow]:
    """All rows of the job by number, some at a time."""
    last, some = 0, rows(job_id, most=5_000)
    while some:
        yield from some
        last = some[-1].number
        some = rows(job_id, behind=last, most=5_000)


def reasons(job_id: UUID) -> dict[str, int]:
    """How many rows have which reason, `field:code`, the most frequent first."""
    return dict(sql.rows(lambda reason, count: (reason, count), "bulk", "reasons.sql", {"job_id": job_id}))


def _within(scope: Scope, actor: Actor) -> Q:
    return Q(corporation_id__in=scope.corporations) | Q(group_id__in=scope.groups) | Q(made_by=str(actor))


def _jobs(which: Q, most: int) -> tuple[JobRow, ...]:
    found = Job.objects.select_related("group").filter(which).order_by("-made_at", "job_id")
    return tuple(_job(one) for one in found[:most])


def _job(one: Job) -> JobRow:
    plain: dict[str, Any] = {name: getattr(one, name) for name in JobRow.__slots__ if name != "group_name"}
    return JobRow(
        **{
            **plain,
            "operation": Operation(one.operation),
            "state": JobState(one.state),
            "columns": tuple(one.columns),
            "group_name": one.group.name if one.group else "",
        }
    )


def _row(one: Row) -> RowRow:
    return RowRow(
        number=one.number,
        given=one.given,
        verdict=Verdict(one.verdict) if one.verdict else None,
        reasons=tuple(one.reasons),
        changes=one.changes,
        outcome=Outcome(one.outcome),
        account_id=one.account_id,
    )
