"""Looks into the archive from a web server: some at a time, so that many at once do not fill the memory."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from noren.billing.queries import ArchiveDamaged
from noren.closing import explain
from noren.closing.explain import Explanation
from noren.kit import duck
from noren.kit.errors import Overloaded, Refusal
from noren.kit.months import month_text
from noren.members.queries import Member

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Looks into the archive at a time, for each process."""

PATIENCE = 5.0
"""Seconds that a look waits for its turn."""

_turns = threading.BoundedSemaphore(AT_ONCE)


class Unavailable(Refusal):
    """The archive of the month cannot be read."""

    code = "explanation.unavailable"


def explained(member: Member, month: date) -> Explanation:
    """Why the member has the points of the month. Raises closing.queries.NotClosed, Unavailable, Overloaded."""
    try:
        with _turn(), duck.reader() as connection:
            return explain.explain(connection, Path(settings.NOREN_HOME), member, month, whole=False)
    except (ArchiveDamaged, duckdb.Error) as error:
        log.exception("the archive of %s cannot be read", month_text(month))
        message = _(
            "The bill items of %(month)s cannot be shown at the moment. Your points are safe. Please tell support."
        )
        raise Unavailable(message, month=month_text(month)) from error


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for a turn. Raises Overloaded."""
    if not _turns.acquire(timeout=PATIENCE):
        message = _("Many people are looking at the moment. Please try again shortly.")
        raise Overloaded(message, seconds=int(PATIENCE))
    try:
        yield
    finally:
        _turns.release()
