"""What a file may look like, and what is said of one that cannot be read."""

import io
import zipfile

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as some

from noren.accounts import actions as accounts
from noren.bulk.reading import fields, tables, titles
from noren.bulk.reading.refusals import BadColumns, BadTable, NoRows, TooLarge
from noren.bulk.rules import COLUMNS, MOST_BYTES, Operation
from noren.kit.errors import Refusal
from tests.bulk.desk import Jobs, file, rows, told


def sheet(*lines: tuple[object, ...]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for row, cells in enumerate(lines):
            for column, cell in enumerate(cells):
                page.write(row, column, cell)
    return out.getvalue()


HEAD = ("社員番号", "氏名")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_encodings_and_leading_zeros(jobs: Jobs, encoding: str) -> None:
    job = jobs.judged(Operation.ISSUE, file(HEAD, ("００42", "髙橋　花子"), ("007", "①"), encoding=encoding))
    assert [(row.given["employee_number"], row.given["name"]) for row in rows(job)] == [
        ("0042", "髙橋 花子"),
        ("007", "1"),
    ]
    assert job.encoding == ("cp932" if encoding == "cp932" else "utf-8")


def test_a_sheet_keeps_its_texts_and_tells_of_numbers(jobs: Jobs) -> None:
    content = sheet(
        ("Employee number", "NAME", "department"),
        ("0042", "花子", 7),
        (43, "太郎", 1.5),
        ("", "", ""),
        ("44", True, ""),
    )
    job = jobs.judged(Operation.ISSUE, content)
    assert told(job) == [(2, "do", ()), (3, "error", ("employee_number:number_cell",)), (5, "do", ())]
    first, second, last = rows(job)
    assert (first.given["employee_number"], first.given["department"]) == ("0042", "7")
    assert (second.given["employee_number"], last.given["name"]) == ("43", "TRUE")


def test_columns_are_told_by_name(jobs: Jobs) -> None:
    with pytest.raises(BadColumns) as caught:
        jobs.judged(Operation.ISSUE, file(("ログインID", "部署", "部署", "好物"), ("a", "b", "c", "d")))
    assert str(caught.value).startswith(
        "The columns do not fit. Missing: name (氏名). Not known: 好物. Twice: department (部署)."
    )


@pytest.mark.parametrize(
    ("content", "refusal", "said"),
    [
        (b"", NoRows, "empty"),
        (b"\n \n", NoRows, "empty"),
        (file(HEAD), NoRows, "no row"),
        (b"%PDF-1.4 \0\0", BadTable, "no CSV"),
        ("社員番号,氏名".encode("utf-16"), BadTable, "no CSV"),
        (file(HEAD, ("1", "花"))[:-4] + b"\xff\xff\n", BadTable, "Line 2"),
        (b'employee_number,name\n1,"a"b\n', BadTable, "line 2"),
        (b"PK\x03\x04 no archive", BadTable, "XLSX"),
        (b"x" * (MOST_BYTES + 1), TooLarge, "30 MB"),
    ],
)
def test_files_that_cannot_be_read(jobs: Jobs, content: bytes, refusal: type[Refusal], said: str) -> None:
    with pytest.raises(refusal, match=said):
        jobs.judged(Operation.ISSUE, content)


def test_more_rows_than_a_job_may_have(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    with pytest.raises(TooLarge, match="2 rows"):
        jobs.judged(Operation.ISSUE, file(HEAD, *((str(number), "花") for number in range(3))))


@pytest.mark.parametrize("place", ['r="XFD1"', "r = 'a1048576'", 'r="AA7"', 'r="A0200000"'])
def test_a_small_sheet_that_would_be_a_huge_table(place: str) -> None:
    plain = sheet(("name",), ("x",))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            text = old.read(entry)
            new.writestr(
                entry, text.replace(b'r="A2"', place.encode()) if b"worksheets" in entry.filename.encode() else text
            )
    with pytest.raises(TooLarge):
        tables.open_table(out.getvalue())


def test_a_row_with_too_many_cells_or_bad_ones_is_told(jobs: Jobs) -> None:
    header = ("login_id", "name", "contact_mail", "contact_mobile", "language")
    job = jobs.judged(
        Operation.ISSUE,
        file(
            header,
            ("a b", "", "no", "1", "fr"),
            ("b", "x", "", "", "", "more"),
            ("c",),
            ("d", "x\0y", "", "", ""),
            ("e", "z" * 256, "", "", ""),
        ),
    )
    assert [row.reasons for row in rows(job)] == [
        (
            "contact_mail:contact.bad_mail",
            "contact_mobile:contact.bad_mobile",
            "language:not_in_list",
            "name:missing",
            "login_id:login.bad",
        ),
        (":extra_column",),
        ("name:missing",),
        ("name:not_printable",),
        ("name:too_long",),
    ]


def as_single(tidy: object, text: str) -> str:
    try:
        return str(tidy(text))  # type: ignore[operator]
    except Refusal as refusal:
        return f"refused: {refusal.code}"


def as_cell(read: fields.Read, text: str) -> str:
    try:
        return read(text)
    except fields.Fault as fault:
        return f"refused: {fault}"


DIGITS = some.from_regex(r"0?[0-9]{2}[- (]{0,2}[0-9]{3,4}[-) ]{0,2}[0-9]{3,5}", fullmatch=True)
LETTERS = "ab.0_-+@"
MAILS = some.text(LETTERS + "é!", max_size=30) | some.from_regex(
    r"[a-z.+-]{1,6}@[a-z0-9-]{1,5}\.[a-z.]{1,6}", fullmatch=True
)


@settings(deadline=None)
@given(DIGITS | some.text("0123456789-+ ", max_size=14))
def test_mobiles_are_read_as_single_actions_read_them(text: str) -> None:
    if text.strip():
        assert as_cell(fields.mobile, text) == as_single(accounts.tidy_mobile, text)


@settings(deadline=None)
@given(MAILS)
def test_mails_are_read_as_single_actions_read_them(text: str) -> None:
    if text.strip():
        assert as_cell(fields.mail, text.strip()) == as_single(accounts.tidy_mail, text)


def test_titles_and_words_are_known_in_both_languages() -> None:
    for field, (english, japanese) in titles.TITLES.items():
        for operation, columns in COLUMNS.items():
            if field in columns and operation is Operation.CHANGE:
                for title in (field, english, english.upper(), f" {japanese} "):
                    found = titles.fields(("account", title) if field != "account" else (title,), operation)
                    assert found[-1] == field
