"""Conditions in words, for people who ask why."""

from django.utils.translation import gettext as _

from noren.programme.definition import Bounds, Condition, Definition, Stage


def condition_of(stage: Stage) -> str:
    """The condition of a stage as a phrase in the user's language."""
    return _("otherwise") if stage.when is None else phrase(stage.when)


def phrase(condition: Condition) -> str:
    """A condition as a phrase; parts that must all hold are joined by “and”."""
    return _(" and ").join(_terms(condition))


def rounding_of(definition: Definition) -> str:
    """How the one fraction of a member's month ends, as a phrase."""
    return {
        "floor": _("rounded down"),
        "half_up": _("rounded to the nearest, a half goes up"),
        "ceiling": _("rounded up"),
    }[definition.earning.rounding.to]


def _terms(condition: Condition) -> list[str]:
    terms = []
    if condition.tenure_months is not None:
        terms.append(_("tenure in months %(bounds)s") % {"bounds": _bounds(condition.tenure_months)})
    if condition.solutions is not None:
        terms.append(_("eligible solutions %(bounds)s") % {"bounds": _bounds(condition.solutions)})
    if condition.spend_yen is not None:
        terms.append(_("yen spent %(bounds)s") % {"bounds": _bounds(condition.spend_yen)})
    if condition.holds is not None:
        terms.append(_("holds %(solutions)s") % {"solutions": _(" and ").join(condition.holds)})
    if condition.all is not None:
        terms.extend(_grouped(part) for part in condition.all)
    if condition.any is not None:
        terms.append("(" + _(" or ").join(_grouped(part) for part in condition.any) + ")")
    return terms


def _grouped(condition: Condition) -> str:
    terms = _terms(condition)
    return terms[0] if len(terms) == 1 else "(" + _(" and ").join(terms) + ")"


def _bounds(bounds: Bounds) -> str:
    signs = {"at_least": "≥", "at_most": "≤", "exactly": "="}
    return _(" and ").join(f"{signs[name]} {limit:,}" for name, limit in bounds.model_dump(exclude_none=True).items())
