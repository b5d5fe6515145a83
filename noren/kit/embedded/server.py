"""Start, find and stop the server of a home."""

import contextlib
import fcntl
import os
import re
import signal
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from noren.kit.embedded import account, data, places, refusals

DATABASE = "noren"
APP_ROLE = "noren_app"

START_SECONDS = 300  # reading again up to max_wal_size of log after a crash takes minutes on a slow disk
STOP_SECONDS = 120
ORPHAN_SECONDS = 60  # workers of a killed server end only when their statement does
CONNECT_SECONDS = 5
PAUSE_SECONDS = 0.02
COMES_OR_GOES = re.compile(r"the database system is|not yet accepting|too many clients|remaining connection slots")


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs; `ready` when it has begun to take connections."""

    pid: int
    version: str
    ready: bool
    data_directory: Path
    socket_directory: Path


def start(home: Path) -> None:
    """Have the server running, with its database and role; make what is missing. Raises the package's refusals."""
    home = places.real(home)
    with refusals.told(home):
        user = account.of_server()
        private = _is_private(places.socket_directory(home), user)
        if private and _found(home) and not _unreachable(home, APP_ROLE, DATABASE):
            return
        _make_home(home)
        with _locked(home):
            account.let_reach(user, (home / "postgres", places.socket_directory(home)))
            _make_socket_directory(places.socket_directory(home), user)
            _bring_up(home, user)
            _make_names(home)


def stop(home: Path) -> bool:
    """End the server, cutting off its connections; False when it was not running. Raises NotPermitted, Busy."""
    home = places.real(home)
    with refusals.told(home):
        if not (home / "postgres").is_dir():
            return False
        with _locked(home):
            server = _found(home)
            if server is None:
                _check_socket_is_free(home)
                return False
            os.kill(server.pid, signal.SIGINT)
            _wait_for_end(home, server)
            with contextlib.suppress(OSError):  # below /tmp nothing is left of a home that may be gone tomorrow
                places.socket_directory(home).rmdir()
    return True


def status(home: Path) -> Server | None:
    """The server of this home if it runs. Raises NotPermitted."""
    with refusals.told(home):
        return _found(places.real(home))


# Places and their lock.


def _make_home(home: Path) -> None:
    home.parent.mkdir(parents=True, exist_ok=True)
    home.mkdir(mode=0o700, exist_ok=True)  # what customers paid is nobody else's business


@contextlib.contextmanager
def _locked(home: Path) -> Iterator[None]:
    deadline = time.monotonic() + START_SECONDS + STOP_SECONDS
    handle = os.open(home / "postgres.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        while not _lock(handle):
            if time.monotonic() > deadline:
                words = _("Another process has long been starting or stopping the database in %(home)s. Try later.")
                raise refusals.Busy(words, home=home)
            time.sleep(PAUSE_SECONDS)
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _is_private(directory: Path, user: account.Account) -> bool:
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        facts = directory.lstat()
        return stat.S_ISDIR(facts.st_mode) and facts.st_uid == user.uid and not facts.st_mode & 0o077
    return False


def _make_socket_directory(directory: Path, user: account.Account) -> None:
    """Make it unless it is there. Raises NotOurs."""
    with contextlib.suppress(FileExistsError):
        directory.mkdir(mode=0o700)
    facts = directory.lstat()
    if stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.geteuid():  # made just now, or before a crash
        directory.chmod(0o700)
        account.give(directory, user)
    if not _is_private(directory, user):
        words = _("%(path)s is open to others or belongs to somebody else. Remove it, then try again.")
        raise refusals.NotOurs(words, path=directory)


def _check_socket_is_free(home: Path) -> None:
    directory = places.socket_directory(home)
    pid = places.listener(directory)
    if pid is not None and not _runs(pid, home):  # ours may have come up since its note was looked for
        words = _("Process %(pid)s, which is not this database, listens on %(socket)s. End it, then try again.")
        raise refusals.SocketTaken(words, pid=pid or "?", socket=places.socket_file(directory))


# Finding it.


def _found(home: Path) -> Server | None:
    """The server on this data, by its note and by what the system knows: a note alone may be left behind."""
    path = home / "postgres"
    try:
        lines = (path / "postmaster.pid").read_text(errors="replace").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return None
    lines += [""] * 8  # a server that has just begun has not written all of them
    pid = int(lines[0]) if lines[0].isdecimal() else 0
    directory = Path(lines[4]) if lines[4] else places.socket_directory(home)
    if not pid or not (_runs(pid, home) or places.listener(directory) == pid):
        return None
    return Server(pid, data.version(path), lines[7].strip() == "ready", path, directory)


def _runs(pid: int, home: Path) -> bool:
    """Whether this process is a server on this data. One that has ended but was not collected names nothing."""
    with contextlib.suppress(OSError):
        return os.fsencode(home / "postgres") in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    return False


def _unreachable(home: Path, role: str, database: str) -> str:
    """Why there is no connection; empty when there is."""
    try:
        _connect(home, role, database).close()
    except psycopg.OperationalError as error:
        return str(error)
    return ""


def _connect(home: Path, role: str, database: str) -> psycopg.Connection[Any]:
    return psycopg.connect(
        host=str(places.socket_directory(home)),
        port=places.PORT,
        user=role,
        dbname=database,
        connect_timeout=CONNECT_SECONDS,
        autocommit=True,
    )


# Starting and stopping it.


def _bring_up(home: Path, user: account.Account) -> None:
    """Wait until the server takes connections; start it first when there is none, again when it ends meanwhile."""
    pid, begun = 0, time.monotonic()
    while why := _missing(home):
        waited = time.monotonic() - begun
        if waited > START_SECONDS or ("FATAL" in why and not COMES_OR_GOES.search(why)):
            raise refusals.of_output(why, home)
        if not (_found(home) or _runs(pid, home)):
            _prepare(home, user) if not pid else _check_worth_repeating(home, waited)
            pid = _launch(home, user)
        time.sleep(PAUSE_SECONDS)


def _missing(home: Path) -> str:
    """Why the owner cannot connect; empty when it can. Raises Elsewhere, SocketTaken."""
    server, here = _found(home), places.socket_directory(home)
    if server is None:
        _check_socket_is_free(home)
    elif server.ready and places.listener(here) != server.pid:
        words = _("The database runs as process %(pid)s, but not on the socket in %(here)s. Stop it, then try again.")
        raise refusals.Elsewhere(words, pid=server.pid, here=here)
    return _unreachable(home, data.OWNER, "postgres")


def _prepare(home: Path, user: account.Account) -> None:
    """Before the first attempt: the programs, a new log, the data, the settings."""
    account.let_reach(user, (places.programs(),))
    for tree in places.wheel():
        account.let_read(user, tree)
    with contextlib.suppress(FileNotFoundError):
        (home / "postgres.log").replace(home / "postgres.log.old")
    data.make(home, user)
    data.write_settings(home, user)


def _check_worth_repeating(home: Path, waited: float) -> None:
    """Raises what ended the server, unless that passes: workers of a killed one that still hold its memory."""
    log = (home / "postgres.log").read_text(errors="replace")
    if "still in use" not in log or waited > ORPHAN_SECONDS:
        raise refusals.of_output(log, home)
    time.sleep(20 * PAUSE_SECONDS)


def _launch(home: Path, user: account.Account) -> int:
    """Start the server as nobody's child, so that it outlives us and is collected when it ends; give its process."""
    socket = places.socket_file(places.socket_directory(home))
    # A note left behind would stop the server when its number has gone to another process. That no other server is
    # on the data is checked by the caller, and once more by the server: shared memory is bound to the directory.
    for left_behind in (home / "postgres" / "postmaster.pid", socket, socket.with_name(f"{socket.name}.lock")):
        left_behind.unlink(missing_ok=True)
    server = [str(places.programs() / "postgres"), "-D", str(home / "postgres")]
    return int(account.run(["/bin/sh", "-c", '"$@" >&2 & echo $!', "sh", *server], user, home))


def _wait_for_end(home: Path, server: Server) -> None:
    deadline = time.monotonic() + STOP_SECONDS
    while _found(home) or _runs(server.pid, home):
        if time.monotonic() > deadline:
            words = _("The database in %(home)s is still writing its data. Wait, then try again.")
            raise refusals.Busy(words, home=home)
        time.sleep(PAUSE_SECONDS)


def _make_names(home: Path) -> None:
    """Make the role and the database unless they are there."""
    role, database = sql.Identifier(APP_ROLE), sql.Identifier(DATABASE)
    with contextlib.closing(_connect(home, data.OWNER, "postgres")) as connection:
        if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [APP_ROLE]).rowcount:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(database))
