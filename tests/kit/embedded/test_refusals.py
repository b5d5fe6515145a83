"""The embedded database says no: what is in its way, and what to do about it."""

import contextlib
import os
import resource
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from noren.kit import embedded
from noren.kit.embedded import account, places
from tests.kit.embedded.servers import (
    MB,
    START_AND_TELL,
    as_server_user,
    ask,
    do,
    refusal,
    server_of,
    stopped_after,
)


def test_data_of_another_version(home: Path) -> None:
    embedded.start(home)
    embedded.stop(home)
    (home / "postgres" / "PG_VERSION").write_text("15\n")
    assert "15" in refusal(home, embedded.OtherVersion)


def test_a_directory_that_is_not_a_database(home: Path) -> None:
    (home / "postgres").mkdir(parents=True)
    (home / "postgres" / "letter.txt").write_text("dear")
    account.give(home / "postgres", account.of_server())
    assert str(home / "postgres") in refusal(home, embedded.NotOurs)
    assert (home / "postgres" / "letter.txt").read_text() == "dear"


def test_a_directory_of_somebody_else(home: Path) -> None:
    home.mkdir()
    (home / "postgres").symlink_to("/etc")
    assert "root" in refusal(home, embedded.NotOurs)


def test_an_empty_directory_is_filled(home: Path) -> None:
    (home / "postgres").mkdir(parents=True)
    embedded.start(home)
    assert ask(home, "SELECT 1") == 1


def test_a_file_in_the_place_of_the_home(home: Path) -> None:
    home.write_text("a file")
    assert str(home) in refusal(home, embedded.NotOurs)
    assert str(home) in refusal(home / "below", embedded.NotOurs)
    assert embedded.stop(home) is False


def test_a_place_where_nothing_may_be_made() -> None:
    assert "/sys/noren" in refusal(Path("/sys/noren"), embedded.NotPermitted)


def test_a_socket_directory_of_somebody_else(home: Path) -> None:
    home.mkdir()
    embedded.socket_directory(home).symlink_to(home)
    assert "postgres-socket" in refusal(home, embedded.NotOurs)


def test_a_socket_that_something_else_listens_on(home: Path) -> None:
    embedded.start(home)
    embedded.stop(home)
    embedded.socket_directory(home).mkdir()
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(embedded.socket_directory(home) / ".s.PGSQL.5432"))
        other.listen()
        assert str(os.getpid()) in refusal(home, embedded.SocketTaken)


def test_a_server_with_another_socket(home: Path, tmp_path: Path) -> None:
    embedded.start(home)
    embedded.stop(home)
    with contextlib.ExitStack() as stack:
        other = Path("/tmp") / f"noren-test-{os.getpid()}"  # noqa: S108
        other.mkdir()
        account.give(other, account.of_server())
        stack.callback(other.rmdir)
        command = [places.programs() / "pg_ctl", "-D", home / "postgres", "-o", f"-k {other}", "-w", "start"]
        subprocess.run(
            [str(word) for word in command], check=True, cwd="/", stdout=subprocess.DEVNULL, **as_server_user()
        )
        pid = server_of(home).pid
        assert str(pid) in refusal(home, embedded.Elsewhere)
        assert embedded.stop(home) is True
    assert not tmp_path.joinpath("home/postgres/postmaster.pid").exists()


def test_settings_the_server_does_not_understand(home: Path) -> None:
    embedded.start(home)
    embedded.stop(home)
    with (home / "postgres" / "postgresql.conf").open("a") as file:
        file.write("shared_buffers = plenty\n")
    words = refusal(home, embedded.WillNotStart)
    assert "shared_buffers" in words
    assert "postgres.log" in words


@contextlib.contextmanager
def disk_of(megabytes: int, folder: Path) -> Iterator[bool]:
    """Whether a disk of this size could be mounted on the folder: only root may."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    mounted = subprocess.run(mount, check=False, capture_output=True).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", folder], check=True)


def answer_without_room(home: Path, *, room: int) -> str:
    """What a start says when no file may grow beyond so many bytes: a full disk for those who cannot mount one."""
    done = subprocess.run(
        [sys.executable, "-c", START_AND_TELL, home],
        check=True,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
    )
    return done.stdout


def fill(disk: Path) -> None:
    with contextlib.suppress(OSError), (disk / "filler").open("ab", buffering=0) as filler:
        while filler.write(b"x" * 4096):
            pass


def test_a_disk_that_is_full_at_the_first_start(home: Path, tmp_path: Path) -> None:
    with disk_of(20, tmp_path) as mounted:
        if mounted:
            assert str(home) in refusal(home, embedded.NoSpace)
        else:
            assert answer_without_room(home, room=MB).startswith("database.no_space ")
        assert not (home / "postgres").exists()
        assert not (home / "postgres.part").exists()


def test_a_disk_that_is_full_at_a_later_start(tmp_path: Path) -> None:
    with disk_of(200, tmp_path) as mounted, stopped_after(tmp_path / "home") as home:
        embedded.start(home)
        do(home, "CREATE TABLE kept AS SELECT 7 AS n")
        embedded.stop(home)
        if mounted:
            fill(tmp_path)
            assert str(home) in refusal(home, embedded.NoSpace)
            for path in ("postgres/noren.conf", "postgres.log", "postgres.log.old"):
                (home / path).unlink()
            fill(tmp_path)
            assert str(home) in refusal(home, embedded.NoSpace)
            (tmp_path / "filler").unlink()
        else:
            assert answer_without_room(home, room=0).startswith("database.no_space ")
        embedded.start(home)
        assert ask(home, "SELECT n FROM kept") == 7
