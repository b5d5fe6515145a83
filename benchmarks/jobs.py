"""Measure bulk jobs: a file checked and carried out, beside a bare COPY and INSERT … SELECT of the same rows."""

import csv
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import psycopg

from benchmarks import jobber, machine, place
from benchmarks.closing import Result, Say
from benchmarks.options import Options
from benchmarks.place import Place

NEEDS_BYTES = 4 << 30
OPERATIONS = ("issue", "change", "lock")
TABLES = ("accounts_account", "members_account", "accounts_ticket", "outbox_message", "audit_record")
"""What an issue job fills: the floor of its commit."""

WHICH = {"audit_record": "WHERE act IN ('account.issue', 'membership.join', 'account.invite')"}

CORPORATIONS = "corporation_id,corporate_number,name,name_kana,kind\nC1,,Sample,,corporation\n"


def measure(options: Options, say: Say) -> Iterator[Result]:
    """One result: each operation checked and carried out, with the floors of the issue job."""
    for run in range(1, options.runs + 1):
        with place.fresh(options.temp, needs_bytes=NEEDS_BYTES) as here:
            say(f"jobs: {options.rows:,} rows issued, changed and locked, run {run} of {options.runs}")
            yield {
                "what": "jobs",
                "run": run,
                "seed": options.seed,
                "machine": machine.facts(here.conninfo()),
                "items": options.rows,
                **_result(here, options.rows),
            }


def _result(here: Place, rows: int) -> Result:
    load = machine.load()
    corporations = here.folder / "corporations.csv"
    corporations.write_text(CORPORATIONS, encoding="utf-8")
    here.noren("import", "corporations", corporations)
    costs = {operation: _job(here, operation, rows) for operation in OPERATIONS}
    return {
        **costs,
        "floor": {"copy": _copy_seconds(here), "insert": _insert_seconds(here)},
        "load": {"before": load, "after": machine.load()},
    }


def _job(here: Place, operation: str, rows: int) -> Result:
    if operation == "lock":  # nobody has set these accounts up, and only those in use can be locked
        here.execute("UPDATE accounts_account SET state = 'active'")
    path = here.folder / f"{operation}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(_cells(operation, rows))
    here.settle()
    checked, check = jobber.run(here, "add", path, operation)
    here.settle()
    done, commit = jobber.run(here, "commit", checked["job"])
    here.tidy()
    return {"check": checked, "commit": done, "peak_bytes": max(check.peak_bytes, commit.peak_bytes)}


def _cells(operation: str, rows: int) -> Iterable[tuple[str, ...]]:
    people = (f"person{number:06d}@example.jp" for number in range(rows))
    if operation == "issue":
        yield ("login_id", "employee_number", "name", "name_kana", "department", "contact_mail", "contact_mobile")
        for number, login in enumerate(people):
            mobile = f"090{10_000_000 + number}"
            yield (login, f"{number:06d}", "山田　花子", "ヤマダ ハナコ", "営業部", login, mobile)
    elif operation == "change":
        yield ("account", "department", "title")
        yield from ((login, "総務部", "係長") for login in people)
    else:
        yield ("account",)
        yield from ((login,) for login in people)


def _copy_seconds(here: Place) -> float:
    """The rows of the issue job as they are staged, by bare COPY into a fresh table like theirs."""
    path = here.folder / "rows.copy"
    with psycopg.connect(here.conninfo(), autocommit=True) as connection:
        query = "SELECT row.* FROM bulk_row AS row JOIN bulk_job USING (job_id) WHERE operation = 'issue'"
        _copy_out(connection, query, path)
        _empty_copy(connection, "bulk_row")
        began = time.perf_counter()
        with (
            path.open("rb") as file,
            connection.cursor() as cursor,
            cursor.copy("COPY floor.bulk_row FROM STDIN") as copy,
        ):
            while block := file.read(1 << 20):
                copy.write(block)
        return round(time.perf_counter() - began, 3)


def _copy_out(connection: "psycopg.Connection[tuple[Any, ...]]", query: str, path: Path) -> None:
    with (
        path.open("wb") as file,
        connection.cursor() as cursor,
        cursor.copy(f"COPY ({query}) TO STDOUT".encode()) as copy,
    ):
        for block in copy:
            file.write(block)


def _insert_seconds(here: Place) -> float:
    """What the issue job wrote, by bare INSERT … SELECT into fresh tables with the same keys and indexes."""
    seconds = 0.0
    with psycopg.connect(here.conninfo(), autocommit=True) as connection:
        for table in TABLES:
            _empty_copy(connection, table)
            began = time.perf_counter()
            query = (
                f"INSERT INTO floor.{table} OVERRIDING USER VALUE SELECT * FROM public.{table} {WHICH.get(table, '')}"
            )
            connection.execute(query.encode())
            seconds += time.perf_counter() - began
    return round(seconds, 3)


def _empty_copy(connection: "psycopg.Connection[tuple[Any, ...]]", table: str) -> None:
    connection.execute("CREATE SCHEMA IF NOT EXISTS floor")
    connection.execute(f"CREATE TABLE floor.{table} (LIKE public.{table} INCLUDING ALL)".encode())
