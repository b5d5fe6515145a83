"""A close that is killed, or whose database is killed, carries on and ends in the same books to the byte."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from django.db import connections

from noren.kit import embedded
from tests import servers, soak
from tests.closing import books, carrier
from tests.closing.carrier import KINDS, Carrier
from tests.conftest import NOREN, Place, point_to

SLICE_WALLETS = 100
"""Many slices in a small month, so that kills fall between and into them."""

POINTS = soak.many(2, 200)
"""How many times something is killed, at random moments."""


@dataclass(frozen=True)
class Undisturbed:
    """How long a close takes that nobody disturbs, and the books it leaves."""

    seconds: float
    books: dict[str, bytes]
    grants: bytes


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Carrier:
    return carrier.make(tmp_path_factory.mktemp("carrier"), corporations=150, lines=2_000)


@pytest.fixture
def own() -> Iterator[Path]:
    """A folder apart from pytest's: another run of it closes those folders to the server's user."""
    with TemporaryDirectory(prefix="noren-", dir="/tmp") as folder:
        yield Path(folder)


def begin(place: Place, made: Carrier) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [*NOREN, "close", "2021-07", "--bills", str(made.bills), "--json"],
        env=place.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def undisturbed(place: Place, made: Carrier) -> Undisturbed:
    since = time.monotonic()
    place.alone("close", "2021-07", "--bills", made.bills)
    seconds = time.monotonic() - since
    return Undisturbed(seconds, books.of(place.url), exported(place))


def exported(place: Place) -> bytes:
    out = place.home / "grants.csv"
    place.noren("export", "grants", "2021-07", "--out", out)
    return out.read_bytes()


def moments(seconds: float, seed: int) -> Iterator[float]:
    """Random moments from the start of the command to its end, the later part, where posting is, more often."""
    chance = random.Random(seed)
    for _round in range(POINTS):
        yield seconds * (1 - 0.85 * chance.random() ** 1.5)


@dataclass
class Fresh:
    """A place that is set back to `lines imported, nothing closed` for every round."""

    place: Place
    number: int = 0

    def again(self) -> Place:
        connections.close_all()
        self.number += 1
        name = f"{self.place.database}_{self.number}"
        with psycopg.connect(self.place.server.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{self.place.database}_{self.number - 1}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{self.place.database}"')
        point_to(self.place.server, name)
        home = self.place.home / str(self.number)
        return Place(home, self.place.server.conninfo(name), self.place.server, name, SLICE_WALLETS)


@pytest.mark.soak
def test_a_killed_close_ends_in_the_same_books(place: Place, made: Carrier) -> None:
    for kind in KINDS:
        place.noren("import", kind, made.file(kind))
    connections.close_all()
    fresh = Fresh(place)
    first = fresh.again()
    reference = undisturbed(first, made)
    killed = 0
    for moment in moments(reference.seconds, seed=1):
        here = fresh.again()
        process = begin(here, made)
        time.sleep(moment)
        killed += process.poll() is None
        process.kill()
        process.communicate()
        here.noren("close", "2021-07", "--bills", made.bills)
        assert books.of(here.url) == reference.books, moment
        assert exported(here) == reference.grants, moment
        here.noren("verify")
    assert killed >= max(1, POINTS // 3)


@pytest.mark.soak
@pytest.mark.skipif(servers.WHICH != "embedded", reason="it is the embedded server that noren starts again")
def test_a_killed_database_comes_back_and_the_books_are_the_same(made: Carrier, own: Path) -> None:
    home = own / "home"
    place = Place(
        home, "", servers.Server(str(embedded.socket_directory(home)), embedded.OWNER), embedded.DATABASE, SLICE_WALLETS
    )
    try:
        place.alone("init")
        reference = _closed_once(place, made)
        for moment in moments(reference.seconds, seed=2):
            _set_back(place)
            process = begin(place, made)
            time.sleep(moment)
            server = embedded.status(home)
            assert server is not None
            os.kill(server.pid, signal.SIGKILL)
            _out, errors = process.communicate(timeout=120)
            assert b"Traceback" not in errors, errors
            place.alone("close", "2021-07", "--bills", made.bills)
            assert books.of(place.server.conninfo("noren")) == reference.books, moment
            place.alone("verify")
    finally:
        embedded.stop(home)


def _closed_once(place: Place, made: Carrier) -> Undisturbed:
    for kind in KINDS:
        place.alone("import", kind, made.file(kind))
    with psycopg.connect(place.server.conninfo("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE before_close TEMPLATE noren")
    since = time.monotonic()
    place.alone("close", "2021-07", "--bills", made.bills)
    return Undisturbed(time.monotonic() - since, books.of(place.server.conninfo("noren")), b"")


def _set_back(place: Place) -> None:
    with psycopg.connect(place.server.conninfo("postgres"), autocommit=True) as connection:
        connection.execute("DROP DATABASE noren WITH (FORCE)")
        connection.execute("CREATE DATABASE noren TEMPLATE before_close")


def test_of_two_closes_at_once_one_runs_and_the_other_says_so(place: Place, made: Carrier) -> None:
    for kind in KINDS:
        place.noren("import", kind, made.file(kind))
    both = [begin(place, made) for _ in range(2)]
    said = [process.communicate(timeout=120)[1] for process in both]
    assert sorted(process.returncode for process in both) == [0, 1]
    assert any(text.startswith(b"[close.already_running]") for text in said)
    place.noren("verify")
