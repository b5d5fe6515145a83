"""What the home and membership pages show: points, lapses, stages, the last closed month, the rules."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from noren.closing import queries as closing
from noren.kit.months import first_day
from noren.member_site import pooling
from noren.member_site.people import Person, name_of
from noren.members.queries import Profile
from noren.members.rules import is_member
from noren.points import queries as points
from noren.points.queries import Holding
from noren.points.rules import SOON
from noren.programme import labels as names
from noren.programme import queries as programme
from noren.programme import rules as programme_rules
from noren.programme import words
from noren.programme.definition import Definition, Stage
from noren.stages import labels, rules
from noren.stages.rules import Contract, Gap, Lift, Need, Way

LEVELS = 5
"""Colours of stages."""


@dataclass(frozen=True, slots=True)
class Lapse:
    """Points whose last day is near."""

    on: date
    kind: str
    points: int


@dataclass(frozen=True, slots=True)
class Better:
    """A better stage: its points, and each way to it as phrases that must come together."""

    name: str
    points: int
    ways: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A member's stage in the month; None: no member in it, or no programme."""

    profile: Profile
    name: str
    stage: Stage | None
    level: int
    grounds: tuple[str, ...]
    better: tuple[Better, ...]
    spend_counts: bool


@dataclass(frozen=True, slots=True)
class LastMonth:
    """The last closed month: points in all and of each member."""

    month: date
    points: int
    members: tuple[tuple[str, UUID, int], ...]


def home(person: Person, today: date) -> dict[str, Any]:
    """Everything on the home page: six statements, three more for who is in a group."""
    definition, holdings = _definition(today), points.holdings(person.wallets)
    total = sum(holding.points for holding in holdings)
    usable = sum(lot.remaining for holding in holdings for lot in holding.lots if lot.lapses_on >= today)
    return {
        "total": total,
        "usable": usable,
        "limited": sum(lot.remaining for holding in holdings for lot in holding.lots if lot.is_limited),
        "owed": -total if total < 0 else 0,
        "lapses": _lapses(holdings, today),
        "until": today + SOON,
        "month": first_day(today),
        "standings": _standings(person, definition, today),
        "unit": definition.earning.unit_yen if definition else 0,
        "counts_from": rules.contract_counts_from(definition, today) if definition else None,
        "last": _last_month(person),
        "pool": pooling.pool(person),
    }


def membership(person: Person, today: date) -> dict[str, Any]:
    """The members with their stages, and the rules by which they are judged."""
    definition = _definition(today)
    return {
        "month": first_day(today),
        "standings": _standings(person, definition, today),
        "corporation": person.profiles[0],
        "since": min(profile.joined_on for profile in person.profiles if profile.joined_on),
        "definition": definition,
        "title": definition.title["ja" if get_language() == "ja" else "en"] if definition else "",
        "rules": _rules(definition) if definition else (),
        "charges": names.listed(definition.earning.eligible_charges) if definition else "",
        "solutions": names.listed(definition.solutions.eligible) if definition else "",
        "rounding": words.rounding_of(definition) if definition else "",
    }


def level_of(stage: str, definition: Definition) -> int:
    """How high the stage stands among its programme's, from 1 to 5, for its colour."""
    names_up = [one.name for one in definition.stages]
    return 1 + names_up.index(stage) * (LEVELS - 1) // max(1, len(names_up) - 1)


def _definition(today: date) -> Definition | None:
    try:
        return programme.in_force(first_day(today))
    except programme.NoProgramme:
        return None


def _lapses(holdings: list[Holding], today: date) -> tuple[Lapse, ...]:
    soon: Counter[tuple[date, str]] = Counter()
    for lot in (lot for holding in holdings for lot in holding.lots):
        if today <= lot.lapses_on <= today + SOON:
            soon[lot.lapses_on, lot.kind] += lot.remaining
    return tuple(Lapse(on, names.label(kind), soon[on, kind]) for on, kind in sorted(soon))


def _last_month(person: Person) -> LastMonth | None:
    month, given = closing.last_month(person.wallets)
    if month is None:
        return None
    members = tuple((name_of(profile), profile.uid, given.get(profile.uid, 0)) for profile in person.profiles)
    return LastMonth(month, sum(given.values()), members)


def _standings(person: Person, definition: Definition | None, today: date) -> tuple[Standing, ...]:
    return tuple(_standing(profile, definition, today) for profile in person.profiles)


def _standing(profile: Profile, definition: Definition | None, today: date) -> Standing:
    """The stage by what is known today: dates and contracts. Spend lies in the archive and counts as none."""
    month, name = first_day(today), name_of(profile)
    dates = {"joined_on": profile.joined_on, "withdrawn_on": profile.withdrawn_on, "closed_on": profile.closed_on}
    if definition is None or not is_member(month, **dates):
        return Standing(profile, name, None, 0, (), (), spend_counts=False)
    contracts = [Contract(held.solution, held.started_on, held.ended_on) for held in profile.contracts]
    facts = rules.facts_of(definition, month, opened_on=profile.opened_on, contracts=contracts)
    stage = programme_rules.stage_for(facts, definition)
    held = () if stage.when is None else rules.grounds(stage.when, facts)
    told = tuple(labels.ground(ground, facts.solutions) for ground in held)
    lacking = frozenset(definition.solutions.eligible) - facts.solutions
    better = tuple(_better(lift, lacking, definition, profile, month) for lift in rules.lifts(facts, definition))
    level = level_of(stage.name, definition)
    return Standing(profile, name, stage, level, told, better, spend_counts=definition.uses_spend)


def _better(lift: Lift, lacking: frozenset[str], definition: Definition, profile: Profile, month: date) -> Better:
    def told(gap: Gap) -> str:
        if gap.need is not Need.TENURE or profile.opened_on is None:
            return labels.gap(gap, lacking)
        return labels.wait(gap, rules.tenure_reached(definition, profile.opened_on, gap, month))

    def phrases(way: Way) -> tuple[str, ...]:
        return tuple(told(gap) for gap in way)

    return Better(lift.stage.name, lift.stage.points, tuple(phrases(way) for way in lift.ways))


def _rules(definition: Definition) -> tuple[tuple[str, str, int], ...]:
    """The stages from the highest: name, condition, points for each unit of yen."""
    return tuple(
        (stage.name, _("otherwise") if stage.when is None else labels.condition(stage.when), stage.points)
        for stage in reversed(definition.stages)
    )
