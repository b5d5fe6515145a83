"""A bad row of master data goes to the rejects file with its number, field and reason, and stops nobody."""

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import Place
from tests.members.desk import Desk, faults, rejects

TOO_LONG = "x" * 256

CORPORATIONS = [
    (",,Sample,,corporation", "corporation_id", "missing"),
    (f"{TOO_LONG},,Sample,,corporation", "corporation_id", "too_long"),
    ("B1,8999901000001,Sample,,corporation", "corporate_number", "bad_check_digit"),
    ("B2,799990100000,Sample,,corporation", "corporate_number", "bad_check_digit"),
    ("B3,7-9999-0100-0001,Sample,,corporation", "corporate_number", "bad_check_digit"),
    ("B4,７９９９９０１０００００１,Sample,,corporation", "corporate_number", "bad_check_digit"),
    ("B5, 7999901000001,Sample,,corporation", "corporate_number", "bad_check_digit"),
    ("B6,,,,corporation", "name", "missing"),
    (f"B7,,{TOO_LONG},,corporation", "name", "too_long"),
    (f"B8,,Sample,{TOO_LONG},corporation", "name_kana", "too_long"),
    ("B9,,Sample,,", "kind", "missing"),
    ("B10,,Sample,,Corporation", "kind", "not_in_list"),
    ("C1,,Other,,corporation", "corporation_id", "duplicate"),
    ("B11,,Sample,corporation", "", "missing_column"),
    ("B12,,Sample,,corporation,", "", "extra_column"),
    ('B13,,"Sample,,corporation', "", "quotes"),
    ("B14,,Sam\0ple,,corporation", "", "nul"),
    (f"B15,,{'x' * 250_000},,corporation", "", "line_too_long"),
    ("B16,8999901000001,,,firm", "corporate_number; name; kind", "bad_check_digit; missing; not_in_list"),
]
LINES = [
    (",C1,,mobile,2012-04-01,,,", "line_id", "missing"),
    (f"{TOO_LONG},C1,,mobile,2012-04-01,,,", "line_id", "too_long"),
    ("B1,,,mobile,2012-04-01,,,", "corporation_id", "missing"),
    ("B2,c1,,mobile,2012-04-01,,,", "corporation_id", "unknown_corporation"),
    ("B3,C1 ,,mobile,2012-04-01,,,", "corporation_id", "unknown_corporation"),
    (f"B4,C1,{TOO_LONG},mobile,2012-04-01,,,", "phone_number", "too_long"),
    ("B5,C1,,,2012-04-01,,,", "service", "missing"),
    ("B6,C1,,telegraph,2012-04-01,,,", "service", "not_in_list"),
    ("B7,C1,,mobile,,,,", "opened_on", "missing"),
    ("B8,C1,,mobile,2021-02-29,,,", "opened_on", "not_a_date"),
    ("B9,C1,,mobile,2012-04-01,2021/05/01,,", "closed_on", "not_a_date"),
    ("B10,C1,,mobile,2012-04-01,,2021-6-1,", "joined_on", "not_a_date"),
    ("B11,C1,,mobile,2012-04-01,,2021-06-01,soon", "withdrawn_on", "not_a_date"),
    ("B12,C1,,mobile,2012-04-01,2012-03-31,,", "closed_on", "before_opened_on"),
    ("B13,C1,,mobile,2012-04-01,,2021-06-01,2021-05-31", "withdrawn_on", "before_joined_on"),
    ("C1,C1,,mobile,2012-04-01,,,", "line_id", "duplicate"),
    ("B14,C9,,mobile,never,,,", "corporation_id; opened_on", "unknown_corporation; not_a_date"),
]
CONTRACTS = [
    (",C1,C1,,info_mail,2021-04-01,", "contract_id", "missing"),
    (f"{TOO_LONG},C1,C1,,info_mail,2021-04-01,", "contract_id", "too_long"),
    ("B1,,C1,,info_mail,2021-04-01,", "corporation_id", "missing"),
    ("B2,C9,C1,,info_mail,2021-04-01,", "corporation_id", "unknown_corporation"),
    ("B3,C1,,,info_mail,2021-04-01,", "line_id", "line_or_account"),
    ("B4,C1,C1,A1,info_mail,2021-04-01,", "line_id", "line_and_account"),
    ("B5,C1,L9,,info_mail,2021-04-01,", "line_id", "unknown_line"),
    ("B6,C1,A1,,info_mail,2021-04-01,", "line_id", "unknown_line"),
    ("B7,C1,,A9,info_mail,2021-04-01,", "account_id", "unknown_account"),
    ("B8,C1,,C1,info_mail,2021-04-01,", "account_id", "unknown_account"),
    ("B9,C1,C1,,,2021-04-01,", "solution", "missing"),
    ("B10,C1,C1,,fax,2021-04-01,", "solution", "unknown_solution"),
    ("B11,C1,C1,,info_mail,,", "started_on", "missing"),
    ("B12,C1,C1,,info_mail,2021-04-31,", "started_on", "not_a_date"),
    ("B13,C1,C1,,info_mail,2021-04-01,2021-04-00", "ended_on", "not_a_date"),
    ("B14,C1,C1,,info_mail,2021-04-01,2021-03-31", "ended_on", "before_started_on"),
    ("C1,C1,C1,,info_mail,2021-04-01,", "contract_id", "duplicate"),
    ("B15,C9,L9,,fax,x,", "corporation_id; line_id; solution; started_on", "unknown_corporation; unknown_line; unknown_solution; not_a_date"),
]  # fmt: skip
GOOD = {
    "corporations": "C1,,Sample,,corporation",
    "lines": "C1,C1,,mobile,2012-04-01,2012-04-01,2021-07-01,2021-07-01",
    "contracts": "C1,C1,C1,,device_insurance,2021-04-01,2021-04-01",
}
LAST = {kind: f"C2{row[2:]}" for kind, row in GOOD.items()}
BAD = {"corporations": CORPORATIONS, "lines": LINES, "contracts": CONTRACTS}
TABLES = {"corporations": "members_corporation", "lines": "members_line", "contracts": "members_contract"}


@pytest.fixture
def desk(place: Place, tmp_path: Path) -> Desk:
    """One good corporation, line, account and contract are there."""
    desk = Desk(place, tmp_path)
    for kind, row in GOOD.items():
        desk.bring(kind, row)
    desk.account("A1", "C1", date(2021, 7, 1))
    return desk


@pytest.mark.parametrize("kind", BAD)
def test_each_bad_row_is_told_with_number_field_and_code(desk: Desk, kind: str) -> None:
    summary = desk.bring(kind, GOOD[kind], *(row for row, _field, _code in BAD[kind]), LAST[kind])
    bad = len(BAD[kind])
    assert (summary["read"], summary["accepted"], summary["rejected"]) == (bad + 2, 2, bad)
    assert faults(summary["rejects"]) == [(n, field, code) for n, (_row, field, code) in enumerate(BAD[kind], start=3)]
    assert [row[0] for row in desk.stored(TABLES[kind], desk.columns(kind)[0])] == ["C1", "C2"]
    told = {(one["field"], one["code"]): one["rows"] for one in summary["reasons"]}
    single = [(field, code) for _row, field, code in BAD[kind] if ";" not in field]
    assert all(told[fault] >= single.count(fault) for fault in single)
    assert sum(told.values()) == sum(len(code.split(";")) for _row, _field, code in BAD[kind])


@pytest.mark.parametrize("kind", BAD)
def test_rejected_rows_come_back_as_they_were(desk: Desk, kind: str) -> None:
    whole = [row for row, field, _code in BAD[kind] if field]
    told = rejects(desk.bring(kind, GOOD[kind], *whole)["rejects"])
    assert list(told[0]) == ["row", "field", "code", "reason", *desk.columns(kind)]
    assert [[row[column] for column in desk.columns(kind)] for row in told] == list(csv.reader(whole))
    for row in told:
        assert row["reason"].count("; ") == row["code"].count("; ")
        assert all(field in row["reason"] for field in row["field"].split("; ") if "account" not in row["code"])


def test_bytes_that_are_no_characters_spoil_their_line_alone(desk: Desk) -> None:
    path = desk.file("corporations", "X1,,見本,,corporation", "X2,,見本,,corporation", "X3,,BAD,,corporation")
    path.write_bytes(path.read_bytes().replace(b"BAD", b"\xff\xfe"))
    (summary,) = json.loads(desk.place.noren("import", "corporations", path, "--json").stdout)
    assert faults(summary["rejects"]) == [(4, "", "encoding")]
    assert [row[0] for row in desk.stored("members_corporation")] == ["C1", "X1", "X2"]


def test_rejected_rows_put_right_can_be_given_again(desk: Desk) -> None:
    summary = desk.bring("lines", "L1,C7,,mobile,2012-04-01,,,", "L2,C1,,mobile,2012-04-01,,,")
    assert faults(summary["rejects"]) == [(2, "corporation_id", "unknown_corporation")]
    desk.bring("corporations", "C7,,Late,,corporation")
    path = desk.folder / "again.csv"
    rows = [line.split(",", 4)[4] for line in Path(summary["rejects"]).read_text(encoding="utf-8-sig").splitlines()]
    path.write_text("\n".join(rows), encoding="utf-8")
    (again,) = json.loads(desk.place.noren("import", "lines", path, "--json").stdout)
    assert (again["added"], again["rejected"], again["rejects"]) == (1, 0, "")


def test_what_is_unknown_is_not_made_and_comes_in_after_it_is_known(desk: Desk) -> None:
    files = {
        "contracts": desk.file("contracts", "K7,C7,L7,,info_mail,2021-04-01,"),
        "lines": desk.file("lines", "L7,C7,,mobile,2012-04-01,,,"),
        "corporations": desk.file("corporations", "C7,,Late,,corporation"),
    }
    accepted = {"contracts": (0, 0, 1), "lines": (0, 1, 1), "corporations": (1, 1, 1)}
    for round_ in range(3):
        for kind, path in files.items():
            (summary,) = json.loads(desk.place.noren("import", kind, path, "--json").stdout)
            assert summary["accepted"] == accepted[kind][round_], (kind, round_)


@pytest.mark.parametrize("kind", BAD)
def test_strict_refuses_the_file_and_leaves_nothing(desk: Desk, kind: str) -> None:
    path = desk.file(kind, GOOD[kind], LAST[kind], BAD[kind][0][0], name="mixed")
    audits, before = desk.stored("audit_record"), desk.stored(TABLES[kind])
    said = desk.refused("import", kind, path, "--strict", "--rejects", desk.folder / "bad.csv")
    assert said.startswith(f"[import.strict] {path.name} is refused because of its bad rows (1): ")
    assert desk.columns(kind)[0] in said
    assert (desk.stored("audit_record"), desk.stored(TABLES[kind])) == (audits, before)
    assert not (desk.folder / "bad.csv").exists()
    assert not (desk.place.home / "rejects").exists()


def test_strict_takes_a_file_without_bad_rows(desk: Desk) -> None:
    desk.place.noren("import", "lines", desk.file("lines", LAST["lines"]), "--strict")
    assert len(desk.stored("members_line")) == 2


def test_rejects_go_where_they_are_wished_or_into_the_data_directory(desk: Desk) -> None:
    path = desk.file("lines", ",C1,,mobile,2012-04-01,,,")
    wished = desk.folder / "new" / "bad.csv"
    (summary,) = json.loads(desk.place.noren("import", "lines", path, "--rejects", wished, "--json").stdout)
    assert summary["rejects"] == str(wished)
    assert len(rejects(wished)) == 1
    usual = desk.bring("lines", ",C1,,mobile,2012-04-01,,,")["rejects"]
    assert Path(usual).parent == desk.place.home / "rejects"
    assert Path(usual).name.startswith("lines-2")


def test_each_of_several_files_has_rejects_of_its_own(desk: Desk) -> None:
    files = [desk.file("lines", f",C{number},,mobile,2012-04-01,,,", name=f"{number}/lines") for number in (1, 2)]
    wished = desk.folder / "bad.csv"
    summaries = json.loads(desk.place.noren("import", "lines", *files, "--rejects", wished, "--json").stdout)
    told = [rejects(one["rejects"])[0]["corporation_id"] for one in summaries]
    assert told == ["C1", "C2"]
    assert len({one["rejects"] for one in summaries}) == 2


def test_no_rejects_file_is_written_for_a_good_file(desk: Desk) -> None:
    assert desk.bring("lines", GOOD["lines"])["rejects"] == ""
    assert not (desk.place.home / "rejects").exists()


def test_a_rejects_file_that_cannot_be_written_refuses_the_import(desk: Desk) -> None:
    path = desk.file("lines", LAST["lines"], ",C1,,mobile,2012-04-01,,,")
    said = desk.refused("import", "lines", path, "--rejects", path / "below" / "bad.csv")
    assert said.startswith("[file.not_writable] ")
    assert len(desk.stored("members_line")) == 1


def test_the_table_shows_counts_and_reasons(desk: Desk) -> None:
    path = desk.file("lines", LAST["lines"], ",C1,,mobile,2012-04-01,,,", "L9,C9,,mobile,2012-04-01,,,")
    shown = desk.place.noren("import", "lines", path).stdout
    cells = next(line for line in shown.splitlines() if "lines.csv" in line)
    assert [cell.strip() for cell in cells.strip("│").split("│")][1:] == ["3", "1", "2", "1", "0", "0"]
    for reason in (("line_id", "missing"), ("corporation_id", "unknown_corporation")):
        assert any(all(word in line for word in reason) for line in shown.splitlines()), reason
    assert str(desk.place.home / "rejects") in shown
