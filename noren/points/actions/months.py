"""Partitions of the entries, one for each month, made when the first entry of the month comes."""

from datetime import date

from django.db import connection

from noren.kit import sql
from noren.kit.months import first_day

_known: set[tuple[object, date]] = set()


def ensure_month(day: date) -> None:
    """Have the partition of the day's month. Asks the database once per process and month.

    A transaction that is still open may be undone and the partition with it, so only what was made outside of one is
    remembered.
    """
    month = (connection.settings_dict["NAME"], first_day(day))
    if month not in _known:
        sql.value("points", "ensure_month.sql", {"day": day})
        if not connection.in_atomic_block:
            _known.add(month)
