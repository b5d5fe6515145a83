"""The slow and forgiving way through a CSV file: line by line, so that a broken line harms only itself.

Each record becomes one line of a clean CSV file, with the fault of its structure, if any, in a first column.
A broken record keeps its text in the second column and has no other fields.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from noren.kit.intake.scan import LINE_LIMIT, decode, whole_lines
from noren.kit.progress import Progress

BLOCK = 4 << 20
MAX_JOINED = 50
"""Lines a quoted field may run over."""
KEPT = 1000
"""Characters kept of a line that is too long."""

QUOTED = r' *"([^"]*+(?:""[^"]*+)*+)'
BARE = r'(?! *")[^,]*+'
FIELD = re.compile(rf'{QUOTED}" *(?=,|\Z)|({BARE})')
OPEN = re.compile(rf'(?:(?:{QUOTED}" *|{BARE}),)*+{QUOTED}\Z')


@dataclass(frozen=True, slots=True)
class Source:
    """A CSV file from the byte after its header."""

    path: Path
    start: int
    encoding: str
    columns: int


def fields_of(text: str) -> list[str] | None:
    """The fields of one record, or None if its quotes are wrong. Spaces around quotes do not count."""
    fields, place = [], 0
    while match := FIELD.match(text, place):
        fields.append(match[2] if match[1] is None else match[1].replace('""', '"'))
        place = match.end() + 1
        if match.end() == len(text):
            return fields
        if text[match.end()] != ",":
            return None
    return None


def clean(source: Source, target: Path, progress: Progress) -> int:
    """Write the records of `source` to `target`, each exactly once and in order; say how many they are."""
    total, records = source.path.stat().st_size, 0
    with source.path.open("rb") as file, target.open("w", encoding="utf-8", newline="") as out:
        file.seek(source.start)
        for written in _blocks(file, source):
            out.writelines(written)
            records += len(written)
            progress("intake.lines", file.tell(), total)
    return records


def _blocks(file: BinaryIO, source: Source) -> Iterator[list[str]]:
    rest = b""
    while data := file.read(BLOCK):
        block, rest = whole_lines(rest + data)
        lines = block.splitlines(keepends=True)
        done, records = _block(lines, source, last=False)
        rest = b"".join(lines[done:]) + rest
        yield records
    yield _block(rest.splitlines(keepends=True), source, last=True)[1]


def _block(lines: list[bytes], source: Source, *, last: bool) -> tuple[int, list[str]]:
    """The clean records of some lines, and how many lines those are: an open quote may need more."""
    plain = _plain_block(lines, source)
    return (len(lines), plain) if plain is not None else _careful_block(lines, source, last=last)


def _plain_block(lines: list[bytes], source: Source) -> list[str] | None:
    """The clean records of lines without quotes or faults in bytes or length; None if there are any."""
    data = b"".join(lines)
    if b'"' in data or b"\0" in data or max(map(len, lines), default=0) > LINE_LIMIT:
        return None
    try:
        text = decode(data, source.encoding)
    except UnicodeDecodeError:
        return None
    records = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [_plain(record, source.columns) for record in records if record]


def _plain(line: str, columns: int) -> str:
    found = line.count(",") + 1
    return f",{line}\n" if found == columns else _broken(line, _misfit(found, columns), columns)


def _careful_block(lines: list[bytes], source: Source, *, last: bool) -> tuple[int, list[str]]:
    done, records = 0, []
    while done < len(lines):
        # Below this many lines ahead, an open quote might find its end in the next block.
        if not last and done + MAX_JOINED >= len(lines) and b'"' in b"".join(lines[done:]):
            break
        count, record = _record(lines, done, source)
        records.append(record)
        done += count
    # A blank line is no record.
    return done, [record for record in records if record]


def _record(lines: list[bytes], at: int, source: Source) -> tuple[int, str]:
    """How many lines the record at `at` takes, and its clean text; a blank line has none."""
    line = lines[at].rstrip(b"\r\n")
    if not line:
        return 1, ""
    text = line.decode(source.encoding, errors="replace")
    if fault := _fault(line, source.encoding):
        return 1, _broken(text[:KEPT], fault, source.columns)
    fields = fields_of(text)
    if fields is not None and len(fields) != source.columns:
        return 1, _broken(text, _misfit(len(fields), source.columns), source.columns)
    if fields is not None:
        return 1, _good(fields)
    count, fields = _joined(lines, at, source) if OPEN.match(text) else (1, None)
    return count, _good(fields) if fields else _broken(text, "quotes", source.columns)


def _fault(line: bytes, encoding: str) -> str | None:
    if len(line) > LINE_LIMIT:
        return "line_too_long"
    if b"\0" in line:
        return "nul"
    try:
        decode(line, encoding)
    except UnicodeDecodeError:
        return "encoding"
    return None


def _joined(lines: list[bytes], at: int, source: Source) -> tuple[int, list[str] | None]:
    """The record that begins at `at` with an open quote, or None if no following line closes it well."""
    data = lines[at]
    for count, line in enumerate(lines[at + 1 : at + MAX_JOINED], start=2):
        data += line
        if _fault(line, source.encoding) or len(data) > LINE_LIMIT:
            break
        # Only a quote can close a quote.
        if b'"' in line and not OPEN.match(text := decode(data.rstrip(b"\r\n"), source.encoding)):
            fields = fields_of(text)
            return (count, fields) if fields and len(fields) == source.columns else (1, None)
    return 1, None


def _misfit(found: int, columns: int) -> str:
    return "missing_column" if found < columns else "extra_column"


def _good(fields: list[str]) -> str:
    return "," + ",".join(map(_quoted, fields)) + "\n"


def _broken(text: str, fault: str, columns: int) -> str:
    return f"{fault},{_quoted(text)}{',' * (columns - 1)}\n"


def _quoted(field: str) -> str:
    return '"' + field.replace('"', '""').replace("\0", "\ufffd") + '"' if field else ""
