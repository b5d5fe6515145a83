"""The fast way through a CSV file: DuckDB's own reader, and the doubts that make us not take its word."""

import codecs
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from noren.kit import duck
from noren.kit.intake.layout import quoted
from noren.kit.intake.scan import BLOCK, Scan, has_gaps
from noren.kit.progress import Progress


@dataclass(frozen=True, slots=True)
class Work:
    """A file being opened, and the folder of its own that holds what is staged."""

    con: duck.Connection
    folder: Path
    path: Path
    progress: Progress

    @property
    def staged(self) -> Path:
        return self.folder / "raw.parquet"

    def name_of(self, path: Path) -> str:
        """The path as an SQL string, by a link: DuckDB would take `[1]` or `*` in a name for a pattern."""
        link = self.folder / f"source-{path.stat().st_ino}"
        link.unlink(missing_ok=True)
        link.symlink_to(path.resolve())
        return duck.literal(link)


@dataclass(frozen=True, slots=True)
class Header:
    """The first line that is not blank: its names, and where it begins and ends in the file."""

    columns: tuple[str, ...]
    start: int
    end: int


def stage(work: Work, header: Header, found: Scan, encoding: str) -> bool:
    """Let DuckDB read the file. False if it cannot or, what is worse, may have read it wrongly."""
    # DuckDB takes a blank line for a row if there is one column, and for the header if it comes first.
    plain = found.is_plain and len(header.columns) > 1 and header.start in (0, len(codecs.BOM_UTF8))
    if not plain or (encoding == "utf-8" and not found.is_utf8):
        return False
    source = work.path if encoding == "utf-8" else _transcoded(work)
    if source is None:
        return False
    work.progress("intake.stage", 0, None)
    try:
        rows = to_parquet(work, source, header.columns, header=True)
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        return False
    finally:
        (work.folder / "utf8.csv").unlink(missing_ok=True)
    return _every_comma_counts(work, header.columns, rows, found.commas)


def to_parquet(work: Work, source: Path, columns: Iterable[str], *, header: bool) -> int:
    """Copy a clean CSV file to `work.staged`, all text, in order; say how many rows there are."""
    types = ", ".join(f"{duck.literal(column)}: 'VARCHAR'" for column in columns)
    # A clean file has LF only, so a CR in one of its fields must not be taken for the end of a line. Of other
    # files this must not be said: DuckDB then loses rows of a file that mixes both.
    end = "" if header else ", new_line = '\\n'"
    copied = work.con.execute(
        f"COPY (SELECT * FROM read_csv({work.name_of(source)}, columns = {{{types}}}, header = {header}, "
        "auto_detect = false, all_varchar = true, compression = 'none', hive_partitioning = false, "
        "delim = ',', quote = '\"', escape = '\"', comment = '', strict_mode = true, "
        f"max_line_size = 1000000{end})) TO {duck.literal(work.staged)} {duck.STAGED}"
    )
    return int(copied.fetchall()[0][0])


def _transcoded(work: Work) -> Path | None:
    """The same text in UTF-8, None if some is not CP932. DuckDB would have to fetch an extension for it."""
    target, total = work.folder / "utf8.csv", work.path.stat().st_size
    decoder = codecs.getincrementaldecoder("cp932")()
    with work.path.open("rb") as file, target.open("w", encoding="utf-8", newline="") as out:
        while block := file.read(BLOCK):
            try:
                text = decoder.decode(block, file.tell() == total)
            except UnicodeDecodeError:
                return None
            if has_gaps(text):
                return None
            out.write(text)
            work.progress("intake.transcode", file.tell(), total)
    return target


def _every_comma_counts(work: Work, columns: tuple[str, ...], rows: int, commas: int) -> bool:
    """Whether each comma of the file parts two fields or stands in one.

    DuckDB drops empty fields beyond the last column without a word, so `a,b,c,` after a stray comma passes
    for three good fields. It does tell of too few commas; so if the sums are equal, every line is right.
    """
    inside = commas - (rows + 1) * (len(columns) - 1)
    if inside == 0:
        return True
    counted = " + ".join(
        f"coalesce(length({name}) - length(replace({name}, ',', '')), 0)" for name in map(quoted, columns)
    )
    source = f"read_parquet({duck.literal(work.staged)}, hive_partitioning = false)"
    (same,) = work.con.execute(f"SELECT sum({counted}) = {inside} FROM {source}").fetchall()[0]
    return bool(same)
