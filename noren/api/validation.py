"""What is wrong with a field, in words: the checks are pydantic's, the sentences ours."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

REASONS: Mapping[str, object] = {
    "missing": _("This is needed."),
    "extra_forbidden": _("There is no such field."),
    "int_type": _("This must be a whole number."),
    "int_parsing": _("This must be a whole number."),
    "int_from_float": _("This must be a whole number."),
    "string_type": _("This must be text."),
    "string_too_short": _("This must have %(min_length)s characters or more."),
    "string_too_long": _("This must have %(max_length)s characters or less."),
    "string_pattern_mismatch": _("This is not of the form %(pattern)s."),
    "string_unicode": _("This is not text that can be kept."),
    "greater_than_equal": _("This must be %(ge)s or more."),
    "less_than_equal": _("This must be %(le)s or less."),
    "enum": _("This must be one of: %(expected)s."),
    "literal_error": _("This must be one of: %(expected)s."),
    "uuid_parsing": _("This must be a UUID."),
    "uuid_type": _("This must be a UUID."),
    "timezone_aware": _("This time must say its distance from UTC, such as +09:00."),
    "model_attributes_type": _("This must be a JSON object."),
    "model_type": _("This must be a JSON object."),
}
DAYS = _("This must be a day, such as 2021-07-01.")
TIMES = _("This must be a time, such as 2021-07-01T09:00:00+09:00.")
OTHER = _("This cannot be taken.")


def told(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Each field that is wrong: where it was sent, its name, a code, a sentence."""
    return [
        {
            "place": str(error["loc"][0]),
            "field": _name(error["loc"]),
            "code": str(error["type"]),
            "reason": _reason(str(error["type"]), error.get("ctx") or {}),
        }
        for error in errors
    ]


def _name(loc: tuple[Any, ...]) -> str:
    """A field of the body stands behind the name of our own argument, which nobody else knows."""
    return ".".join(str(part) for part in (loc[2:] if loc[0] == "body" else loc[1:]))


def _reason(kind: str, values: Mapping[str, Any]) -> str:
    if kind.startswith("datetime"):
        return str(TIMES)
    if kind.startswith("date"):
        return str(DAYS)
    return str(REASONS.get(kind, OTHER)) % values
