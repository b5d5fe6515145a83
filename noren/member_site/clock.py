"""The member site's clock."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """The present instant."""
    return timezone.now()


def today() -> date:
    """The day in the installation's time zone."""
    return timezone.localdate(now())
