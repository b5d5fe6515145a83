"""Files as users give them, through the three public functions of noren.kit.intake."""

import codecs
import csv
import errno
import gzip
import hashlib
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "noren.config.settings")

import django
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noren.kit import duck, errors, files, intake

COLUMNS = ("id", "issued", "amount", "note")
LAYOUT = intake.Layout(
    "bills",
    COLUMNS,
    key="id",
    yen="amount",
    checks=(
        intake.required("id"),
        intake.max_length("id", 20),
        intake.required("issued"),
        intake.a_date("issued"),
        intake.required("amount"),
        intake.whole_number("amount"),
    ),
)
HEADER = "id,issued,amount,note"
GOOD = "A1,2026-01-31,100,x"
NEXT = "A2,2026-02-28,-5,"


@dataclass(frozen=True)
class Outcome:
    """Everything a file led to, by plain values."""

    result: intake.Result
    raw: intake.Raw
    accepted: list[tuple[object, ...]]
    rejects: list[dict[str, str]]

    @property
    def ids(self) -> list[object]:
        return [row[1] for row in self.accepted]

    @property
    def faults(self) -> list[tuple[int, str, str]]:
        return [(int(row["row"]), row["field"], row["code"]) for row in self.rejects]


class Desk:
    """Takes files in and tells what became of them."""

    def __init__(self, con: duck.Connection, folder: Path) -> None:
        self.con, self.folder = con, folder

    def take(
        self,
        source: str | bytes | Path,
        layout: intake.Layout = LAYOUT,
        *,
        encoding: intake.Encoding = "auto",
        lookups: tuple[intake.Lookup, ...] = (),
        checks: tuple[intake.Check, ...] = (),
    ) -> Outcome:
        path = source if isinstance(source, Path) else self.file(source)
        raw = intake.open_file(self.con, self.folder, path, layout, encoding=encoding)
        result = intake.split(self.con, raw, checks=checks, lookups=lookups)
        accepted = self.con.execute('FROM accepted ORDER BY "row"').fetchall()
        target = self.folder / "rejects.csv"
        intake.write_rejects(self.con, raw, result, target, sentence=lambda field, code: f"{field} {code}")
        rejects = list(csv.DictReader(io.StringIO(target.read_bytes().decode("utf-8-sig"), newline="")))
        assert result.read == result.accepted + result.rejected
        assert (len(accepted), len(rejects)) == (result.accepted.rows, result.rejected.rows)
        return Outcome(result, raw, accepted, rejects)

    def file(self, content: str | bytes, name: str = "bills.csv") -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def parquet(self, select: str, name: str = "bills.parquet") -> Path:
        path = self.folder / name
        self.con.execute(f"COPY ({select}) TO {duck.literal(path)} (FORMAT parquet)")
        return path


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with duck.connect(tmp_path_factory.mktemp("scratch")) as (con, folder):
        yield Desk(con, folder)


@pytest.fixture(autouse=True, scope="module")
def _translations() -> None:
    django.setup()


def text(*lines: str, end: str = "\n") -> str:
    return end.join((HEADER, *lines, ""))


ROWS = [(2, "A1", "2026-01-31", "100", "x"), (3, "A2", "2026-02-28", "-5", None)]


# --- whole files refused ---------------------------------------------------------------------------------


def utf16(content: str) -> bytes:
    return content.encode("utf-16")


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("none.csv", None, intake.NotFound),
        ("empty.csv", b"", intake.EmptyFile),
        ("empty.parquet", b"", intake.EmptyFile),
        ("blank.csv", b"\r\n\n  \n", intake.EmptyFile),
        ("mark.csv", codecs.BOM_UTF8, intake.EmptyFile),
        ("book.csv", b"PK\x03\x04 and so on", intake.NotATable),
        ("bills.csv.gz", gzip.compress(text(GOOD).encode()), intake.NotATable),
        ("picture.csv", b"\x89PNG\r\n\x1a\n", intake.NotATable),
        ("nul.csv", b"id\0,issued,amount,note\n", intake.NotATable),
        ("utf16le.csv", utf16(text(GOOD)), intake.BadEncoding),
        ("unmarked16.csv", text(GOOD).encode("utf-16-le"), intake.NotATable),
        ("header.csv", b"id,issued,amount,\xff\xff\n", intake.BadEncoding),
        ("cut.parquet", b"PAR1 and then nothing", intake.BadParquet),
        ("csv.parquet", text(GOOD).encode(), intake.BadParquet),
        ("parquet.csv", b"PAR1 under another name", intake.BadParquet),
        ("words.csv", b"a letter\nin some lines\n", intake.BadHeader),
    ],
)
def test_file_that_is_no_table_is_refused(
    desk: Desk, name: str, content: bytes | None, refusal: type[errors.Refusal]
) -> None:
    path = desk.folder / name if content is None else desk.file(content, name)
    with pytest.raises(refusal) as caught:
        desk.take(path)
    assert caught.value.code.startswith("file.")
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_folder_is_unreadable(desk: Desk) -> None:
    with pytest.raises(intake.Unreadable):
        desk.take(desk.folder)


@pytest.mark.parametrize(
    ("header", "missing", "unexpected"),
    [
        ("id,issued,amount", "note", "-"),
        ("id,issued,amount,note,more", "-", "'more'"),
        ("id,issued,amount,Note", "note", "'Note'"),
        ("id,issued,amount,note,note", "-", "'note'"),
        ("id,issued,amount,note,", "-", "''"),
        ("id;issued;amount;note", "id, issued, amount, note", "'id;issued;amount;note'"),
    ],
)
def test_header_must_be_the_columns_of_the_layout(desk: Desk, header: str, missing: str, unexpected: str) -> None:
    with pytest.raises(intake.BadHeader) as caught:
        desk.take(header + "\n" + GOOD + "\n")
    assert (caught.value.values["missing"], caught.value.values["unexpected"]) == (missing, unexpected)


def test_parquet_with_other_columns_is_refused(desk: Desk) -> None:
    with pytest.raises(intake.BadHeader):
        desk.take(desk.parquet("SELECT 1 AS id"))


def test_parquet_cut_short_or_damaged_inside_is_refused(desk: Desk) -> None:
    rows = "SELECT 'A' || i AS id, '2026-01-01' AS issued, hash(i)::VARCHAR AS amount, NULL AS note"
    whole = desk.parquet(f"{rows} FROM range(9000) AS t(i)").read_bytes()
    for damaged in (whole[: len(whole) // 2], whole[:100] + bytes(5000) + whole[5100:]):
        with pytest.raises(intake.BadParquet):
            desk.take(desk.file(damaged, "damaged.parquet"))


# --- forms in which the same two rows may come -----------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        text(GOOD, NEXT),
        text(GOOD, NEXT).rstrip("\n"),
        text(GOOD, NEXT, end="\r\n"),
        text(GOOD, NEXT, end="\r"),
        f"{HEADER}\r\n{GOOD}\n{NEXT}\r\n",
        f"{HEADER}\n{GOOD}\r\n{NEXT}\n",
        "\ufeff" + text(GOOD, NEXT),
        "\ufeff" + text(GOOD, NEXT, end="\r"),
        text("", GOOD, "", "", NEXT, ""),
        text("", GOOD, "", NEXT, end="\r\n"),
        text("", GOOD, "", NEXT, end="\r"),
        "\n\n" + text(GOOD, NEXT),
        text('"A1","2026-01-31","100","x"', 'A2,2026-02-28,-5,""'),
        text('"A1", "2026-01-31" ,"100" ,"x" ', "A2,2026-02-28,-5,"),
        text('  "A1",2026-01-31,  "100",x', "A2,2026-02-28,-5,"),
        text('A1,"2026-01-31"  ,100,x', "A2,2026-02-28,-5,"),
        '"id","issued","amount","note"\n' + GOOD + "\n" + NEXT,
        "note,amount,id,issued\nx,100,A1,2026-01-31\n,-5,A2,2026-02-28\n",
        "note,amount,id,issued\rx,100,A1,2026-01-31\r,-5,A2,2026-02-28\r",
    ],
)
def test_forms_of_the_same_file_agree(desk: Desk, content: str) -> None:
    outcome = desk.take(content)
    assert outcome.accepted == ROWS
    assert outcome.result.read == intake.Counts(2, 95, 0)
    assert outcome.raw.sha256 == hashlib.sha256(content.encode()).hexdigest()


def test_header_alone_is_a_file_without_rows(desk: Desk) -> None:
    for content in (HEADER, HEADER + "\r\n", "\n" + HEADER, "\ufeff" + HEADER):
        assert desk.take(content).result == intake.Result(intake.Counts(), intake.Counts(), intake.Counts(), {})


def test_one_column_does_not_take_blank_lines_for_rows(desk: Desk) -> None:
    outcome = desk.take('id\nA1\n\n""\nA2\n', intake.Layout("ids", ("id",), checks=(intake.required("id"),)))
    assert outcome.accepted == [(2, "A1"), (4, "A2")]
    assert outcome.faults == [(3, "id", "missing")]


@pytest.mark.parametrize("encoding", ["auto", "cp932"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_cp932_is_read_like_utf8(desk: Desk, encoding: intake.Encoding, end: str) -> None:
    content = text("あ①,2026-01-31,100,表～株㈱", NEXT, end=end)
    outcome = desk.take(content.encode("cp932"), encoding=encoding)
    assert outcome.raw.encoding == "cp932"
    assert outcome.accepted == [(2, "あ①", "2026-01-31", "100", "表～株㈱"), ROWS[1]]
    assert outcome.accepted == desk.take(content).accepted


def test_encoding_that_is_given_counts(desk: Desk) -> None:
    outcome = desk.take(text("あ,2026-01-31,100,", NEXT).encode("cp932"), encoding="utf-8")
    assert outcome.ids == ["A2"]
    assert outcome.faults == [(2, "", "encoding")]


@pytest.mark.parametrize(("encoding", "chosen"), [("utf-8", "utf-8"), ("cp932", "cp932")])
def test_encoding_with_fewer_bad_lines_is_chosen(desk: Desk, encoding: str, chosen: str) -> None:
    good = [f"あ{number},2026-01-31,1,ん\n".encode(encoding) for number in range(20)]
    outcome = desk.take(text().encode() + b"".join(good[:9]) + b"\x82,\xff\xff\n" + b"".join(good[9:]))
    assert outcome.raw.encoding == chosen
    assert outcome.ids == [f"あ{number}" for number in range(20)]
    assert outcome.faults == [(11, "", "encoding")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_text_in_quotes_survives_to_the_letter(desk: Desk, end: str) -> None:
    note = 'first\nsecond\r\n\r\nthird, "so" said\r'
    content = text(GOOD, f'A2,2026-01-31,1,"{note.replace(chr(34), chr(34) * 2)}"', "A3,2026-01-31,1,", end=end)
    outcome = desk.take(content)
    assert outcome.ids == ["A1", "A2", "A3"]
    assert outcome.accepted[1][4] == note


@pytest.mark.parametrize("end", ["\n", "\r"])
@pytest.mark.parametrize("key", ["00012", " 7 ", "None", "nan", "NULL", "日本", 'a"b', "1e3", "=1+1", "#", "\\"])
def test_keys_survive_to_the_letter(desk: Desk, end: str, key: str) -> None:
    assert desk.take(text(f"{key},2026-01-31,1,", end=end)).ids == [key]


def test_path_is_never_a_pattern(desk: Desk) -> None:
    for name in ("bills[1].csv", "bills*.csv", "it's a=b.csv"):
        assert desk.take(desk.file(text(GOOD), name)).ids == ["A1"]
        desk.parquet("SELECT 'A1' AS id, '2026-01-31' AS issued, 1 AS amount, NULL AS note").rename(
            desk.folder / f"{name}.parquet"
        )
        assert desk.take(desk.folder / f"{name}.parquet").ids == ["A1"]


# --- Parquet -----------------------------------------------------------------------------------------------


def test_parquet_as_text_agrees_with_csv(desk: Desk) -> None:
    values = "('A1', '2026-01-31', '100', 'x'), ('A2', '2026-02-28', '-5', '')"
    outcome = desk.take(desk.parquet(f"FROM (VALUES {values}) AS t(id, issued, amount, note)"))
    assert (outcome.accepted, outcome.raw.encoding) == (ROWS, "parquet")


def test_parquet_with_types_is_taken_as_text(desk: Desk) -> None:
    columns = "i AS amount, 'A' || i AS id, DATE '2026-01-31' + i AS issued, "
    note = "[1.0::DOUBLE, 'nan'::DOUBLE, NULL, 2.5][i + 1] AS note"
    outcome = desk.take(desk.parquet(f"SELECT {columns}{note} FROM range(4) AS t(i)".replace("+ i ", "+ i::INT ")))
    assert outcome.accepted[0] == (2, "A0", "2026-01-31", "0", "1.0")
    assert [row[4] for row in outcome.accepted] == ["1.0", None, None, "2.5"]
    assert outcome.accepted[3][2] == "2026-02-03"


def test_parquet_float_is_no_whole_number(desk: Desk) -> None:
    row = "SELECT 'A1' AS id, DATE '2026-01-31' AS issued, 1.0::DOUBLE AS amount, NULL AS note"
    outcome = desk.take(desk.parquet(row))
    assert outcome.faults == [(2, "amount", "not_a_whole_number")]
    assert outcome.rejects[0]["amount"] == "1.0"
    assert outcome.result.rejected == intake.Counts(1, 0, 1)


def test_parquet_with_nul_in_a_text_rejects_that_row(desk: Desk) -> None:
    row = "SELECT 'A' || i AS id, '2026-01-31' AS issued, 1 AS amount"
    outcome = desk.take(desk.parquet(f"{row}, CASE i WHEN 1 THEN 'a' || chr(0) END AS note FROM range(3) AS t(i)"))
    assert outcome.ids == ["A0", "A2"]
    assert outcome.faults == [(3, "", "nul")]


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
    assert outcome.result.by_reason == {("note", check.code): len(wrong)}


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
    assert outcome.result.by_reason[("id", "duplicate")] == 2
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
    assert all(intake.sentence(field, code) in told for field, code in result.by_reason)
    assert {code for _, code in result.by_reason} == {"duplicate", "missing_column"}


def test_full_disk_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("noren.kit.intake.lines.clean", full)
    with pytest.raises(files.NoSpace):
        desk.take(text("short"))


# --- any file at all ----------------------------------------------------------------------------------------

BROKEN = [
    b"a,b",
    b"A0,2026-01-31,1,x,y",
    b'"A0,2026-01-31,5,n',
    b"A0,\xff\xfe,1,",
    b"\0",
    b"\xfe\xff\xfd",
    b" ",
    b"A0,2026-01-31,9,z,",
]
AMOUNTS = st.sampled_from(["", " 1", "1.0", "1e3", "+1", "１", "x", "10000000000000"]) | st.integers(-999, 999).map(str)
IDS = st.sampled_from(["", "x" * 21, "あ", " a", "a"]) | st.integers(0, 30).map("A{}".format)
DAYS = st.sampled_from(["2026-01-31"] * 6 + ["2026-02-30", "", "日"])


def rows(notes: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.tuples(IDS, DAYS, AMOUNTS, st.text(notes, max_size=4))


@dataclass(frozen=True)
class Expected:
    ids: list[str]
    read: intake.Counts
    accepted: intake.Counts


def is_number(amount: str) -> bool:
    return amount.removeprefix("-").isdecimal() and amount.isascii() and abs(int(amount)) <= 10**12


def expected(lines: list[tuple[str, ...] | bytes]) -> Expected:
    """The reference: what a careful clerk would do with the rows, one after the other."""
    ids: list[str] = []
    amounts: list[str] = []
    for line in lines:
        if isinstance(line, bytes):
            continue
        key, day, amount, _ = line
        right = is_number(amount)
        if key and key not in ids and len(key) <= 20 and day == "2026-01-31" and right:
            ids.append(key)
            amounts.append(amount)
    every = ["" if isinstance(line, bytes) else line[2] for line in lines]
    return Expected(ids, counts(every), counts(amounts))


def counts(amounts: list[str]) -> intake.Counts:
    readable = [int(amount) for amount in amounts if is_number(amount)]
    return intake.Counts(len(amounts), sum(readable), len(amounts) - len(readable))


def as_csv(lines: list[tuple[str, ...] | bytes], encoding: str, end: str) -> bytes:
    def field(value: str) -> str:
        plain = value and not set(value) & set('",\r\n')
        return value if plain else '"' + value.replace('"', '""') + '"'

    written = [line if isinstance(line, bytes) else ",".join(map(field, line)).encode(encoding) for line in lines]
    return end.encode().join([HEADER.encode(), *written, b""])


def as_parquet(desk: Desk, lines: list[tuple[str, ...]]) -> Path:
    values = [f"({', '.join(map(duck.literal, line))})" for line in lines]
    rows = ", ".join(values) or "(NULL, NULL, NULL, NULL)"
    where = "" if lines else " WHERE false"
    return desk.parquet(f"SELECT * FROM (VALUES {rows}) AS t({', '.join(COLUMNS)}){where}")


@settings(max_examples=40, deadline=None)
@given(st.lists(rows('aあ①",\n\r =N'), max_size=12))
def test_every_form_of_a_file_has_the_same_outcome(desk: Desk, lines: list[tuple[str, ...]]) -> None:
    content: list[tuple[str, ...] | bytes] = [*lines]
    outcomes = [
        desk.take(as_csv(content, "utf-8", "\n")),
        desk.take(as_csv(content, "cp932", "\r\n")),
        desk.take(as_csv(content, "utf-8", "\r")),
        desk.take(as_csv(content, "cp932", "\r"), encoding="cp932"),
        desk.take(as_parquet(desk, lines)),
    ]
    want = expected(content)
    for outcome in outcomes:
        assert (outcome.ids, outcome.result.read, outcome.result.accepted) == (
            want.ids,
            want.read,
            want.accepted,
        )
        assert (outcome.accepted, outcome.rejects) == (outcomes[0].accepted, outcomes[0].rejects)


@settings(max_examples=50, deadline=None)
@given(st.lists(rows("aあ①") | st.sampled_from(BROKEN), max_size=12), st.sampled_from(["\n", "\r\n", "\r"]))
def test_no_row_is_lost_whatever_the_file_holds(desk: Desk, lines: list[tuple[str, ...] | bytes], end: str) -> None:
    want = expected(lines)
    for encoding in ("utf-8", "cp932"):
        outcome = desk.take(as_csv(lines, encoding, end))
        assert (outcome.ids, outcome.result.read, outcome.result.accepted) == (
            want.ids,
            want.read,
            want.accepted,
        )


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from([b'"', b",", b"\n", b"\r", b"a", b" ", b"\xff", GOOD.encode() + b"\n"]), max_size=40))
def test_any_bytes_are_accounted_for(desk: Desk, pieces: list[bytes]) -> None:
    outcome = desk.take(HEADER.encode() + b"\n" + b"".join(pieces))
    assert outcome.result.read == outcome.result.accepted + outcome.result.rejected
