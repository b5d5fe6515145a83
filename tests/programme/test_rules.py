"""Points of a base, the days on which they come and lapse, and what a definition says about months."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from noren.kit.months import add_months, last_day, months_between
from noren.programme.definition import Definition, Expiry, FixedExpiry, MonthsExpiry, SpendJudgement, YearExpiry
from noren.programme.rules import (
    base_for,
    granted_on,
    in_force,
    lapses_on,
    points_for,
    spend_months,
    uses_text,
)
from tests.strategies import NEW, OLD, VENDOR, months

MAY = YearExpiry(policy="programme_year", years=3, month=5, day=31)
DEFINITIONS = st.sampled_from([NEW, OLD, VENDOR])
BASES = st.integers(0, 10**12)
AMOUNTS = st.lists(st.tuples(st.sampled_from(sorted(NEW.charge_codes)), st.integers(-(10**6), 10**6)), max_size=8)
DAYS = st.dates(date(2000, 1, 1), date(2050, 12, 31))


# ── points and base ──────────────────────────────────────────────────────────────────────────────────────────


@given(DEFINITIONS, BASES, st.data())
def test_points_are_the_full_units_times_the_rate(programme: Definition, base: int, data: st.DataObject) -> None:
    stage = data.draw(st.sampled_from(programme.stages))
    points = points_for(base, stage, programme)
    assert points % stage.points == 0
    assert 0 <= base * stage.points - points * programme.earning.unit_yen < programme.earning.unit_yen * stage.points
    assert points_for(base + programme.earning.unit_yen, stage, programme) == points + stage.points


@pytest.mark.parametrize(
    ("amounts", "points"),
    [
        ([199], 0),
        ([200], 10),
        ([399], 10),
        ([199, 199], 10),
        ([150, 150, 150], 20),
        ([1_000, -801], 0),
        ([1_000, -800], 10),
    ],
)
def test_one_floor_over_all_charges_of_the_month(amounts: list[int], points: int) -> None:
    gold = NEW.stages[-1]
    assert points_for(base_for([("call", yen) for yen in amounts], NEW), gold, NEW) == points


@given(AMOUNTS, st.randoms())
def test_the_base_is_the_eligible_sum_in_any_order_and_never_below_zero(
    amounts: list[tuple[str, int]], chance: random.Random
) -> None:
    eligible = [(code, yen) for code, yen in amounts if code in NEW.earning.eligible_charges]
    base = base_for(amounts, NEW)
    assert base == max(0, sum(yen for _code, yen in eligible))
    assert base == base_for(eligible, NEW)
    chance.shuffle(amounts)
    assert base == base_for(amounts, NEW)


def test_more_credit_than_charges_earns_nothing() -> None:
    assert base_for([("basic_fee", 500), ("discount", -501)], NEW) == 0
    assert base_for([("basic_fee", 500), ("instalment", -9_000)], NEW) == 500
    assert base_for([], NEW) == 0


# ── when they come ───────────────────────────────────────────────────────────────────────────────────────────


@given(months)
def test_points_come_on_the_grant_day_of_the_month_after(month: date) -> None:
    for programme, day in ((NEW, 10), (VENDOR, 15)):
        granted = granted_on(programme, month)
        assert (months_between(month, granted), granted.day) == (1, day)


@given(months, st.integers(1, 60), st.integers(1, 12))
def test_the_spend_window_is_so_many_months_and_ends_before_the_stage_month(
    month: date, count: int, before: int
) -> None:
    judgement = VENDOR.judgement.model_copy(update={"spend": SpendJudgement(months=count, months_before=before)})
    first, last = spend_months(VENDOR.model_copy(update={"judgement": judgement}), month)
    assert months_between(first, last) == count - 1
    assert months_between(last, month) == before


@given(DAYS, st.none() | DAYS, DAYS)
def test_a_contract_is_in_force_from_its_first_day_until_before_its_end(
    started: date, ended: date | None, day: date
) -> None:
    days = range((day - started).days + 1) if ended is None else range((ended - started).days)
    assert in_force(started, ended, day) == ((day - started).days in days)


# ── when they lapse ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("granted", "last"),
    [
        (date(2022, 3, 31), date(2025, 5, 31)),
        (date(2022, 4, 1), date(2026, 5, 31)),
        (date(2022, 12, 31), date(2026, 5, 31)),
        (date(2023, 1, 1), date(2026, 5, 31)),
        (date(2024, 2, 29), date(2027, 5, 31)),
    ],
)
def test_the_programme_year_goes_from_april_to_march(granted: date, last: date) -> None:
    assert lapses_on(MAY, granted, 4) == last


@pytest.mark.parametrize(
    ("month", "day", "granted", "last"),
    [
        (3, 30, date(2022, 3, 31), date(2026, 3, 30)),
        (3, 31, date(2022, 3, 31), date(2025, 3, 31)),
        (4, 1, date(2022, 3, 31), date(2025, 4, 1)),
        (12, 31, date(2022, 3, 31), date(2025, 12, 31)),
        (1, 1, date(2022, 3, 31), date(2026, 1, 1)),
    ],
)
def test_the_day_of_lapse_follows_the_end_of_the_year(month: int, day: int, granted: date, last: date) -> None:
    expiry = YearExpiry(policy="programme_year", years=3, month=month, day=day)
    assert lapses_on(expiry, granted, 4) == last


def test_no_lapse_falls_on_a_day_that_not_every_year_has() -> None:
    assert YearExpiry(policy="programme_year", years=3, month=2, day=28).day == 28
    with pytest.raises(ValidationError, match="no_such_day"):
        YearExpiry(policy="programme_year", years=3, month=2, day=29)


@pytest.mark.parametrize(
    ("count", "granted", "last"),
    [
        (1, date(2024, 1, 31), date(2024, 2, 29)),
        (12, date(2024, 2, 29), date(2025, 2, 28)),
        (48, date(2024, 2, 29), date(2028, 2, 29)),
        (24, date(2024, 2, 15), date(2026, 2, 28)),
        (6, date(2021, 8, 10), date(2022, 2, 28)),
        (6, date(2021, 8, 1), date(2022, 2, 28)),
        (6, date(2021, 8, 31), date(2022, 2, 28)),
    ],
)
def test_months_run_to_the_end_of_the_month(count: int, granted: date, last: date) -> None:
    assert lapses_on(MonthsExpiry(policy="months", months=count), granted, 4) == last


@given(DAYS, st.integers(1, 12), st.integers(0, 10), st.dates(date(2023, 1, 1), date(2023, 12, 31)))
def test_a_year_lapse_is_the_first_such_day_from_the_end_of_the_year_on(
    granted: date, first_month: int, years: int, named: date
) -> None:
    expiry = YearExpiry(policy="programme_year", years=years, month=named.month, day=named.day)
    end = granted
    while (end + timedelta(days=1)).month != first_month or (end + timedelta(days=1)).day != 1:
        end += timedelta(days=1)
    since = last_day(date(end.year + years, end.month, 1))
    days = (since + timedelta(days=count) for count in range(366))
    assert lapses_on(expiry, granted, first_month) == next(
        d for d in days if (d.month, d.day) == (named.month, named.day)
    )


@given(DAYS, st.integers(1, 12), st.integers(1, 120), st.integers(0, 5))
def test_a_later_grant_never_lapses_earlier(granted: date, first_month: int, count: int, years: int) -> None:
    policies: list[Expiry] = [
        MonthsExpiry(policy="months", months=count),
        YearExpiry(policy="programme_year", years=years, month=5, day=31),
        FixedExpiry(policy="fixed", on=date(2027, 3, 31)),
    ]
    for expiry in policies:
        now, later = (lapses_on(expiry, day, first_month) for day in (granted, granted + timedelta(days=1)))
        assert now <= later
        assert now >= granted or expiry.policy == "fixed"


@given(DAYS, st.integers(1, 120))
def test_a_months_lapse_is_a_last_day_so_many_months_later(granted: date, count: int) -> None:
    last = lapses_on(MonthsExpiry(policy="months", months=count), granted, 4)
    assert last == last_day(add_months(granted, count))
    assert (last + timedelta(days=1)).day == 1


@given(DAYS)
def test_a_fixed_lapse_is_the_same_for_every_grant(granted: date) -> None:
    assert lapses_on(VENDOR.kind("anniversary").expiry, granted, 1) == date(2027, 3, 31)


def test_a_use_list_is_written_in_one_way() -> None:
    assert uses_text("all") == "*"
    assert uses_text(("goods", "bill")) == uses_text(("bill", "goods")) == "bill goods"
