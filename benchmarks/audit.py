"""Measure the audit: rows of a bulk job written and linked, beside a bare COPY of the same rows; then verified."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from benchmarks import auditor, machine, place
from benchmarks.closing import Result, Say
from benchmarks.options import Options
from benchmarks.place import Place
from noren.kit import db

NEEDS_BYTES = 2 << 30
COLUMNS = "booked_at, actor, act, subject, detail, scope, reason, before, after"
WAYS = ("statement", "sent")


def measure(options: Options, say: Say) -> Iterator[Result]:
    """One result: both ways of writing, each linked, between two measurements of the floor; all of it verified."""
    with place.fresh(options.temp, needs_bytes=NEEDS_BYTES) as here:
        for run in range(1, options.runs + 1):
            say(f"audit: write and link {options.records:,} rows in two ways, run {run} of {options.runs}")
            yield {
                "what": "audit",
                "run": run,
                "seed": options.seed,
                "machine": machine.facts(here.conninfo()),
                "items": options.records,
                **_result(here, options.records),
            }


def _result(here: Place, records: int) -> Result:
    load = machine.load()
    ways, floors = {}, []
    for way in WAYS:
        here.settle()
        written = auditor.run(here, way, records)
        here.settle()
        linked = auditor.run(here, "seal")
        floors.append(_copy_seconds(here, records))
        ways[way] = {"write": _cost(*written), "seal": _cost(*linked)}
    here.tidy()
    verified = auditor.run(here, "verify")
    floor = sum(floors) / len(floors)
    return {
        "floor": {"seconds": floors, "rate": round(records / floor)},
        **ways,
        "ratio": round((ways["statement"]["write"]["seconds"] + ways["statement"]["seal"]["seconds"]) / floor, 3),
        "verify": _cost(*verified),
        "load": {"before": load, "after": machine.load()},
    }


def _cost(seconds: float, rows: int, ran: Any) -> Result:
    return {"seconds": seconds, "rows": rows, "rate": round(rows / seconds), "peak_bytes": ran.peak_bytes}


def _copy_seconds(here: Place, records: int) -> float:
    """The last rows, as a prepared file, by bare COPY into a fresh table with the same keys, indexes and checks."""
    path = here.folder / "audit_record.copy"
    with psycopg.connect(here.conninfo(), autocommit=True) as connection:
        query = f"COPY (SELECT {COLUMNS} FROM audit_record ORDER BY place DESC LIMIT {records}) TO STDOUT"
        with path.open("wb") as file, connection.cursor() as cursor, cursor.copy(query.encode()) as copy:
            for block in copy:
                file.write(block)
        connection.execute("CREATE SCHEMA floor")
        connection.execute("CREATE TABLE floor.audit_record (LIKE public.audit_record INCLUDING ALL)")
        here.settle()
        began = time.perf_counter()
        _copy_in(connection, path)
        seconds = time.perf_counter() - began
        connection.execute("DROP SCHEMA floor CASCADE")
    return round(seconds, 3)


def _copy_in(connection: "psycopg.Connection[tuple[Any, ...]]", path: Path) -> None:
    statement = f"COPY floor.audit_record ({COLUMNS}) FROM STDIN".encode()
    with path.open("rb") as file, connection.cursor() as cursor, cursor.copy(statement) as copy:
        while block := file.read(db.BLOCK_BYTES):
            copy.write(block)
