"""What people call the steps of a close, why a thing counts, and how the points come from the base."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from noren.closing.explain import Rating, Reason
from noren.closing.rules import StepName
from noren.programme import words
from noren.programme.definition import Definition
from noren.programme.rules import rounded

LABELS = {
    StepName.INTAKE: gettext_lazy("intake"),
    StepName.ASSESS: gettext_lazy("assess"),
    StepName.RATE: gettext_lazy("rate"),
    StepName.POST: gettext_lazy("post"),
    StepName.EXPIRE: gettext_lazy("expire"),
    StepName.ALLOCATE: gettext_lazy("allocate"),
    StepName.REPORT: gettext_lazy("report"),
}


def reason_text(reason: Reason) -> str:
    """Why a thing counts or not, as a phrase."""
    return {
        Reason.COUNTS: _("counts"),
        Reason.NOT_ELIGIBLE: _("left out: earns no points in this programme"),
        Reason.REPLACED: _("left out: replaced by a later file"),
        Reason.NOTHING: _("left out: 0 yen, which also withdraws an item"),
        Reason.NOT_MEMBER: _("left out: no member in this month"),
        Reason.COUNTED_ONCE: _("left out: the same solution is counted once"),
        Reason.NOT_STARTED: _("left out: not yet in force on that day"),
        Reason.ENDED: _("left out: no longer in force on that day"),
        Reason.NOT_JOINED: _("not joined by the end of the month"),
        Reason.WITHDRAWN: _("withdrawn on or before the first day of the month"),
        Reason.CLOSED: _("line closed on or before the first day of the month"),
        Reason.UNKNOWN: _("not known when the month was closed"),
    }[reason]


def arithmetic(definition: Definition, rating: Rating) -> str:
    """From the base to the points, as a line."""
    texts = {
        "units": _("Points: %(base)s / %(unit)s, %(rounded)s: %(units)s; %(units)s x %(rate)s = %(points)s points"),
        "points": _("Points: %(base)s x %(rate)s / %(unit)s, %(rounded)s: %(points)s points"),
    }
    return texts[definition.earning.rounding.of] % {
        "base": f"{rating.base_yen:,}",
        "unit": f"{definition.earning.unit_yen:,}",
        "rounded": words.rounding_of(definition),
        "units": f"{rounded(rating.base_yen, definition):,}",
        "rate": rating.rate,
        "points": f"{rating.points:,}",
    }
