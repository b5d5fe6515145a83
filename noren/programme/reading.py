"""Read a programme file. What is wrong is told with file, line, rule and what to do."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_noop as _
from pydantic import ValidationError
from pydantic_core import ErrorDetails

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
        reason = getattr(error, "strerror", None) or gettext("it is not UTF-8 text")
        raise NoDefinition(gettext_lazy("%(path)s cannot be read: %(reason)s."), path=path, reason=reason) from error
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
    advice = gettext("this is not valid TOML: %(why)s") % {"why": error}
    return Problem(name, int(place[1]) if place else 0, "TOML", advice)


def _schema_problems(error: ValidationError, text: str, name: str) -> list[Problem]:
    problems = []
    for one in error.errors():
        location = (*one["loc"], *_inside(one.get("ctx", {}).get("at", "")))
        problems.append(Problem(name, line_of(text, location), _path(location) or "programme", _advice(one)))
    return problems


def _inside(at: str) -> Location:
    return tuple(int(part) if part.isdigit() else part for part in re.findall(r"[a-z_]+|\d+", at))


def _advice(error: ErrorDetails) -> str:
    """What to do, in the user's language; what pydantic alone knows stays in its own words."""
    sentence = ADVICE.get(error["type"])
    return error["msg"] if sentence is None else gettext(sentence) % {"expected": "", **error.get("ctx", {})}


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
    "union_tag_invalid": _("must be one of: %(expected_tags)s"),
    "union_tag_not_found": _("needs a policy: programme_year, months or fixed"),
    "string_pattern_mismatch": _("has a character that is not allowed here; the pattern is %(pattern)s"),
    "named_twice": _("named more than once: %(names)s; keep one of each"),
    "bounds_empty": _("give at_least, at_most (or both), or exactly"),
    "bounds_exactly_alone": _("exactly stands alone, without at_least or at_most"),
    "bounds_cross": _("at_least is greater than at_most: no number fits"),
    "condition_empty": _("a condition names at least one of: %(names)s"),
    "arrears_is_taken": _("the ledger keeps negative balances under the name arrears; choose another"),
    "not_a_first": _("must be the first day of a month; a month is rated by one version"),
    "title_both": _("give both ja and en"),
    "first_stage_has_condition": _("the first stage is for everybody else; take the condition out"),
    "stage_without_condition": _("every stage but the first needs a condition"),
    "unknown_solution": _("not an eligible solution: %(names)s; add it to solutions.eligible"),
    "unknown_use": _("not a known use: %(names)s; add it to uses"),
    "unknown_charge": _("not a charge that earns: %(names)s; points pay only for those"),
    "unknown_kind": _("no kind is named %(name)s; define it in [[kinds]]"),
    "no_such_day": _("month %(month)s does not have a day %(day)s in every year; choose an earlier day"),
}
"""What to do about each kind of error."""


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
