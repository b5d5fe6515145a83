"""Take a file in: read, stage every row, and leave the job to a worker. The whole file or nothing."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from noren.accounts import actions as accounts
from noren.audit import actions as audit
from noren.bulk import authority
from noren.bulk.actions import refusals
from noren.bulk.models import Job
from noren.bulk.reading import fields, titles
from noren.bulk.reading.refusals import NoRows
from noren.bulk.reading.tables import Table, open_table
from noren.bulk.rules import AGAIN_AFTER, OF_GROUP, JobState, Operation, Verdict
from noren.kit import sql
from noren.kit.actor import Actor
from noren.members import queries as members


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be done with a file. `group_id`: the group of a membership or permission job, or the one that issued
    accounts join. `needs_approval`: with more than `rules.APPROVAL_ROWS` rows a second administrator approves.
    `invites`: issued accounts with a contact mail are invited.
    """

    operation: Operation
    corporation_id: str
    group_id: UUID | None = None
    language: titles.Language = "ja"
    all_or_nothing: bool = False
    needs_approval: bool = False
    invites: bool = True


@dataclass(frozen=True, slots=True)
class Added:
    """The job; not `is_new`: the same file was asked for within a day, and this is that job."""

    job_id: UUID
    is_new: bool


@transaction.atomic
def add(content: bytes, file_name: str, wish: Wish, *, again: bool = False, actor: Actor, now: datetime) -> Added:
    """Make a job of a file; a worker judges its rows next. `again`: though the same file was given within a day.

    Raises NotAllowed, NeedsGroup, UnknownCorporation, UnknownGroup and the refusals of `reading`.
    """
    members.corporation_name(wish.corporation_id)
    if wish.operation in OF_GROUP and wish.group_id is None:
        raise refusals.NeedsGroup(_("Name the group that the job is about."))
    powers = authority.of(actor, wish.operation, wish.corporation_id)
    authority.must_cover(powers, wish.operation, wish.corporation_id, wish.group_id)
    digest = hashlib.sha256(content).hexdigest()
    earlier = None if again else _earlier(wish, digest, now)
    if earlier is not None:
        return Added(earlier, is_new=False)
    table = open_table(content)
    job = _job(wish, table, digest=digest, file_name=file_name, actor=actor, now=now)
    job.rows = _stage(job, table, wish)
    if not job.rows:
        raise NoRows(_("The file has titles and no row below them."))
    job.save(update_fields=["rows"])
    detail = {"operation": wish.operation, "file": job.file_name, "digest": digest, "rows": job.rows}
    audit.record(actor=actor, act="job.add", subject=str(job.job_id), detail=detail, now=now, scope=wish.corporation_id)
    return Added(job.job_id, is_new=True)


def _earlier(wish: Wish, digest: str, now: datetime) -> UUID | None:
    """The job of the same file, unless it came to nothing. Two who ask at once wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"bulk/{wish.corporation_id}/{digest}"]
        )
    same = Job.objects.filter(
        corporation_id=wish.corporation_id,
        operation=wish.operation,
        digest=digest,
        made_at__gt=now - AGAIN_AFTER,
    )
    same = same.filter(group_id=wish.group_id) if wish.group_id else same.filter(group__isnull=True)
    return same.exclude(state=JobState.FAILED).order_by("-made_at").values_list("job_id", flat=True).first()


def _job(wish: Wish, table: Table, *, digest: str, file_name: str, actor: Actor, now: datetime) -> Job:
    return Job.objects.create(
        job_id=uuid4(),
        operation=wish.operation,
        corporation_id=wish.corporation_id,
        group_id=wish.group_id,
        file_name=file_name[-200:],
        digest=digest,
        encoding=table.encoding,
        language=wish.language,
        columns=list(titles.fields(table.header, wish.operation)),
        made_by=str(actor),
        made_at=now,
        needs_approval=wish.needs_approval,
        all_or_nothing=wish.all_or_nothing,
        invites=wish.invites,
        state=JobState.QUEUED,
        rows=0,
    )


def _stage(job: Job, table: Table, wish: Wish) -> int:
    """Every row, readable or not; how many."""
    organisation = accounts.organisation(wish.corporation_id)
    reader = fields.reader(wish.operation, tuple(job.columns), organisation)
    with connection.cursor() as cursor:
        with cursor.copy(sql.text("bulk", "stage_rows.sql")) as copy:
            for row in _rows(job, reader, table.rows):
                copy.write_row(row)
        return int(cursor.rowcount)


def _rows(job: Job, reader: fields.Reader, rows: Iterator[tuple[int, Sequence[str]]]) -> Iterator[tuple[object, ...]]:
    for number, cells in rows:
        given, faults = reader.read(cells)
        verdict = Verdict.ERROR if faults else ""
        told = json.dumps(given, ensure_ascii=False)
        yield job.job_id, number, told, not faults, json.dumps(faults), verdict, "{}", "", ""
