"""Why a stage holds and what would lift it, in words for the member."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from noren.programme import labels
from noren.programme.definition import Bounds, Condition
from noren.stages.rules import Gap, Ground, Need


def ground(found: Ground, solutions: frozenset[str]) -> str:
    """A part of the condition that holds. `solutions`: the eligible ones in force, told by name."""
    places = {
        "value": f"{found.value:,}",
        "bounds": "" if found.bounds is None else bounds(found.bounds),
        "names": labels.listed(sorted(found.names or solutions)),
    }
    return {
        Need.TENURE: _("Tenure in months: %(value)s (needed: %(bounds)s)"),
        Need.SOLUTIONS: _("Eligible solutions in force: %(value)s (needed: %(bounds)s): %(names)s"),
        Need.HOLDS: _("In force: %(names)s"),
        Need.SPEND: _("Yen spent: %(value)s (needed: %(bounds)s)"),
    }[found.need] % places


def gap(found: Gap, eligible: frozenset[str]) -> str:
    """What is missing. `eligible`: the solutions that would count and are not in force, told by name."""
    places = {"missing": f"{found.missing:,}", "names": labels.listed(sorted(found.names or eligible))}
    return {
        Need.TENURE: _("Months of tenure to go: %(missing)s"),
        Need.SOLUTIONS: _("Eligible solutions more: %(missing)s, of: %(names)s"),
        Need.HOLDS: _("Solutions still to have: %(names)s"),
        Need.SPEND: _("Yen still to spend: %(missing)s"),
    }[found.need] % places


def bounds(found: Bounds) -> str:
    """Bounds as a phrase."""
    if found.exactly is not None:
        return _("exactly %(limit)s") % {"limit": f"{found.exactly:,}"}
    if found.at_most is None:
        return _("%(limit)s or more") % {"limit": f"{found.at_least:,}"}
    if found.at_least is None:
        return _("%(limit)s or less") % {"limit": f"{found.at_most:,}"}
    return _("%(least)s to %(most)s") % {"least": f"{found.at_least:,}", "most": f"{found.at_most:,}"}


def wait(found: Gap, month: date) -> str:
    """A gap in tenure, and the month in which waiting has closed it."""
    places = {"missing": f"{found.missing:,}", "month": date_format(month, "YEAR_MONTH_FORMAT")}
    return _("Months of tenure to go: %(missing)s (from %(month)s)") % places


def condition(asked: Condition) -> str:
    """A condition as a phrase."""
    terms = [_asked(need) % places for need, places in _terms(asked)]
    terms.extend(condition(part) for part in asked.all or ())
    if asked.any is not None:
        terms.append(_(", or ").join(condition(part) for part in asked.any))
    return _(" and ").join(terms)


def _asked(need: Need) -> str:
    return {
        Need.TENURE: _("tenure of %(bounds)s months"),
        Need.SOLUTIONS: _("eligible solutions: %(bounds)s"),
        Need.SPEND: _("yen spent: %(bounds)s"),
        Need.HOLDS: _("in force: %(names)s"),
    }[need]


def _terms(asked: Condition) -> list[tuple[Need, dict[str, str]]]:
    numbers = ((Need.TENURE, asked.tenure_months), (Need.SOLUTIONS, asked.solutions), (Need.SPEND, asked.spend_yen))
    terms = [(need, {"bounds": bounds(limits)}) for need, limits in numbers if limits is not None]
    if asked.holds is not None:
        terms.append((Need.HOLDS, {"names": labels.listed(asked.holds)}))
    return terms
