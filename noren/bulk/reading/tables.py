"""A file's bytes as a header and rows of texts, numbered as a spreadsheet numbers them."""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook

from noren.bulk.reading.refusals import BadTable, NoRows, TooLarge
from noren.bulk.reading.sheets import must_be_bounded
from noren.bulk.rules import MOST_BYTES, MOST_ROWS
from noren.kit import files
from noren.kit.intake.scan import has_gaps

ZIP = b"PK\x03\x04"
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
LINE_LIMIT = 250_000

NUMBER = "\0number\0"
"""Before the text of a cell that holds a number: a text column must know, because leading zeros may be gone."""


@dataclass(frozen=True, slots=True)
class Table:
    """The titles, and the rows below them with their numbers; `encoding` is `utf-8`, `cp932` or `xlsx`."""

    header: tuple[str, ...]
    rows: Iterator[tuple[int, Sequence[str]]]
    encoding: str


def read_file(path: Path) -> bytes:
    """The bytes of a file, no more than a job may have. Raises NotFound, Unreadable, TooLarge."""
    files.must_be_readable(path)
    if path.stat().st_size > MOST_BYTES:
        raise _too_large()
    return path.read_bytes()


def open_table(content: bytes) -> Table:
    """Read the bytes. Raises TooLarge, BadTable, NoRows; what stands further down is found while rows are taken."""
    if len(content) > MOST_BYTES:
        raise _too_large()
    if not content.strip():
        raise NoRows(_("The file is empty."))
    return _sheet(content) if content.startswith(ZIP) else _csv(content)


def _too_large() -> TooLarge:
    return TooLarge(_("The file is larger than %(most)d MB. Part it."), most=MOST_BYTES >> 20)


def _bounded(rows: Iterator[tuple[int, Sequence[str]]]) -> Iterator[tuple[int, Sequence[str]]]:
    """Rows that hold something. Raises TooLarge."""
    count = 0
    for number, cells in rows:
        if not any(cells):
            continue
        count += 1
        if count > MOST_ROWS:
            raise TooLarge(_("The file has more than %(most)d rows. Part it."), most=MOST_ROWS)
        yield number, cells


def _table(rows: Iterator[tuple[int, Sequence[str]]], encoding: str) -> Table:
    first = next((cells for _number, cells in rows if any(cells)), None)
    if first is None:
        raise NoRows(_("The file is empty."))
    header = list(first)
    while header and not header[-1].strip():
        header.pop()
    return Table(tuple(header), _bounded(rows), encoding)


def _csv(content: bytes) -> Table:
    if content.startswith(UTF16) or b"\0" in content.partition(b"\n")[0]:
        raise BadTable(_("The file is no CSV file. Save it as CSV in UTF-8, or as XLSX."))
    encoding = _encoding(content)
    text = io.TextIOWrapper(io.BytesIO(content), "utf-8-sig" if encoding == "utf-8" else encoding, newline="")
    return _table(_records(text), encoding)


def _records(text: io.TextIOWrapper) -> Iterator[tuple[int, Sequence[str]]]:
    """Blank lines do not count; a field that runs over several lines is in one row."""
    reader, number = csv.reader(text, strict=True), 0
    try:
        for cells in reader:
            if cells:
                number += 1
                yield number, cells
    except csv.Error as error:
        message = _("The quotes of line %(line)d are wrong, or it is too long. Correct it or save the file anew.")
        raise BadTable(message, line=reader.line_num) from error


def _encoding(content: bytes) -> str:
    """UTF-8, else CP932. Raises BadTable, with the line that is neither."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    try:
        if not has_gaps(content.decode("cp932")):
            return "cp932"
    except UnicodeDecodeError:
        pass
    raise BadTable(
        _("Line %(line)d of the file is neither UTF-8 nor CP932 (Shift_JIS). Save it as CSV in UTF-8."),
        line=_first_bad_line(content),
    )


def _first_bad_line(content: bytes) -> int:
    """Of the encoding that fails later."""
    return max(_bad_line(content, encoding) for encoding in ("utf-8", "cp932"))


def _bad_line(content: bytes, encoding: str) -> int:
    for number, line in enumerate(content.split(b"\n"), start=1):
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError:
            return number
        if encoding == "cp932" and has_gaps(text):
            return number
    return 0


def _sheet(content: bytes) -> Table:
    """The first sheet. Cells keep their text; a number is marked as one."""
    try:
        must_be_bounded(content)
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            sheet = book.get_sheet_by_index(0)
            rows = sheet.iter_rows()
    except (CalamineError, zipfile.BadZipFile, IndexError, OSError) as error:
        raise BadTable(_("The file is no XLSX file, or a damaged one. Save it anew as XLSX or CSV.")) from error
    return _table(((number, list(map(_text, cells))) for number, cells in enumerate(rows, start=1)), "xlsx")


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, int | float):
        return f"{NUMBER}{int(cell) if cell == int(cell) else cell}"
    return str(cell)
