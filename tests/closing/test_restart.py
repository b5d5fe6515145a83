"""A close that was stopped while it posted: the next one ends it as it was begun, then goes by what is asked now."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from noren.points import actions as points
from noren.points import queries
from tests.conftest import Place
from tests.members.desk import Desk


@pytest.fixture
def desk(place: Place, tmp_path: Path) -> Desk:
    desk = Desk(place, tmp_path)
    desk.bring("corporations", "C1,,見本商事,,corporation")
    desk.bring("lines", "L1,C1,,mobile,2021-01-10,,2021-01-01,", "L2,C1,,mobile,2021-01-10,,2021-01-01,")
    return desk


@pytest.fixture
def stop(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Close July, and be stopped when the first slice is to be posted."""

    def stopped(**_values: object) -> None:
        raise KeyboardInterrupt

    def begin(*rows: str, name: str) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(points, "post_slice", stopped)
            bills = desk.file("bills", *rows, name=name)
            assert desk.place.noren("close", "2021-07", "--bills", bills, check=False).returncode == 130

    return begin


def granted(desk: Desk) -> dict[str, int]:
    return {row["member_id"]: int(row["points"]) for row in desk.exported("grants", "2021-07")}


def balances(desk: Desk) -> dict[str, int]:
    return {row["member_id"]: int(row["points"]) for row in desk.exported("balances")}


def runs(desk: Desk, *files: Path) -> list[dict[str, Any]]:
    arguments = [part for file in files for part in ("--bills", file)]
    answer = json.loads(desk.place.noren("close", "2021-07", *arguments, "--json").stdout)
    found: list[dict[str, Any]] = answer["runs"]
    return found


def test_the_same_command_ends_the_run_and_a_second_one_posts_nothing(desk: Desk, stop: Callable[..., None]) -> None:
    stop("a,2021-07,L1,,call,10000", name="a")
    first, second = runs(desk, desk.folder / "a.csv")
    assert (first["steps"]["post"]["granted"], second["steps"]["post"]["granted"]) == (50, 0)
    assert balances(desk) == {"L1": 50}


def test_an_older_file_given_after_a_stop_comes_last_and_wins(desk: Desk, stop: Callable[..., None]) -> None:
    desk.close("2021-07", "a,2021-07,L1,,call,1000", name="a")
    stop("a,2021-07,L1,,call,20000", name="b")
    runs(desk, desk.folder / "a.csv")
    assert granted(desk)["L1"] == balances(desk)["L1"] == 5


def test_rows_rejected_before_a_stop_are_looked_at_again(desk: Desk, stop: Callable[..., None]) -> None:
    stop("a,2021-07,L1,,call,1000", "b,2021-07,L3,,call,2000", name="a")
    desk.bring("lines", "L3,C1,,mobile,2021-01-10,,2021-01-01,", name="more")
    runs(desk, desk.folder / "a.csv")
    assert granted(desk) == {"L1": 5, "L2": 0, "L3": 10}


def test_what_was_corrected_after_a_stop_counts(desk: Desk, stop: Callable[..., None]) -> None:
    stop("a,2021-07,L1,,call,1000", name="a")
    desk.bring("lines", "L1,C1,,mobile,2001-01-10,,2021-01-01,", name="older")
    runs(desk, desk.folder / "a.csv")
    assert granted(desk)["L1"] == balances(desk)["L1"] == 25


def test_verify_names_a_run_that_was_stopped(desk: Desk, stop: Callable[..., None]) -> None:
    stop("a,2021-07,L1,,call,1000", name="a")
    assert json.loads(desk.place.noren("verify", "--json").stdout)["unfinished"] == ["close/2021-07/1"]
    assert "close/2021-07/1" in desk.place.noren("verify").stdout


def test_a_refused_close_does_not_hold_its_programme_version(desk: Desk, tmp_path: Path) -> None:
    desk.refused("close", "2021-07", "--bills", desk.file("lines", name="no-bills"))
    shipped = Path(__file__).parents[2] / "programmes/reference/2021-07-01.toml"
    changed = tmp_path / "changed.toml"
    changed.write_text(shipped.read_text(encoding="utf-8").replace("points = 3", "points = 4"), encoding="utf-8")
    desk.place.noren("programme", "load", changed)


def test_points_cannot_come_before_their_month(desk: Desk) -> None:
    bills = desk.file("bills", "a,2021-07,L1,,call,1000")
    said = desk.refused("close", "2021-07", "--bills", bills, "--as-of", "2012-08-10")
    assert said.startswith("[close.too_early] ")


def test_a_line_that_closed_loses_nothing_before_it_came(desk: Desk) -> None:
    desk.close("2021-07", "a,2021-07,L1,,call,10000")
    desk.close("2021-08", "b,2021-08,L1,,call,20000")
    desk.bring("lines", "L1,C1,,mobile,2021-01-10,2021-08-05,2021-01-01,", name="closed")
    assert desk.close("2021-07")["expire"]["points"] == 0
    assert desk.close("2021-08")["expire"]["points"] == 150
    rows = json.loads(desk.place.noren("history", "L1", "--json").stdout)
    assert [row["balance"] for row in rows] == [50, 150, 0]


def test_a_correction_names_the_posting_that_it_corrects(desk: Desk) -> None:
    desk.close("2021-07", "a,2021-07,L1,,call,10000")
    desk.close("2021-07", "a,2021-07,L1,,call,5000", name="less")
    postings = dict(desk.stored("points_posting", "natural_key, corrects"))
    ids = dict(desk.stored("points_posting", "natural_key, posting_id"))
    assert postings["close/2021-07/1/post/0000"] is None
    assert postings["close/2021-07/2/post/0000"] == ids["close/2021-07/1/post/0000"]


def test_the_accounting_leaves_no_day_out(desk: Desk) -> None:
    desk.close("2021-07", "a,2021-07,L1,,call,10000")
    desk.bring("lines", "L1,C1,,mobile,2021-01-10,2021-08-20,2021-01-01,", name="closed")
    desk.place.noren("expire", "--as-of", "2021-08-20")
    report = desk.close("2021-08", "b,2021-08,L2,,call,20000")["report"]
    assert (report["since"], report["opening"], report["granted"], report["lapsed"]) == ("2021-08-11", 50, 100, 50)


def test_points_from_nowhere_stop_the_close(desk: Desk) -> None:
    desk.close("2021-07", "a,2021-07,L1,,call,10000")
    with desk.connect() as connection:
        connection.execute("UPDATE points_lot SET granted = granted + 9, remaining = remaining + 9")
    assert desk.refused("close", "2021-07").startswith("[close.control_total] ")
    assert desk.place.noren("verify", check=False).returncode == 1


def test_what_is_booked_while_the_report_is_made_is_no_fault(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    given = queries.given

    def after_something_was_booked(on: date) -> int:
        with desk.connect() as connection:
            connection.execute(
                "INSERT INTO points_programme_entry (wallet_id, posting_id, account, points, effective_on, booked_at)"
                " VALUES (gen_random_uuid(), gen_random_uuid(), 'issued', -9, '2021-08-01', now())"
            )
        return given(on)

    monkeypatch.setattr(queries, "given", after_something_was_booked)
    assert desk.close("2021-07", "a,2021-07,L1,,call,10000")["report"]["closing"] == 50
