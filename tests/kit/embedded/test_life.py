"""The embedded database runs, stops, comes back, and lives wherever its home is."""

import contextlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest

from noren.kit import embedded
from noren.kit.embedded import account, places
from tests.kit.embedded.servers import (
    MB,
    START,
    as_server_user,
    ask,
    connect,
    do,
    processes_on,
    server_of,
    stopped_after,
)

# It runs.


def test_a_second_start_finds_the_server(running: Path) -> None:
    before = server_of(running)
    embedded.start(running)
    assert server_of(running) == before
    assert before.version == "18"
    assert before.data_directory == running / "postgres"
    assert before.socket_directory == embedded.socket_directory(running)
    assert processes_on(running) == [before.pid]


def test_a_home_reached_by_a_link_is_the_same_home(running: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(running)
    before = server_of(running)
    embedded.start(tmp_path / "link")
    assert server_of(tmp_path / "link") == before


def test_settings_are_those_of_this_machine(running: Path) -> None:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MB
    query = "SELECT setting::bigint * CASE unit WHEN '8kB' THEN 8192 WHEN 'kB' THEN 1024 WHEN 'MB' THEN 1048576 END / 1048576"
    sizes = {
        name: ask(running, f"{query} FROM pg_settings WHERE name = '{name}'")
        for name in ("shared_buffers", "effective_cache_size", "work_mem", "maintenance_work_mem")
    }
    assert 128 <= sizes["shared_buffers"] <= max(128, min(4096, memory // 8))
    assert sizes["shared_buffers"] < sizes["effective_cache_size"] <= max(256, memory // 2)
    assert 8 <= sizes["work_mem"] <= 64 <= sizes["maintenance_work_mem"] <= 1024
    words = {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "jit": "off",
        "random_page_cost": "1.1",
        "listen_addresses": "",
        "dynamic_shared_memory_type": "sysv",
        "server_encoding": "UTF8",
        "TimeZone": "UTC",
        "data_checksums": "on",
    }
    assert {name: ask(running, f"SHOW {name}") for name in words} == words
    assert int(ask(running, "SHOW max_connections")) >= 100
    assert ask(running, "SELECT count(*) FROM pg_file_settings WHERE error IS NOT NULL") == 0


def test_text_is_sorted_the_same_on_every_system(running: Path) -> None:
    assert (
        ask(running, "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'noren'") == "bC.UTF-8"
    )
    assert ask(running, "SELECT upper('éa会')") == "ÉA会"


def test_the_applications_role_has_no_rights_of_its_own(running: Path) -> None:
    rights = "rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls"
    assert ask(running, "SELECT current_user", embedded.APP_ROLE) == embedded.APP_ROLE
    assert ask(running, f"SELECT {rights} FROM pg_roles WHERE rolname = current_user", embedded.APP_ROLE) is False
    with contextlib.closing(connect(running, embedded.APP_ROLE)) as connection, pytest.raises(psycopg.Error) as no:
        connection.execute("CREATE TABLE public.mine (id int)")
    assert no.value.sqlstate == "42501"


def test_nobody_else_reaches_the_data_or_the_socket(running: Path) -> None:
    for directory in (running / "postgres", embedded.socket_directory(running)):
        assert not directory.stat().st_mode & 0o077
    for directory in (running, running.parent):
        assert not directory.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH | stat.S_IXOTH), directory


def test_a_role_or_database_that_was_not_made_yet_is_made_by_the_next_start(home: Path) -> None:
    embedded.start(home)
    host = str(embedded.socket_directory(home))
    with contextlib.closing(psycopg.connect(host=host, user="noren", dbname="postgres", autocommit=True)) as connection:
        connection.execute("DROP DATABASE noren")
        connection.execute("DROP ROLE noren_app")
    embedded.start(home)
    assert ask(home, "SELECT 1", embedded.APP_ROLE) == 1


def test_new_settings_reach_an_old_home(home: Path) -> None:
    embedded.start(home)
    embedded.stop(home)
    (home / "postgres" / "noren.conf").write_text("jit = on\n")
    embedded.start(home)
    assert ask(home, "SHOW jit") == "off"


def test_two_processes_starting_at_once_have_one_server(home: Path) -> None:
    starts = [subprocess.Popen([sys.executable, "-c", START, home]) for _ in range(3)]
    assert [one.wait(60) for one in starts] == [0, 0, 0]
    assert processes_on(home) == [server_of(home).pid]


def test_the_server_outlives_its_starter_and_the_terminals_ctrl_c(home: Path) -> None:
    script = f"{START}; print('up', flush=True); import time; time.sleep(60)"
    starter = subprocess.Popen(
        [sys.executable, "-c", script, home],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    with starter:
        assert starter.stdout is not None
        assert starter.stdout.readline() == b"up\n"
        pid = server_of(home).pid
        assert os.getsid(pid) not in (os.getsid(0), os.getsid(starter.pid))
        os.killpg(starter.pid, signal.SIGINT)
        starter.wait(30)
    embedded.start(home)
    assert server_of(home).pid == pid


# It stops.


def test_stop_ends_the_server_and_says_whether_there_was_one(home: Path) -> None:
    assert embedded.stop(home) is False
    assert not home.exists()
    embedded.start(home)
    with contextlib.closing(connect(home)) as connection:
        connection.execute("SELECT 1")
        assert embedded.stop(home) is True
    assert processes_on(home) == []
    assert embedded.status(home) is None
    assert embedded.stop(home) is False


# It comes back.


def test_a_killed_server_is_started_again_with_all_that_was_committed(home: Path) -> None:
    embedded.start(home)
    do(home, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    busy = connect(home)  # a worker that notices the death of its server only when its statement ends

    def work() -> None:
        with contextlib.suppress(psycopg.Error):
            busy.execute("SELECT count(*) FROM generate_series(1, 4000) a, generate_series(1, 4000) b")

    thread = threading.Thread(target=work)
    thread.start()
    while not ask(home, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT count(*) FROM gen%'"):
        pass
    killed = server_of(home).pid
    os.kill(killed, signal.SIGKILL)
    embedded.start(home)
    thread.join()
    busy.close()
    assert server_of(home).pid != killed
    assert ask(home, "SELECT sum(n) FROM kept") == 500500


@pytest.mark.parametrize("note", ["whole", "half", "empty", "ours"])
def test_what_a_crash_leaves_behind_stops_nobody(home: Path, note: str) -> None:
    embedded.start(home)
    written = (home / "postgres" / "postmaster.pid").read_text().splitlines(keepends=True)
    embedded.stop(home)
    with subprocess.Popen(["/bin/sleep", "600"], cwd="/", **as_server_user()) as stranger:
        try:
            number = os.getpid() if note == "ours" else stranger.pid
            text = {"half": f"{number}"[:-1], "empty": ""}.get(note, "".join([f"{number}\n", *written[1:]]))
            embedded.socket_directory(home).mkdir(mode=0o700)
            lock = embedded.socket_directory(home) / ".s.PGSQL.5432.lock"
            for path in (home / "postgres" / "postmaster.pid", lock):
                path.write_text(text)
                account.give(path, account.of_server())
            (home / "postgres.lock").write_text(f"{number}\n")
            (home / "postgres.part").mkdir()
            assert embedded.status(home) is None
            assert embedded.stop(home) is False
            embedded.start(home)
            assert ask(home, "SELECT 1") == 1
            assert stranger.poll() is None
        finally:
            stranger.kill()
    assert processes_on(home) == [server_of(home).pid]


def test_a_start_that_was_interrupted_is_done_again(home: Path) -> None:
    (home / "postgres.part" / "base").mkdir(parents=True)
    (home / "postgres.part" / "PG_VERSION").write_text("18\n")
    embedded.start(home)
    assert ask(home, "SELECT 1") == 1
    assert not (home / "postgres.part").exists()


# Where it lives.


@pytest.mark.parametrize("name", ["x" * 200, "会員" * 30, 'it\'s, "a" $HOME\\n `id` %s {}'])
def test_any_path_may_be_a_home(tmp_path: Path, name: str) -> None:
    with stopped_after(tmp_path / name / "home") as home:
        directory = embedded.socket_directory(home)
        assert directory.parent == Path("/tmp")  # noqa: S108
        assert directory == embedded.socket_directory(home)
        assert directory != embedded.socket_directory(home.with_name("another"))
        embedded.start(home)
        assert ask(home, "SELECT 1", embedded.APP_ROLE) == 1
        assert not directory.stat().st_mode & 0o077
        assert embedded.stop(home) is True
        assert not directory.exists()


def test_the_longest_path_that_fits_keeps_the_socket_at_home() -> None:
    name = "/.s.PGSQL.5432"
    fits = Path("/" + "x" * (107 - len(name) - len("//postgres-socket")))
    assert embedded.socket_directory(fits) == fits / "postgres-socket"
    assert len(f"{fits}/postgres-socket{name}") == 107
    assert embedded.socket_directory(Path(f"{fits}x")).parent == Path("/tmp")  # noqa: S108


def test_a_home_below_closed_directories_works_and_stays_closed(tmp_path: Path) -> None:
    shut = tmp_path / "shut"
    shut.mkdir(mode=0o700)
    with stopped_after(shut / "home") as home:
        embedded.start(home)
        assert ask(home, "SELECT 1") == 1
    assert not shut.stat().st_mode & 0o067


def test_a_wheel_that_was_installed_for_its_owner_alone_works(tmp_path: Path, home: Path) -> None:
    closed = tmp_path / "packages"
    for tree in places.wheel():
        shutil.copytree(tree, closed / tree.name, symlinks=True)
    subprocess.run(["chmod", "-R", "go-rwx", closed], check=True)
    search = os.pathsep.join([str(closed), os.environ.get("PYTHONPATH", "")])
    subprocess.run([sys.executable, "-c", START, home], check=True, env={**os.environ, "PYTHONPATH": search})
    assert str(closed).encode() in Path(f"/proc/{server_of(home).pid}/cmdline").read_bytes()
    assert not closed.stat().st_mode & 0o067
