"""Servers to look at, to hinder and to ask, for the tests of the embedded database."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from noren.kit import embedded, errors
from noren.kit.embedded import account

START = "import sys, pathlib; from noren.kit import embedded; embedded.start(pathlib.Path(sys.argv[1]))"
START_AND_TELL = f"""
import django, os
os.environ["DJANGO_SETTINGS_MODULE"] = "noren.config.settings"
django.setup()
from noren.kit import errors
try:
    {START}
except errors.Refusal as refusal:
    print(refusal.code, refusal)
"""

MB = 1 << 20


@contextlib.contextmanager
def stopped_after(home: Path) -> Iterator[Path]:
    try:
        yield home
    finally:
        with contextlib.suppress(errors.Refusal):
            embedded.stop(home)


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A closed directory, in memory where there is room: these tests make thirty databases."""
    memory = Path("/dev/shm")  # noqa: S108
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 1024 * MB
    path = Path(tempfile.mkdtemp(prefix="noren-", dir=memory if roomy else None))
    try:
        yield path
    finally:
        shutil.rmtree(path)


def connect(home: Path, role: str = embedded.OWNER) -> psycopg.Connection[Any]:
    host = str(embedded.socket_directory(home))
    return psycopg.connect(host=host, port=5432, user=role, dbname=embedded.DATABASE, autocommit=True)


def ask(home: Path, statement: str, role: str = embedded.OWNER) -> Any:
    with contextlib.closing(connect(home, role)) as connection:
        row = connection.execute(statement).fetchone()
    return row and row[0]


def do(home: Path, statement: str) -> None:
    with contextlib.closing(connect(home)) as connection:
        connection.execute(statement)


def server_of(home: Path) -> embedded.Server:
    server = embedded.status(home)
    assert server is not None
    return server


def processes_on(home: Path) -> list[int]:
    """Servers on this data, by their command lines."""
    found = []
    for one in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.fsencode(home.resolve() / "postgres") in (one / "cmdline").read_bytes().split(b"\0"):
                found.append(int(one.name))
    return found


def as_server_user() -> dict[str, Any]:
    user = account.of_server()
    return {"user": user.uid, "group": user.gid, "extra_groups": []} if user.is_another else {}


def refusal(home: Path, kind: type[errors.Refusal]) -> str:
    """Start, be refused, and give the sentence."""
    with pytest.raises(kind) as refused:
        embedded.start(home)
    assert type(refused.value) is kind
    assert "%(" not in str(refused.value)
    return str(refused.value)
