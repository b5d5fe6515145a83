"""Exit codes, `status`, `stop`, `verify`, settings that are wrong, files that are none, Japanese output."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import psycopg
import pytest
from django.db import connections

from noren.kit import embedded
from tests import servers
from tests.conftest import NOREN, Done, Place, point_to
from tests.members.desk import Desk

JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")


@pytest.fixture
def desk(place: Place, tmp_path: Path) -> Desk:
    desk = Desk(place, tmp_path)
    desk.bring("corporations", "C1,,Sample,,corporation")
    desk.bring("lines", "L1,C1,,mobile,2012-04-01,,2021-07-01,")
    return desk


@pytest.fixture
def empty(server: servers.Server, tmp_path: Path) -> Iterator[Place]:
    """A database of one's own without any table."""
    name = f"e{os.urandom(6).hex()}"
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        point_to(server, name)
        yield Place(tmp_path / "home", server.conninfo(name), server, name)
        connections.close_all()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def refusal(done: Done) -> str:
    """The code of the one line that a refused command says."""
    assert (done.returncode, done.stdout) == (1, ""), done
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr[1:].partition("]")[0]


# ── before `noren init` ──────────────────────────────────────────────────────────────────────────────────────

NEEDING = (
    ("import", "lines", "lines.csv"),
    ("close", "2021-07"),
    ("expire", "--as-of", "2021-07-01"),
    ("explain", "L1", "2021-07"),
    ("history", "L1"),
    ("verify",),
    ("export", "balances", "--out", "b.csv"),
    ("programme", "list"),
    ("programme", "load", "programmes/reference"),
)


def test_before_init_every_command_says_so_and_makes_nothing(tmp_path: Path) -> None:
    place = Place(tmp_path / "home", "", servers.Server("", ""), "")
    for command in NEEDING:
        done = place.noren(*command, check=False)
        assert refusal(done) == "database.not_initialised", command
        assert "noren init" in done.stderr
    assert json.loads(place.noren("status", "--json").stdout)["running"] is False
    assert place.noren("stop").returncode == 0
    assert not place.home.exists()


def test_a_database_of_ones_own_without_tables_is_told_too(empty: Place) -> None:
    for command in (("verify",), ("close", "2021-07"), ("programme", "list")):
        assert refusal(empty.noren(*command, check=False)) == "database.not_initialised"
    empty.noren("init")
    shown = empty.noren("init").stdout
    assert "reference/2000-04-01, reference/2021-07-01" in shown
    empty.noren("verify")


# ── look and stop ────────────────────────────────────────────────────────────────────────────────────────────


def test_status_of_a_database_of_ones_own(place: Place) -> None:
    assert json.loads(place.noren("status", "--json").stdout) == {
        "home": str(place.home),
        "database": "own",
        "running": True,
        "pid": None,
        "socket": None,
    }
    assert str(place.home) in place.noren("status").stdout


@pytest.mark.skipif(servers.WHICH != "embedded", reason="it is about the embedded server")
def test_the_embedded_database_is_made_shown_stopped_and_started_again() -> None:
    # Not below pytest's folder: a second run of pytest takes the server's user the way to it.
    folder = Path(tempfile.mkdtemp(prefix="noren-", dir="/tmp"))
    place = Place(folder / "home", "", servers.Server("", ""), "")
    try:
        assert str(place.home) in place.alone("init").stdout
        status = json.loads(place.alone("status", "--json").stdout)
        assert (status["database"], status["running"]) == ("embedded", True)
        os.kill(status["pid"], 0)
        assert Path(status["socket"]).is_dir()
        place.alone("stop")
        assert json.loads(place.alone("status", "--json").stdout)["running"] is False
        assert place.alone("verify").stdout == "The books balance.\n"
    finally:
        embedded.stop(place.home)
        shutil.rmtree(folder)


def test_verify_tells_the_rows_at_fault_and_fails(desk: Desk) -> None:
    desk.close("2021-07", "a,2021-07,L1,,call,1000")
    assert json.loads(desk.place.noren("verify", "--json").stdout)["findings"] == []
    with psycopg.connect(desk.place.url) as connection:
        connection.execute("UPDATE points_wallet SET points = points + 1")
    done = desk.place.noren("verify", "--json", check=False)
    answer = json.loads(done.stdout)
    assert (done.returncode, done.stderr, answer["ok"]) == (1, "", False)
    codes = {finding["code"] for finding in answer["findings"]}
    assert {"points.wallet_not_its_entries", "points.wallet_not_its_lots"} <= codes
    assert all(len(finding["rows"]) == 1 for finding in answer["findings"])
    told = desk.place.noren("verify", check=False)
    assert told.returncode == 1
    assert all(f"[{code}]" in told.stdout for code in codes)


# ── settings ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"NOREN_DATABASE_URL": "postgresql://db.example:port/noren?what"}, "database URL"),
        ({"NOREN_DATABASE_URL": "the usual one"}, "database URL"),
        ({"NOREN_APP_DATABASE_URL": "nonsense", "NOREN_DATABASE_URL": "dbname=noren"}, "database URL"),
        ({"NOREN_APP_DATABASE_URL": "dbname=noren"}, "NOREN_APP_DATABASE_URL"),
        ({"NOREN_SLICE_WALLETS": "0"}, "NOREN_SLICE_WALLETS"),
        ({"NOREN_SLICE_WALLETS": "-5"}, "NOREN_SLICE_WALLETS"),
        ({"NOREN_SLICE_WALLETS": "many"}, "NOREN_SLICE_WALLETS"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named(tmp_path: Path, settings: dict[str, str], named: str) -> None:
    place = Place(tmp_path / "home", "", servers.Server("", ""), "")
    done = place.alone("status", check=False, **settings)
    assert refusal(done) == "setting"
    assert named in done.stderr


def test_a_database_that_cannot_be_reached_is_told(tmp_path: Path) -> None:
    place = Place(tmp_path / "home", f"host={tmp_path} dbname=noren", servers.Server("", ""), "")
    assert refusal(place.alone("verify", check=False)) == "database.gone"


def test_the_application_may_have_a_login_of_its_own(empty: Place, tmp_path: Path) -> None:
    """Everything but `init` runs as that login, and the owner's name is not even used."""
    with psycopg.connect(empty.server.conninfo("postgres"), autocommit=True) as connection:
        connection.execute("CREATE ROLE noren_worker LOGIN")
        connection.execute("GRANT noren_app TO noren_worker")
    try:
        _closed_as_worker(empty, tmp_path)
    finally:
        with psycopg.connect(empty.server.conninfo("postgres"), autocommit=True) as connection:
            connection.execute("DROP ROLE noren_worker")


def _closed_as_worker(place: Place, folder: Path) -> None:
    worker = place.server.conninfo(place.database, "noren_worker")
    owner = place.server.conninfo(place.database, "nobody_such")
    desk = Desk(place, folder)
    place.alone("init", NOREN_APP_DATABASE_URL=worker)
    urls = {"NOREN_DATABASE_URL": owner, "NOREN_APP_DATABASE_URL": worker}
    place.alone("import", "corporations", desk.file("corporations", "C1,,Sample,,corporation"), check=True, **urls)
    place.alone("import", "lines", desk.file("lines", "L1,C1,,mobile,2012-04-01,,2021-07-01,"), check=True, **urls)
    bills = desk.file("bills", "a,2021-07,L1,,call,1000")
    place.alone("close", "2021-07", "--bills", bills, check=True, **urls)
    assert place.alone("verify", check=True, **urls).stdout == "The books balance.\n"
    assert desk.stored("points_wallet", "owner_id, points") == [("L1", 15)]
    with psycopg.connect(worker) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("UPDATE points_posting SET points = 0")


# ── files that are not what they say ─────────────────────────────────────────────────────────────────────────


def wrong_files(folder: Path) -> dict[Path, str]:
    """Files and the code with which each is refused."""
    whole = folder / "whole.parquet"
    duckdb.execute(f"COPY (SELECT range AS line_id, hash(range) AS x FROM range(5000)) TO '{whole}'")
    contents = {
        "book.xlsx": (b"PK\x03\x04 a book", "file.binary"),
        "picture.csv": (b"\x89PNG\r\n\x1a\n\0\0", "file.binary"),
        "program": (b"\x7fELF\2\1\1\0", "file.binary"),
        "wide.csv": ("line_id,corporation_id\n".encode("utf-16"), "file.encoding"),
        "cut.parquet": (whole.read_bytes()[:9_000], "file.parquet"),
        "other.parquet": (whole.read_bytes(), "file.header"),
        "empty.csv": (b"", "file.empty"),
        "blank.csv": (b"\n\n", "file.empty"),
        "header.csv": (b"line_id;corporation_id\n1;2\n", "file.header"),
        "letter.csv": (b"Dear Sir,\nplease find enclosed\n", "file.header"),
    }
    for name, (content, _code) in contents.items():
        (folder / name).write_bytes(content)
    told = {folder / name: code for name, (_content, code) in contents.items()}
    # The kernel lets nobody read this one from its beginning, not even root.
    return {
        **told,
        folder: "file.unreadable",
        Path("/proc/self/mem"): "file.unreadable",
        folder / "no": "file.not_found",
    }


def test_a_file_that_is_not_what_it_says_is_refused_with_one_line(desk: Desk) -> None:
    for path, code in wrong_files(desk.folder).items():
        for command in (("import", "lines", path), ("close", "2021-07", "--bills", path)):
            done = desk.place.noren(*command, check=False)
            assert refusal(done) == code, (command, done)
            assert path.name in done.stderr
    assert len(desk.stored("members_line")) == 1
    assert desk.stored("billing_intake", "number") == []
    assert not (desk.place.home / "rejects").exists()
    desk.close("2021-07", "a,2021-07,L1,,call,1000")


def test_an_export_that_cannot_be_written_is_told(desk: Desk) -> None:
    for out in (desk.folder / "lines.csv" / "b.csv", Path("/proc/b.csv")):
        done = desk.place.noren("export", "balances", "--out", out, check=False)
        assert refusal(done) == "file.not_writable"
    assert refusal(desk.place.noren("export", "balances", "--out", "b.txt", check=False)) == "export.format"


# ── language, pipes ──────────────────────────────────────────────────────────────────────────────────────────


def test_in_japanese_the_words_change_and_the_codes_and_keys_do_not(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bills = desk.file("bills", "a,2021-07,L1,,call,1000", "b,2021-07,L9,,call,1000")
    keys = {}
    for language in ("en", "ja"):
        monkeypatch.setenv("NOREN_LANG", language)
        shown = [desk.place.noren(*command).stdout for command in (
            ("close", "2021-07", "--bills", bills),
            ("explain", "L1", "2021-07"),
            ("history", "L1"),
            ("verify",),
            ("programme", "list"),
            ("import", "lines", desk.file("lines", ",C1,,mobile,2012-04-01,,,")),
        )]  # fmt: skip
        titles = "ビジネス" if language == "en" else "$"
        assert [bool(JAPANESE.search(text.replace(titles, ""))) for text in shown] == [language == "ja"] * len(shown)
        keys[language] = list(json.loads(desk.place.noren("explain", "L1", "2021-07", "--json").stdout))
        told = desk.place.noren("history", "nobody", check=False)
        assert refusal(told) == "member.unknown"
        assert bool(JAPANESE.search(told.stderr)) == (language == "ja")
    assert keys["en"] == keys["ja"]


@pytest.mark.parametrize("command", [("history", "L1"), ("explain", "L1", "2021-07", "--json")])
def test_a_reader_that_has_gone_away_is_no_error_to_speak_of(desk: Desk, command: tuple[str, ...]) -> None:
    desk.close("2021-07", "a,2021-07,L1,,call,1000")
    process = subprocess.Popen(
        [*NOREN, *command], env=desk.place.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    assert process.communicate(timeout=60)[1] == b""
