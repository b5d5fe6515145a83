"""The stage of one member: the borders of the reference table, the days on which it is judged, what counts."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noren.kit.months import add_months, last_day
from noren.programme.definition import Definition
from noren.programme.rules import Facts, stage_for, tenure_in
from noren.stages.rules import Contract, facts_of
from tests.strategies import NEW, OLD, VENDOR, days_around, months

JULY = date(2021, 7, 1)
JUDGED = date(2021, 5, 31)
"""The last day of the month two months before July 2021."""


def held(*solutions: str, since: date = date(2020, 1, 1), until: date | None = None) -> list[Contract]:
    return [Contract(solution, since, until) for solution in solutions]


def stage(
    opened_on: date | None, contracts: list[Contract] | None = None, definition: Definition = NEW, month: date = JULY
) -> tuple[str, int]:
    facts = facts_of(definition, month, opened_on=opened_on, contracts=contracts or [])
    found = stage_for(facts, definition)
    return found.name, found.points


def opened(months_before: int, month: date = JULY) -> date:
    return add_months(month, -months_before)


@pytest.mark.parametrize(
    ("tenure", "now", "before"),
    [
        (0, ("1st", 1), ("1st", 5)),
        (59, ("1st", 1), ("1st", 5)),
        (60, ("2nd", 2), ("2nd", 10)),
        (95, ("2nd", 2), ("2nd", 10)),
        (96, ("3rd", 3), ("3rd", 15)),
        (119, ("3rd", 3), ("3rd", 15)),
        (120, ("premier", 4), ("premier", 20)),
        (179, ("premier", 4), ("premier", 20)),
        (180, ("grand-premier", 5), ("grand-premier", 25)),
        (600, ("grand-premier", 5), ("grand-premier", 25)),
    ],
)
def test_tenure_alone_gives_the_stage_of_the_table(tenure: int, now: tuple[str, int], before: tuple[str, int]) -> None:
    assert stage(opened(tenure)) == now
    # The old programme counts in the last month of the programme year before: March.
    assert stage(opened(tenure, date(2021, 3, 1)), definition=OLD, month=date(2021, 6, 1)) == before


@pytest.mark.parametrize("tenure", [0, 59, 60, 179, 180])
@pytest.mark.parametrize(
    ("solutions", "expected"),
    [
        (["office_extension"], "grand-premier"),
        (["device_management"], "grand-premier"),
        (["device_rescue"], "grand-premier"),
        (["office_extension", "device_management"], "gold"),
        (["device_management", "device_rescue"], "gold"),
        (["office_extension", "device_management", "device_rescue"], "gold"),
    ],
)
def test_solutions_outdo_any_tenure(tenure: int, solutions: list[str], expected: str) -> None:
    assert stage(opened(tenure), held(*solutions))[0] == expected


@pytest.mark.parametrize("solution", ["device_insurance", "bill_management", "info_mail", "unheard_of"])
def test_a_solution_that_is_not_eligible_counts_for_nothing(solution: str) -> None:
    assert stage(opened(0), held(solution)) == ("1st", 1)
    assert stage(opened(0), held(solution, "device_rescue"))[0] == "grand-premier"


def test_two_contracts_for_one_solution_count_once() -> None:
    twice = held("device_rescue") + held("device_rescue", since=date(2021, 2, 1))
    assert stage(opened(0), twice)[0] == "grand-premier"
    assert stage(opened(0), twice + held("office_extension"))[0] == "gold"


def test_an_account_goes_by_its_solutions_alone() -> None:
    assert [stage(None)[0], stage(None, held("device_rescue"))[0]] == ["1st", "grand-premier"]
    assert stage(None, held("device_rescue", "office_extension"))[0] == "gold"
    assert stage(None, definition=OLD, month=date(2021, 6, 1)) == ("1st", 5)


@pytest.mark.parametrize(
    ("since", "until", "counts"),
    [
        (JUDGED, None, True),
        (JUDGED + timedelta(days=1), None, False),
        (date(2020, 1, 1), JUDGED, False),
        (date(2020, 1, 1), JUDGED + timedelta(days=1), True),
        (JUDGED, JUDGED, False),
        (JUDGED, JUDGED + timedelta(days=1), True),
        (date(2021, 4, 1), date(2021, 5, 30), False),
        (date(2021, 6, 30), None, False),
    ],
)
def test_contracts_count_as_they_stand_two_months_before(since: date, until: date | None, counts: object) -> None:
    expected = "grand-premier" if counts else "1st"
    assert stage(opened(0), held("device_rescue", since=since, until=until))[0] == expected


@pytest.mark.parametrize(
    ("month", "day"),
    [
        (date(2021, 8, 1), date(2021, 6, 30)),
        (date(2022, 1, 1), date(2021, 11, 30)),
        (date(2022, 4, 1), date(2022, 2, 28)),
        (date(2024, 4, 1), date(2024, 2, 29)),
    ],
)
def test_the_day_of_judgement_is_a_last_day_of_a_month(month: date, day: date) -> None:
    assert stage(opened(0, month), held("device_rescue", since=day), month=month)[0] == "grand-premier"
    later = held("device_rescue", since=day + timedelta(days=1))
    assert stage(opened(0, month), later, month=month)[0] == "1st"


@pytest.mark.parametrize(
    ("solutions", "expected"),
    [
        (["office_extension", "device_management"], ("gold", 100)),
        (["office_extension", "device_management", "device_rescue"], ("gold", 100)),
        (["office_extension", "device_rescue"], ("1st", 5)),
        (["device_management", "device_rescue"], ("1st", 5)),
        (["office_extension"], ("1st", 5)),
        (["device_management", "device_management"], ("1st", 5)),
    ],
)
def test_gold_was_office_extension_and_device_management(solutions: list[str], expected: tuple[str, int]) -> None:
    assert stage(opened(0), held(*solutions), OLD, date(2021, 6, 1)) == expected


@pytest.mark.parametrize(
    ("month", "judged"),
    [
        (date(2021, 6, 1), date(2021, 3, 31)),
        (date(2021, 4, 1), date(2021, 3, 31)),
        (date(2021, 3, 1), date(2020, 3, 31)),
        (date(2020, 12, 1), date(2020, 3, 31)),
    ],
)
def test_the_old_programme_judged_at_the_end_of_the_year_before(month: date, judged: date) -> None:
    pair = ("office_extension", "device_management")
    assert stage(None, held(*pair, since=judged), OLD, month)[0] == "gold"
    assert stage(None, held(*pair, since=judged + timedelta(days=1)), OLD, month)[0] == "1st"
    assert stage(None, held(*pair, until=judged), OLD, month)[0] == "1st"
    assert stage(add_months(judged, -60), definition=OLD, month=month)[0] == "2nd"
    assert stage(add_months(judged, -59), definition=OLD, month=month)[0] == "1st"


@pytest.mark.parametrize(
    ("spend", "expected"),
    [
        (0, "standard"),
        (9_999_999, "standard"),
        (10_000_000, "gold"),
        (49_999_999, "gold"),
        (50_000_000, "platinum"),
    ],
)
def test_spend_gives_the_stage_of_a_programme_without_lines(spend: int, expected: str) -> None:
    facts = facts_of(VENDOR, date(2025, 1, 1), opened_on=None, contracts=held("office_extension"), spend_yen=spend)
    assert facts == Facts(None, frozenset(), spend)
    assert stage_for(facts, VENDOR).name == expected


@given(months, st.integers(0, 400), st.data())
def test_the_day_of_the_month_does_not_matter(month: date, tenure: int, data: st.DataObject) -> None:
    first = add_months(month, -tenure)
    day = data.draw(st.dates(first, last_day(first)))
    assert tenure_in(day, month) == tenure


@given(months, st.data())
def test_tenure_is_never_below_zero_and_grows_by_one_each_month(month: date, data: st.DataObject) -> None:
    day = data.draw(days_around(month))
    now, later = tenure_in(day, month), tenure_in(day, add_months(month, 1))
    assert now >= 0
    assert later == (now + 1 if day < add_months(month, 1) else 0)


@given(months, st.permutations(["office_extension", "device_management", "device_rescue", "info_mail"]), st.data())
def test_order_and_repetition_of_contracts_do_not_matter(
    month: date, solutions: list[str], data: st.DataObject
) -> None:
    contracts = [Contract(solution, data.draw(days_around(month)), None) for solution in solutions]
    facts = facts_of(NEW, month, opened_on=None, contracts=contracts)
    again = facts_of(NEW, month, opened_on=None, contracts=[*reversed(contracts), *contracts])
    assert facts == again
    assert len(facts.solutions) <= 3


@given(st.none() | st.integers(0, 400), st.frozensets(st.sampled_from(NEW.solutions.eligible)))
def test_more_tenure_or_one_more_solution_never_lowers_the_points(
    tenure: int | None, solutions: frozenset[str]
) -> None:
    points = stage_for(Facts(tenure, solutions), NEW).points
    assert stage_for(Facts((tenure or 0) + 1, solutions), NEW).points >= points
    for solution in NEW.solutions.eligible:
        assert stage_for(Facts(tenure, solutions | {solution}), NEW).points >= points
