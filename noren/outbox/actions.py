"""Put messages into the outbox, in the transaction that gives the reason, and carry them out of it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from noren.outbox.models import Message
from noren.outbox.rules import Channel, wait

LEASE = timedelta(minutes=1)
"""How long one who took a message has it alone; after a crash it is due again."""

KEPT = timedelta(days=30)
"""How long it can be seen that something was sent, to whom, and when."""

Carrier = Callable[[Message], None]
"""Carries one message; raises OSError when it may go better later."""


def mail(*, to: str, subject: str, body: str, now: datetime) -> None:
    """A plain-text mail."""
    _put(Channel.MAIL, to, subject, body, now)


def sms(*, to: str, body: str, now: datetime) -> None:
    """A short message to a number in E.164."""
    _put(Channel.SMS, to, "", body, now)


def post(*, url: str, body: str, now: datetime) -> None:
    """A form (urlencoded) to a partner service."""
    _put(Channel.POST, url, "", body, now)


def _put(channel: Channel, recipient: str, subject: str, body: str, now: datetime) -> None:
    Message.objects.create(channel=channel, recipient=recipient, subject=subject, body=body, made_at=now, due_at=now)


def deliver(carry: Carrier, clock: Callable[[], datetime]) -> bool:
    """Carry the message that is due first, at least once; several may do so at a time. False: none is due.

    No transaction is open while it is carried, so a slow partner holds nothing up but the caller.
    """
    message = _take(clock())
    if message is None:
        return False
    try:
        carry(message)
    except OSError as error:
        _failed(message, str(error)[:500], clock())
    else:
        Message.objects.filter(pk=message.pk).update(sent_at=clock(), body="", error="")
    return True


def _take(now: datetime) -> Message | None:
    """The message, with the right to carry it until the lease is over."""
    waiting = Message.objects.filter(sent_at__isnull=True, given_up_at__isnull=True, due_at__lte=now)
    with transaction.atomic():
        message = waiting.order_by("due_at").select_for_update(skip_locked=True).first()
        if message is not None:
            message.tries += 1
            message.due_at = now + LEASE
            message.save(update_fields=["tries", "due_at"])
    return message


def _failed(message: Message, error: str, now: datetime) -> None:
    """Due again later, or given up and wiped."""
    pause = wait(message.tries)
    change = {"due_at": now + pause} if pause else {"given_up_at": now, "body": ""}
    Message.objects.filter(pk=message.pk).update(error=error, **change)


def tidy(now: datetime) -> None:
    """Remove what was sent or given up long ago."""
    Message.objects.filter(Q(sent_at__lt=now - KEPT) | Q(given_up_at__lt=now - KEPT)).delete()
