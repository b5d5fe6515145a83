"""A provider alone on one core; database and load client on another. What each of them used of it is counted."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import watch
from benchmarks.place import Place

WAIT_SECONDS = 60
TICK = os.sysconf("SC_CLK_TCK")
CORES = sorted(os.sched_getaffinity(0))
PROVIDER, REST = CORES[0], CORES[-1]
"""The provider's core, and the one for all else; a machine with one core has them share it."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running provider: where it answers, and its first process."""

    port: int
    pid: int

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"


def free_port() -> int:
    """A port of the loopback address on which nothing listens now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def on(*cores: int) -> Iterator[None]:
    """This process, and what it starts, on these cores alone while the block runs."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, set(cores))
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextlib.contextmanager
def noren(here: Place, port: int, **environment: str) -> Iterator[Server]:
    """`noren serve` with one worker on its core, the place's database on the other. Raises watch.CommandError."""
    for pid in tree(_postmaster(here.home)):
        os.sched_setaffinity(pid, {REST})
    command = [sys.executable, "-m", "noren", "serve", "--bind", f"127.0.0.1:{port}"]
    own = {**here.environment, "NOREN_URL": f"http://localhost:{port}", "NOREN_OUTBOX": "file", **environment}
    with started(command, own, port, here.folder / "serve.log", "/healthz") as server:
        yield server


@contextlib.contextmanager
def free(here: Place, port: int, *, workers: int, **environment: str) -> Iterator[Server]:
    """`noren serve` with so many workers, on all cores as they come. Raises watch.CommandError."""
    command = [sys.executable, "-m", "noren", "serve", "--bind", f"127.0.0.1:{port}", "--workers", f"{workers}"]
    own = {**here.environment, "NOREN_URL": f"http://localhost:{port}", "NOREN_OUTBOX": "file", **environment}
    with started(command, own, port, here.folder / "serve.log", "/healthz", cores=CORES) as server:
        yield server


@contextlib.contextmanager
def started(
    command: Sequence[str],
    environment: Mapping[str, str],
    port: int,
    log: Path,
    page: str,
    *,
    cores: Sequence[int] = (PROVIDER,),
) -> Iterator[Server]:
    """The command on the provider's core, from its first answer on; stopped at the end. Raises watch.CommandError."""
    with log.open("wb") as target, on(*cores):
        process = subprocess.Popen(command, env=dict(environment), stdout=target, stderr=subprocess.STDOUT)
    try:
        _await(process, f"http://localhost:{port}{page}", log)
        yield Server(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        if process.poll() is None:
            process.kill()
            process.wait()


def _await(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310  (our own address)
                return
        except OSError:
            time.sleep(0.05)
    raise watch.CommandError(f"{url} does not answer\n{log.read_text(encoding='utf-8', errors='replace')}")


def _postmaster(home: Path) -> int:
    return int((home / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def database_seconds(here: Place) -> float:
    """Processor time that the place's database has used."""
    return cpu_seconds(_postmaster(here.home))


def cpu_seconds(pid: int) -> float:
    """Processor time that the process and all that came of it have used, the ended ones too."""
    return sum(sum(map(int, _stat(one)[11:15])) for one in tree(pid)) / TICK


def tree(pid: int) -> list[int]:
    """The process and those that came of it."""
    parents = {}
    for entry in os.listdir("/proc"):  # noqa: PTH208  (names alone)
        with contextlib.suppress(OSError, IndexError):
            if entry.isdecimal():
                parents[int(entry)] = int(_stat(int(entry))[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat behind the name: state, parent, …; times are the 12th to the 15th."""
    with contextlib.suppress(OSError):
        return re.sub(r"^\d+ \(.*\) ", "", Path(f"/proc/{pid}/stat").read_text(), flags=re.DOTALL).split()
    return ["X", *["0"] * 50]
