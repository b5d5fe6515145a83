"""Accounts that nobody uses: told first, locked a month later. Their points stay."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from noren.accounts import actions as accounts
from noren.accounts import queries
from noren.accounts.rules import DORMANT_MONTHS, NOTICE_MONTHS, LockReason, months_before
from noren.kit.actor import Actor
from noren.kit.months import add_months
from noren.lifecycle.actions.state import lock
from noren.outbox import actions as outbox


@dataclass(frozen=True, slots=True)
class Dormant:
    """How many were told, and how many locked."""

    noticed: int
    locked: int


def lock_dormant(*, actor: Actor, now: datetime) -> Dormant:
    """Tell carrier-free accounts unused for 12 months, lock those unused for 13 that were told a month ago.

    One transaction for each account; to be run once a day.
    """
    to_lock = queries.dormant(months_before(now, DORMANT_MONTHS), noticed_before=months_before(now, NOTICE_MONTHS))
    locked = sum(lock(account_id, LockReason.DORMANT, actor=actor, now=now) for account_id in to_lock)
    to_tell = queries.dormant(months_before(now, DORMANT_MONTHS - NOTICE_MONTHS), noticed_before=None)
    for account_id in to_tell:
        _tell(account_id, actor, now)
    return Dormant(len(to_tell), locked)


@transaction.atomic
def _tell(account_id: str, actor: Actor, now: datetime) -> None:
    accounts.noticed(account_id, actor=actor, now=now)
    account = queries.account(account_id)
    if not account.contact_mail:
        return
    today = localtime(now).date()
    with translation.override(account.language):
        body = _(
            "Dear %(name)s,\n\n"
            "your business account %(login_id)s has not been used for a year. In a month, in %(month)s, it will be"
            " locked. Sign in once to keep it in use:\n\n%(link)s\n\nNo points are lost by this.\n"
        ) % {
            "name": account.name,
            "login_id": account.login_id,
            "month": f"{add_months(today, NOTICE_MONTHS):%Y-%m}",
            "link": settings.NOREN_URL,
        }
        outbox.mail(to=account.contact_mail, subject=_("Your business account will be locked"), body=body, now=now)
