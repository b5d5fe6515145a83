"""DuckDB as Noren uses it: bounded memory, a scratch folder, and nothing fetched at run time."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection as Connection

__all__ = ["Connection", "connect", "csv_of", "literal", "reader"]

MEMORY_LIMIT = "800MB"
"""What DuckDB's buffers may hold. The process stays below 1.5 GiB whatever the size of the input."""

READER_LIMIT = "256MB"
"""What a short look into the archive may hold, while others look too."""

PARQUET = "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
"""For the archive: small."""

STAGED = "(FORMAT parquet, COMPRESSION lz4_raw)"
"""For what is read again at once: fast."""


@contextlib.contextmanager
def connect(scratch: Path) -> Iterator[tuple[Connection, Path]]:
    """A connection and an own folder below `scratch` for spilled and staged data, removed at the end.

    Folders of processes that were killed are removed, too.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    _sweep(scratch)
    folder = Path(tempfile.mkdtemp(dir=scratch, prefix=f"{os.getpid()}-"))
    try:
        with duckdb.connect(str(folder / "scratch.duckdb"), config=_settings(folder)) as connection:
            yield connection, folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def reader() -> Iterator[Connection]:
    """A connection for a short look into Parquet files: in memory, one thread, nothing on the disk."""
    settings = {name: value for name, value in _settings(Path()).items() if name != "temp_directory"}
    config = {**settings, "memory_limit": READER_LIMIT, "threads": 1}
    with duckdb.connect(":memory:", config=config) as connection:
        yield connection


def _sweep(scratch: Path) -> None:
    for folder in scratch.iterdir():
        pid = folder.name.partition("-")[0]
        if pid.isdecimal() and not Path("/proc", pid).exists():
            shutil.rmtree(folder, ignore_errors=True)


def _settings(folder: Path) -> dict[str, str | bool | int | float | list[str]]:
    return {
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": str(folder / "spill"),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }


def literal(value: object) -> str:
    """A value as a quoted SQL string, for the places where DuckDB takes no parameter (COPY … TO)."""
    return "'" + str(value).replace("'", "''") + "'"


def csv_of(path: Path, columns: Mapping[str, str], *, header: bool = False) -> str:
    """The rows of a CSV file of our own as a table of DuckDB's SQL: its columns and their types, nothing guessed."""
    told = f"header={str(header).lower()}, auto_detect=false, delim=',', quote='\"', columns={dict(columns)}"
    return f"read_csv({literal(path)}, {told})"
