"""Why a stage holds, and what would lift it."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noren.kit.months import add_months
from noren.programme.definition import Bounds, Condition, Definition
from noren.programme.rules import Facts, solutions_day, stage_for, tenure_in, tenure_month
from noren.stages import rules
from noren.stages.rules import Gap, Ground, Need
from tests.strategies import NEW, OLD, VENDOR, days_around, months

definitions = st.sampled_from([NEW, OLD, VENDOR])


@st.composite
def cases(draw: st.DrawFn) -> tuple[Definition, Facts]:
    definition = draw(definitions)
    held = draw(st.sets(st.sampled_from(definition.solutions.eligible))) if definition.solutions.eligible else set()
    tenure = draw(st.none() | st.integers(0, 200))
    return definition, Facts(tenure, frozenset(held), draw(st.integers(0, 3_000_000)))


def after(facts: Facts, way: rules.Way, definition: Definition) -> Facts:
    """The facts when everything that the way asks for has come."""
    for gap in way:
        free = [name for name in definition.solutions.eligible if name not in facts.solutions]
        if gap.need is Need.TENURE:
            facts = replace(facts, tenure_months=(facts.tenure_months or 0) + gap.missing)
        elif gap.need is Need.SPEND:
            facts = replace(facts, spend_yen=facts.spend_yen + gap.missing)
        else:
            facts = replace(facts, solutions=facts.solutions | set(gap.names or free[: gap.missing]))
    return facts


@given(cases())
def test_what_is_missing_lifts_to_that_stage_or_above(case: tuple[Definition, Facts]) -> None:
    definition, facts = case
    names = [stage.name for stage in definition.stages]
    for lift in rules.lifts(facts, definition):
        for way in lift.ways:
            assert way
            reached = stage_for(after(facts, way, definition), definition).name
            assert names.index(reached) >= names.index(lift.stage.name)


@given(cases())
def test_the_grounds_hold_and_nothing_is_missing_of_what_holds(case: tuple[Definition, Facts]) -> None:
    definition, facts = case
    stage = stage_for(facts, definition)
    if stage.when is None:
        return
    assert () in rules.ways(stage.when, facts)
    for ground in rules.grounds(stage.when, facts):
        assert facts.solutions.issuperset(ground.names)
        assert ground.bounds is None or ground.need is not Need.TENURE or ground.value == facts.tenure_months


def test_the_reference_table_tells_every_better_stage() -> None:
    found = rules.lifts(Facts(17), NEW)
    assert [(lift.stage.name, lift.ways) for lift in found] == [
        ("2nd", ((Gap(Need.TENURE, 43),),)),
        ("3rd", ((Gap(Need.TENURE, 79),),)),
        ("premier", ((Gap(Need.TENURE, 103),),)),
        ("grand-premier", ((Gap(Need.SOLUTIONS, 1),), (Gap(Need.TENURE, 163),))),
        ("gold", ((Gap(Need.SOLUTIONS, 2),),)),
    ]
    assert rules.lifts(Facts(17, frozenset({"device_rescue", "office_extension"})), NEW) == ()


def test_named_solutions_are_missing_by_name() -> None:
    found = rules.lifts(Facts(200, frozenset({"office_extension"})), OLD)
    assert [(lift.stage.name, lift.ways) for lift in found] == [
        ("gold", ((Gap(Need.HOLDS, 1, ("device_management",)),),))
    ]


def test_an_account_is_not_told_of_tenure() -> None:
    assert [lift.stage.name for lift in rules.lifts(Facts(None), NEW)] == ["grand-premier", "gold"]


def test_of_alternatives_the_one_that_holds_is_the_ground() -> None:
    grand = next(stage.when for stage in NEW.stages if stage.name == "grand-premier")
    assert grand is not None
    exactly = Ground(Need.SOLUTIONS, 1, Bounds(exactly=1))
    assert rules.grounds(grand, Facts(3, frozenset({"device_rescue"}))) == (exactly,)


def test_of_one_need_only_the_most_is_asked_for() -> None:
    both = Condition(all=(Condition(tenure_months=Bounds(at_least=10)), Condition(tenure_months=Bounds(at_least=20))))
    assert rules.ways(both, Facts(5)) == ((Gap(Need.TENURE, 15),),)


@pytest.mark.parametrize("bounds", [Bounds(at_most=2), Bounds(exactly=2)])
def test_more_does_not_help_above_the_bounds(bounds: Bounds) -> None:
    assert rules.ways(Condition(tenure_months=bounds), Facts(3)) == ()


@given(st.data(), definitions, months, st.integers(1, 300))
def test_waiting_closes_a_gap_in_the_month_told(
    data: st.DataObject, definition: Definition, month: date, more: int
) -> None:
    opened_on = data.draw(days_around(month))
    needed = tenure_in(opened_on, tenure_month(definition, month)) + more
    told = rules.tenure_reached(definition, opened_on, Gap(Need.TENURE, more), month)
    assert tenure_in(opened_on, tenure_month(definition, told)) >= needed
    assert tenure_in(opened_on, tenure_month(definition, add_months(told, -1))) < needed


@given(definitions, st.dates(date(2021, 7, 1), date(2030, 1, 1)))
def test_a_contract_counts_from_the_first_month_judged_after_it(definition: Definition, day: date) -> None:
    first = rules.contract_counts_from(definition, day)
    assert solutions_day(definition, first) >= day
    before = add_months(first, -1)
    assert before < day.replace(day=1) or solutions_day(definition, before) < day
