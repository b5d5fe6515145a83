"""Security codes to a mail address or a mobile."""

import uuid
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from noren.accounts.actions import refusals
from noren.accounts.rules import CODE_LIFE, CODE_PAUSE, CODE_TRIES
from noren.kit import sql
from noren.kit.secrets import digits, peppered
from noren.outbox import actions as outbox

Channel = Literal["mail", "sms"]


def _digest(purpose: str, subject: str, code: str) -> str:
    return peppered(f"{purpose}/{subject}/{code}", purpose="security-code")


@transaction.atomic
def send_code(*, purpose: str, subject: str, channel: Channel, destination: str, now: datetime) -> None:
    """Send six digits that count for ten minutes; an earlier code of the same purpose and subject counts no more.

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
    _send(channel, destination, code, now)


def _send(channel: Channel, destination: str, code: str, now: datetime) -> None:
    """The code, until when it counts, and for which site it is."""
    until, site = f"{localtime(now + CODE_LIFE):%H:%M}", urlsplit(settings.NOREN_URL).netloc
    text = _("Your security code for %(site)s is %(code)s. It can be used until %(until)s. Tell it to nobody.")
    body = text % {"site": site, "code": code, "until": until}
    if channel == "sms":
        outbox.sms(to=destination, body=body, now=now)
    else:
        outbox.mail(to=destination, subject=_("Security code"), body=body, now=now)


def check_code(*, purpose: str, subject: str, code: str, now: datetime) -> str:
    """Use the code up; gives where it was sent. A wrong try stays counted, so no transaction may be open.

    Raises CodeWrong, CodeExpired (too old, used, tried too often, or never sent).
    """
    params = {"purpose": purpose, "subject": subject, "digest": _digest(purpose, subject, code.strip())}
    with transaction.atomic(durable=True):
        found = sql.rows(
            lambda right, destination: (right, destination),
            "accounts",
            "take_code.sql",
            {**params, "now": now, "most_tries": CODE_TRIES},
        )
    if not found:
        raise refusals.CodeExpired(_("This code can no longer be used. Ask for a new one."))
    right, destination = found[0]
    if not right:
        raise refusals.CodeWrong(_("This is not the code that was sent."))
    return str(destination)
