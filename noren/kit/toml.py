"""Read a TOML file that people write by a pydantic model. What is wrong is told with file, line, rule and advice."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_noop as _
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from noren.kit.errors import Refusal

Location = tuple[int | str, ...]
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file: where (line 0: not tied to one), which rule, what to do."""

    file: str
    line: int
    rule: str
    advice: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}: {self.advice}"


class BadFile(Refusal):
    """A file that cannot be used: every problem in it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("%(problems)s", problems="\n".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Format(Generic[Model]):
    """A kind of file: its model, what to do about errors of its own, and the refusals of bad and of unreadable ones."""

    name: str
    model: type[Model]
    advice: Mapping[str, str]
    bad: type[BadFile]
    unreadable: type[Refusal]

    def read_file(self, path: Path) -> tuple[Model, str]:
        """What the file says, and its text. Raises the two refusals."""
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or gettext("it is not UTF-8 text")
            message = gettext_lazy("%(path)s cannot be read: %(reason)s.")
            raise self.unreadable(message, path=path, reason=reason) from error
        return self.read_text(text, str(path)), text

    def read_text(self, text: str, name: str) -> Model:
        """What the text says; `name` is told in errors. Raises the refusal of a bad one."""
        try:
            return self.model.model_validate(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            raise self.bad([_toml_problem(error, name)]) from error
        except ValidationError as error:
            raise self.bad([self._problem(one, text, name) for one in error.errors()]) from error

    def _problem(self, one: ErrorDetails, text: str, name: str) -> Problem:
        location = (*one["loc"], *_inside(one.get("ctx", {}).get("at", "")))
        return Problem(name, line_of(text, location), _path(location) or self.name, self._advice(one))

    def _advice(self, error: ErrorDetails) -> str:
        """What to do, in the user's language; what pydantic alone knows stays in its own words."""
        sentence = self.advice.get(error["type"]) or ADVICE.get(error["type"])
        return error["msg"] if sentence is None else gettext(sentence) % {"expected": "", **error.get("ctx", {})}


def _toml_problem(error: tomllib.TOMLDecodeError, name: str) -> Problem:
    place = re.search(r"line (\d+)", str(error))
    advice = gettext("this is not valid TOML: %(why)s") % {"why": error}
    return Problem(name, int(place[1]) if place else 0, "TOML", advice)


def _inside(at: str) -> Location:
    return tuple(int(part) if part.isdigit() else part for part in re.findall(r"[a-z_]+|\d+", at))


ADVICE = {
    "missing": _("is missing; write it"),
    "extra_forbidden": _("is not known here; look for a typing error or take it out"),
    "int_type": _("must be a whole number without quotes"),
    "string_type": _("must be text in quotes"),
    "date_type": _("must be a day, such as 2021-07-01 without quotes"),
    "bool_type": _("must be true or false"),
    "tuple_type": _("must be a list in square brackets"),
    "too_short": _("the list must not be empty"),
    "greater_than_equal": _("must be %(ge)s or more"),
    "less_than_equal": _("must be %(le)s or less"),
    "literal_error": _("must be one of: %(expected)s"),
    "string_pattern_mismatch": _("has a character that is not allowed here; the pattern is %(pattern)s"),
    "named_twice": _("named more than once: %(names)s; keep one of each"),
}
"""What to do about the kinds of error that any file can have."""


def _path(location: Location) -> str:
    written = ""
    for part in location:
        written += f"[{part}]" if isinstance(part, int) else f".{part}"
    return written.removeprefix(".")


def line_of(text: str, location: Location) -> int:
    """The line (from 1) of a place in a TOML text, or of the nearest thing around it; 1 when there is none."""
    lines = text.splitlines()
    if not location:
        return 1
    head, *inner = map(str, location)
    index = location[1] if len(location) > 1 and isinstance(location[1], int) else 0
    found = _table(lines, head, index)
    for key in inner:
        place = _key(lines, found, key)
        found = found if place is None else place
    return found + 1


def _table(lines: list[str], name: str, index: int) -> int:
    """The line of the index-th [[name]], of [name], or of `name =` before any table; the first line if none."""
    heads = [number for number, line in enumerate(lines) if re.match(rf"\s*\[\[?\s*{re.escape(name)}\s*\]", line)]
    return heads[min(index, len(heads) - 1)] if heads else _key(lines, 0, name) or 0


def _key(lines: list[str], start: int, key: str) -> int | None:
    """The line of `key =` from `start` on, before the next table begins."""
    for number, line in enumerate(lines[start:], start=start):
        if number > start and re.match(r"\s*\[\[?[\w.]+\]", line):
            return None
        if re.search(rf"(^|[{{,\[])\s*{re.escape(key)}\s*=", line):
            return number
    return None
