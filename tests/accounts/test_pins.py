"""PINs of lines come in as a file."""

import csv
import json
from pathlib import Path
from typing import Any

from noren.accounts import queries
from noren.lifecycle import actions
from tests.cast import ENGINEER
from tests.lifecycle.cast import NOW, active
from tests.members.desk import Desk, faults


def bring(desk: Desk, *rows: str, options: tuple[str, ...] = ()) -> dict[str, Any]:
    path = desk.folder / "pins.csv"
    path.write_text("\n".join(["line_id,pin", *rows, ""]), encoding="utf-8")
    told: dict[str, Any] = json.loads(desk.place.noren("import", "line-pins", path, "--json", *options).stdout)
    return told


def test_pins_keep_their_zeros_and_every_row_is_accounted_for(desk: Desk) -> None:
    done = bring(desk, "L1,0420", "L2,42", "L9,0420", "L3,", "L1,1111", "L2,００４２")
    assert (done["read"], done["accepted"], done["rejected"]) == (6, 1, 5)
    assert faults(done["rejects"]) == [
        (3, "pin", "not_a_pin"),
        (4, "line_id", "unknown_line"),
        (5, "pin", "missing"),
        (6, "line_id", "duplicate"),
        (7, "pin", "not_a_pin"),
    ]
    account_id = active()
    actions.link_line(account_id, "L1", pin="0420", actor=ENGINEER, now=NOW)
    assert [one.line.member_id for one in queries.lines(account_id)] == ["L1"]


def test_a_pin_of_a_rejected_row_is_told_to_nobody_again(desk: Desk) -> None:
    done = bring(desk, "L9,8642", "L1,97531", "L3,", "L1,8642,too much,8642")
    told = Path(done["rejects"]).read_text(encoding="utf-8-sig")
    assert "8642" not in told
    assert "97531" not in told
    shown = [(row["row"], row["line_id"], row["pin"]) for row in csv.DictReader(told.splitlines())]
    assert shown == [("2", "L9", "***"), ("3", "L1", "***"), ("4", "L3", ""), ("5", "***", "")]


def test_pin_that_is_known_is_replaced(desk: Desk) -> None:
    bring(desk, "L1,0420")
    first = desk.stored("accounts_line_pin")
    bring(desk, "L1,0421")
    second = desk.stored("accounts_line_pin")
    assert (len(second), first == second) == (1, False)


def test_file_with_a_bad_row_is_refused_where_it_must_be_whole(desk: Desk) -> None:
    path = desk.folder / "pins.csv"
    path.write_text("line_id,pin\nL1,0420\nL1,42\n", encoding="utf-8")
    assert desk.refused("import", "line-pins", path, "--strict").startswith("[import.strict]")
    assert desk.stored("accounts_line_pin") == []
