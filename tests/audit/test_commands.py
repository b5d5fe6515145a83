"""`noren audit …` as an operator types it, and the sealing that needs no command."""

import csv
import json
import time
from pathlib import Path

import pytest

from noren.audit import actions, queries
from tests.audit import books
from tests.conftest import Place
from tests.members.desk import Desk
from tests.site import running


@pytest.fixture
def desk(place: Place, tmp_path: Path) -> Desk:
    return Desk(place, tmp_path)


def test_a_command_links_what_it_has_written(desk: Desk) -> None:
    desk.bring("corporations", "C1,,Kita,,corporation")
    assert len(books.chain(desk.place)) == 3
    assert desk.place.noren("audit", "verify").stdout.startswith("The chain of 3 links is whole.\nHead: 3:")


def test_a_head_is_noted_and_asked_for_later(desk: Desk) -> None:
    noted = desk.place.noren("audit", "head").stdout.strip()
    assert noted == str(queries.head())
    desk.bring("corporations", "C1,,Kita,,corporation")
    desk.place.noren("audit", "verify", "--head", noted)
    done = desk.place.noren("audit", "verify", "--head", f"1:{'ab' * 32}", "--json", check=False)
    told = json.loads(done.stdout)
    assert (done.returncode, told["ok"], told["links"], told["waiting"]) == (1, False, 3, 0)
    assert told["findings"] == [{"code": "audit.head", "count": 1, "rows": [{"noted": f"1:{'ab' * 32}"}]}]


@pytest.mark.parametrize("head", ["1", "x:00", "1:", "1:abc", f"-1:{'ab' * 32}", f"1:{'zz' * 32}"])
def test_a_head_that_is_none_is_refused(place: Place, head: str) -> None:
    done = place.noren("audit", "verify", "--head", head, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"“{head}” is not a head. Write it as NUMBER:HASH" in done.stderr


def test_a_change_is_told_with_its_row_and_exit_code(desk: Desk) -> None:
    desk.bring("corporations", "C1,,Kita,,corporation")
    with books.tampered(desk.place, "UPDATE audit_record SET actor = 'nobody' WHERE act = 'corporations.import'"):
        done = desk.place.noren("audit", "verify", check=False)
    assert done.returncode == 1
    assert done.stdout.startswith(
        "[audit.altered] a row, its link or their order was changed: 1 rows at fault\n  number=3, "
    )


def test_what_nobody_linked_is_told_and_linked(place: Place) -> None:
    actions.seal()
    books.write(150)
    done = place.noren("audit", "verify", "--json", check=False)
    [finding] = json.loads(done.stdout)["findings"]
    assert (done.returncode, finding["code"], finding["count"], len(finding["rows"])) == (1, "audit.unlinked", 150, 100)
    assert place.noren("audit", "seal").stdout.startswith("150 rows linked. Head: 152:")
    place.noren("audit", "verify")


def test_rows_are_shown_by_what_is_asked(desk: Desk) -> None:
    desk.bring("corporations", "C1,,Kita,,corporation")
    books.write(6)
    told = json.loads(desk.place.noren("audit", "show", "--act", "account", "--scope", "C1", "--json").stdout)
    assert [row["subject"] for row in told] == ["a4", "a1"]
    assert told[0]["after"] == {"state": "locked", "n": 4}
    shown = desk.place.noren("audit", "show", "--subject", "a5", "--actor", "staff:hanako").stdout
    assert ("a5" in shown, "Account locked" in shown, "a4" in shown) == (True, True, False)
    assert json.loads(desk.place.noren("audit", "show", "--until", "2021-08-10", "--json").stdout) == []
    since = desk.place.noren("audit", "show", "--since", "2021-08-10", "--until", "2021-08-11", "--json").stdout
    assert len(json.loads(since)) == 8
    assert len(json.loads(desk.place.noren("audit", "show", "--limit", "2", "--json").stdout)) == 2


def test_every_row_is_written_to_a_file(desk: Desk) -> None:
    books.write(300)
    books.write(1, first=900, now=books.LATER)
    out = desk.folder / "audit.csv"
    assert "301 rows written" in desk.place.noren("audit", "show", "--act", "account", "--csv", out).stdout
    text = out.read_text(encoding="utf-8")
    assert text.startswith("\ufeffTime,")
    rows = list(csv.DictReader(text.removeprefix("\ufeff").splitlines()))
    assert (len(rows), rows[0]["Subject"], rows[0]["Meaning"]) == (301, "a900", "Account locked")
    assert json.loads(rows[0]["After"]) == {"state": "locked", "n": 900}


def test_the_server_links_what_is_written_within_seconds(place: Place) -> None:
    with running(place):
        books.write(20)
        until = time.monotonic() + 10
        while len(books.chain(place)) < 22 and time.monotonic() < until:
            time.sleep(0.1)
        assert len(books.chain(place)) == 22
    assert books.found() == {}
