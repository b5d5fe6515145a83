"""Bill files through `noren close`: every row and yen is accounted for, corrections replace, items accumulate."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.conftest import Place
from tests.members.desk import Desk, faults, rejects

NUMBER = "amount_yen"
BAD = [
    (",2021-07,L1,,call,100", "item_id", "missing"),
    (f"{'x' * 256},2021-07,L1,,call,100", "item_id", "too_long"),
    ("b1,,L1,,call,100", "bill_month", "missing"),
    ("b2,2021-06,L1,,call,100", "bill_month", "other_month"),
    ("b3,2021-08,L1,,call,100", "bill_month", "other_month"),
    ("b4,2021-7,L1,,call,100", "bill_month", "not_a_month"),
    ("b5,2021-07-01,L1,,call,100", "bill_month", "not_a_month"),
    ("b6,2021-07,,,call,100", "line_id", "line_or_account"),
    ("b7,2021-07,L1,A1,call,100", "line_id", "line_and_account"),
    ("b8,2021-07,L9,,call,100", "line_id", "unknown_line"),
    ("b9,2021-07,A1,,call,100", "line_id", "unknown_line"),
    ("b10,2021-07,,A9,call,100", "account_id", "unknown_account"),
    ("b11,2021-07,,L1,call,100", "account_id", "unknown_account"),
    ("b12,2021-07,L1,,,100", "charge_code", "missing"),
    ("b13,2021-07,L1,,fax,100", "charge_code", "unknown_charge_code"),
    ("b14,2021-07,L1,,Call,100", "charge_code", "unknown_charge_code"),
    ("b15,2021-07,L1,,call,", NUMBER, "missing"),
    ("b16,2021-07,L1,,call,100.0", NUMBER, "not_a_whole_number"),
    ("b17,2021-07,L1,,call,1e3", NUMBER, "not_a_whole_number"),
    ('b18,2021-07,L1,,call,"1,000"', NUMBER, "not_a_whole_number"),
    ("b19,2021-07,L1,,call,+5", NUMBER, "not_a_whole_number"),
    ("b20,2021-07,L1,,call, 5", NUMBER, "not_a_whole_number"),
    ("b21,2021-07,L1,,call,１００", NUMBER, "not_a_whole_number"),
    ("b22,2021-07,L1,,call,nan", NUMBER, "not_a_whole_number"),
    ("b23,2021-07,L1,,call,¥100", NUMBER, "not_a_whole_number"),
    ("b24,2021-07,L1,,call,1000000000001", NUMBER, "not_a_whole_number"),
    ("b25,2021-07,L1,,call,-1000000000007", NUMBER, "not_a_whole_number"),
    (f"b26,2021-07,L1,,call,{'9' * 30}", NUMBER, "not_a_whole_number"),
    ("g1,2021-07,L1,,call,7", "item_id", "duplicate"),
    ("b27,2021-06,L9,,fax,much", "bill_month; line_id; charge_code; amount_yen", "other_month; unknown_line; unknown_charge_code; not_a_whole_number"),
    ("b28,2021-07,L1,,call", "", "missing_column"),
    ("b29,2021-07,L1,,call,1,", "", "extra_column"),
]  # fmt: skip
NUMBERS = re.compile("-?[0-9]{1,12}")
AMOUNTS = [row.rsplit(",", 1)[1] for row, field, _code in BAD if field]
READABLE = sum(int(amount) for amount in AMOUNTS if NUMBERS.fullmatch(amount))
"""Yen of the bad rows: what is no number or too large has none, and neither has a line that is broken."""

GOOD = ["g1,2021-07,L1,,call,1000", "g2,2021-07,L1,,tax,500", "g3,2021-07,L1,,discount,-200", "g4,2021-07,,A1,call,-0"]


@pytest.fixture
def desk(place: Place, tmp_path: Path) -> Desk:
    """Two lines and an account: L1 has 111 months of tenure, 3 points per ¥200; L2 and the account 1 point."""
    desk = Desk(place, tmp_path)
    desk.bring("corporations", "C1,,Sample,,corporation")
    desk.bring("lines", "L1,C1,,mobile,2012-04-01,,2021-07-01,", "L2,C1,,mobile,2021-07-05,,2021-07-05,")
    desk.account("A1", "C1", date(2021, 7, 1))
    return desk


def points(desk: Desk) -> dict[str, int]:
    return {row["member_id"]: int(row["points"]) for row in desk.exported("grants", "2021-07")}


def bases(desk: Desk) -> dict[str, int]:
    return {row["member_id"]: int(row["base_yen"]) for row in desk.exported("grants", "2021-07")}


def totals(steps: dict[str, Any], side: str) -> tuple[int, int]:
    last = steps["intake"]["intakes"][-1]
    return last[f"{side}_rows"], last[f"{side}_yen"]


def items(desk: Desk, member: str) -> list[tuple[str, int, int, str]]:
    found = json.loads(desk.place.noren("explain", member, "2021-07", "--json").stdout)
    return [(item["item_id"], item["amount_yen"], item["intake"], item["reason"]) for item in found["items"]]


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_bad_item_is_told_and_every_row_and_yen_is_accounted_for(desk: Desk) -> None:
    steps = desk.close("2021-07", *GOOD, *(row for row, _field, _code in BAD))
    assert totals(steps, "accepted") == (4, 1_300)
    assert totals(steps, "rejected") == (len(BAD), READABLE)
    assert totals(steps, "read") == (4 + len(BAD), 1_300 + READABLE)
    told = steps["intake"]["intakes"][0]["rejects"]
    assert faults(told) == [(n, field, code) for n, (_row, field, code) in enumerate(BAD, start=6)]
    assert points(desk) == {"A1": 0, "L1": 12, "L2": 0}
    assert steps["rate"]["not_eligible_yen"] == 500


def test_a_month_that_is_none_is_no_other_month(desk: Desk) -> None:
    steps = desk.close("2021-07", GOOD[0], "b1,2021-13,L1,,call,100", "b2,2021/07,L1,,call,100")
    told = [(row["field"], row["code"]) for row in rejects(steps["intake"]["intakes"][0]["rejects"])]
    assert told == [("bill_month", "not_a_month")] * 2


def test_the_charge_codes_are_those_of_the_version_in_force(desk: Desk) -> None:
    text = (Path(__file__).parents[2] / "programmes/reference/2021-07-01.toml").read_text(encoding="utf-8")
    later = text.replace("effective_from = 2021-07-01", "effective_from = 2022-01-01").replace('"call"', '"voice"')
    file = desk.folder / "2022-01-01.toml"
    file.write_text(later, encoding="utf-8")
    desk.place.noren("programme", "load", file)
    for month, known, unknown in (("2021-12", "call", "voice"), ("2022-01", "voice", "call")):
        steps = desk.close(month, f"a,{month},L1,,{known},1000", f"b,{month},L1,,{unknown},1000")
        assert faults(steps["intake"]["intakes"][0]["rejects"]) == [(3, "charge_code", "unknown_charge_code")]


def test_an_amount_up_to_the_limit_is_rated_exactly(desk: Desk) -> None:
    desk.close("2021-07", "a,2021-07,L1,,call,1000000000000", "b,2021-07,L2,,call,999999999999")
    assert points(desk) == {"A1": 0, "L1": 15_000_000_000, "L2": 4_999_999_999}
    desk.place.noren("verify")


def test_absurd_amounts_stop_nobody(desk: Desk) -> None:
    absurd = [f"b{number},2021-07,L1,,call,{9 * 10**18}" for number in range(3)]
    steps = desk.close("2021-07", GOOD[0], *absurd)
    assert totals(steps, "accepted") == (1, 1_000)
    assert totals(steps, "rejected")[0] == 3
    assert points(desk)["L1"] == 15


def test_items_of_those_who_are_no_members_are_accepted_and_left_out(desk: Desk) -> None:
    desk.bring("lines", "L3,C1,,mobile,2012-04-01,,2021-08-01,")
    steps = desk.close("2021-07", "a,2021-07,L1,,call,1000", "b,2021-07,L3,,call,800")
    assert totals(steps, "accepted") == (2, 1_800)
    assert (steps["rate"]["not_member_rows"], steps["rate"]["not_member_yen"]) == (1, 800)
    assert points(desk) == {"A1": 0, "L1": 15, "L2": 0}


def test_a_typed_parquet_file_gives_the_same_as_csv(desk: Desk) -> None:
    path = desk.folder / "bills.parquet"
    rows = "('a', '2021-07', 'L1', NULL, 'call', 1000), ('b', '2021-07', NULL, 'A1', 'call', 600), ('c', '2021-07', 'L1', '', 'tax', -5)"
    names = ", ".join(desk.columns("bills"))
    duckdb.execute(f"COPY (SELECT * FROM (VALUES {rows}) AS t({names})) TO '{path}'")
    desk.place.noren("close", "2021-07", "--bills", path)
    assert points(desk) == {"A1": 3, "L1": 15, "L2": 0}


def test_the_table_shows_rows_and_yen_read_accepted_and_rejected(desk: Desk) -> None:
    bills = desk.file("bills", "a,2021-07,L1,,call,12345", "b,2021-07,L9,,call,-45", "c,2021-07,L1,,call,much")
    shown = desk.place.noren("close", "2021-07", "--bills", bills).stdout
    cells = next(line for line in shown.splitlines() if "bills.csv" in line)
    figures = [cell.strip() for cell in cells.strip("│").split("│")][1:]
    assert figures == ["3", "1", "2", "12,300", "12,345", "-45"]
    assert str(desk.place.home / "rejects") in shown


# ── members ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_account_earns_like_a_line_but_without_tenure(desk: Desk) -> None:
    desk.close("2021-07", "a,2021-07,,A1,call,1999", "b,2021-07,L1,,call,1999")
    rows = {row["member_id"]: row for row in desk.exported("grants", "2021-07")}
    assert (rows["A1"]["tenure_months"], rows["A1"]["stage"], rows["A1"]["points"]) == ("", "1st", "9")
    assert (rows["L1"]["tenure_months"], rows["L1"]["stage"], rows["L1"]["points"]) == ("111", "3rd", "27")


def test_a_line_and_an_account_of_one_name_are_two_members(desk: Desk) -> None:
    desk.account("L1", "C1", date(2021, 7, 1))
    desk.close("2021-07", "a,2021-07,,L1,call,400", "b,2021-07,L1,,call,400")
    assert sorted(row["points"] for row in desk.exported("grants", "2021-07") if row["member_id"] == "L1") == ["2", "6"]
    assert desk.refused("explain", "L1", "2021-07").startswith("[member.ambiguous] ")
    assert [items(desk, f"{kind}:L1")[0][0] for kind in ("account", "line")] == ["a", "b"]


# ── corrections ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_later_file_adds_replaces_and_withdraws(desk: Desk) -> None:
    desk.close("2021-07", "a,2021-07,L1,,call,1000", "b,2021-07,L1,,call,600", "c,2021-07,L1,,tax,50")
    steps = desk.close(
        "2021-07", "b,2021-07,L1,,call,0", "c,2021-07,L1,,call,400", "d,2021-07,L2,,call,200", name="2nd"
    )
    assert items(desk, "L1") == [
        ("a", 1000, 1, "counts"),
        ("b", 600, 1, "replaced"),
        ("b", 0, 2, "nothing"),
        ("c", 50, 1, "replaced"),
        ("c", 400, 2, "counts"),
    ]
    assert bases(desk) == {"A1": 0, "L1": 1_400, "L2": 200}
    # L1: 24 points before (1,600 yen), 21 now; L2: 1 point that is new.
    assert (steps["post"]["granted"], steps["post"]["taken"]) == (1, 3)
    assert totals(steps, "read") == (3, 600)


def test_an_item_may_move_to_another_member(desk: Desk) -> None:
    desk.close("2021-07", "a,2021-07,L1,,call,1000", "b,2021-07,L1,,call,400")
    steps = desk.close("2021-07", "a,2021-07,,A1,call,1000", name="2nd")
    assert points(desk) == {"A1": 5, "L1": 6, "L2": 0}
    assert (steps["post"]["granted"], steps["post"]["taken"]) == (5, 15)
    assert items(desk, "L1") == [("a", 1000, 1, "replaced"), ("b", 400, 1, "counts")]
    assert items(desk, "A1") == [("a", 1000, 2, "counts")]


def test_a_withdrawn_item_may_come_back(desk: Desk) -> None:
    taken = []
    for number, yen in enumerate((1_000, 0, 1_000)):
        steps = desk.close("2021-07", f"a,2021-07,L1,,call,{yen}", name=str(number))
        taken.append((steps["post"]["granted"], steps["post"]["taken"]))
    assert taken == [(15, 0), (0, 15), (15, 0)]
    assert points(desk)["L1"] == 15
    desk.place.noren("verify")


def test_items_of_other_months_are_left_alone(desk: Desk) -> None:
    desk.close("2021-07", "a,2021-07,L1,,call,1000")
    desk.close("2021-08", "a,2021-08,L1,,call,400")
    assert bases(desk)["L1"] == 1_000
    assert [row["base_yen"] for row in desk.exported("grants", "2021-08") if row["member_id"] == "L1"] == ["400"]


def test_more_credit_than_charges_gives_nothing_and_takes_nothing_from_others(desk: Desk) -> None:
    desk.close("2021-07", "a,2021-07,L1,,call,1000", "b,2021-07,L1,,discount,-1500", "c,2021-07,L2,,call,400")
    assert points(desk) == {"A1": 0, "L1": 0, "L2": 2}


# ── whole files ──────────────────────────────────────────────────────────────────────────────────────────────


def test_strict_refuses_the_file_and_the_month_can_be_closed_with_a_good_one(desk: Desk) -> None:
    bad = desk.file("bills", GOOD[0], BAD[0][0], name="bad")
    said = desk.refused("close", "2021-07", "--bills", bad, "--strict")
    assert said.startswith("[import.strict] ")
    assert "item_id" in said
    assert desk.stored("billing_intake", "number") == []
    assert desk.refused("export", "grants", "2021-07", "--out", desk.folder / "x.csv").startswith("[close.not_closed]")
    good = desk.file("bills", GOOD[0], name="good")
    (run,) = json.loads(desk.place.noren("close", "2021-07", "--bills", good, "--strict", "--json").stdout)["runs"]
    assert run["run"] == "close/2021-07/1"
    assert points(desk)["L1"] == 15


def test_a_file_taken_in_stays_in_when_a_later_one_is_refused(desk: Desk) -> None:
    first = desk.file("bills", "a,2021-07,L1,,call,1000", name="first")
    empty = desk.folder / "empty.csv"
    empty.write_bytes(b"")
    assert desk.refused("close", "2021-07", "--bills", first, "--bills", empty).startswith("[file.empty] ")
    desk.close("2021-07", "b,2021-07,L1,,call,200", name="second")
    assert [item[:3] for item in items(desk, "L1")] == [("a", 1000, 1), ("b", 200, 2)]


def test_rejects_of_several_bill_files_lie_beside_each_other(desk: Desk) -> None:
    files = [desk.file("bills", f"a,2021-07,L{n},,call,1", name=f"{n}/bills") for n in (8, 9)]
    named = [part for path in files for part in ("--bills", path)]
    done = desk.place.noren("close", "2021-07", *named, "--rejects", desk.folder / "bad.csv", "--json")
    told = [one["rejects"] for one in json.loads(done.stdout)["runs"][0]["steps"]["intake"]["intakes"]]
    assert [rejects(path)[0]["line_id"] for path in told] == ["L8", "L9"]


def test_a_month_without_any_good_item_can_be_closed(desk: Desk) -> None:
    steps = desk.close("2021-07", BAD[0][0])
    assert totals(steps, "accepted") == (0, 0)
    assert points(desk) == {"A1": 0, "L1": 0, "L2": 0}
    desk.place.noren("verify")
