"""A desk at which small files are written and brought in through the front door."""

import csv
import json
import signal
import subprocess
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psycopg

from noren.billing.layout import BILLS
from noren.members.layouts import CONTRACTS, CORPORATIONS, LINES
from tests.conftest import NOREN, Done, Place

LAYOUTS = {layout.name: layout for layout in (CORPORATIONS, LINES, CONTRACTS, BILLS)}
MARK = "\ufeff"
ENDED = (130, -signal.SIGINT)
"""A shell sees the same in both: Python ends itself by the signal when that came while it ran generated code."""


@dataclass(frozen=True)
class Desk:
    """A place, and the folder for the files that are brought there."""

    place: Place
    folder: Path

    def columns(self, kind: str) -> tuple[str, ...]:
        """The columns of a file of the kind, the key first."""
        return LAYOUTS[kind].columns

    def file(self, kind: str, *rows: str, name: str = "") -> Path:
        """A CSV file of the kind with these lines below its header."""
        path = self.folder / f"{name or kind}.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join([",".join(self.columns(kind)), *rows, ""]), encoding="utf-8")
        return path

    def bring(self, kind: str, *rows: str, name: str = "") -> dict[str, Any]:
        """Import these lines and give the summary."""
        done = self.place.noren("import", kind, self.file(kind, *rows, name=name), "--json")
        summary: dict[str, Any] = json.loads(done.stdout)[0]
        return summary

    def account(self, account_id: str, corporation_id: str, joined_on: date, withdrawn_on: date | None = None) -> None:
        """A business account that is a member since the day, as one that is taken over from another system."""
        who = ("--corporation", corporation_id, "--login", account_id, "--id", account_id, "--name", "見本 花子")
        self.place.noren("account", "issue", *who, "--joined-on", joined_on)
        if withdrawn_on is not None:
            self.place.noren("account", "abolish", account_id, "--on", withdrawn_on)

    def close(self, month: str, *rows: str, name: str = "") -> dict[str, Any]:
        """Close the month with a bill file of these lines (without lines: with no file) and give the last run's steps."""
        bills = ["--bills", self.file("bills", *rows, name=name or f"bills-{month}")] if rows else []
        done = self.place.noren("close", month, *bills, "--json")
        steps: dict[str, Any] = json.loads(done.stdout)["runs"][-1]["steps"]
        return steps

    def refused(self, *arguments: object) -> str:
        """The one line that a refused command says."""
        done: Done = self.place.noren(*arguments, check=False)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.count("\n") == 1, done.stderr
        return done.stderr

    def connect(self) -> "psycopg.Connection[tuple[Any, ...]]":
        """A connection to the database, past every door."""
        return psycopg.connect(self.place.url, autocommit=True)

    def stored(self, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
        """What a table holds, as the database has it."""
        with self.connect() as connection:
            return connection.execute(f"SELECT {columns} FROM {table} ORDER BY 1".encode()).fetchall()

    def exported(self, *what: str) -> list[dict[str, str]]:
        """The rows of an export."""
        out = self.folder / "export.csv"
        self.place.noren("export", *what, "--out", out)
        return list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))


def begin(place: Place, *command: object) -> "subprocess.Popen[str]":
    """Start a command in a process of its own, and wait until it is at work: until it has its scratch folder."""
    scratch = place.home / "scratch"
    before = set(scratch.glob("*"))
    process = subprocess.Popen(
        [*NOREN, *map(str, command)],
        env=place.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background has it ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  (no thread is at work)
    )
    while process.poll() is None and set(scratch.glob("*")) <= before:
        time.sleep(0.005)
    return process


def rejects(path: str | Path) -> list[dict[str, str]]:
    """The rows of a rejects file; it begins with a byte order mark."""
    text = Path(path).read_text(encoding="utf-8")
    assert text.startswith(MARK)
    return list(csv.DictReader(text.removeprefix(MARK).splitlines()))


def faults(path: str | Path) -> list[tuple[int, str, str]]:
    """Row number, field and code of each rejected row."""
    return [(int(row["row"]), row["field"], row["code"]) for row in rejects(path)]
