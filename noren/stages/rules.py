"""The stage of one member in one month: the reference to which `expressions.assess` is held.

And why it is that stage, and what would lift it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import count, islice, product

from noren.kit.months import add_months
from noren.programme import rules as programme
from noren.programme.definition import Bounds, Condition, Definition, Stage


@dataclass(frozen=True, slots=True)
class Contract:
    """A solution contract of the member."""

    solution: str
    started_on: date
    ended_on: date | None


def facts_of(
    definition: Definition,
    month: date,
    *,
    opened_on: date | None,
    contracts: Iterable[Contract],
    spend_yen: int = 0,
) -> programme.Facts:
    """What the stage month is judged by: tenure of the line (None: an account), solutions in force, spend."""
    day = programme.solutions_day(definition, month)
    judged = programme.tenure_month(definition, month)
    return programme.Facts(
        tenure_months=None if opened_on is None else programme.tenure_in(opened_on, judged),
        solutions=frozenset(
            contract.solution
            for contract in contracts
            if contract.solution in definition.solutions.eligible
            and programme.in_force(contract.started_on, contract.ended_on, day)
        ),
        spend_yen=spend_yen,
    )


class Need(StrEnum):
    """What a condition asks for."""

    TENURE = "tenure"
    SOLUTIONS = "solutions"
    HOLDS = "holds"
    SPEND = "spend"


@dataclass(frozen=True, slots=True)
class Ground:
    """A part of a condition that holds: the value found, the bounds it is in, the solutions it names."""

    need: Need
    value: int
    bounds: Bounds | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing: so many months, solutions or yen, or the solutions named."""

    need: Need
    missing: int
    names: tuple[str, ...] = ()


Way = tuple[Gap, ...]
"""Everything that must come together; nothing: the condition holds."""

YEAR = 12

MOST_WAYS = 12
"""Ways to one stage that are told."""


@dataclass(frozen=True, slots=True)
class Lift:
    """A better stage and the ways to it, the shortest first."""

    stage: Stage
    ways: tuple[Way, ...]


def grounds(condition: Condition, facts: programme.Facts) -> tuple[Ground, ...]:
    """Why a condition holds: each part that holds, and of alternatives the first."""
    found = [
        Ground(need, value, bounds)
        for need, bounds, value in _numbers(condition, facts)
        if bounds is not None and value is not None
    ]
    if condition.holds is not None:
        found.append(Ground(Need.HOLDS, len(condition.holds), names=condition.holds))
    chosen = next((part for part in condition.any or () if programme.holds(part, facts)), None)
    parts = (*(condition.all or ()), *(() if chosen is None else (chosen,)))
    return (*found, *(ground for part in parts for ground in grounds(part, facts)))


def lifts(facts: programme.Facts, definition: Definition) -> tuple[Lift, ...]:
    """The stages above the member's, the next one first, with what is missing; those out of reach are left out."""
    names = [stage.name for stage in definition.stages]
    above = definition.stages[names.index(programme.stage_for(facts, definition).name) + 1 :]
    found = ((stage, ways(stage.when, facts)) for stage in above if stage.when is not None)
    return tuple(Lift(stage, open_ways) for stage, open_ways in found if open_ways)


def ways(condition: Condition, facts: programme.Facts) -> tuple[Way, ...]:
    """The ways to meet a condition by more of something, the shortest first; none: more does not help."""
    terms = [_closing(need, bounds, value) for need, bounds, value in _numbers(condition, facts) if bounds is not None]
    if condition.holds is not None:
        lacking = tuple(name for name in condition.holds if name not in facts.solutions)
        terms.append(((Gap(Need.HOLDS, len(lacking), lacking),),) if lacking else ((),))
    terms.extend(ways(part, facts) for part in condition.all or ())
    if condition.any is not None:
        terms.append(tuple(way for part in condition.any for way in ways(part, facts)))
    distinct = {_together(parts) for parts in islice(product(*terms), MOST_WAYS)}
    return tuple(sorted(distinct, key=lambda way: (len(way), [(gap.need, gap.missing, gap.names) for gap in way])))


def tenure_reached(definition: Definition, opened_on: date, gap: Gap, since: date) -> date:
    """The first stage month in which a gap in tenure, found in the month `since`, is closed by waiting."""
    needed = programme.tenure_in(opened_on, programme.tenure_month(definition, since)) + gap.missing
    soonest = max(1, gap.missing - YEAR)  # judged at a year's end, the tenure of up to a year comes at once
    months = (add_months(since, more) for more in count(soonest))
    return next(
        month for month in months if programme.tenure_in(opened_on, programme.tenure_month(definition, month)) >= needed
    )


def contract_counts_from(definition: Definition, day: date) -> date:
    """The first stage month that is judged by the contracts in force on the day or after it."""
    return next(month for more in count() if programme.solutions_day(definition, month := add_months(day, more)) >= day)


def _together(parts: Iterable[Way]) -> Way:
    """Everything that several ways ask for: of one need only the most."""
    most: dict[tuple[Need, tuple[str, ...]], Gap] = {}
    for gap in (gap for part in parts for gap in part):
        known = most.setdefault((gap.need, gap.names), gap)
        most[gap.need, gap.names] = max(known, gap, key=lambda one: one.missing)
    return tuple(most[key] for key in sorted(most))


def _numbers(condition: Condition, facts: programme.Facts) -> tuple[tuple[Need, Bounds | None, int | None], ...]:
    return (
        (Need.TENURE, condition.tenure_months, facts.tenure_months),
        (Need.SOLUTIONS, condition.solutions, len(facts.solutions)),
        (Need.SPEND, condition.spend_yen, facts.spend_yen),
    )


def _closing(need: Need, bounds: Bounds, value: int | None) -> tuple[Way, ...]:
    """One way when the value is in the bounds or below them; none when it is unknown or above them."""
    if programme.within(bounds, value):
        return ((),)
    least = bounds.exactly if bounds.exactly is not None else bounds.at_least
    if value is None or least is None or value > least:
        return ()
    return ((Gap(need, least - value),),)
