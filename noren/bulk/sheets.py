"""Files that go out: result files and templates, as CSV and XLSX, in the language that is active."""

import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import BinaryIO, Literal

import xlsxwriter

from noren.bulk import labels, queries
from noren.bulk.queries import JobRow, RowRow
from noren.bulk.reading.titles import title, word
from noren.bulk.rules import COLUMNS, Change, Operation
from noren.groups.rules import Role
from noren.kit import sheet

Form = Literal["csv", "xlsx"]

TOLD = ("number", "verdict", "code", "reason", "changes", "account_id")


def write_result(job: JobRow, out: BinaryIO, form: Form) -> None:
    """What came of each row of the job, with its reasons and the file's own columns.

    CSV in the encoding of the file that was given: CP932, or UTF-8 with its mark. Never a password or a link.
    """
    spoken = labels.language()
    header = [title(field, spoken) for field in (*TOLD, *job.columns)]
    _write(header, _results(job, spoken), out, form, encoding=job.encoding)


def _results(job: JobRow, spoken: str) -> Iterator[list[str]]:
    for row in queries.every_row(job.job_id):
        codes = [reason.partition(":")[2] for reason in row.reasons]
        told = [str(row.number), labels.result(row), "; ".join(codes), " ".join(map(labels.sentence, row.reasons))]
        yield [*told, labels.changes(row.changes), row.account_id, *_own(job, row, spoken)]


def _own(job: JobRow, row: RowRow, spoken: str) -> list[str]:
    return [word(row.given.get(field, ""), spoken) for field in job.columns]


def template(operation: Operation, form: Form) -> bytes:
    """An empty file of the operation with its titles and two example rows."""
    spoken = labels.language()
    rows = [[word(example[field], spoken) for field in COLUMNS[operation]] for example in EXAMPLES[operation]]
    out = io.BytesIO()
    _write([title(field, spoken) for field in COLUMNS[operation]], rows, out, form, encoding="utf-8")
    return out.getvalue()


PEOPLE = (
    {
        "account": "hanako@example.jp",
        "login_id": "hanako@example.jp",
        "new_login_id": "",
        "name": "山田 花子",
        "name_kana": "ヤマダ ハナコ",
        "department": "営業部",
        "title": "課長",
        "employee_number": "000123",
        "contact_mail": "hanako@example.jp",
        "contact_mobile": "090-1234-5678",
        "language": "ja",
        "line_id": "",
        "unit": "",
    },
    {
        "account": "abc234/000124",
        "login_id": "",
        "new_login_id": "taro@example.jp",
        "name": "鈴木 太郎",
        "name_kana": "スズキ タロウ",
        "department": "工場",
        "title": "",
        "employee_number": "000124",
        "contact_mail": "",
        "contact_mobile": "",
        "language": "en",
        "line_id": "",
        "unit": "",
    },
)
ACTIONS = {Operation.MEMBERSHIP: (Change.ADD, Change.REMOVE), Operation.PERMISSION: (Change.GIVE, Change.TAKE)}
EXAMPLES = {
    operation: [
        {
            **person,
            "action": str(ACTIONS.get(operation, ("", ""))[place]),
            "role": str((Role.MANAGE_USERS, Role.MANAGE_POINTS)[place]),
        }
        for place, person in enumerate(PEOPLE)
    ]
    for operation in Operation
}


def _write(header: Sequence[str], rows: Iterable[Sequence[str]], out: BinaryIO, form: Form, *, encoding: str) -> None:
    if form == "xlsx":
        _write_book(header, rows, out)
        return
    known = "cp932" if encoding == "cp932" else "utf-8"
    out.write(b"" if known == "cp932" else sheet.MARK.encode())
    out.writelines(sheet.line(row).encode(known, errors="replace") for row in chain([header], rows))


def _write_book(header: Sequence[str], rows: Iterable[Sequence[str]], out: BinaryIO) -> None:
    """Every cell and column is text, so that nothing that is typed below loses its leading zeros."""
    with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False}) as book:
        page, text, bold = book.add_worksheet(), book.add_format({"num_format": "@"}), book.add_format({"bold": True})
        page.set_column(0, len(header) - 1, 18, text)
        page.freeze_panes(1, 0)
        for column, cell in enumerate(header):
            page.write_string(0, column, cell, bold)
        for place, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if cell:
                    page.write_string(place, column, cell, text)
