"""Where the database decides on pools as `rules` do, it decides the same: what is posted where, whose points go first."""

import itertools
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from noren.points import queries, rules
from noren.points.models import Entry, Origin, Wallet
from noren.points.rules import Earned, InPool, LotKey, Movement, Part
from tests import soak
from tests.points import model
from tests.points.books import (
    AUGUST,
    FIRST_POOL,
    JULY,
    NORMAL,
    ON,
    SOONER,
    Door,
    give,
    held,
    move,
    post,
    total,
    use,
    wallet_id,
)

POOLS = 3
BEYOND = 1_000_000

often = settings(
    max_examples=soak.many(60, 1_500), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
pytestmark = [pytest.mark.soak, pytest.mark.usefixtures("place")]

homes = st.none() | st.integers(0, POOLS - 1)
posts = st.tuples(st.just("post"), st.integers(0, 60), homes)
brought = st.tuples(st.just("bring"), st.integers(1, 100), st.integers(0, POOLS - 1))
spent = st.tuples(st.just("spend"), st.integers(1, 100), st.none())
stories = st.lists(posts | brought | spent, min_size=2, max_size=8)


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    """Members and pools that no example has used."""
    return itertools.count(1)


def of_member(number: int) -> tuple[int, dict[UUID, InPool]]:
    """What closes posted to the member's own wallet for July, and what of July is in pools."""
    own = Entry.objects.filter(wallet_id=wallet_id(number), usage_month=JULY, movement__in=("grant", "correct"))
    pools: dict[UUID, Counter[bool]] = {}
    for row in Origin.objects.filter(origin_wallet_id=wallet_id(number), usage_month=JULY):
        pools.setdefault(row.wallet_id, Counter())[row.movement == Movement.TRANSFER] += row.points
    there = {wallet_id: InPool(points[False], points[True]) for wallet_id, points in pools.items()}
    return sum(own.values_list("points", flat=True)), there


def balances() -> Counter[UUID]:
    return Counter(dict(Wallet.objects.values_list("wallet_id", "points")))


@often
@given(story=stories)
def test_a_month_is_settled_wherever_it_was_posted(
    numbers: Iterator[int], story: list[tuple[str, int, int | None]]
) -> None:
    number = next(numbers)
    first_pool = FIRST_POOL + POOLS * number
    for again, (what, points, pool_no) in enumerate(story):
        home = None if pool_no is None else first_pool + pool_no
        share = max(total(number), 0) * points // 100
        if what == "spend" and share:
            use(number, share)
        elif what == "bring" and share and home is not None:
            move(number, home, share)
        elif what == "post":
            own, there = of_member(number)
            expected = rules.settle(points, own, there, wallet_id(number if home is None else home))
            before = balances()
            pools = {} if home is None else {number: home}
            bounds = wallet_id(number), wallet_id(number + 1)
            post(f"c{number}-{again}", {number: points} if points else {}, pools=pools, bounds=bounds, clearing=False)
            after = balances()
            assert {one: after[one] - before[one] for one in after if after[one] != before[one]} == expected


months = st.sampled_from([date(2021, 5, 1), date(2021, 6, 1), JULY, AUGUST])


@often
@given(
    fillings=st.lists(st.tuples(months | st.none(), st.integers(1, 50), st.integers(0, 20)), min_size=1, max_size=6),
    used=st.integers(0, 100),
    parts=st.lists(st.integers(1, 60), max_size=3),
)
def test_points_that_were_earned_first_leave_first(
    numbers: Iterator[int], fillings: list[tuple[date | None, int, int]], used: int, parts: list[int]
) -> None:
    number = next(numbers)
    first_pool = FIRST_POOL + POOLS * number
    filled: Counter[Earned] = Counter()
    for again, (month, points, day) in enumerate(fillings):
        door = Door(on=ON + timedelta(days=day))
        if month is None:
            give(number, points, door=door)
            filled[Earned(wallet_id(number), None, door.on)] += points
        else:
            earned = Earned(wallet_id(number), month, month)
            filled[earned] += points
            bounds = wallet_id(number), wallet_id(number + 1)
            post(f"f{number}-{again}", {number: filled[earned]}, usage_month=month, bounds=bounds, clearing=False)
    held = sum(filled.values())
    if spending := held * used // 100:
        use(number, spending)
        held -= spending
    for again, points in enumerate([*parts, held]):
        now = min(points, held)
        if now:
            expected = rules.oldest(filled, held, now)
            receipt = move(number, first_pool + again % POOLS, now)
            rows = Origin.objects.filter(posting_id=receipt.posting_id)
            assert {Earned(row.earned_by, row.usage_month, row.earned_on): row.points for row in rows} == expected
            filled.subtract(expected)
            held -= now


@often
@given(
    months=st.lists(st.tuples(st.integers(1, 30), st.integers(0, 30), st.integers(0, 60)), min_size=1, max_size=5),
    used=st.integers(0, 100),
)
def test_members_pay_lot_by_lot_what_their_pool_gives_back(
    numbers: Iterator[int], months: list[tuple[int, int, int]], used: int
) -> None:
    """What was posted to each member's pool at first, what more into another lot, and what should be left."""
    number = next(numbers)
    group = FIRST_POOL + POOLS * number
    members = {BEYOND + 10 * number + n: figures for n, figures in enumerate(months)}
    inside = dict.fromkeys(members, group)
    bounds = wallet_id(BEYOND + 10 * number), wallet_id(BEYOND + 10 * number + 10)

    def close(name: str, lot: LotKey, targets: dict[int, int]) -> None:
        wanted = {member: points for member, points in targets.items() if points}
        post(f"{name}{number}", wanted, lot, pools=inside, bounds=bounds, clearing=False)

    close("a", NORMAL, {member: first for member, (first, _more, _left) in members.items()})
    close("b", SOONER, {member: first + more for member, (first, more, _left) in members.items()})
    if spending := total(group) * used // 100:
        use(group, spending)
    parts = [Part(lot, points) for lot, points in held(group).items()]
    targets = {member: min(left, first + more) for member, (first, more, left) in members.items()}
    owed = {wallet_id(one): first + more - targets[one] for one, (first, more, _left) in members.items()}
    expected = rules.apportion(owed, model.taken_back(parts, sum(owed.values()), {NORMAL, SOONER}))
    close("c", NORMAL, targets)
    rows = Origin.objects.filter(wallet_id=wallet_id(group), posting_id=rules.posting_id(f"c{number}/post/0001"))
    assert {(row.origin_wallet_id, row.kind, row.lapses_on): -row.points for row in rows} == {
        (member, lot.kind, lot.lapses_on): points for (member, lot), points in expected.items()
    }
    assert {finding.code for finding in queries.verify()} <= {"points.clearing_not_zero"}
