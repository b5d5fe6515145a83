"""Carry a job out in slices: each is one transaction that marks itself as done. What has changed since is left.

A worker that is killed loses the slice it was in; the next one goes on with the rows that are not marked.
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction

from noren.accounts import actions as accounts
from noren.accounts.actions import Deed
from noren.bulk import authority
from noren.bulk.actions import doing, judging
from noren.bulk.actions.doing import Todo
from noren.bulk.actions.judging import Span
from noren.bulk.models import Job, Row
from noren.bulk.rules import JobState, Outcome
from noren.groups.actions import WrongState
from noren.groups.queries import UnknownGroup
from noren.kit import sql
from noren.kit.errors import Refusal

SLICE_ROWS: Final = 5_000
SMALLER: Final = 10
"""A slice that cannot be done, because of somebody else at the same time, is tried in so many pieces."""

FACTS_CHANGED = "job.facts_changed"

Clock = Callable[[], datetime]


class _Changed(Exception):  # noqa: N818  (it only ends the transaction)
    """All or nothing, and some row is no longer as it was."""


def carry_out(job: Job, clock: Clock) -> None:
    """Do every row that is still to be done. Raises NotAllowed, UnknownGroup, WrongState."""
    if job.all_or_nothing:
        _all_or_nothing(job, clock)
        return
    size = SLICE_ROWS
    while True:
        try:
            with transaction.atomic():
                count = _slice(job, size, clock())
        except (authority.NotAllowed, UnknownGroup, WrongState):
            raise
        except (IntegrityError, Refusal) as error:
            if size > 1:
                size = max(size // SMALLER, 1)
                continue
            _set_first_aside(job, error)
            count = 1
        if not count:
            break
        size = min(size * SMALLER, SLICE_ROWS)
    _end(job, clock())


def _all_or_nothing(job: Job, clock: Clock) -> None:
    """One transaction. When some row has changed, nothing is done and a new dry run tells which."""
    try:
        with transaction.atomic():
            while _slice(job, SLICE_ROWS, clock()):
                _must_be_unchanged(job)
            _end(job, clock())
    except (_Changed, IntegrityError):
        job.refresh_from_db()
        job.failure, job.started_at = FACTS_CHANGED, None
        judging.dry_run(job, clock())


def _must_be_unchanged(job: Job) -> None:
    if job.changed:
        raise _Changed


def _slice(job: Job, size: int, now: datetime) -> int:
    """Do the next rows; how many they were. 0: there are none."""
    about = {"job_id": job.job_id}
    [(first, last, account_ids)] = sql.rows(lambda *row: row, "bulk", "slice.sql", {**about, "most": size})
    if first is None:
        return 0
    judging.held_group(job)
    accounts.hold_accounts(account_ids)
    actor = judging.actor_of(job.ordered_by)
    judging.judge(job, actor, Span(first, last, anew=False), now)
    about |= {"first": first, "last": last}
    changed = sql.run("bulk", "set_changed_aside.sql", about)
    rows = sql.rows(_todo, "bulk", "slice_rows.sql", about)
    if rows:
        done = doing.do(job, rows, Deed(actor, now, f"job {job.job_id}"))
        numbers = {"numbers": [row.number for row in rows], "account_ids": done}
        sql.run("bulk", "mark_done.sql", {**about, **numbers})
    _progress(job, len(rows), changed)
    return len(rows) + changed


def _todo(number: int, given: str, account_id: str, changes: str) -> Todo:
    return Todo(number, _parsed(given), account_id, _parsed(changes))


def _parsed(value: Any) -> Any:
    """Plain cursors give JSON as text."""
    return json.loads(value) if isinstance(value, str) else value


def _progress(job: Job, done: int, changed: int) -> None:
    job.done += done + changed
    job.changed += changed
    job.tries = 0
    job.save(update_fields=["done", "changed", "tries"])


@transaction.atomic
def _set_first_aside(job: Job, error: Exception) -> None:
    """The row that could not be done even alone."""
    row = Row.objects.filter(job=job, verdict="do", outcome=Outcome.OPEN).order_by("number").first()
    if row is None:
        return
    code = error.code if isinstance(error, Refusal) else "job.row_changed"
    Row.objects.filter(job=job, number=row.number).update(outcome=Outcome.CHANGED, reasons=[f":{code}"])
    _progress(job, 0, 1)


def _end(job: Job, now: datetime) -> None:
    job.state, job.ended_at = JobState.DONE, now
    job.save(update_fields=["state", "ended_at"])
