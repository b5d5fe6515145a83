"""What a terminal shows and does: complaints, figures, gaps, signals, what killed processes left."""

import json
import os
import signal
import time
from datetime import date
from pathlib import Path

import pytest

from noren.cli import frame, show
from noren.kit import months
from tests.conftest import Place
from tests.members.desk import ENDED, Desk, begin


@pytest.fixture
def desk(place: Place, tmp_path: Path) -> Desk:
    desk = Desk(place, tmp_path)
    desk.bring("corporations", "C1,,Sample,,corporation")
    desk.bring("lines", "L1,C1,,mobile,2012-04-01,,2021-07-01,")
    return desk


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("clos",), "There is no command 'clos'. Did you mean 'close'?"),
        (("close",), "'YYYY-MM' is missing."),
        (("import", "lines"), "'FILE' is missing."),
        (("programme",), "A command is missing."),
        (("close", "2021-07", "--bils", "x"), "There is no option --bils. Did you mean --bills?"),
        (("close", "2021-07", "--bills"), "The option '--bills' needs a value."),
        (("close", "2021-07", "--json=1"), "The option '--json' takes no value."),
        (("close", "2021-07", "2021-08"), "There is too much: 2021-08"),
        (("close", "2021-07", "--engine", "x"), "'--engine': 'x' is none of 'duckdb'."),
        (("close", "0001-01"), "'YYYY-MM': “0001-01” is not a month."),
        (("expire", "--as-of", "9999-12-31"), "'--as-of': “9999-12-31” is not a day."),
    ],
)
def test_complaints_about_arguments_are_our_own_words(place: Place, arguments: tuple[str, ...], told: str) -> None:
    done = place.noren(*arguments, check=False)
    assert (done.returncode, done.stderr.startswith(f"[arguments] {told}")) == (2, True), done.stderr


def test_an_option_that_is_missing_is_named() -> None:
    assert frame.complaint("Missing option '--out'.") == "'--out' is missing."


def test_figures_are_never_cut_in_two(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "30")
    show.table("Wide", [f"Column {n}" for n in range(6)], [[123_456_789] * 6])
    assert capsys.readouterr().out.count("123,456,789") == 6


def test_gaps_are_told_in_spans(desk: Desk) -> None:
    for month in ("2021-07", "2021-09", "2022-03"):
        desk.close(month, f"{month},{month},L1,,call,1000")
    shown = desk.place.noren("close", "2022-03").stdout
    assert "2021-08, 2021-10 to 2022-02 (5 months)" in shown


def test_spans_of_months() -> None:
    some = [date(2021, 1, 1), date(2021, 2, 1), date(2021, 12, 1), date(2022, 1, 1), date(2023, 1, 1)]
    assert months.spans(some) == [(some[0], some[1]), (some[2], some[3]), (some[4], some[4])]
    assert months.spans([]) == []


def test_a_close_tells_reasons_and_skipped_files(desk: Desk) -> None:
    good = desk.file("bills", "a,2021-07,L1,,call,1000", name="good")
    assert (
        "Taken in before, not read again: good.csv" not in desk.place.noren("close", "2021-07", "--bills", good).stdout
    )
    assert "Taken in before, not read again: good.csv" in desk.place.noren("close", "2021-07", "--bills", good).stdout
    bad = desk.file("bills", "b,2021-06,L1,,call,1000", name="bad")
    assert (
        "bill_month is not the month that is being closed."
        in desk.place.noren("close", "2021-07", "--bills", bad).stdout
    )


def test_rejected_rows_never_replace_a_file_that_is_read(desk: Desk) -> None:
    bills = desk.file("bills", "a,2021-06,L1,,call,1000")
    before = bills.read_bytes()
    for command in (("close", "2021-07", "--bills", bills), ("import", "lines", bills)):
        assert desk.refused(*command, "--rejects", bills).startswith("[file.not_writable] ")
    assert bills.read_bytes() == before


def test_several_files_of_a_kind_come_in_one_command(desk: Desk) -> None:
    one = desk.file("corporations", "C2,,Two,,corporation", name="two")
    other = desk.file("corporations", "C3,,Three,,corporation", name="three")
    added = json.loads(desk.place.noren("import", "corporations", one, other, "--json").stdout)
    assert [file["added"] for file in added] == [1, 1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_service_that_is_stopped_leaves_nothing_behind(desk: Desk, number: signal.Signals) -> None:
    rows = [f"{n},2021-07,L1,,call,100" for n in range(200_000)]
    process = begin(desk.place, "close", "2021-07", "--bills", desk.file("bills", *rows))
    time.sleep(0.2)
    process.send_signal(number)
    _out, errors = process.communicate(timeout=60)
    assert process.returncode in ENDED
    assert ("Stopped." in errors, "Traceback" in errors) == (True, False)
    assert list((desk.place.home / "scratch").iterdir()) == []


def test_a_command_that_shall_outlive_its_terminal_does(desk: Desk) -> None:
    rows = [f"{n},2021-07,L1,,call,100" for n in range(100_000)]
    bills = desk.file("bills", *rows)
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # what nohup does
    try:
        process = begin(desk.place, "close", "2021-07", "--bills", bills)
    finally:
        signal.signal(signal.SIGHUP, before)
    process.send_signal(signal.SIGHUP)
    _out, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")


def test_what_a_killed_process_left_goes_with_the_next_command(desk: Desk) -> None:
    scratch = desk.place.home / "scratch"
    dead, living = scratch / "4194305-x", scratch / f"{os.getppid()}-y"
    dead.mkdir()
    living.mkdir()
    desk.place.noren("verify")
    assert [path.name for path in scratch.iterdir()] == [living.name]


def test_the_version_is_told(place: Place) -> None:
    assert place.noren("--version").stdout.strip()[0].isdigit()
    assert "Usage" in place.noren("close", "-h").stdout
