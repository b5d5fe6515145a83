"""The least that a close must do: read the file and sort it by member, and put the books' rows into tables.

Sorting runs in a process of its own with the memory limit and threads that the close has.
"""

import json
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from benchmarks.place import Place
from noren.kit import db, duck

TABLES = {name: f"SELECT * FROM {name}" for name in ("points_entry", "points_lot", "points_wallet")}
"""The rows of a close."""
SCHEMA = "floor"
COLUMNS = (
    "{'item_id': 'VARCHAR', 'bill_month': 'VARCHAR', 'line_id': 'VARCHAR', 'account_id': 'VARCHAR',"
    " 'charge_code': 'VARCHAR', 'amount_yen': 'BIGINT'}"
)


@dataclass(frozen=True, slots=True)
class Copied:
    """How long the tables took, and how many rows and bytes they were."""

    seconds: float
    rows: int
    file_bytes: int


def sort_seconds(place: Place, bills: Path) -> float:
    """DuckDB reads the file and writes it as Parquet sorted by member."""
    target = place.folder / "sorted.parquet"
    place.settle()
    ran = place.python("benchmarks.floor", bills, target)
    target.unlink()
    return float(json.loads(ran.output)["seconds"])


def _sort(bills: Path, target: Path) -> float:
    with duck.connect(target.parent / "sort") as (connection, _):
        since = time.perf_counter()
        connection.execute(
            f"COPY (FROM read_csv({duck.literal(bills)}, header = true, auto_detect = false, delim = ',', quote = '\"',"
            f" escape = '\"', columns = {COLUMNS}) ORDER BY line_id) TO {duck.literal(target)} {duck.PARQUET}"
        )
        return time.perf_counter() - since


def export(place: Place, queries: Mapping[str, str] = TABLES) -> None:
    """Write the rows of tables (by default what the close has posted) into files, as they lie in the tables."""
    with psycopg.connect(place.conninfo()) as connection, connection.cursor() as cursor:
        for table, query in queries.items():
            with _file(place, table).open("wb") as file, cursor.copy(f"COPY ({query}) TO STDOUT".encode()) as copy:
                for block in copy:
                    file.write(block)


def copy_rows(place: Place, tables: Iterable[str] = TABLES) -> Copied:
    """Load the exported rows by COPY into fresh tables with the same keys, indexes, checks and partitions."""
    tables = list(tables)
    with psycopg.connect(place.conninfo(), autocommit=True) as connection:
        _make_tables(connection, tables)
        place.settle()
        since, rows = time.perf_counter(), 0
        for table in tables:
            rows += _copy_in(connection, table, _file(place, table))
        seconds = time.perf_counter() - since
        connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(SCHEMA)))
    size = sum(_file(place, table).stat().st_size for table in tables)
    return Copied(seconds=round(seconds, 3), rows=rows, file_bytes=size)


def _file(place: Place, table: str) -> Path:
    return place.folder / f"{table}.copy"


def _copy_in(connection: "psycopg.Connection[tuple[object, ...]]", table: str, path: Path) -> int:
    with connection.cursor() as cursor, path.open("rb") as file:
        with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(SCHEMA, table))) as copy:
            while block := file.read(db.BLOCK_BYTES):
                copy.write(block)
        return cursor.rowcount


def _make_tables(connection: "psycopg.Connection[tuple[object, ...]]", tables: Iterable[str]) -> None:
    schema = sql.Identifier(SCHEMA)
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(schema))
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
    for table in tables:
        row = connection.execute(
            "SELECT pg_get_partkeydef(oid), array_to_string(reloptions, ', ') FROM pg_class WHERE oid = %s::regclass",
            [table],
        ).fetchone()
        key, options = row or (None, None)
        connection.execute(
            sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL) {} {}").format(
                sql.Identifier(SCHEMA, table),
                sql.Identifier("public", table),
                sql.SQL(f"PARTITION BY {key}" if key else ""),
                sql.SQL(f"WITH ({options})" if options else ""),
            )
        )
        _make_partitions(connection, table)


def _make_partitions(connection: "psycopg.Connection[tuple[object, ...]]", table: str) -> None:
    found = connection.execute(
        "SELECT relname, pg_get_expr(relpartbound, pg_class.oid) FROM pg_class"
        " JOIN pg_inherits ON inhrelid = pg_class.oid WHERE inhparent = format('public.%%I', %s::text)::regclass",
        [table],
    ).fetchall()
    for name, bound in found:
        connection.execute(
            sql.SQL("CREATE TABLE {} PARTITION OF {} {}").format(
                sql.Identifier(SCHEMA, str(name)), sql.Identifier(SCHEMA, table), sql.SQL(str(bound))
            )
        )


if __name__ == "__main__":
    print(json.dumps({"seconds": round(_sort(Path(sys.argv[1]), Path(sys.argv[2])), 3)}))
