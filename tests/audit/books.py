"""Rows of the audit, written as the application writes them and changed as only the owner could."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import psycopg

from noren.audit import actions, verifying
from noren.audit.actions import Entry
from noren.audit.rules import Head
from noren.kit.progress import silent
from tests.cast import ENGINEER, NOW
from tests.conftest import Place

LATER = NOW + timedelta(days=1)
BULK = "INSERT INTO audit_record (booked_at, actor, act, subject) VALUES (%s, 'staff:hanako', 'account.lock', %s)"

Connection = psycopg.Connection[tuple[Any, ...]]


def entry(number: int, **more: Any) -> Entry:
    """One of many rows."""
    about = {"scope": f"C{number % 3}", "before": {"state": "active"}, "after": {"state": "locked", "n": number}}
    return Entry(**{"act": "account.lock", "subject": f"a{number}", **about, **more})


def write(count: int, *, first: int = 0, now: datetime = NOW) -> None:
    """Add rows."""
    actions.record_many((entry(first + number) for number in range(count)), actor=ENGINEER, now=now)


def chain(place: Place) -> list[tuple[int, Any]]:
    """Numbers and rows of the chain, in its order."""
    with owner(place) as connection:
        return connection.execute("SELECT number, record_id FROM audit_link ORDER BY number").fetchall()


def rows(place: Place) -> set[Any]:
    """The rows that are there."""
    with owner(place) as connection:
        return {row[0] for row in connection.execute("SELECT record_id FROM audit_record").fetchall()}


def owner(place: Place) -> Connection:
    """A connection that may do anything."""
    return psycopg.connect(place.url, autocommit=True)


def app(place: Place, *, autocommit: bool = False) -> Connection:
    """A plain connection as the application's role."""
    return psycopg.connect(place.server.conninfo(place.database, "noren_app"), autocommit=autocommit)


@contextmanager
def tampered(place: Place, *statements: str) -> Iterator[None]:
    """What the owner does in secret; all is as before at the end."""
    with owner(place) as connection:
        for table in ("audit_record", "audit_link"):
            connection.execute(f"CREATE TABLE saved_{table} AS TABLE {table}".encode())
        changed = sum(connection.execute(statement.encode()).rowcount for statement in statements)
        assert changed > 0
        try:
            yield
        finally:
            connection.execute("TRUNCATE audit_record, audit_link")
            for table in ("audit_record", "audit_link"):
                connection.execute(f"INSERT INTO {table} OVERRIDING SYSTEM VALUE TABLE saved_{table}".encode())
                connection.execute(f"DROP TABLE saved_{table}".encode())


def found(*, noted: Head | None = None, now: datetime = LATER) -> dict[str, int]:
    """What verify finds: how many of each fault."""
    return {one.code: one.count for one in verifying.verify(noted=noted, now=now, progress=silent).findings}
