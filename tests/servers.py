"""PostgreSQL for the tests: the embedded one, or Debian's when NOREN_TEST_DATABASE is `debian`."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from noren.kit import embedded

WHICH = os.environ.get("NOREN_TEST_DATABASE", "embedded")


@dataclass(frozen=True)
class Server:
    """Where a running server is reached, as the owner."""

    host: str
    user: str

    def conninfo(self, database: str, user: str | None = None) -> str:
        return f"host='{self.host}' user={user or self.user} dbname={database}"


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """A server in the folder; stopped at the end."""
    if WHICH == "debian":
        yield from _debian(folder)
        return
    embedded.start(folder)
    try:
        yield Server(str(embedded.socket_directory(folder)), embedded.OWNER)
    finally:
        embedded.stop(folder)


def _debian(folder: Path) -> Iterator[Server]:
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    data = folder / "data"
    data.mkdir(parents=True)
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    if os.geteuid() == 0:
        for path in (folder, data):
            shutil.chown(path, user)
        _let_through(folder, user)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [str(programs / program), *arguments], check=True, capture_output=True, user=user, start_new_session=True
        )

    run("initdb", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "-U", "noren", "-D", str(data))
    options = f"-h '' -k {folder} -c shared_buffers=256MB -c max_connections=60"
    run("pg_ctl", "-w", "-D", str(data), "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield Server(str(folder), "noren")
    finally:
        run("pg_ctl", "-w", "-D", str(data), "-m", "immediate", "stop")


def _let_through(folder: Path, user: str) -> None:
    """Allow the server's user to pass through the folders above (not to read them)."""
    del user
    for above in folder.parents:
        if above.owner() == "root" and above != Path("/"):
            above.chmod(above.stat().st_mode | 0o011)
