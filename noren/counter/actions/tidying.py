"""Remove quotes of which nothing came."""

from datetime import datetime, timedelta

from noren.kit import sql

KEPT = timedelta(days=180)
"""How long: as long as somebody may ask after one, as with orders."""


def tidy(now: datetime) -> None:
    """Remove quotes that lapsed or were cancelled long ago; what has a receipt stays."""
    sql.run("counter", "tidy_quotes.sql", {"before": now - KEPT})
