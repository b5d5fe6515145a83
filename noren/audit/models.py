"""Who did what."""

import uuid

from django.db import models


class Record(models.Model):
    """One act. Rows are added and never changed: the application's role may not."""

    record_id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    booked_at = models.DateTimeField()
    actor = models.TextField()
    act = models.TextField()
    subject = models.TextField()
    detail = models.JSONField()

    class Meta:
        db_table = "audit_record"
        indexes = [models.Index(fields=["subject", "booked_at"], name="audit_record_subject")]
