"""Limits of a month: what counts for whom, what is refused, what comes back; exact also for many at once."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

from noren.audit.models import Record
from noren.points import actions, queries
from noren.points.models import Posting
from noren.points.queries import BudgetRow
from tests import soak
from tests.cast import ENGINEER, NOW
from tests.points import crew as crews
from tests.points.books import FIRST_POOL, ON, Door, back, give, new_key, total, use, wallet_id

POOL = FIRST_POOL
UNIT, PERSON, OTHER = "unit:1", "account:A1", "account:A2"
CONNECTIONS = 32
ROUNDS = soak.many(8, 100)

NEXT_MONTH = Door(on=date(2021, 9, 1))


@pytest.fixture(autouse=True)
def _balanced(place: object) -> Iterator[None]:
    """Whatever a test does, the books balance after it."""
    del place
    yield
    assert queries.verify() == []


def limit(spender: str, monthly: int | None) -> None:
    actions.set_budget(wallet_id=wallet_id(POOL), spender=spender, monthly=monthly, actor=ENGINEER, now=NOW)


def budgets(day: date = ON) -> dict[str, tuple[int | None, int]]:
    return {row.spender: (row.monthly, row.used) for row in queries.budgets(wallet_id(POOL), day)}


def test_a_use_counts_for_everybody_it_names_limited_or_not() -> None:
    give(POOL, 1000)
    limit(UNIT, 100)
    use(POOL, 30, budgets=(UNIT, PERSON))
    use(POOL, 20, budgets=(UNIT, OTHER))
    use(POOL, 5)
    assert budgets() == {UNIT: (100, 50), PERSON: (None, 30), OTHER: (None, 20)}
    named = Posting.objects.filter(movement="spend").values_list("spenders", flat=True)
    assert sorted(named) == [[], [PERSON, UNIT], [OTHER, UNIT]]


def test_more_than_is_left_of_a_limit_is_refused_with_its_figures_and_takes_nothing() -> None:
    give(POOL, 1000)
    limit(UNIT, 100)
    use(POOL, 70, budgets=(UNIT, PERSON))
    with pytest.raises(actions.OverBudget, match="100 points; 70 are used, and 31 more are asked for") as refused:
        use(POOL, 31, budgets=(PERSON, UNIT))
    assert refused.value.code == "points.over_budget"
    assert refused.value.values == {"spender": UNIT, "limit": 100, "used": 70, "asked": 31}
    assert (total(POOL), budgets()) == (930, {UNIT: (100, 70), PERSON: (None, 70)})
    use(POOL, 30, budgets=(PERSON, UNIT))


def test_a_limit_is_that_of_the_month_of_the_business_day() -> None:
    give(POOL, 1000)
    limit(UNIT, 100)
    use(POOL, 100, budgets=(UNIT,))
    use(POOL, 100, budgets=(UNIT,), door=NEXT_MONTH)
    assert (budgets(), budgets(NEXT_MONTH.on)) == ({UNIT: (100, 100)}, {UNIT: (100, 100)})


def test_what_is_given_back_is_given_back_in_the_month_of_the_use() -> None:
    give(POOL, 1000)
    limit(UNIT, 100)
    spent = use(POOL, 100, budgets=(UNIT, PERSON))
    use(POOL, 60, budgets=(UNIT,), door=NEXT_MONTH)
    back(POOL, spent.posting_id, 40, door=NEXT_MONTH)
    assert (budgets()[UNIT], budgets(NEXT_MONTH.on)[UNIT]) == ((100, 60), (100, 60))
    use(POOL, 40, budgets=(UNIT,))


def test_a_limit_can_be_changed_be_nothing_and_be_taken_away() -> None:
    give(POOL, 1000)
    limit(UNIT, 100)
    use(POOL, 50, budgets=(UNIT,))
    for monthly in (40, 0):
        limit(UNIT, monthly)
        with pytest.raises(actions.OverBudget):
            use(POOL, 1, budgets=(UNIT,))
    limit(UNIT, None)
    use(POOL, 500, budgets=(UNIT,))
    assert budgets() == {UNIT: (None, 550)}
    with pytest.raises(actions.NegativeBudget):
        limit(UNIT, -1)
    details = [row.detail for row in Record.objects.filter(act="points.budget")]
    assert {(one["before"], one["monthly"]) for one in details} == {(None, 100), (100, 40), (40, 0), (0, None)}


def test_a_limit_may_be_there_before_the_wallet() -> None:
    limit(UNIT, 10)
    assert queries.budgets(wallet_id(POOL), ON) == [BudgetRow(UNIT, 10, 0)]


def test_for_whom_it_counts_is_part_of_what_is_asked_and_the_order_is_not() -> None:
    give(POOL, 1000)
    first = use(POOL, 10, budgets=(UNIT, PERSON), key="k")
    assert use(POOL, 10, budgets=(PERSON, UNIT), key="k").posting_id == first.posting_id
    assert budgets()[UNIT] == (None, 10)
    for other in ((), (UNIT,)):
        with pytest.raises(actions.KeyConflict):
            use(POOL, 10, budgets=other, key="k")


def test_a_use_that_a_limit_refused_stays_refused_under_its_key() -> None:
    give(POOL, 1000)
    limit(UNIT, 5)
    for monthly in (5, 500):
        limit(UNIT, monthly)
        with pytest.raises(actions.OverBudget):
            use(POOL, 10, budgets=(UNIT,), key="k")
    use(POOL, 10, budgets=(UNIT,))


def test_thirty_two_that_spend_under_one_limit_use_it_up_to_the_last_point() -> None:
    monthly = 3 * CONNECTIONS * ROUNDS
    give(POOL, 100 * monthly)
    limit(UNIT, monthly)

    def spend(number: int) -> Counter[str]:
        said: Counter[str] = Counter()
        for turn in range(ROUNDS):
            points = 1 + (number + turn) % 9
            try:
                receipt = use(POOL, points, budgets=(UNIT, f"account:{number}"), key=new_key())
            except actions.OverBudget as refused:
                said["refused"] += 1
                said["wrongly refused"] += int(str(refused.values["used"])) + points <= monthly
            else:
                said["points"] += points
                if turn % 4 == 3:
                    back(POOL, receipt.posting_id, 1)
                    said["points"] -= 1
        return said

    with crews.assembled(CONNECTIONS) as crew:
        said = sum(crew.each(spend), Counter())
    used = budgets()
    assert used[UNIT] == (monthly, said["points"])
    assert sum(points for name, (_monthly, points) in used.items() if name != UNIT) == said["points"]
    assert total(POOL) == 100 * monthly - said["points"]
    assert said["refused"]
    assert not said["wrongly refused"]
    left = monthly - said["points"]
    if left:
        use(POOL, left, budgets=(UNIT,))
    with pytest.raises(actions.OverBudget):
        use(POOL, 1, budgets=(UNIT,))
