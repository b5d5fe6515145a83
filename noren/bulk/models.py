"""Bulk jobs and their rows. A row holds what the file said, what the dry run says of it, and what came of it."""

import uuid

from django.db import models
from django.db.models import Q

from noren.bulk.rules import WORK, JobState, Operation, Outcome, Verdict


def _one_of(kinds: type[JobState] | type[Operation] | type[Outcome] | type[Verdict]) -> list[tuple[str, str]]:
    return [(kind.value, kind.value) for kind in kinds]


class Job(models.Model):
    """One file and one operation. `done` of `total` is how far the work that is going on now has come."""

    job_id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    operation = models.TextField(choices=_one_of(Operation))
    corporation = models.ForeignKey("members.Corporation", on_delete=models.PROTECT, related_name="+", db_index=False)
    group = models.ForeignKey("groups.Group", on_delete=models.PROTECT, null=True, related_name="+")
    file_name = models.TextField()
    digest = models.TextField()
    encoding = models.TextField()
    language = models.TextField()
    columns = models.JSONField()
    made_by = models.TextField()
    made_at = models.DateTimeField()
    needs_approval = models.BooleanField(default=False)
    all_or_nothing = models.BooleanField(default=False)
    invites = models.BooleanField(default=True)
    state = models.TextField(choices=_one_of(JobState))
    rows = models.PositiveIntegerField()
    to_do = models.PositiveIntegerField(default=0)
    nothing = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    failure = models.TextField(blank=True)
    judged_at = models.DateTimeField(null=True)
    ordered_by = models.TextField(blank=True)
    ordered_at = models.DateTimeField(null=True)
    undone_by = models.TextField(blank=True)
    approved_by = models.TextField(blank=True)
    approved_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "bulk_job"
        indexes = [
            models.Index(
                fields=["made_at"], condition=Q(state__in=[state.value for state in WORK]), name="bulk_job_work"
            ),
            models.Index(fields=["corporation", "-made_at"], name="bulk_job_of_corporation"),
        ]


class Row(models.Model):
    """One row, by its number as a spreadsheet shows it. `given`: tidy cells; `reasons`: `field:code`."""

    pk = models.CompositePrimaryKey("job_id", "number")
    job = models.ForeignKey(Job, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    number = models.PositiveIntegerField()
    given = models.JSONField()
    is_readable = models.BooleanField()
    reasons = models.JSONField()
    verdict = models.TextField(blank=True, choices=_one_of(Verdict))
    changes = models.JSONField(default=dict)
    account_id = models.TextField(blank=True)
    outcome = models.TextField(blank=True, choices=_one_of(Outcome))

    class Meta:
        db_table = "bulk_row"
