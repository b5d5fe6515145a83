"""Remove what nobody needs any more, so that tables stay as small as what lives."""

from datetime import datetime

from noren.accounts import actions as accounts
from noren.kit.actor import Actor, ActorKind
from noren.outbox import actions as outbox
from noren.spending import actions as spending
from noren.sso import actions as sso


def tidy(now: datetime) -> None:
    """Expired sessions, codes, counters and tokens, and messages that were sent long ago; each kind by itself.

    Points of reservations whose time is over go back.
    """
    for remove in (accounts.tidy, sso.tidy, outbox.tidy):
        remove(now)
    spending.expire_reservations(actor=Actor(ActorKind.SYSTEM, "noren"), now=now)
