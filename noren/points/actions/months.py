"""Partitions of the entries, one for each month, made when the first entry of the month comes."""

from datetime import date

from django.db import connection, transaction

from noren.kit import sql
from noren.kit.months import first_day

_known: set[tuple[object, date]] = set()


def ensure_month(day: date) -> None:
    """Have the partition of the day's month. Asks the database once per process and month.

    A transaction that is still open may be undone and the partition with it, so it is remembered when that is not.
    """
    month = (connection.settings_dict["NAME"], first_day(day))
    if month not in _known:
        sql.value("points", "ensure_month.sql", {"day": day})
        transaction.on_commit(lambda: _known.add(month))
