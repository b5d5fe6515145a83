"""What is to leave the machine: mails, short messages, calls to partner services."""

import uuid

from django.db import models
from django.db.models import Q


class Message(models.Model):
    """One message. Its body is wiped when it is sent: a code or a link in it must not outlive its journey."""

    message_id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    channel = models.TextField()
    recipient = models.TextField()
    subject = models.TextField(blank=True)
    body = models.TextField(blank=True)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    useless_after = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        db_table = "outbox_message"
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(sent_at__isnull=True, given_up_at__isnull=True),
                name="outbox_message_due",
            )
        ]
