"""Run a command of Noren and note every statement that it sends to DuckDB and PostgreSQL, with its seconds.

    python -m benchmarks.statements NOTES.json close 2021-07 --bills FILE

A second connection looks at DuckDB's buffers while the command runs. Watching costs little, but it does cost: what
is compared with a floor runs without it.
"""

import contextlib
import json
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from noren.kit import db, duck

LOOK_SECONDS = 0.02
LONGEST_TEXT = 4_000
FOLDERS = re.compile(r"(?:/[\w.-]+)+/")


@dataclass(slots=True)
class Statement:
    """A statement as it was sent, or the name of a file that passed through COPY."""

    engine: str
    text: str
    begun: float
    seconds: float


@dataclass(slots=True)
class Notes:
    """What was seen. The peaks are those of DuckDB's buffers: in memory, and put aside on the disk."""

    since: float = field(default_factory=time.perf_counter)
    buffer_bytes: int = 0
    spill_bytes: int = 0
    statements: list[Statement] = field(default_factory=list)

    @contextlib.contextmanager
    def timed(self, engine: str, text: str) -> Iterator[None]:
        """Note the statement, also when it fails."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            seconds = round(time.perf_counter() - begun, 4)
            text = " ".join(FOLDERS.sub("", text).split())[:LONGEST_TEXT]
            self.statements.append(Statement(engine, text, round(begun - self.since, 4), seconds))


class Watched:
    """A connection to DuckDB whose statements are noted; in everything else it is the connection."""

    def __init__(self, connection: duck.Connection, notes: Notes) -> None:
        self._connection, self._notes = connection, notes

    def execute(self, text: str, *rest: object) -> object:
        """Note the statement and run it."""
        with self._notes.timed("duckdb", text):
            return self._connection.execute(text, *rest)

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)


def watch(notes: Notes) -> None:
    """Put ourselves between the application and its two engines."""
    from django.db.backends.signals import connection_created  # noqa: PLC0415  (needs Django's settings)

    connect = duck.connect

    @contextlib.contextmanager
    def watched(scratch: Path) -> Iterator[tuple[Any, Path]]:
        with connect(scratch) as (connection, folder), _looking(connection, notes):
            yield Watched(connection, notes), folder

    def note(execute: Callable[..., Any], text: Any, params: Any, many: bool, context: Any) -> Any:
        with notes.timed("postgresql", str(text)):
            return execute(text, params, many, context)

    def created(connection: Any, **_: object) -> None:
        connection.execute_wrappers.append(note)

    duck.connect = watched
    db.copy_in = _noted(notes, db.copy_in)
    db.copy_out = _noted(notes, db.copy_out)
    connection_created.connect(created, weak=False)


def _noted(notes: Notes, function: Callable[..., int]) -> Callable[..., int]:
    def noted(*arguments: object, **named: object) -> int:
        with notes.timed("postgresql", " ".join(map(str, arguments[:2]))):
            return function(*arguments, **named)

    return noted


@contextlib.contextmanager
def _looking(connection: duck.Connection, notes: Notes) -> Iterator[None]:
    """Look at DuckDB's buffers again and again, from another thread."""
    done = threading.Event()
    thread = threading.Thread(target=_look, args=(connection.cursor(), notes, done))
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _look(cursor: duck.Connection, notes: Notes, done: threading.Event) -> None:
    while not done.wait(LOOK_SECONDS):
        row = cursor.execute(
            "SELECT sum(memory_usage_bytes)::BIGINT, sum(temporary_storage_bytes)::BIGINT FROM duckdb_memory()"
        ).fetchone()
        memory, spilled = row or (0, 0)
        notes.buffer_bytes = max(notes.buffer_bytes, memory)
        notes.spill_bytes = max(notes.spill_bytes, spilled)
    cursor.close()


def main(target: Path, arguments: Sequence[str]) -> int:
    """Run the command in this process and write the notes; gives the command's exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "noren.config.settings")
    from noren.cli import start  # noqa: PLC0415  (Django reads its settings when it is imported)

    notes = Notes()
    watch(notes)
    try:
        return start.run(list(arguments))
    finally:
        target.write_text(json.dumps(asdict(notes), indent=1), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
