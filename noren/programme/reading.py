"""Read a programme file. What is wrong is told with file, line, rule and what to do."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from noren.kit.errors import Refusal
from noren.programme.definition import Definition

Location = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a programme file: where (line 0: not tied to one), which rule, what to do."""

    file: str
    line: int
    rule: str
    advice: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}: {self.advice}"


class BadDefinition(Refusal):
    """A programme file that cannot be used."""

    code = "programme.definition"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("%(problems)s", problems="\n".join(map(str, problems)))
        self.problems = tuple(problems)


class NoDefinition(Refusal):
    """A programme file that is not there or not text."""

    code = "programme.file"


def read_file(path: Path) -> tuple[Definition, str]:
    """The definition in a TOML file, and its text. Raises NoDefinition, BadDefinition."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or _("it is not UTF-8 text")
        raise NoDefinition(_("%(path)s cannot be read: %(reason)s."), path=path, reason=reason) from error
    return read_text(text, str(path)), text


def read_text(text: str, name: str) -> Definition:
    """The definition in a TOML text; `name` is told in errors. Raises BadDefinition."""
    try:
        return Definition.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadDefinition([_toml_problem(error, name)]) from error
    except ValidationError as error:
        raise BadDefinition(_schema_problems(error, text, name)) from error


def _toml_problem(error: tomllib.TOMLDecodeError, name: str) -> Problem:
    place = re.search(r"line (\d+)", str(error))
    advice = _("this is not valid TOML: %(why)s") % {"why": error}
    return Problem(name, int(place[1]) if place else 0, "TOML", advice)


def _schema_problems(error: ValidationError, text: str, name: str) -> list[Problem]:
    return [
        Problem(name, line_of(text, _place(one["loc"], one["msg"])), *_rule_and_advice(one["loc"], one["msg"]))
        for one in error.errors()
    ]


OWN_PLACE = re.compile(r"^Value error, (?P<path>[a-z_]+(\[\d+\])?(\.[a-z_]+)?): (?P<advice>.*)$")
"""Rules that span several places begin their message with the place they mean."""


def _place(location: Location, message: str) -> Location:
    match = OWN_PLACE.match(message)
    if location or match is None:
        return location
    parts = re.findall(r"[a-z_]+|\d+", match["path"])
    return tuple(int(part) if part.isdigit() else part for part in parts)


def _rule_and_advice(location: Location, message: str) -> tuple[str, str]:
    match = OWN_PLACE.match(message)
    if not location and match is not None:
        return match["path"], match["advice"]
    return _path(location) or "programme", message.removeprefix("Value error, ")


def _path(location: Location) -> str:
    written = ""
    for part in location:
        written += f"[{part}]" if isinstance(part, int) else f".{part}"
    return written.removeprefix(".")


def line_of(text: str, location: Location) -> int:
    """The line (from 1) of a place in a TOML text, or of the nearest thing around it; 1 when there is none."""
    lines = text.splitlines()
    found, start = 1, 0
    for depth, part in enumerate(location):
        following = location[depth + 1] if depth + 1 < len(location) else None
        place = _find(lines, start, str(part), following if isinstance(following, int) else None)
        if place is None:
            continue
        found, start = place + 1, place
    return found


def _find(lines: list[str], start: int, key: str, index: int | None) -> int | None:
    """Where the key begins at or after `start`: the index-th [[key]], else [key], else `key =`."""
    tables = [n for n, line in enumerate(lines) if re.match(rf"\s*\[\[\s*{re.escape(key)}\s*\]\]", line)]
    if index is not None and tables:
        return tables[index] if index < len(tables) else tables[-1]
    for number, line in enumerate(lines[start:], start=start):
        if number > start and start > 0 and re.match(r"\s*\[", line) and not tables and _left(lines[start]):
            return None
        if re.match(rf"\s*\[\s*{re.escape(key)}\s*\]|\s*{re.escape(key)}\s*=|.*[{{,]\s*{re.escape(key)}\s*=", line):
            return number
    return None


def _left(line: str) -> bool:
    """Whether a search that began at this line must stop at the next table: it began inside one."""
    return line.lstrip().startswith("[")
