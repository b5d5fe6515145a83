"""Who did what, and the chain that shows whether it was changed since."""

import uuid

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class Record(models.Model):
    """One act. Rows are added and never changed: the application's role may not.

    `scope` is the corporation to which the subject belongs (empty: the installation). `place` is the order in which
    rows were written; the database sets it, and the column `entered`, the transaction that wrote the row.
    """

    record_id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    booked_at = models.DateTimeField()
    actor = models.TextField()
    act = models.TextField()
    subject = models.TextField()
    detail = models.JSONField()
    scope = models.TextField(blank=True, db_default="")
    reason = models.TextField(blank=True, db_default="")
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    place = models.BigIntegerField(default=0)

    class Meta:
        db_table = "audit_record"
        indexes = [
            models.Index(fields=["subject", "booked_at", "place"], name="audit_record_subject"),
            models.Index(fields=["scope", "booked_at", "place"], name="audit_record_scope"),
            models.Index(fields=["booked_at", "place"], name="audit_record_booked"),
        ]


class Link(models.Model):
    """A row's place in the chain: the hash is of the hash before it and of the row. Links are added, never changed.

    No foreign key: it would cost as much as the chain, and `noren audit verify` finds what is missing.
    """

    number = models.BigIntegerField(primary_key=True)
    record_id = models.UUIDField(unique=True)
    hash = models.BinaryField()

    class Meta:
        db_table = "audit_link"
