"""How many calls a partner may make in a minute: in all, and for one person.

Each process counts for itself, in memory: a reading call stays a reading one, and the partner's calls need not wait for
each other at one row. What guards secrets is counted in the database instead (noren.accounts.limits).
"""

import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from noren.accounts.limits import TooOften

WINDOW = 60
PERSONS_SHARE = 10
"""One person has a tenth of the partner's calls."""


@dataclass(slots=True)
class _Window:
    """A minute, and the calls in it: what was counted before is forgotten with it."""

    number: int = 0
    calls: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Left:
    """Calls that are left in this minute, and its seconds."""

    calls: int
    seconds: int


_window = _Window()
_lock = threading.Lock()


def policy() -> dict[str, int]:
    """The limits by name."""
    most = settings.NOREN_API_CALLS_PER_MINUTE
    return {"partner": most, "person": max(1, most // PERSONS_SHARE)}


def count(*, partner: str, person: str, now: datetime) -> Left:
    """Count a call of the partner for the person's grant; what is left of the narrower limit. Raises TooOften."""
    number, second = divmod(int(now.timestamp()), WINDOW)
    names = {"partner": f"partner:{partner}", "person": f"person:{person}"}
    with _lock:
        if number != _window.number:
            _window.number, _window.calls = number, Counter()
        _window.calls.update(names.values())
        left = min(most - _window.calls[names[name]] for name, most in policy().items())
    if left < 0:
        message = _("These are more calls than are allowed in a minute. Please wait a moment.")
        raise TooOften(message, seconds=WINDOW - second)
    return Left(left, WINDOW - second)
