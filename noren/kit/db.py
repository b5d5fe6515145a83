"""What PostgreSQL offers beside statements: files in and out as they are, and one process at a time."""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connections, transaction

BLOCK_BYTES = 1 << 20
"""Files pass through in blocks of this size, so that memory stays the same whatever their length."""


def copy_in(path: Path, statement: str, *, using: str = DEFAULT_DB_ALIAS) -> int:
    """Send the file to `COPY … FROM STDIN` and give the number of rows."""
    database = connections[using]
    with database.cursor() as cursor, path.open("rb") as file:
        with database.wrap_database_errors, cursor.copy(statement) as copy:
            while block := file.read(BLOCK_BYTES):
                copy.write(block)
        return int(cursor.rowcount)


def copy_out(
    statement: str, path: Path, params: Mapping[str, object] | None = None, *, using: str = DEFAULT_DB_ALIAS
) -> int:
    """Write what `COPY … TO STDOUT` sends to the file and give the number of rows."""
    with connections[using].cursor() as cursor, path.open("wb", buffering=BLOCK_BYTES) as file:
        with cursor.copy(statement, params) as copy:
            for block in copy:
                file.write(block)
        return int(cursor.rowcount)


@contextlib.contextmanager
def snapshot() -> Iterator[None]:
    """Let every read of the block see the database as it is at the first one."""
    with transaction.atomic():
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


@contextlib.contextmanager
def exclusive(name: str, *, using: str = DEFAULT_DB_ALIAS) -> Iterator[bool]:
    """Hold the name for this connection while the block runs; False when another connection has it.

    The server lets go of it when the connection ends, so a killed process leaves nothing behind.
    """
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        row = cursor.fetchone()
    ours = bool(row and row[0])
    try:
        yield ours
    finally:
        if ours:
            with connections[using].cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])
