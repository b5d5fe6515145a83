"""Rows: what can be wrong with one, and that it harms no other."""

import codecs
import errno

import pytest

from noren.kit import files, intake
from noren.kit.intake import Reason
from tests.kit.intake.desk import COLUMNS, GOOD, HEADER, LAYOUT, NEXT, Desk, text

# --- faults in fields ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (intake.required("note"), ["0", " ", "NULL"], [""]),
        (
            intake.a_date("note"),
            ["", "2024-02-29", "0001-01-01", "9999-12-31"],
            [
                "2026-02-29",
                "2026-1-1",
                "2026/01/01",
                "2026-01-01 ",
                "0000-01-01",
                "２026-01-01",
                "20260101",
                "x",
            ],
        ),
        (
            intake.a_month("note"),
            ["", "2026-01", "2026-12"],
            ["2026-00", "2026-13", "2026-1", "202601", "2026-01-01", "0000-01"],
        ),
        (
            intake.whole_number("note"),
            ["", "0", "-0", "007", "-1", "1000000000000"],
            [
                " 1",
                "1 ",
                "1.0",
                "1e3",
                "+1",
                "１",
                "1,0",
                "--1",
                "-",
                "1_0",
                "1000000000001",
                "9" * 40,
                "nan",
            ],
        ),
        (intake.one_of("note", ["it's", "x"]), ["", "it's", "x"], ["X", "its", "x "]),
        (intake.max_length("note", 3), ["", "abc", "日本語"], ["abcd"]),
        (intake.Check("note", "odd", "CASE note WHEN 'odd' THEN true END"), ["", "even"], ["odd"]),
    ],
)
def test_check_finds_what_is_wrong(desk: Desk, check: intake.Check, right: list[str], wrong: list[str]) -> None:
    rows = [f'A{place},2026-01-31,1,"{value}"' for place, value in enumerate((*right, *wrong))]
    outcome = desk.take(text(*rows), checks=(check,))
    assert outcome.ids == [f"A{place}" for place in range(len(right))]
    assert outcome.result.reasons == (Reason("note", check.code, len(wrong)),)


def test_all_faults_of_a_row_are_told_in_the_order_of_the_columns(desk: Desk) -> None:
    outcome = desk.take(text(",31.1.2026,many,x", GOOD))
    (row,) = outcome.rejects
    assert (row["row"], row["field"]) == ("2", "id; issued; amount")
    assert row["code"] == "missing; not_a_date; not_a_whole_number"
    assert row["reason"] == "id missing; issued not_a_date; amount not_a_whole_number"
    assert [row[column] for column in COLUMNS] == ["", "31.1.2026", "many", "x"]
    assert outcome.result.rejected == intake.Counts(1, 0, 1)
    assert outcome.ids == ["A1"]


def test_lookup_rejects_what_is_not_in_the_table(desk: Desk) -> None:
    desk.con.execute("CREATE OR REPLACE TABLE lines AS FROM (VALUES ('x'), ('y'), ('y')) AS t(line)")
    rows = [f"A{place},2026-01-31,1,{note}" for place, note in enumerate(["x", "y", "z", "", "y"])]
    lookup = intake.Lookup("note", "unknown_line", "lines", "line")
    outcome = desk.take(text(*rows, "A5,2026-01-31,many,y"), lookups=(lookup,))
    assert outcome.ids == ["A0", "A1", "A3", "A4"]
    assert outcome.faults == [(4, "note", "unknown_line"), (7, "amount", "not_a_whole_number")]


def test_layout_that_contradicts_itself_is_an_error() -> None:
    for columns, key in ((("a", "a"), None), (("a", "row"), None), (("a",), "b")):
        with pytest.raises(ValueError, match="bad"):
            intake.Layout("bad", columns, key=key)


# --- faults in the structure --------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"B,2026-01-31,1", "missing_column"),
        (b"no table at all", "missing_column"),
        (b" ", "missing_column"),
        (b"B,2026-01-31,1,x,y", "extra_column"),
        (b"B,2026-01-31,1,", None),
        (b"B,2026-01-31,1,,", "extra_column"),
        (b"B,2026-01-31,1,x,", "extra_column"),
        (b'B,2026-01-31,1,"x",', "extra_column"),
        (b'"B,2026-01-31,1,x', "quotes"),
        (b'B,2026-01-31,1,"x', "quotes"),
        (b'"B"B,2026-01-31,1,x', "quotes"),
        (b'"B",2026-01-31,"1,x', "quotes"),
        (b'"B",2026-01-31', "missing_column"),
        (b"B,2026-01-31,1,\xff\xff", "encoding"),
        (b'"B\xff",2026-01-31,1,x', "encoding"),
        (b"B,2026-01-31,1,\0", "nul"),
        (b"B,2026-01-31,1," + b"x" * 10_000_000, "line_too_long"),
    ],
)
def test_broken_line_harms_no_other(
    desk: Desk, encoding: intake.Encoding, end: bytes, line: bytes, code: str | None
) -> None:
    before, after, last = (row.encode(encoding) for row in ("あ,2026-01-31,1,", "い,2026-01-31,2,ん", NEXT))
    outcome = desk.take(end.join([HEADER.encode(), before, line, after, last]), encoding=encoding)
    assert outcome.ids == (["あ", "い", "A2"] if code else ["あ", "B", "い", "A2"])
    assert outcome.faults == ([(3, "", code)] if code else [])
    assert len(outcome.rejects[0]["id"] if code else "") <= 1000


def test_broken_line_is_given_back_as_it_came(desk: Desk) -> None:
    outcome = desk.take(b"note,amount,id,issued\n" + b'"x,1,\xff\0' + b"\nx,100,A1,2026-01-31\n")
    assert list(outcome.rejects[0]) == ["row", "field", "code", "reason", "note", "amount", "id", "issued"]
    assert outcome.rejects[0]["note"] == '"x,1,\ufffd\ufffd'
    assert outcome.ids == ["A1"]


def test_open_quote_takes_at_most_fifty_lines(desk: Desk) -> None:
    # The field itself takes its lines; if it is too long, each of them is a broken row.
    for lines, rows in ((49, 3), (60, 62)):
        note = "\n".join(["x"] * lines)
        outcome = desk.take(text(GOOD, f'A2,2026-01-31,1,"{note}"', "A3,2026-01-31,1,", "short"))
        assert outcome.result.read.rows == rows + 1
        assert outcome.ids == (["A1", "A2", "A3"] if rows == 3 else ["A1", "A3"])


def test_lines_at_the_edges_of_blocks_are_whole(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("noren.kit.intake.lines.MAX_JOINED", 4)
    rows = [f'あ{n},2026-01-31,{n},"two\r\n""lines"""' if n % 3 else f"あ{n},2026-01-31,{n}," for n in range(40)]
    for end in ("\n", "\r\n", "\r"):
        for size in range(1, 90):
            monkeypatch.setattr("noren.kit.intake.lines.BLOCK", size)
            if size % 7 == 1:
                outcome = desk.take(text(*rows, "broken", end=end))
                assert outcome.ids == [f"あ{n}" for n in range(40)], (end, size)
                assert outcome.faults == [(42, "", "missing_column")]


def test_scan_sees_across_the_edges_of_blocks(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    content = text('"あ",  "2026-01-31",1,ん', 'い,2026-01-31,1,""', end="\r\n")
    for size in range(1, 12):
        monkeypatch.setattr("noren.kit.intake.scan.BLOCK", size)
        monkeypatch.setattr("noren.kit.intake.fast.BLOCK", size)
        for encoding in ("utf-8", "cp932"):
            outcome = desk.take(content.encode(encoding))
            assert (outcome.ids, outcome.raw.encoding) == (["あ", "い"], encoding)


# --- duplicates ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r"])
def test_first_good_row_of_a_key_counts(desk: Desk, end: str) -> None:
    keys = ["A,bad,1", "A,2026-01-31,2", "B,2026-01-31,3", "A,2026-01-31,4", "A,2026-01-31,x"]
    keys += [",2026-01-31,6", ",2026-01-31,7", "A,2026-01-31", "a,2026-01-31,8", "A,2026-01-31,9"]
    rows = [key + "," * (key != "A,2026-01-31") for key in keys]
    outcome = desk.take(text(*rows, end=end))
    assert [row[3] for row in outcome.accepted] == ["2", "3", "8"]
    assert Reason("id", "duplicate", 2) in outcome.result.reasons
    assert [row for row in outcome.faults if row[2] == "duplicate"] == [
        (5, "id", "duplicate"),
        (11, "id", "duplicate"),
    ]


def test_without_a_key_nothing_is_a_duplicate(desk: Desk) -> None:
    assert desk.take("id\nA\nA\n", intake.Layout("ids", ("id",))).ids == ["A", "A"]


# --- the rejects file ---------------------------------------------------------------------------------------


def test_rejects_file_opens_in_excel(desk: Desk) -> None:
    outcome = desk.take(text(GOOD, 'A2,"a, ""b""\nc",1,日本'))
    content = (desk.folder / "rejects.csv").read_bytes()
    assert content.startswith(codecs.BOM_UTF8 + b"row,field,code,reason,id,issued,amount,note\n3,issued,not_a_date,")
    assert outcome.rejects[0]["issued"] == 'a, "b"\nc'
    assert outcome.rejects[0]["note"] == "日本"


def test_reasons_are_sentences(desk: Desk) -> None:
    raw = intake.open_file(desk.con, desk.folder, desk.file(text(GOOD, GOOD, "short")), LAYOUT)
    result = intake.split(desk.con, raw)
    intake.write_rejects(desk.con, raw, result, desk.folder / "told.csv")
    told = (desk.folder / "told.csv").read_text("utf-8")
    assert all(one.sentence() in told for one in result.reasons)
    assert {one.code for one in result.reasons} == {"duplicate", "missing_column"}


def test_full_disk_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("noren.kit.intake.lines.clean", full)
    with pytest.raises(files.NoSpace):
        desk.take(text("short"))
