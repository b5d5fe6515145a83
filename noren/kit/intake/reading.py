"""Open a CSV or Parquet file as the view `raw`: row BIGINT, the layout's columns as VARCHAR, broken VARCHAR.

Rows are numbered as a spreadsheet numbers them: the header is row 1. `broken` is NULL or the code of a fault
in the row's structure. DuckDB reads CSV quickly but gives up the file at its first bad line; then `lines`
reads it. A CSV file is staged as Parquet, because only that gives row numbers to parallel readers.
"""

import codecs
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb
from django.utils.translation import gettext_lazy as _

from noren.kit import duck, files
from noren.kit.intake import fast, lines, refusals
from noren.kit.intake.layout import Layout, quoted
from noren.kit.intake.scan import Scan, decode, likelier_encoding, scan
from noren.kit.progress import Progress, silent

Encoding = Literal["auto", "utf-8", "cp932"]

HEADER_LIMIT = 64 << 10
MAGIC = {
    b"PK\x03\x04": "xlsx / zip",
    b"\xd0\xcf\x11\xe0": "xls / doc",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"7z\xbc\xaf": "7z",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\x89PNG": "png",
    b"\xff\xd8\xff": "jpeg",
    b"GIF8": "gif",
    b"%PDF": "pdf",
    b"\x7fELF": "program",
}
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Raw:
    """A file that can now be read as the view `raw`. `columns` are its own, in its own order."""

    layout: Layout
    name: str
    columns: tuple[str, ...]
    sha256: str
    size: int
    encoding: Literal["utf-8", "cp932", "parquet"]


def open_file(
    con: duck.Connection,
    folder: Path,
    path: Path,
    layout: Layout,
    *,
    encoding: Encoding = "auto",
    progress: Progress = silent,
) -> Raw:
    """Make the file readable as the view `raw`; `folder` holds what is staged and must outlive the view.

    Raises NotFound, Unreadable, EmptyFile, NotATable, BadEncoding, BadParquet, BadHeader, NoSpace.
    """
    head = _head(path)
    # A folder for each file: DuckDB may remember what it has read under a name.
    work = fast.Work(con, Path(tempfile.mkdtemp(dir=folder)), path, progress)
    if head.startswith(b"PAR1") or path.suffix.lower() == ".parquet":
        return _open_parquet(work, layout)
    _refuse_binary(path, head)
    try:
        return _open_csv(work, layout, encoding)
    except OSError as error:
        raise files.refusal_of(error, folder) from error


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(HEADER_LIMIT)
    except FileNotFoundError as error:
        raise files.NotFound(_("There is no file %(file)s."), file=path) from error
    except OSError as error:
        message = _("%(file)s cannot be read: %(why)s.")
        raise files.Unreadable(message, file=path, why=error.strerror or error) from error
    if not head:
        raise _empty(path)
    return head


def _empty(path: Path) -> refusals.EmptyFile:
    return refusals.EmptyFile(_("%(file)s is empty; a line with the names of the columns is needed."), file=path.name)


def _refuse_binary(path: Path, head: bytes) -> None:
    if head.startswith(UTF16):
        raise _bad_encoding(path)
    kind = next((kind for magic, kind in MAGIC.items() if head.startswith(magic)), None)
    # UTF-16 without a mark and unknown formats show here; a NUL further down is the fault of its row only.
    first, *_rest = head.lstrip(b"\r\n").splitlines() or [b""]
    if kind or b"\0" in first:
        message = _("%(file)s is not a table but another kind of file (%(kind)s); save it as CSV in UTF-8.")
        raise refusals.NotATable(message, file=path.name, kind=kind or "NUL")


def _bad_encoding(path: Path) -> refusals.BadEncoding:
    message = _("The first line of %(file)s is neither UTF-8 nor CP932 text; save the file as CSV in UTF-8.")
    return refusals.BadEncoding(message, file=path.name)


def _open_csv(work: fast.Work, layout: Layout, encoding: Encoding) -> Raw:
    found = scan(work.path, work.progress)
    chosen = _encoding(work.path, encoding, found)
    header = _header(work.path, chosen)
    if sorted(header.columns) != sorted(layout.columns):
        raise refusals.bad_header(work.path.name, header.columns, layout.columns)
    broken = "NULL::VARCHAR"
    if not fast.stage(work, header, found, chosen):
        _stage_by_lines(work, header, chosen)
        broken = "broken"
    _view(work, work.staged, layout, {name: quoted(name) for name in layout.columns}, broken)
    return Raw(layout, work.path.name, header.columns, found.sha256, found.size, chosen)


def _stage_by_lines(work: fast.Work, header: fast.Header, encoding: str) -> None:
    clean = work.folder / "clean.csv"
    source = lines.Source(work.path, header.end, encoding, len(header.columns))
    records = lines.clean(source, clean, work.progress)
    staged = fast.to_parquet(work, clean, ("broken", *header.columns), header=False)
    clean.unlink()
    if staged != records:
        raise refusals.Unbalanced(records, staged)


def _encoding(path: Path, wanted: Encoding, found: Scan) -> Literal["utf-8", "cp932"]:
    if wanted != "auto":
        return wanted
    return "utf-8" if found.is_utf8 or likelier_encoding(path) == "utf-8" else "cp932"


def _header(path: Path, encoding: str) -> fast.Header:
    """Find the header. Raises EmptyFile, BadEncoding."""
    with path.open("rb") as file:
        start = 3 if file.read(3) == codecs.BOM_UTF8 and encoding == "utf-8" else 0
        file.seek(start)
        while (data := file.read(HEADER_LIMIT)) and not data.strip():
            start += len(data)
    if not data:
        raise _empty(path)
    start += len(data) - len(data.lstrip(b"\r\n"))
    line = data.lstrip(b"\r\n").splitlines(keepends=True)[0]
    try:
        text = decode(line.rstrip(b"\r\n"), encoding)
    except UnicodeDecodeError as error:
        raise _bad_encoding(path) from error
    return fast.Header(tuple(lines.fields_of(text) or [text]), start, start + len(line))


def _open_parquet(work: fast.Work, layout: Layout) -> Raw:
    path = work.path
    source = f"read_parquet({work.name_of(path)}, hive_partitioning = false)"
    try:
        described = work.con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    except duckdb.Error as error:
        raise bad_parquet(path.name) from error
    types = {name: kind for name, kind, *_ in described}
    if set(types) != set(layout.columns):
        raise refusals.bad_header(path.name, tuple(types), layout.columns)
    nul = [f"contains({quoted(name)}::VARCHAR, chr(0))" for name in types if "VARCHAR" in types[name]]
    broken = f"CASE WHEN {' OR '.join(nul)} THEN 'nul' END" if nul else "NULL::VARCHAR"
    _view(work, path, layout, {name: _as_text(name, types[name]) for name in types}, broken)
    return Raw(layout, path.name, tuple(types), files.sha256(path), path.stat().st_size, "parquet")


def bad_parquet(name: str) -> refusals.BadParquet:
    """The refusal for a file that is cut off or damaged."""
    return refusals.BadParquet(_("%(file)s is not a whole Parquet file; transfer or export it again."), file=name)


def _as_text(name: str, kind: str) -> str:
    column = quoted(name)
    if kind in ("FLOAT", "DOUBLE"):
        column = f"CASE WHEN NOT isnan({column}) THEN {column} END"
    return column if kind == "VARCHAR" else f"CAST({column} AS VARCHAR)"


def _view(work: fast.Work, source: Path, layout: Layout, texts: dict[str, str], broken: str) -> None:
    columns = ", ".join(f"nullif({texts[name]}, '') AS {quoted(name)}" for name in layout.columns)
    work.con.execute(
        f'CREATE OR REPLACE VIEW raw AS SELECT file_row_number + 2 AS "row", {columns}, {broken} AS broken '
        f"FROM read_parquet({work.name_of(source)}, file_row_number = true, hive_partitioning = false)"
    )
