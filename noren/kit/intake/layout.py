"""What a file should look like: its columns, its key, and what can be wrong with a field."""

from collections.abc import Iterable
from dataclasses import dataclass

from noren.kit import duck

RESERVED = ("row", "broken", "faults")

LIMIT = 10**12
"""No amount is larger, so that the sum of a file can be kept however wrong its amounts are."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that can be wrong with a field.

    `wrong` is a DuckDB predicate over the columns of `raw`: text as it came, empty text is NULL.
    A predicate that is NULL finds nothing wrong.
    """

    field: str
    code: str
    wrong: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """A field, unless it is empty, must be one of the texts in `column` of `table`.

    `beside`: columns of that table that checks may use; each text must then stand there once.
    Apart from Check because an EXISTS inside a long OR keeps DuckDB from planning one hash join:
    7.5 s instead of 2.2 s for 20 million rows against 2 million keys.
    """

    field: str
    code: str
    table: str
    column: str
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """A kind of file. `key` is unique in a file; `yen` is the column whose sum is kept in account.

    What stands in a `secret` column is told to nobody again, not even where its row is rejected.
    """

    name: str
    columns: tuple[str, ...]
    key: str | None = None
    yen: str | None = None
    checks: tuple[Check, ...] = ()
    secret: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        fields = [check.field for check in self.checks] + [name for name in (self.key, self.yen) if name]
        unknown = set(fields) - set(self.columns)
        clash = set(RESERVED) & set(self.columns)
        if unknown or clash or len(set(self.columns)) < len(self.columns):
            raise ValueError(self.name, unknown, clash)


def required(field: str) -> Check:
    """The field must not be empty."""
    return Check(field, "missing", f"{quoted(field)} IS NULL")


def a_date(field: str) -> Check:
    """YYYY-MM-DD and a day of the calendar."""
    text = f"regexp_full_match({quoted(field)}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}')"
    day = f"coalesce(try_cast({quoted(field)} AS DATE) >= DATE '0001-01-01', false)"
    return Check(field, "not_a_date", _unless_empty(field, f"{text} AND {day}"))


def a_month(field: str) -> Check:
    """YYYY-MM."""
    right = f"regexp_full_match({quoted(field)}, '[0-9]{{4}}-(0[1-9]|1[0-2])') AND {quoted(field)} >= '0001'"
    return Check(field, "not_a_month", _unless_empty(field, right))


def whole_number(field: str) -> Check:
    """Digits, perhaps after a minus, between -LIMIT and LIMIT."""
    return Check(field, "not_a_whole_number", _unless_empty(field, f"{number(field)} IS NOT NULL"))


def one_of(field: str, values: Iterable[str]) -> Check:
    """One of the given texts."""
    listed = ", ".join(duck.literal(value) for value in values)
    return Check(field, "not_in_list", _unless_empty(field, f"{quoted(field)} IN ({listed})"))


def max_length(field: str, length: int = 255) -> Check:
    """At most so many characters."""
    return Check(field, "too_long", _unless_empty(field, f"length({quoted(field)}) <= {length}"))


def number(field: str) -> str:
    """The field as a BIGINT, NULL where it is none or too large. A cast alone would take ' 1', '1e3' and '1.0'."""
    name = quoted(field)
    right = f"regexp_full_match({name}, '-?[0-9]+') AND try_cast({name} AS BIGINT) BETWEEN {-LIMIT} AND {LIMIT}"
    return f"CASE WHEN {right} THEN try_cast({name} AS BIGINT) END"


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _unless_empty(field: str, right: str) -> str:
    return f"{quoted(field)} IS NOT NULL AND NOT ({right})"
