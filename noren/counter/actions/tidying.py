"""Remove quotes of which nothing came."""

from datetime import datetime, timedelta

from noren.counter.models import Quote
from noren.counter.rules import State

KEPT = timedelta(days=180)
"""How long: as long as somebody may ask after one, as with orders."""


def tidy(now: datetime) -> None:
    """Remove quotes that lapsed or were cancelled long ago; what has a receipt stays."""
    Quote.objects.exclude(state=State.PAID).filter(made_at__lt=now - KEPT, receipt=None).delete()
