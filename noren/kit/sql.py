"""SQL lives in files, `noren/<package>/sql/<name>`: one statement each, values only as named parameters.

A statement may have parts that are left out unless they are asked for: lines from `--: a b` to `--.` stay if `a` or `b`
is. So a filter that nobody set costs nothing, and the planner sees what is really asked.
"""

import functools
import re
from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections

Row = TypeVar("Row")
Params = Mapping[str, Any]

_names: dict[tuple[str, str], tuple[str, ...]] = {}
"""The columns of each statement: they are the same every time, and the driver takes its time to tell them."""

COMMENT_LINE = re.compile(r"^--.*\n", re.MULTILINE)
PART = re.compile(r"^--: (?P<names>.*)\n(?P<text>(?:.*\n)*?)--\.\n", re.MULTILINE)


@functools.cache
def text(package: str, name: str, parts: frozenset[str] = frozenset()) -> str:
    """The statement in the file with these parts, without its lines of comment."""
    file = resources.files("noren").joinpath(package, "sql", name)
    whole = PART.sub(lambda part: part["text"] if parts & set(part["names"].split()) else "", file.read_text("utf-8"))
    return COMMENT_LINE.sub("", whole)


def run(package: str, name: str, params: Params | None = None, *, using: str = DEFAULT_DB_ALIAS) -> int:
    """Run the statement and give the number of rows it touched."""
    with connections[using].cursor() as cursor:
        cursor.execute(text(package, name), params)
        return int(cursor.rowcount)


def rows(
    row: Callable[..., Row],
    package: str,
    name: str,
    params: Params | None = None,
    *,
    parts: frozenset[str] = frozenset(),
    using: str = DEFAULT_DB_ALIAS,
) -> list[Row]:
    """What the statement (with these parts) returns, every row made by `row(*columns)`."""
    with connections[using].cursor() as cursor:
        cursor.execute(text(package, name, parts), params)
        return [row(*columns) for columns in cursor.fetchall()]


def mappings(
    package: str, name: str, params: Params | None = None, *, using: str = DEFAULT_DB_ALIAS
) -> list[dict[str, Any]]:
    """What the statement returns, every row with the names of its columns."""
    with connections[using].cursor() as cursor:
        cursor.execute(text(package, name), params)
        found = cursor.fetchall()
        names = _names.get((package, name))
        if names is None:
            names = _names[package, name] = tuple(column[0] for column in cursor.description or ())
    return [dict(zip(names, columns, strict=True)) for columns in found]


def value(package: str, name: str, params: Params | None = None, *, using: str = DEFAULT_DB_ALIAS) -> Any:
    """The one value that the statement returns."""
    with connections[using].cursor() as cursor:
        cursor.execute(text(package, name), params)
        row = cursor.fetchone()
    return row[0] if row else None
