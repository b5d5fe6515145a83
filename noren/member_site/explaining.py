"""Why a member has the points of a month: what the close kept, and the way from the bill to the points as steps."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from noren.closing import labels
from noren.closing.explain import Explanation, Item, Rating, Reason
from noren.closing.queries import NotClosed
from noren.kit.months import month_text
from noren.member_site.people import name_of
from noren.member_site.standing import level_of
from noren.members.queries import Member, Profile
from noren.points.labels import LABELS
from noren.points.rules import EVERY_USE
from noren.programme import labels as names
from noren.programme import rules as programme
from noren.stages import labels as stage_labels
from noren.web import archive


@dataclass(frozen=True, slots=True)
class Bar:
    """A step from the bill to the base: yen, and where its bar lies, in hundredths of the drawing's width."""

    label: str
    yen: int
    kind: str
    start: int
    width: int


def page(profile: Profile, month: date) -> dict[str, Any]:
    """What the page shows. Raises Http404 for a month that is not closed, archive.Unavailable, Overloaded."""
    found = _explained(profile, month)
    rating, definition = found.rating, found.definition
    return {
        "found": found,
        "name": name_of(profile),
        "month_text": month_text(month),
        "level": 0 if rating is None else level_of(rating.stage, definition),
        "points": found.posted,
        "posted_differs": rating is not None and rating.points != found.posted,
        "membership": capfirst(labels.reason_text(found.membership)),
        "stage_rule": _stage_rule(found),
        "arithmetic": "" if rating is None else labels.arithmetic(definition, rating),
        "bars": () if rating is None else _bars(found, rating),
        "unit": definition.earning.unit_yen,
        "items": [_item(item) for item in found.items],
        "items_yen": sum(item.amount_yen for item in found.items if item.reason is Reason.COUNTS),
        "contracts": [(row, names.label(row.solution), _reason(row.reason)) for row in found.contracts],
        "entries": [(row, capfirst(str(LABELS[row.movement])), names.label(row.kind)) for row in found.entries],
        "lots": [(lot, names.label(lot.kind), _uses(lot.uses)) for lot in found.lots],
    }


def _explained(profile: Profile, month: date) -> Explanation:
    member = Member(profile.kind, profile.member_id, profile.uid, profile.corporation_id, profile.corporation_name)
    try:
        return archive.explained(member, month)
    except NotClosed as error:
        raise Http404 from error


def _item(item: Item) -> tuple[Item, str, bool, str]:
    return item, names.label(item.charge_code), item.reason is Reason.COUNTS, _reason(item.reason)


def _uses(listed: str) -> str:
    return _("every use") if listed == EVERY_USE else names.listed(listed.split())


def _reason(reason: Reason) -> str:
    return capfirst(labels.reason_text(reason))


def _stage_rule(found: Explanation) -> str:
    if found.stage is None:
        return ""
    return (
        _("no condition of a better stage is met")
        if found.stage.when is None
        else stage_labels.condition(found.stage.when)
    )


def _bars(found: Explanation, rating: Rating) -> tuple[Bar, ...]:
    """The bill, what does not earn, what is rounded off, what earns: each bar begins where the one before ends."""
    billed = sum(item.amount_yen for item in found.items if item.replaced_by is None)
    unit = found.definition.earning.unit_yen
    earning = rating.base_yen
    if found.definition.earning.rounding.of == "units":
        earning = programme.rounded(rating.base_yen, found.definition) * unit
    steps = [
        (_("Everything on the bill"), 0, billed, "whole"),
        (_("Less what earns no points"), billed, rating.eligible_yen, "less"),
        (_("Eligible charges"), 0, rating.eligible_yen, "whole"),
        (_("Less charges paid with points, or below 0"), rating.eligible_yen, rating.base_yen, "less"),
        (_("Rounding to full units"), rating.base_yen, earning, "less"),
        (_("Yen that earn points"), 0, earning, "earns"),
    ]
    told = [step for step in steps if step[3] != "less" or step[1] != step[2]]
    most = max(1, *(max(start, end) for _label, start, end, _kind in told))
    return tuple(_bar(label, start, end, kind, most) for label, start, end, kind in told)


def _bar(label: str, start: int, end: int, kind: str, most: int) -> Bar:
    low, high = sorted((max(0, start), max(0, end)))
    return Bar(label, end - start, kind, low * 100 // most, -(-(high - low) * 100 // most))
