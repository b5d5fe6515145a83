"""Which bill files were taken in. The items themselves lie in Parquet files beside the database."""

from django.db import models


class Intake(models.Model):
    """One bill file taken in for a month. Later files replace items of earlier ones with the same item_id."""

    month = models.DateField()
    number = models.IntegerField()
    pk = models.CompositePrimaryKey("month", "number")
    file_name = models.TextField()
    sha256 = models.TextField()
    archive = models.TextField()
    read_rows = models.BigIntegerField()
    read_yen = models.BigIntegerField()
    accepted_rows = models.BigIntegerField()
    accepted_yen = models.BigIntegerField()
    rejected_rows = models.BigIntegerField()
    rejected_yen = models.BigIntegerField()
    rejects = models.TextField(blank=True)
    reasons = models.JSONField(default=list)
    booked_at = models.DateTimeField()
    actor = models.TextField()

    class Meta:
        db_table = "billing_intake"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(read_rows=models.F("accepted_rows") + models.F("rejected_rows")),
                name="billing_intake_every_row_accounted_for",
            ),
            models.CheckConstraint(
                condition=models.Q(read_yen=models.F("accepted_yen") + models.F("rejected_yen")),
                name="billing_intake_every_yen_accounted_for",
            ),
        ]
