"""Part `raw` into accepted and rejected rows, and say what is wrong with those."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb
from django.utils.translation import gettext_lazy as _

from noren.kit import duck
from noren.kit.intake.layout import Check, Layout, Lookup, number, quoted
from noren.kit.intake.reading import Raw, bad_parquet
from noren.kit.intake.refusals import Unbalanced
from noren.kit.progress import Progress, silent

Texts = Mapping[str, object]
"""Code to what is wrong, in both languages, with a place for the field."""

REASONS: Texts = {
    "missing": _("%(field)s is empty."),
    "not_a_date": _("%(field)s is not a date like 2026-04-01."),
    "not_a_month": _("%(field)s is not a month like 2026-04."),
    "not_a_whole_number": _("%(field)s is not a whole number in digits, or too large."),
    "not_in_list": _("%(field)s is not one of the known words."),
    "too_long": _("%(field)s is too long."),
    "duplicate": _("%(field)s stands in an earlier row already."),
    "encoding": _("The row holds bytes that are no characters."),
    "nul": _("The row holds a NUL byte."),
    "quotes": _("The quotes of the row are wrong."),
    "missing_column": _("The row has too few columns."),
    "extra_column": _("The row has too many columns."),
    "line_too_long": _("The row is too long."),
}


NOT_THE_FILE = (
    duckdb.BinderException,
    duckdb.CatalogException,
    duckdb.ConversionException,
    duckdb.InterruptException,
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.ParserException,
)
"""Errors that say nothing about a Parquet file: a wrong check, a full disk."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Control totals. `yen` sums the readable amounts; `unreadable_yen` counts the rows without one."""

    rows: int = 0
    yen: int = 0
    unreadable_yen: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.rows + other.rows, self.yen + other.yen, self.unreadable_yen + other.unreadable_yen)


@dataclass(frozen=True, slots=True)
class Reason:
    """What was wrong with a field, in how many rows."""

    field: str
    code: str
    rows: int

    def sentence(self, texts: Texts = REASONS) -> str:
        """What is wrong, in the user's language."""
        return str(texts[self.code]) % {"field": self.field}


@dataclass(frozen=True, slots=True)
class Result:
    """read = accepted + rejected. A row may have several reasons."""

    read: Counts
    accepted: Counts
    rejected: Counts
    reasons: tuple[Reason, ...]


def split(
    con: duck.Connection,
    raw: Raw,
    *,
    checks: tuple[Check, ...] = (),
    lookups: tuple[Lookup, ...] = (),
    progress: Progress = silent,
) -> Result:
    """Make the view `accepted` (row and the layout's columns) and the table `rejected` out of `raw`.

    Checks and lookups come on top of the layout's. Of rows with the same key the first good one is accepted.
    Raises BadParquet if damage shows only now.
    """
    progress("intake.check", 0, None)
    try:
        _reject_faulty(con, raw.layout, (*raw.layout.checks, *checks), lookups)
        _accept_others(con, raw.layout)
        if raw.layout.key:
            _reject_duplicates(con, raw.layout, raw.layout.key)
        return _accounted(con, raw.layout)
    except duckdb.Error as error:
        if raw.encoding != "parquet" or isinstance(error, NOT_THE_FILE):
            raise
        raise bad_parquet(raw.name) from error


def put_aside(con: duck.Connection, raw: Raw, rows: Iterable[int], field: str, code: str) -> Result:
    """Reject accepted rows whose fault shows only when they are carried out; gives the result of the whole file."""
    con.execute(
        f'INSERT INTO rejected SELECT "row", [{fault(field, code)}], {_columns(raw.layout)} '
        f'FROM raw WHERE "row" IN ({", ".join(map(str, rows))})'
    )
    _accept_others(con, raw.layout)
    return _accounted(con, raw.layout)


def _reject_faulty(
    con: duck.Connection, layout: Layout, checks: tuple[Check, ...], lookups: tuple[Lookup, ...]
) -> None:
    """One scan with one condition; the faults are listed only for the rows that have some."""
    joined = tuple(_joined(place, lookup) for place, lookup in enumerate(lookups))
    every = sorted((*checks, *(check for _, check in joined)), key=lambda c: layout.columns.index(c.field))
    wrong = " OR ".join(f"coalesce({check.wrong}, false)" for check in every) or "false"
    con.execute(
        f'CREATE OR REPLACE TABLE rejected AS SELECT "row", {_faults(every)} AS faults, {_columns(layout)} '
        f"FROM raw {' '.join(join for join, _ in joined)} WHERE broken IS NOT NULL OR {wrong}"
    )


def _joined(place: int, lookup: Lookup) -> tuple[str, Check]:
    # Of a left join only DISTINCT keeps the number of rows.
    known, field = f"lookup_{place}", quoted(lookup.field)
    columns = ", ".join([f"{quoted(lookup.column)} AS {known}", *map(quoted, lookup.beside)])
    keys = f"SELECT DISTINCT {columns} FROM {quoted(lookup.table)}"
    check = Check(lookup.field, lookup.code, f"{field} IS NOT NULL AND {known} IS NULL")
    return f"LEFT JOIN ({keys}) AS {known} ON {known} = raw.{field}", check


def _faults(checks: list[Check]) -> str:
    found = ", ".join(f"CASE WHEN {check.wrong} THEN {fault(check.field, check.code)} END" for check in checks)
    listed = f"list_filter([{found}], lambda fault: fault IS NOT NULL)" if found else "[]"
    return f"CASE WHEN broken IS NOT NULL THEN [{{'field': '', 'code': broken}}] ELSE {listed} END"


def fault(field: str, code: str) -> str:
    """A fault as the table `rejected` keeps it."""
    return f"{{'field': {duck.literal(field)}, 'code': {duck.literal(code)}}}"


def _columns(layout: Layout) -> str:
    return ", ".join(map(quoted, layout.columns))


def _accept_others(con: duck.Connection, layout: Layout) -> None:
    """A view, so that nothing is stored twice; a plain one if every row is good."""
    others = 'ANTI JOIN rejected USING ("row")' if _some(con, "rejected") else ""
    con.execute(f'CREATE OR REPLACE VIEW accepted AS SELECT "row", {_columns(layout)} FROM raw {others}')


def _reject_duplicates(con: duck.Connection, layout: Layout, key: str) -> None:
    """Equal hashes name the few rows that may have equal keys; only those are compared as texts."""
    name = quoted(key)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE again AS SELECT hash({name}) AS hashed FROM raw "
        f"WHERE {name} IS NOT NULL GROUP BY 1 HAVING count(*) > 1"
    )
    if not _some(con, "again"):
        return
    con.execute(
        f'CREATE OR REPLACE TEMP TABLE later AS WITH likely AS MATERIALIZED (SELECT "row", {name} AS known '
        f"FROM accepted WHERE {name} IS NOT NULL AND hash({name}) IN (FROM again)), "
        'earliest AS (SELECT known, min("row") AS earliest FROM likely GROUP BY known HAVING count(*) > 1) '
        'SELECT "row" FROM likely JOIN earliest USING (known) WHERE "row" > earliest'
    )
    con.execute(
        f'INSERT INTO rejected SELECT "row", [{fault(key, "duplicate")}], {_columns(layout)} '
        'FROM raw SEMI JOIN later USING ("row")'
    )
    con.execute("DROP TABLE later; DROP TABLE again")
    _accept_others(con, layout)


def _accounted(con: duck.Connection, layout: Layout) -> Result:
    """Count all three sides by themselves. Raises Unbalanced."""
    read, rejected = _counts(con, "raw", layout), _counts(con, "rejected", layout)
    accepted = _counts(con, "accepted", layout) if rejected.rows else read
    if read != accepted + rejected:
        raise Unbalanced(read, accepted, rejected)
    found = con.execute(
        "SELECT fault.field, fault.code, count(*) FROM (SELECT unnest(faults) AS fault FROM rejected) "
        "GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return Result(read, accepted, rejected, tuple(Reason(*one) for one in found))


def _counts(con: duck.Connection, table: str, layout: Layout) -> Counts:
    amount = number(layout.yen) if layout.yen else "0"
    found = con.execute(f"SELECT count(*), sum({amount}), count({amount}) FROM {table}").fetchall()
    rows, yen, readable = found[0]
    return Counts(rows, int(yen or 0), rows - readable)


def _some(con: duck.Connection, table: str) -> bool:
    return bool(con.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchall())
