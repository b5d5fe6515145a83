"""An import whose process dies leaves all rows of the file or none, and can be given again."""

import random
import time
from pathlib import Path

import psycopg
import pytest

from tests import soak
from tests.conftest import Place
from tests.members.desk import Desk, begin

ROWS = 30_000
BAD = "bad,C9,,mobile,2012-04-01,,,"


@pytest.fixture
def desk(place: Place, tmp_path: Path) -> Desk:
    desk = Desk(place, tmp_path)
    desk.bring("corporations", "C1,,Sample,,corporation")
    return desk


def forgotten(desk: Desk) -> None:
    with psycopg.connect(desk.place.url) as connection:
        connection.execute("DELETE FROM members_line")


def kept(desk: Desk) -> tuple[int, int]:
    """Lines and audit records at one moment: the server may still be at what the process asked for last."""
    with psycopg.connect(desk.place.url) as connection:
        found = connection.execute("SELECT (SELECT count(*) FROM members_line), (SELECT count(*) FROM audit_record)")
        rows, audits = found.fetchone() or (0, 0)
    return rows, audits


@pytest.mark.soak
def test_a_killed_import_leaves_all_rows_or_none(desk: Desk) -> None:
    file = desk.file("lines", *(f"L{number},C1,,mobile,2012-04-01,,," for number in range(ROWS)), BAD)
    process, since = begin(desk.place, "import", "lines", file), time.monotonic()
    process.communicate()
    seconds = time.monotonic() - since
    chance, killed = random.Random(5), 0
    for _round in range(soak.many(3, 30)):
        forgotten(desk)
        _none, audits = kept(desk)
        process = begin(desk.place, "import", "lines", file)
        time.sleep(seconds * 0.8 * chance.random())  # the first one may have taken longer than the others
        killed += process.poll() is None
        process.kill()
        process.communicate()
        assert kept(desk) in ((0, audits), (ROWS, audits + 1))
        done = desk.place.noren("import", "lines", file)
        assert kept(desk)[0] == ROWS
        assert done.stderr == ""
    assert killed


def test_an_import_that_fails_at_the_last_statement_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_values: object) -> None:
        raise OSError(5, "Input/output error")

    before = kept(desk)
    monkeypatch.setattr("noren.audit.actions.record", broken)
    said = desk.refused("import", "lines", desk.file("lines", "L1,C1,,mobile,2012-04-01,,,"))
    assert said == "[system] The system refused: Input/output error\n"
    assert kept(desk) == before
