"""Put messages into the outbox, in the transaction that gives the reason, and carry them out of it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Q

from noren.kit import sql
from noren.outbox.models import Message
from noren.outbox.rules import Channel, wait

LEASE = timedelta(minutes=1)
"""How long one who took a message has it alone; after a crash it is due again."""

KEPT = timedelta(days=30)
"""How long it can be seen that something was sent, to whom, and when."""

Carrier = Callable[[Message], None]
"""Carries one message; whatever it raises, the message is tried again later."""


def mail(*, to: str, subject: str, body: str, now: datetime) -> None:
    """A plain-text mail."""
    _put(Channel.MAIL, to, subject=subject, body=body, now=now)


def letters(written: Iterable[tuple[Channel, str, str, str]], *, now: datetime) -> None:
    """Mails and short messages (channel, recipient, subject, body), by COPY: memory stays the same for any number."""
    with connection.cursor() as cursor, cursor.copy(sql.text("outbox", "copy_messages.sql")) as copy:
        for channel, to, subject, body in written:
            copy.write_row((uuid4(), channel.value, to, subject, body, now, now, 0, ""))


def sms(*, to: str, body: str, now: datetime) -> None:
    """A short message to a number in E.164."""
    _put(Channel.SMS, to, body=body, now=now)


def post(*, url: str, body: str, now: datetime, useless_after: datetime | None = None) -> None:
    """A form (urlencoded) to a partner service; from `useless_after` on it is not sent any more."""
    _put(Channel.POST, url, body=body, now=now, useless_after=useless_after)


def _put(channel: Channel, recipient: str, *, now: datetime, **more: Any) -> None:
    Message.objects.create(channel=channel, recipient=recipient, made_at=now, due_at=now, **more)


def deliver(carry: Carrier, clock: Callable[[], datetime], channels: Sequence[Channel] = tuple(Channel)) -> bool:
    """Carry the message of these channels that is due first, at least once; several may do so at a time.

    False: none is due. No transaction is open while it is carried, so a slow partner holds nothing up but the caller.
    """
    message = _take(clock(), channels)
    if message is None:
        return False
    if not _useful(message, clock()):
        _give_up(message, "too late", clock())
        return True
    try:
        carry(message)
    except Exception as error:  # noqa: BLE001  (a partner's answer can raise anything; all of it is a failure)
        _failed(message, _told(error), clock())
    else:
        Message.objects.filter(pk=message.pk).update(sent_at=clock(), body="", error="")
    return True


def _take(now: datetime, channels: Sequence[Channel]) -> Message | None:
    """The message, with the right to carry it until the lease is over."""
    waiting = Message.objects.filter(
        sent_at__isnull=True, given_up_at__isnull=True, due_at__lte=now, channel__in=channels
    )
    with transaction.atomic():
        message = waiting.order_by("due_at").select_for_update(skip_locked=True).first()
        if message is not None:
            message.tries += 1
            message.due_at = now + LEASE
            message.save(update_fields=["tries", "due_at"])
    return message


def _useful(message: Message, at: datetime) -> bool:
    return message.useless_after is None or at < message.useless_after


def _told(error: Exception) -> str:
    """Its kind and words; what a partner sends may hold zero bytes, which a database takes for no text."""
    return ": ".join(filter(None, (type(error).__name__, str(error).replace("\0", ""))))[:500]


def _failed(message: Message, error: str, now: datetime) -> None:
    """Due again later, or given up."""
    pause = wait(message.tries)
    if pause is None or not _useful(message, now + pause):
        _give_up(message, error, now)
    else:
        Message.objects.filter(pk=message.pk).update(error=error, due_at=now + pause)


def _give_up(message: Message, error: str, now: datetime) -> None:
    """Not tried again, and wiped."""
    Message.objects.filter(pk=message.pk).update(error=error, given_up_at=now, body="")


def tidy(now: datetime) -> None:
    """Remove what was sent or given up long ago."""
    Message.objects.filter(Q(sent_at__lt=now - KEPT) | Q(given_up_at__lt=now - KEPT)).delete()
