"""One real server for the whole run; a fresh copy of its prepared database for every test that asks for one."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "noren.config.settings")
os.environ["NOREN_LANG"] = "en"
os.environ["PYTHONWARNINGS"] = "ignore"
os.environ.pop("NOREN_DATABASE_URL", None)
FOLDER = Path(tempfile.mkdtemp(prefix="noren-", dir="/tmp"))
os.environ["NOREN_HOME"] = str(FOLDER / "home")

import django

django.setup()

import psycopg
import pytest
from django.db import connections
from psycopg import sql

from noren.kit import schema
from noren.programme import actions as programme
from tests import servers
from tests.cast import ENGINEER, NOW

TEMPLATE = "noren_template"
NOREN = [sys.executable, "-m", "noren"]


@dataclass(frozen=True)
class Place:
    """A data directory and a database of its own, and how to run `noren` on them."""

    home: Path
    url: str
    server: servers.Server
    database: str

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "NOREN_HOME": str(self.home), "NOREN_DATABASE_URL": self.url}

    def noren(self, *arguments: object, check: bool = True, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the command as a user would; the test fails if it fails unexpectedly."""
        done = subprocess.run(
            [*NOREN, *map(str, arguments)],
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert not check or done.returncode == 0, (arguments, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr, done.stderr
        return done


def point_to(server: servers.Server, database: str) -> None:
    """Let Django's connections go to this database: default as the application's role, owner as the owner."""
    for alias in ("default", "owner"):
        connections[alias].close()
        user = "noren_app" if alias == "default" else server.user
        connections[alias].settings_dict.update(NAME=database, HOST=server.host, USER=user, PASSWORD="", PORT="")


@pytest.fixture(scope="session")
def server() -> Iterator[servers.Server]:
    """A server with a template database: tables made, reference programme loaded."""
    try:
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
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)


@pytest.fixture
def place(server: servers.Server, tmp_path: Path) -> Iterator[Place]:
    """A fresh database and data directory; Django in this process looks at the same database."""
    name = f"t{os.urandom(6).hex()}"
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(TEMPLATE)))
    point_to(server, name)
    yield Place(tmp_path / "home", server.conninfo(name), server, name)
    connections.close_all()
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection, suppress(psycopg.Error):
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
