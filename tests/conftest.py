"""One real server for the whole run; a fresh copy of its prepared database for every test that asks for one."""

import atexit
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "noren.config.settings")
os.environ["NOREN_LANG"] = "en"
os.environ["PYTHONWARNINGS"] = "ignore"
os.environ.pop("NOREN_DATABASE_URL", None)
# In memory where there is room: a database for each test is hundreds of files that no test needs on a disk. The path
# must be short, because sockets lie below it.
MEMORY, DISK = Path("/dev/shm"), Path("/tmp")  # noqa: S108  (mkdtemp makes folders of its own below)
ROOMY = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 4 << 30
FOLDER = Path(tempfile.mkdtemp(prefix="noren-", dir=MEMORY if ROOMY else DISK))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
os.environ["NOREN_SECRET_KEY"] = "of the tests alone, 0123456789abcdef"
os.environ["NOREN_HOME"] = str(FOLDER / "home")

import django

django.setup()

import psycopg
import pytest
from django.db import connections
from django.test import override_settings
from django.utils import translation
from psycopg import sql

from noren.cli import start
from noren.kit import schema
from noren.programme import actions as programme
from tests import servers
from tests.cast import ENGINEER, NOW

TEMPLATE = "noren_template"
NOREN = [sys.executable, "-m", "noren"]


@dataclass(frozen=True)
class Done:
    """What a command answered."""

    returncode: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Place:
    """A data directory and a database of its own, and how to run `noren` on them."""

    home: Path
    url: str
    server: servers.Server
    database: str
    slice_wallets: int = 200_000

    @property
    def environment(self) -> dict[str, str]:
        own = {"NOREN_DATABASE_URL": self.url} if self.url else {}
        return {**os.environ, "NOREN_HOME": str(self.home), "NOREN_SLICE_WALLETS": str(self.slice_wallets), **own}

    def noren(self, *arguments: object, check: bool = True) -> Done:
        """Run the command in this process, through its front door; the test fails if it fails unexpectedly."""
        out, errors = io.StringIO(), io.StringIO()
        with (
            override_settings(
                NOREN_HOME=self.home, NOREN_DATABASE_URL=self.url, NOREN_SLICE_WALLETS=self.slice_wallets
            ),
            redirect_stdout(out),
            redirect_stderr(errors),
        ):
            done = Done(start.run([str(argument) for argument in arguments]), out.getvalue(), errors.getvalue())
        assert not check or done.returncode == 0, (arguments, done)
        return done

    def alone(self, *arguments: object, check: bool = True, **environment: str) -> Done:
        """Run the command as a user would, in a process of its own."""
        ran = subprocess.run(
            [*NOREN, *map(str, arguments)],
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert not check or ran.returncode == 0, (arguments, ran.stdout, ran.stderr)
        assert "Traceback" not in ran.stderr, ran.stderr
        return Done(ran.returncode, ran.stdout, ran.stderr)


def point_to(server: servers.Server, database: str) -> None:
    """Let Django's connections go to this database: default as the application's role, owner as the owner."""
    for alias in ("default", "owner"):
        connections[alias].close()
        user = "noren_app" if alias == "default" else server.user
        connections[alias].settings_dict.update(NAME=database, HOST=server.host, USER=user, PASSWORD="", PORT="")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with long proofs begin first, so that no process is left alone with one of them at the end."""
    long = {item.path for item in items if item.get_closest_marker("soak")}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(scope="session")
def server() -> Iterator[servers.Server]:
    """A server with a template database: tables made, reference programme loaded."""
    with servers.running(FOLDER / "server") as started:
        with psycopg.connect(started.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {TEMPLATE}")
        point_to(started, TEMPLATE)
        schema.build()
        with psycopg.connect(started.conninfo("postgres"), autocommit=True) as connection:
            connection.execute("ALTER ROLE noren_app LOGIN")
        programme.load(folder=programme.shipped("reference"), used=[], actor=ENGINEER, now=NOW)
        connections.close_all()
        yield started
        connections.close_all()


def copy_database(server: servers.Server, name: str, template: str) -> None:
    """A database of that name like the template, to which nobody may be connected."""
    words = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(words.format(sql.Identifier(name), sql.Identifier(template)))


@contextmanager
def fresh_place(server: servers.Server, home: Path, template: str = TEMPLATE) -> Iterator[Place]:
    """A fresh database and data directory; Django in this process looks at the same database."""
    name = f"t{os.urandom(6).hex()}"
    copy_database(server, name, template)
    point_to(server, name)
    try:
        yield Place(home, server.conninfo(name), server, name)
    finally:
        connections.close_all()
        with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection, suppress(psycopg.Error):
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(autouse=True)
def usual_language() -> Iterator[None]:
    """A page that a test has asked for may leave its language behind, as the next request would not mind."""
    yield
    translation.deactivate()


@pytest.fixture
def place(server: servers.Server, tmp_path: Path) -> Iterator[Place]:
    """A place for this test alone."""
    with fresh_place(server, tmp_path / "home") as made:
        yield made
