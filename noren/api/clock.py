"""The API's clock."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """The present instant."""
    return timezone.now()
