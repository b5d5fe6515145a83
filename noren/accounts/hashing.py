"""Passwords as argon2id, a bounded number at a time."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils.translation import gettext_lazy as _

from noren.kit.errors import Overloaded

AT_ONCE = min(4, len(os.sched_getaffinity(0)))
WAITING = 8 - AT_ONCE
"""Eight with those at work: half of the threads of a web process, so that the other half answers everything else."""

RETRY_SECONDS = 2

_working = threading.BoundedSemaphore(AT_ONCE)
_admitted = threading.BoundedSemaphore(AT_ONCE + WAITING)


class Argon2id(Argon2PasswordHasher):
    """19 MiB, t=2, p=1 (OWASP's floor, about 20 ms): enough for an offline attacker, bearable for a peak hour."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1

    def encode(self, password: str, salt: str) -> Any:
        """Hash. Raises Overloaded."""
        with _turn():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> Any:
        """Compare. Raises Overloaded."""
        with _turn():
            return super().verify(password, encoded)


@contextmanager
def _turn() -> Iterator[None]:
    """As many at once as there are cores, a few waiting, the rest sent away: hashing never starves other requests."""
    if not _admitted.acquire(blocking=False):
        raise Overloaded(_("Many people are signing in just now. Please try again in a moment."), seconds=RETRY_SECONDS)
    try:
        with _working:
            yield
    finally:
        _admitted.release()
