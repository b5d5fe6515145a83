"""Ctrl-C: exit code 130, one clear line, no traceback; the next close carries on and the books are the same."""

import random
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from noren import cli
from tests import soak
from tests.closing import books
from tests.conftest import Place
from tests.members.desk import ENDED, Desk, begin

LINES, ITEMS = 10_000, 100_000
ROUNDS = soak.many(3, 100)
STOPPED = "Stopped. Nothing half-done stays; give the same command again to carry on.\n"


@pytest.fixture
def desk(place: Place, tmp_path: Path) -> Desk:
    desk = Desk(replace(place, slice_wallets=500), tmp_path)
    desk.bring("corporations", "C1,,Sample,,corporation")
    return desk


def interrupted(place: Place, after: float, *command: object) -> tuple[int, str, str]:
    """Press Ctrl-C so many seconds after the command is at work."""
    process = begin(place, *command)
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=120)
    return process.returncode, out, errors


@pytest.mark.soak
def test_a_close_that_is_stopped_says_so_and_carries_on(desk: Desk) -> None:
    desk.bring("lines", *(f"L{number},C1,,mobile,2012-04-01,,2021-07-01," for number in range(LINES)))
    bills = desk.file("bills", *(f"i{number},2021-07,L{number % LINES},,call,1000" for number in range(ITEMS)))
    command = ("close", "2021-07", "--bills", bills)
    chance, stopped = random.Random(11), 0
    for _round in range(ROUNDS):
        status, out, errors = interrupted(desk.place, 0.8 * chance.random(), *command)
        if out:
            # It had ended, and was telling so, or only Python was still on its way out.
            assert errors in ("", STOPPED)
            break
        assert status in ENDED
        assert errors == STOPPED
        assert list((desk.place.home / "scratch").iterdir()) == []
        stopped += 1
    assert stopped
    desk.place.noren(*command)
    desk.place.noren("verify")
    # 3 points (111 months of tenure) for each 200 yen of 1,000 yen an item.
    assert desk.stored("points_wallet", "sum(points)") == [(ITEMS * 1_000 // 200 * 3,)]
    before = books.of(desk.place.url)
    desk.place.noren(*command)
    assert books.of(desk.place.url) == before


def test_stopped_before_it_has_begun_it_ends_without_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(_arguments: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("noren.cli.start.run", stopped)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 130
    assert capsys.readouterr() == ("", "")


def test_in_japanese_it_is_told_in_japanese(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_arguments: object, **_values: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("noren.members.actions.import_file", stopped)
    file = desk.file("lines", "L1,C1,,mobile,2012-04-01,,,")
    told = []
    for language in ("en", "ja"):
        monkeypatch.setenv("NOREN_LANG", language)
        done = desk.place.noren("import", "lines", file, check=False)
        assert (done.returncode, done.stdout) == (130, "")
        told.append(done.stderr)
    assert told[0] == STOPPED
    assert told[1] != STOPPED
    assert told[1].count("\n") == 1
