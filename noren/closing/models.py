"""What a close did, step by step; enough to carry on where a killed one stopped."""

from django.db import models
from django.db.models import Q


class Run(models.Model):
    """One pass over the steps: of a close (of a month) or of an expiry (of a day)."""

    run_id = models.TextField(primary_key=True)
    month = models.DateField(null=True)
    number = models.IntegerField()
    as_of = models.DateField()
    programme_version = models.TextField(blank=True)
    engine = models.TextField(blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    actor = models.TextField()

    class Meta:
        db_table = "closing_run"
        constraints = [
            models.UniqueConstraint(
                fields=["month"],
                condition=Q(finished_at__isnull=True, month__isnull=False),
                name="closing_run_one_unfinished_per_month",
            )
        ]


class Step(models.Model):
    """One step of a run: how far it is, what it counted, how long it took."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="steps", db_index=False)
    name = models.TextField()
    pk = models.CompositePrimaryKey("run_id", "name")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    slices_done = models.IntegerField(default=0)
    totals = models.JSONField(default=dict)
    seconds = models.DecimalField(max_digits=12, decimal_places=3, default=0)

    class Meta:
        db_table = "closing_step"
