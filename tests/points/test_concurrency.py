"""Many connections at once: nothing is spent twice, nothing is lost, nobody waits for ever."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any, ParamSpec

import pytest
from django.db import OperationalError, connection, transaction

from noren.kit import sql
from noren.kit.errors import Refusal
from noren.points import actions, queries
from noren.points.actions import Receipt, SlicePosted
from noren.points.models import Idempotency, Posting, Wallet
from noren.points.rules import Movement
from tests import soak
from tests.cast import ENGINEER, NOW
from tests.points import crew as crews
from tests.points.books import (
    FIRST_POOL,
    JULY,
    LIMITED,
    NORMAL,
    ON,
    SOONER,
    Door,
    back,
    change,
    expire,
    give,
    held,
    move,
    pool,
    post,
    total,
    use,
    wallet_id,
)
from tests.points.crew import Crew

Asked = ParamSpec("Asked")

ROUNDS = soak.many(20, 200)
AFTER = SOONER.lapses_on + timedelta(days=1)
MEMBERS = range(1, 61)


@pytest.fixture
def crew(place: object) -> Iterator[Crew]:
    """Whatever a crew does, the books balance after it."""
    del place
    with crews.assembled() as crew:
        yield crew
    assert queries.verify() == []


def points_of(action: Callable[Asked, Receipt], *args: Asked.args, **kwargs: Asked.kwargs) -> int:
    """The change of the wallet; 0 when it was refused."""
    try:
        return action(*args, **kwargs).points
    except Refusal:
        return 0


def in_all() -> int:
    return sum(Wallet.objects.values_list("points", flat=True))


def test_sixteen_that_spend_from_one_wallet_take_what_is_there_and_no_more(crew: Crew) -> None:
    for lot in (NORMAL, SOONER, LIMITED):
        give(1, 35 * ROUNDS, lot)
    taken = crew.each(lambda _number: [points_of(use, 1, 8) for _round in range(ROUNDS)])
    successes = sum(points < 0 for some in taken for points in some)
    assert successes == 105 * ROUNDS // 8
    assert total(1) == 105 * ROUNDS % 8
    assert Posting.objects.filter(movement=Movement.SPEND).count() == successes


def test_sixteen_that_spend_from_many_wallets_take_what_they_are_told(crew: Crew) -> None:
    for number in range(1, 11):
        give(number, 60)
    refused = Counter[int]()

    def spend_about(number: int) -> Counter[int]:
        chance, gone = random.Random(number), Counter[int]()
        for _round in range(ROUNDS * 2):
            member, points = chance.randint(1, 10), chance.randint(1, 20)
            taken = points_of(use, member, points)
            gone[member] -= taken
            refused[member] += not taken
        return gone

    gone = sum(crew.each(spend_about), Counter())
    assert {number: total(number) for number in range(1, 11)} == {number: 60 - gone[number] for number in range(1, 11)}
    assert refused.total()


WORKS: dict[str, Callable[[int, Receipt, int], Receipt]] = {
    "grant to a wallet that is not there": lambda number, _spent, _who: give(number + 1, 10, key="k"),
    "spend": lambda number, _spent, _who: use(number, 60, key="k"),
    "reverse": lambda number, spent, _who: back(number, spent.posting_id, key="k"),
    "adjust": lambda number, _spent, _who: change(number, -60, key="k", allow_negative=True),
    "transfer to a wallet that is not there": lambda number, _spent, _who: move(number, number + 1, 60, key="k"),
}


@pytest.mark.soak
def test_a_key_that_sixteen_bring_at_once_works_exactly_once(crew: Crew) -> None:
    for attempt in range(soak.many(40, 1_000)):
        name, work = list(WORKS.items())[attempt % len(WORKS)]
        number = 2 * attempt + 1
        give(number, 100)
        spent = use(number, 20)
        receipts = crew.each(partial(work, number, spent))
        assert sorted(receipt.replayed for receipt in receipts) == [False] + [True] * 15, name
        assert len({(receipt.posting_id, receipt.points, receipt.balance) for receipt in receipts}) == 1, name
        assert Posting.objects.filter(wallet_id=wallet_id(number)).count() == 2 + (attempt % len(WORKS) > 0), name


def test_of_two_requests_with_one_key_one_is_done_and_the_other_is_refused(crew: Crew) -> None:
    give(1, 100)

    def ask(number: int) -> Receipt | str:
        try:
            return use(1, 10 + number % 2, key="k")
        except actions.KeyConflict as conflict:
            return conflict.code

    answers = crew.each(ask)
    [points] = {100 - answer.balance for answer in answers if isinstance(answer, Receipt)}
    assert [answer == "points.key_conflict" for answer in answers] == [10 + n % 2 != points for n in range(16)]
    assert total(1) == 100 - points


def test_a_key_that_is_refused_to_one_is_refused_to_all(crew: Crew) -> None:
    give(1, 100)
    assert crew.each(lambda _number: points_of(use, 1, 101, key="k")) == [0] * 16
    assert Idempotency.objects.filter(key="k").count() == 1


def test_sixteen_that_give_back_the_same_points_give_them_back_once(crew: Crew) -> None:
    give(1, 100)
    spent = use(1, 100)
    returned = crew.each(lambda _number: points_of(back, 1, spent.posting_id, 9))
    assert sum(returned) == 99
    assert total(1) == 99


def test_transfers_in_both_directions_wait_for_each_other_and_lose_nothing(crew: Crew) -> None:
    for number in (1, 2, 3):
        give(number, 200)
        give(number, 200, LIMITED)

    def move_about(number: int) -> None:
        chance = random.Random(number)
        for _round in range(ROUNDS):
            source, target = chance.sample((1, 2, 3), 2)
            points_of(move, source, target, chance.randint(1, 150))

    crew.each(move_about)
    assert in_all() == 1_200
    assert Posting.objects.filter(movement=Movement.TRANSFER).count() > 2 * ROUNDS


def test_a_pool_that_all_join_at_once_is_made_once_and_gets_everything(crew: Crew) -> None:
    for number in range(16):
        give(number + 1, 10 + number)
    crew.each(lambda number: move(number + 1, 99))
    assert held(99) == {NORMAL: sum(range(10, 26))}


def pool_and_spend(number: int) -> int:
    """Some let many join a pool, again and again, one closes months; the others move points of members and use them."""
    chance, points = random.Random(number), 0
    for again in range(ROUNDS):
        member, target = chance.choice(MEMBERS), FIRST_POOL + chance.randint(0, 1)
        if number == 0:
            posted = post(f"c{again}", {one: 1 + (one * again) % 40 for one in MEMBERS if (one + again) % 6})
            points += posted.granted - posted.taken
        elif number % 4 == 0:
            pool(chance.sample(MEMBERS, 30), target)
        elif number % 4 == 1:
            points_of(move, target, member, chance.randint(1, 200))
        else:
            points += points_of(use, chance.choice((member, target)), chance.randint(1, 20), budgets=("unit:1",))
    return points


def test_many_join_pools_while_months_are_closed_and_points_are_moved_and_used(crew: Crew) -> None:
    for member in MEMBERS:
        give(member, 60)
    points = sum(crew.each(pool_and_spend))
    assert in_all() == 60 * len(MEMBERS) + points
    assert points


def test_of_sixteen_requests_that_let_the_same_members_join_one_does(crew: Crew) -> None:
    for member in MEMBERS:
        give(member, 60)
    answers = crew.each(lambda _number: pool(MEMBERS, FIRST_POOL, key="k"))
    assert {answer.points for answer in answers} == {60 * len(MEMBERS)}
    assert sum(not answer.replayed for answer in answers) == 1
    assert total(FIRST_POOL) == 60 * len(MEMBERS)


def test_a_month_that_sixteen_need_at_once_is_made_once(crew: Crew) -> None:
    def begin(door: Door, number: int) -> None:
        give(number, 1, door=door)

    for year in range(2030, 2030 + ROUNDS):
        crew.each(partial(begin, Door(on=date(year, 1, 10))))
    assert in_all() == 16 * ROUNDS


def test_of_sixteen_runs_that_post_the_same_month_at_once_one_posts(crew: Crew) -> None:
    actions.ensure_month(ON)
    targets = dict.fromkeys(range(1, 101), 10)
    posted = crew.each(lambda number: post(f"c{number}", targets, clearing=False))
    [winner] = [number for number, slice_posted in enumerate(posted) if slice_posted.wallets]
    assert posted[winner] == SlicePosted(100, 1_000, 0)
    actions.open_clearing(run=f"c{winner}", points=1_000, usage_month=JULY, on=ON, actor=ENGINEER, now=NOW)
    assert in_all() == 1_000


def make_wallets(again: int, number: int) -> None:
    """One posts to a hundred new wallets; the others grant and move points to some of them."""
    members = range(1_000 * again, 1_000 * again + 100)
    if number == 0:
        post(f"c{again}", dict.fromkeys(members, 10), usage_month=date(2000 + again, 1, 1))
        return
    for member in random.Random(number).sample(members, 10):
        if number % 2:
            give(member, 1)
        else:
            move(1, member, 1)


def test_wallets_that_a_slice_and_others_make_at_once_are_made_once(crew: Crew) -> None:
    rounds = ROUNDS // 4
    give(1, 1_000 * rounds)
    for again in range(1, rounds + 1):
        crew.each(partial(make_wallets, again))
    assert in_all() == rounds * (1_000 + 100 * 10 + 8 * 10)


def close_again_and_again(number: int) -> int:
    """One posts changing targets, one lets lapse; gives the change of all wallets."""
    points = 0
    for again in range(ROUNDS // 2):
        if number:
            points -= expire(f"e{again}", AFTER, tuple(m for m in MEMBERS if m % 20 == again % 20)).points
        else:
            posted = post(f"c{again}", {m: 1 + (m * (again + 3)) % 40 for m in MEMBERS if (m + again) % 6})
            points += posted.granted - posted.taken
    return points


def deal_with_members(number: int) -> int:
    """Single operations of every kind, also on lots that lapse meanwhile; gives the change of all wallets."""
    chance, points, spends = random.Random(number), 0, list[tuple[int, Receipt]]()
    late = Door(on=AFTER)

    def use_and_note(member: int, amount: int) -> Receipt:
        spends.append((member, use(member, amount)))
        return spends[-1][1]

    for _round in range(ROUNDS * 3):
        member, amount, what = chance.choice(MEMBERS), chance.randint(1, 30), chance.random()
        if what < 0.5:
            points += points_of(use_and_note, member, amount)
        elif what < 0.65 and spends:
            user, spent = spends.pop()
            points += points_of(back, user, spent.posting_id, door=late)
        elif what < 0.75:
            points += give(chance.choice((member, 100 + number)), amount, chance.choice((SOONER, NORMAL))).points
        elif what < 0.9:
            points += change(member, -amount, allow_negative=True, door=late).points
        else:
            points_of(move, member, 200 + member % 3, amount)
    return points


@pytest.mark.soak
def test_a_close_and_single_operations_go_on_side_by_side_and_no_point_is_lost(crew: Crew) -> None:
    for member in MEMBERS:
        give(member, 60, SOONER)
    changes = crew.each(lambda number: (close_again_and_again if number < 2 else deal_with_members)(number))
    assert in_all() == 60 * len(MEMBERS) + sum(changes)


def test_what_comes_back_to_a_lapsed_lot_while_an_expiry_begins_lapses_with_the_next(place: object) -> None:
    del place
    actions.ensure_month(AFTER)
    give(1, 100, SOONER)
    give(2, 100, SOONER)
    spent = use(1, 100)
    late = Door(on=AFTER)

    def meanwhile(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "INTO points_taken" in sql:
            crews.elsewhere(lambda: back(1, spent.posting_id, 40, door=late))
        elif "UPDATE points_lot" in sql:
            crews.elsewhere(lambda: change(1, -20, door=late))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(meanwhile):
        assert expire("e1", AFTER).points == 100
    assert (held(1), held(2)) == ({SOONER: 20}, {})
    assert expire("e2", AFTER).points == 20
    assert queries.verify() == []


def test_a_join_of_many_waits_for_the_slice_that_is_under_way(place: object) -> None:
    del place
    give(1, 100)
    give(FIRST_POOL, 1)

    def join_impatiently() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '300ms'")
        pool((1,), FIRST_POOL)

    with transaction.atomic():
        sql.value("points", "begin_slice.sql")
        with pytest.raises(OperationalError, match="lock timeout"):
            crews.elsewhere(join_impatiently)
    assert pool((1,), FIRST_POOL).points == 100
    assert queries.verify() == []
