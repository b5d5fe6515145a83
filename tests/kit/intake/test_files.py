"""Whole files: those that are refused, and the forms in which the same rows may come."""

import codecs
import gzip
import hashlib

import pytest

from noren.kit import errors, intake
from tests.kit.intake.desk import GOOD, HEADER, NEXT, ROWS, Desk, text

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
        ("bills.csv.gz", gzip.compress(text(GOOD).encode(), mtime=0), intake.NotATable),
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
        assert desk.take(content).result == intake.Result(intake.Counts(), intake.Counts(), intake.Counts(), ())


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
