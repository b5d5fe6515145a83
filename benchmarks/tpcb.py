"""The floor of spending: pgbench's built-in script (TPC-B-like) on the same server, with as many clients."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from benchmarks import watch
from benchmarks.place import Place
from noren.kit import embedded
from noren.kit.embedded import places

DATABASE = "pgbench"
LIMIT_SECONDS = 600
RATE = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)


def prepare(here: Place, *, scale: int) -> None:
    """Make the database with 100,000 accounts for each unit of scale."""
    here.execute(f"CREATE DATABASE {DATABASE}", database="postgres")
    _pgbench(here, "-i", "-q", "-s", scale)
    here.settle()


def rate(here: Place, *, clients: int, seconds: int, prepared: bool = False) -> float:
    """Transactions in a second."""
    protocol: Sequence[object] = ("-M", "prepared") if prepared else ()
    here.settle()
    output = _pgbench(here, "-n", "-c", clients, "-j", os.cpu_count() or 1, "-T", seconds, *protocol)
    return _told(output)


def rate_of(here: Place, script: Path, *, clients: int, seconds: int) -> float:
    """Times in a second that a script of our own runs against Noren's database, as its role, prepared."""
    here.settle()
    asked = ("-n", "-M", "prepared", "-f", script, "-c", clients, "-j", os.cpu_count() or 1, "-T", seconds)
    return _told(_pgbench(here, *asked, user=embedded.APP_ROLE, database=embedded.DATABASE))


def _told(output: str) -> float:
    found = RATE.search(output)
    if found is None:
        raise watch.CommandError(f"pgbench says no rate:\n{output}")
    return round(float(found[1]), 1)


def _pgbench(here: Place, *arguments: object, user: str = embedded.OWNER, database: str = DATABASE) -> str:
    where = ("-h", embedded.socket_directory(here.home), "-U", user)
    command = [str(places.programs() / "pgbench"), *map(str, (*where, *arguments)), database]
    return watch.run(command, environment=here.environment, limit=LIMIT_SECONDS).output
