"""A corporation with a group, people in it, and how a file becomes a job that is done."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from noren.bulk import actions, queries
from noren.bulk.actions import Wish
from noren.bulk.queries import JobRow, RowRow
from noren.bulk.rules import Operation
from noren.kit.actor import Actor, ActorKind
from tests.cast import ENGINEER
from tests.lifecycle.cast import NOW

LATER = NOW + timedelta(minutes=5)


def clock() -> datetime:
    """The worker's."""
    return LATER


def file(header: Sequence[str], *rows: Sequence[str], encoding: str = "utf-8") -> bytes:
    """A CSV file."""
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue().encode(encoding)


@dataclass(frozen=True)
class Jobs:
    """Asks for jobs, as one person."""

    actor: Actor = ENGINEER
    corporation_id: str = "C1"
    group_id: UUID | None = None

    def by(self, account_id: str) -> "Jobs":
        """As the person of an account."""
        return replace(self, actor=Actor(ActorKind.MEMBER, account_id))

    def judged(self, operation: Operation, content: bytes, *, again: bool = False, **wish: Any) -> JobRow:
        """A job whose dry run stands."""
        about = {"corporation_id": self.corporation_id, "group_id": self.group_id, **wish}
        added = actions.add(content, "people.csv", Wish(operation, **about), again=again, actor=self.actor, now=NOW)
        work()
        return queries.job(added.job_id)

    def done(self, operation: Operation, content: bytes, **wish: Any) -> JobRow:
        """A job that was carried out."""
        job = self.judged(operation, content, **wish)
        actions.commit(job.job_id, actor=self.actor, now=LATER)
        work()
        return queries.job(job.job_id)


def work() -> None:
    """All that waits."""
    while actions.work(clock):
        pass


def told(job: JobRow) -> list[tuple[int, str, tuple[str, ...]]]:
    """Number, verdict (after a commit: outcome) and reasons of each row."""
    return [(row.number, row.outcome or row.verdict or "", row.reasons) for row in queries.every_row(job.job_id)]


def rows(job: JobRow) -> list[RowRow]:
    """The rows."""
    return list(queries.every_row(job.job_id))


def verdicts(job: JobRow) -> list[str]:
    """Verdict of each row."""
    return [str(row.verdict) for row in queries.every_row(job.job_id)]


def only(found: Iterable[Any]) -> Any:
    """The one."""
    [one] = found
    return one
