"""A fictional carrier of any size: its corporations, lines, solution contracts, people and monthly bills.

Every fact is a draw: a hash of the seed, a topic ("fate", "tenure", …) and the number of the line or
corporation. So nothing needs to be remembered, DuckDB computes all rows of a file in one statement, and the
same arguments give the same bytes. The statements are in sql/, the parts of names in names.csv, the charges
and their amounts in charges.csv.

Tenures, solutions and dates are spread so that every stage occurs and every judgement at a month's end has
lines on both sides of it. Names are built from invented places and words, corporate numbers from a registry
code that no office has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from noren.kit import duck, files
from noren.kit.months import add_months, first_day, month_text, months_between
from noren.kit.progress import Progress, silent

HERE = Path(__file__).parent
TASK = "generate"
MAX_LINES = 1 << 26
"""As many different fixed-line numbers as can be made."""

MAX_ITEMS = 1 << 31
"""As many items as a plain month can bring into random order."""

MAX_SLOTS = 90
"""Places on a line's bill, so that the two digits of the item id suffice."""

MIN_SLOTS = 7
"""Places that a bill which is not plain needs: five usual charges, one by chance, tax."""

HALVINGS = 48
"""Until the scale is so exact that it moves no corporation by more than one line."""

Value = int | float | str | date


@dataclass(frozen=True, slots=True)
class Size:
    """How large the carrier is. Raises ValueError when no carrier can have these numbers.

    `largest` is the most lines that one corporation has. A plain carrier is for measurements: every line is
    open and a member in all months and has exactly `items_per_line` items, which come in random order;
    otherwise that is about the mean.
    """

    corporations: int
    lines: int
    items_per_line: int = 7
    largest: int = 500
    plain: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.corporations <= self.lines <= self.corporations * self.largest:
            raise ValueError("each corporation needs between 1 and `largest` lines")
        if self.lines > MAX_LINES or self.lines * self.items_per_line > MAX_ITEMS:
            raise ValueError(f"at most {MAX_LINES} lines and {MAX_ITEMS} items")
        if not (1 if self.plain else MIN_SLOTS) <= self.items_per_line <= MAX_SLOTS:
            raise ValueError(f"between {MIN_SLOTS} (1 when plain) and {MAX_SLOTS} items per line")


@dataclass(frozen=True, slots=True)
class Files:
    """What was written. Bills are found by their month."""

    corporations: Path
    lines: Path
    contracts: Path
    people: Path
    bills: Mapping[date, Path]


@dataclass(slots=True)
class _Writer:
    """Writes views of one connection as files of one format, and tells how many of them are done."""

    connection: duck.Connection
    folder: Path
    parquet: bool
    progress: Progress
    total: int
    done: int = 0

    def write(self, name: str, view: str) -> Path:
        path = self.folder / f"{name}.{'parquet' if self.parquet else 'csv'}"
        form = duck.PARQUET if self.parquet else "(FORMAT csv, HEADER)"
        with files.whole(path) as scratch:
            self.connection.execute(f"COPY (FROM {view}) TO {duck.literal(scratch)} {form}")
        self.done += 1
        self.progress(TASK, self.done, self.total)
        return path


def generate(
    folder: Path,
    *,
    size: Size,
    seed: int,
    months: Sequence[date],
    parquet: bool = False,
    progress: Progress = silent,
) -> Files:
    """Write the files of a carrier into `folder`, with a bill file for each of `months`. Raises ValueError.

    The same arguments give the same bytes (with the same version of DuckDB), on any number of processors.
    """
    span = sorted({first_day(month) for month in months})
    if not span:
        raise ValueError("at least one month is needed")
    with duck.connect(folder) as (connection, _):
        _prepare(connection, size, seed, span)
        writer = _Writer(connection, folder, parquet, progress, 4 + len(span))
        return Files(
            corporations=writer.write("corporations", "corporations_file"),
            lines=writer.write("lines", "lines_file"),
            contracts=writer.write("contracts", "contracts_file"),
            people=writer.write("people", "people_file"),
            bills=MappingProxyType({month: _bills(writer, month, plain=size.plain) for month in span}),
        )


def _prepare(connection: duck.Connection, size: Size, seed: int, span: Sequence[date]) -> None:
    """Make the tables and views from which all files but the bills are written."""
    end = add_months(span[-1], 1)
    _set(
        connection,
        seed=seed,
        names=str(HERE / "names.csv"),
        charges=str(HERE / "charges.csv"),
        first_month=span[0],
        months=months_between(span[0], end),
        days=(end - span[0]).days,
        plain=size.plain,
        lines=size.lines,
        items_per_line=size.items_per_line,
        bits=(size.lines * size.items_per_line - 1).bit_length(),
    )
    _run(connection, "macros")
    _share_lines(connection, size)
    for name in ("corporations", "lines", "contracts", "people", "files"):
        _run(connection, name)


def _bills(writer: _Writer, month: date, *, plain: bool) -> Path:
    _set(writer.connection, month=month)
    _run(writer.connection, "plain_bills" if plain else "bills")
    return writer.write(f"bills-{month_text(month)}", "bills_file")


def _share_lines(connection: duck.Connection, size: Size) -> None:
    """Give each corporation its lines: most have few, some have many, together exactly `size.lines`.

    The scale of the skewed weights is searched by halving. What is then still missing, less than one line for
    each corporation, goes to those that come first among the ones with room.
    """
    _set(connection, corporations=size.corporations, largest=size.largest)
    _run(connection, "weights")
    low, high = 0.0, float(size.largest)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        _set(connection, scale=middle)
        row = connection.execute("FROM scaled_total").fetchone()
        low, high = (middle, high) if row is not None and row[0] <= size.lines else (low, middle)
    _set(connection, scale=low)
    _run(connection, "shares")


def _set(connection: duck.Connection, **values: Value) -> None:
    for name, value in values.items():
        connection.execute(f"SET VARIABLE {name} = ?", [value])


def _run(connection: duck.Connection, name: str) -> None:
    connection.execute((HERE / "sql" / f"{name}.sql").read_text(encoding="utf-8"))
