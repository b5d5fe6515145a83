"""What a definition means, in plain Python: the reference to which the set-based expressions are held.

Everything here is whole numbers and dates. Sources of the rules: docs/rules/.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeVar

from noren.kit.months import add_months, fiscal_year, last_day, months_between
from noren.programme.definition import (
    Bounds,
    Condition,
    Definition,
    Earning,
    Expiry,
    FixedExpiry,
    MonthsExpiry,
    Stage,
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a stage is judged by: months of tenure (None: no line), eligible solutions held, yen spent."""

    tenure_months: int | None
    solutions: frozenset[str] = frozenset()
    spend_yen: int = 0


def stage_for(facts: Facts, definition: Definition) -> Stage:
    """The highest stage whose condition holds; the first stage has none and always holds."""
    held = [stage for stage in definition.stages if stage.when is None or holds(stage.when, facts)]
    return held[-1]


def holds(condition: Condition, facts: Facts) -> bool:
    """Whether everything that the condition names is true of the facts."""
    return all(
        (
            condition.tenure_months is None or within(condition.tenure_months, facts.tenure_months),
            condition.solutions is None or within(condition.solutions, len(facts.solutions)),
            condition.spend_yen is None or within(condition.spend_yen, facts.spend_yen),
            condition.holds is None or facts.solutions.issuperset(condition.holds),
            condition.all is None or all(holds(part, facts) for part in condition.all),
            condition.any is None or any(holds(part, facts) for part in condition.any),
        )
    )


def within(bounds: Bounds, value: int | None) -> bool:
    """Whether a number is known and inside the bounds."""
    return value is not None and all(
        (
            bounds.at_least is None or value >= bounds.at_least,
            bounds.at_most is None or value <= bounds.at_most,
            bounds.exactly is None or value == bounds.exactly,
        )
    )


def base_for(amounts: Iterable[tuple[str, int]], definition: Definition, paid_yen: int = 0) -> int:
    """Yen that earn: the sum of the eligible (charge code, yen) less what points have paid of it, never below 0."""
    eligible = definition.earning.eligible_charges
    return max(0, sum(yen for code, yen in amounts if code in eligible) - paid_yen)


def points_for(base_yen: int, stage: Stage, definition: Definition) -> int:
    """Points of a base of 0 yen or more: one rounding per member and month.

    Of the units, as usual: floor(base / unit) x points of the stage. Of the points: floor(base x points / unit).
    """
    if definition.earning.rounding.of == "points":
        return rounded(base_yen * stage.points, definition)
    return rounded(base_yen, definition) * stage.points


def rounded(number: int, definition: Definition) -> int:
    """How many units a number of 0 or more holds, rounded as the programme says."""
    numerator, denominator = fraction(number, definition.earning)
    return numerator // denominator


Number = TypeVar("Number")


def fraction(number: Number, earning: Earning) -> tuple[Number, int]:
    """The fraction of whole numbers whose floor is number / unit, rounded as the programme says.

    Also of a column of numbers: the expression divides the same fraction.
    """
    whole: Any = number
    unit = earning.unit_yen
    fractions = {
        "floor": (whole, unit),
        "half_up": (whole * 2 + unit, unit * 2),
        "ceiling": (whole + (unit - 1), unit),
    }
    return fractions[earning.rounding.to]


EXACT = 2**53
"""Below this a division of whole numbers is exact in every engine (IEEE 754 double)."""


def largest_base(definition: Definition) -> int:
    """The largest base in yen that every engine rates exactly: no numerator comes up to EXACT."""
    earning = definition.earning
    factor = max(1, *(stage.points for stage in definition.stages)) if earning.rounding.of == "points" else 1
    doubled = 2 if earning.rounding.to == "half_up" else 1
    return (EXACT - 1 - earning.unit_yen) // (factor * doubled)


def tenure_in(opened_on: date, judged_month: date) -> int:
    """Months of tenure: calendar-month difference, the day ignored, 0 before the line was opened."""
    return max(0, months_between(opened_on, judged_month))


def tenure_month(definition: Definition, month: date) -> date:
    """The month in which the tenure of a stage month is counted."""
    if definition.judgement.tenure.at == "stage_month":
        return month
    return _year_end_before(definition, month)


def solutions_day(definition: Definition, month: date) -> date:
    """The day on which a contract must be in force to count for a stage month."""
    judged = definition.judgement.solutions
    if judged.at == "month_end":
        return last_day(add_months(month, -judged.months_before))
    return last_day(_year_end_before(definition, month))


def spend_months(definition: Definition, month: date) -> tuple[date, date]:
    """First and last month whose base counts as spend for a stage month."""
    judged = definition.judgement.spend
    until = add_months(month, -judged.months_before)
    return add_months(until, 1 - judged.months), until


def _year_end_before(definition: Definition, month: date) -> date:
    """Last month of the programme year before the one of `month`."""
    year = fiscal_year(month, definition.year_first_month)
    return add_months(date(year, definition.year_first_month, 1), -1)


def in_force(started_on: date, ended_on: date | None, day: date) -> bool:
    """Whether a contract is in force on the day; `ended_on` is the first day on which it no longer is."""
    return started_on <= day and (ended_on is None or ended_on > day)


def granted_on(definition: Definition, month: date) -> date:
    """Business date of the close of a usage month: the grant day of the month after."""
    return add_months(month, 1).replace(day=definition.earning.grant_day)


def lapses_on(expiry: Expiry, on: date, year_first_month: int) -> date:
    """Last day on which points granted on `on` may be used."""
    if isinstance(expiry, FixedExpiry):
        return expiry.on
    if isinstance(expiry, MonthsExpiry):
        return last_day(add_months(on, expiry.months))
    year_end = add_months(date(fiscal_year(on, year_first_month) + 1, year_first_month, 1), -1)
    day = date(year_end.year + expiry.years, expiry.month, expiry.day)
    return day if day >= last_day(date(year_end.year + expiry.years, year_end.month, 1)) else _year_later(day)


def _year_later(day: date) -> date:
    return day.replace(year=day.year + 1)


def uses_text(uses: Literal["all"] | tuple[str, ...]) -> str:
    """The use list as lots carry it: `*` for every use, else the uses in order with a space between."""
    return "*" if uses == "all" else " ".join(sorted(uses))
