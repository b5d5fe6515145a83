"""Security codes to a mail address or a mobile."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from noren.accounts.actions import refusals
from noren.accounts.rules import CODE_LIFE, CODE_PAUSE, CODE_TRIES, Channel
from noren.kit import sql
from noren.kit.errors import Refusal
from noren.kit.secrets import digits, peppered
from noren.outbox import actions as outbox


@dataclass(frozen=True, slots=True)
class Tried:
    """What a try came to: where the code had been sent, or (wrong, or no longer usable) the refusal to raise."""

    destination: str
    refusal: Refusal | None


def _digest(purpose: str, subject: str, code: str) -> str:
    return peppered(f"{purpose}/{subject}/{code}", purpose="security-code")


@transaction.atomic
def send_code(
    *,
    purpose: str,
    subject: str,
    channel: Channel,
    destination: str,
    now: datetime,
    text: str = "",
    values: Mapping[str, object] | None = None,
) -> None:
    """Send six digits that count for ten minutes; an earlier code of the same purpose and subject counts no more.

    `text`: the message, with places for the code, until when it counts, and these values; without one, the usual one.
    Raises CodeTooSoon within a minute of the last one.
    """
    code = digits()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"code/{purpose}/{subject}"])
    params = {
        "code_id": uuid.uuid4(),
        "purpose": purpose,
        "subject": subject,
        "destination": destination,
        "digest": _digest(purpose, subject, code),
        "now": now,
        "expires_at": now + CODE_LIFE,
        "pause_began": now - CODE_PAUSE,
    }
    if not sql.run("accounts", "put_code.sql", params):
        message = _("A code was sent a moment ago. You can ask for another one after %(seconds)d seconds.")
        raise refusals.CodeTooSoon(message, seconds=int(CODE_PAUSE.total_seconds()))
    usual = _("Your security code for %(site)s is %(code)s. It can be used until %(until)s. Tell it to nobody.")
    site, until = urlsplit(settings.NOREN_URL).netloc, f"{localtime(now + CODE_LIFE):%H:%M}"
    _send(channel, destination, (text or usual) % {**(values or {}), "site": site, "code": code, "until": until}, now)


def _send(channel: Channel, destination: str, body: str, now: datetime) -> None:
    if channel == "sms":
        outbox.sms(to=destination, body=body, now=now)
    else:
        outbox.mail(to=destination, subject=_("Security code"), body=body, now=now)


def check_code(*, purpose: str, subject: str, code: str, now: datetime) -> str:
    """Use the code up; gives where it was sent. A wrong try stays counted, so no transaction may be open.

    Raises CodeWrong, CodeExpired (too old, used, tried too often, or never sent).
    """
    with transaction.atomic(durable=True):
        tried = try_code(purpose=purpose, subject=subject, code=code, now=now)
    if tried.refusal is not None:
        raise tried.refusal
    return tried.destination


def try_code(*, purpose: str, subject: str, code: str, now: datetime) -> Tried:
    """The same within the caller's transaction, which must be committed for a wrong try to count: nothing is raised."""
    params = {"purpose": purpose, "subject": subject, "digest": _digest(purpose, subject, code.strip())}
    found = sql.rows(
        lambda right, destination: (right, str(destination)),
        "accounts",
        "take_code.sql",
        {**params, "now": now, "most_tries": CODE_TRIES},
    )
    if not found:
        return Tried("", refusals.CodeExpired(_("This code can no longer be used. Ask for a new one.")))
    right, destination = found[0]
    return Tried(destination, None if right else refusals.CodeWrong(_("This is not the code that was sent.")))
