"""Remove what nobody needs any more, so that tables stay as small as what lives."""

from datetime import datetime

from noren.accounts import actions as accounts
from noren.outbox import actions as outbox
from noren.sso import actions as sso


def tidy(now: datetime) -> None:
    """Expired sessions, codes, counters and tokens, and messages that were sent long ago; each kind by itself."""
    for remove in (accounts.tidy, sso.tidy, outbox.tidy):
        remove(now)
