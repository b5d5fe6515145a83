"""Run a command to its end: how long it took, the most memory it had, the most it wrote beside itself.

The memory is what the system counted (ru_maxrss). Linux begins that count at the peak of the process that starts
the command, so the caller stays small: whatever needs memory runs in a process of its own.
"""

import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PAUSE_SECONDS = 0.01
LOOK_EVERY = 10
KILL_SECONDS = 20


class CommandError(Exception):
    """A command that is measured ended with an error, or not in time."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a finished command cost, and what it printed."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    scratch_bytes: int
    spill_bytes: int
    output: str


def run(command: Sequence[str], *, environment: Mapping[str, str], scratch: Path | None = None, limit: float) -> Ran:
    """Run the command and watch the folder `scratch`. Raises CommandError also when it takes over `limit` seconds."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        since = time.perf_counter()
        process = subprocess.Popen(command, env=dict(environment), stdout=out, stderr=err, stdin=subprocess.DEVNULL)
        try:
            usage, largest, spilled = _wait(process, scratch, since + limit)
        finally:
            _end(process)
        seconds = time.perf_counter() - since
        if process.returncode != 0:
            raise CommandError(f"{' '.join(command)}: exit {process.returncode}\n{_text(err)}{_text(out)}")
        return Ran(
            seconds=round(seconds, 3),
            cpu_seconds=round(usage.ru_utime + usage.ru_stime, 3),
            peak_bytes=usage.ru_maxrss * 1024,
            scratch_bytes=largest,
            spill_bytes=spilled,
            output=_text(out),
        )


def _wait(
    process: "subprocess.Popen[bytes]", scratch: Path | None, deadline: float
) -> tuple[resource.struct_rusage, int, int]:
    largest = spilled = turn = 0
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return usage, largest, spilled
        if time.perf_counter() > deadline:
            raise CommandError("took too long")
        if scratch is not None and turn % LOOK_EVERY == 0:
            files = list(_files(scratch))
            largest = max(largest, sum(size for _, size in files))
            spilled = max(spilled, sum(size for path, size in files if "/spill/" in path))
        turn += 1
        time.sleep(PAUSE_SECONDS)


def _files(folder: Path) -> list[tuple[str, int]]:
    """The files below and the bytes they take on the disk; they come and go while we look."""
    found = []
    for above, _, names in os.walk(folder):
        for name in names:
            path = f"{above}/{name}"
            try:
                found.append((path, os.lstat(path).st_blocks * 512))
            except FileNotFoundError:
                continue
    return found


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Leave no process behind when we are stopped."""
    if process.returncode is not None:
        return
    process.terminate()
    try:
        process.wait(KILL_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")
