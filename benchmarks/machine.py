"""What a figure depends on beside the code: machine, versions, commit, load."""

import os
import platform
import subprocess
from pathlib import Path

import duckdb
import psycopg

from noren.kit import duck

ROOT = Path(__file__).parents[1]


def facts(conninfo: str) -> dict[str, object]:
    """The machine, and the software that was measured on it."""
    with psycopg.connect(conninfo) as connection:
        row = connection.execute("SELECT split_part(version(), ' ', 2)").fetchone()
    return {
        "cores": os.cpu_count(),
        "cpu": _line("/proc/cpuinfo", "model name"),
        "memory_gib": round(int(_line("/proc/meminfo", "MemTotal").split()[0]) / (1 << 20), 1),
        "system": platform.system() + " " + platform.release().split("-")[0],
        "python": platform.python_version(),
        "postgresql": row[0] if row else "",
        "duckdb": duckdb.__version__,
        "duckdb_memory_limit": duck.MEMORY_LIMIT,
        "commit": _commit(),
    }


def load() -> list[float]:
    """The load average over 1, 5 and 15 minutes."""
    return [round(value, 2) for value in os.getloadavg()]


def _line(path: str, name: str) -> str:
    for line in Path(path).read_text().splitlines():
        if line.startswith(name):
            return line.partition(":")[2].strip()
    return ""


def _commit() -> str:
    """The commit, with a plus sign when the code that is measured differs from it."""
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        return "unknown"
    changed = subprocess.run(["git", "diff", "--quiet", "HEAD", "--", "noren"], cwd=ROOT, check=False)
    return done.stdout.strip() + ("+" if changed.returncode else "")
