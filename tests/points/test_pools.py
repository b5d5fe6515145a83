"""Pools: many bring their points at once, months are posted to them, and each point keeps who earned it and when."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from noren.points import actions, queries
from noren.points.actions import PooledIn, SlicePosted
from noren.points.models import Entry, Origin, Posting
from noren.points.queries import OriginRow, Source
from noren.points.rules import Movement
from tests.points import books
from tests.points.books import (
    AUGUST,
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
from tests.points.test_batch import statements

POOL, OTHER = FIRST_POOL, FIRST_POOL + 1
AFTER = Door(on=SOONER.lapses_on + timedelta(days=1))


@pytest.fixture(autouse=True)
def _balanced(place: object) -> Iterator[None]:
    """Whatever a test does, the books balance after it."""
    del place
    yield
    assert queries.verify() == []


def earned(into: int) -> list[tuple[int, int, date | None, int, int]]:
    """Of each origin of a pool: through whom, by whom, for which month, brought, posted."""
    rows = queries.pool_origins(wallet_id(into))
    return [
        (row.origin_wallet_id.int >> 96, row.earned_by.int >> 96, row.usage_month, row.brought, row.posted)
        for row in rows
    ]


def test_all_that_many_members_can_use_goes_into_the_pool_in_one_posting_each() -> None:
    give(1, 100)
    give(1, 10, LIMITED)
    give(2, 50)
    assert pool((1, 2), POOL) == PooledIn(2, 160, 0, 0, 0, balance=160, replayed=False)
    assert (held(1), held(2), held(POOL)) == ({}, {}, {LIMITED: 10, NORMAL: 150})
    postings = Posting.objects.filter(movement=Movement.TRANSFER)
    assert {(row.wallet_id.int >> 96, row.points) for row in postings} == {(1, -110), (2, -50), (POOL, 160)}
    assert Entry.objects.filter(wallet_id=wallet_id(POOL)).count() == 2
    assert Origin.objects.filter(wallet_id=wallet_id(POOL)).count() == 3


def test_who_owes_or_has_nothing_that_can_be_used_is_left_out_and_counted() -> None:
    give(1, 100)
    give(2, 1)
    change(2, -31, allow_negative=True)
    give(3, 20, SOONER)
    assert pool((1, 2, 3, 4), POOL, door=AFTER) == PooledIn(1, 100, 1, 30, 2, balance=100, replayed=False)
    assert (total(2), held(3)) == (-30, {SOONER: 20})


def test_a_pool_of_nobody_with_points_is_there_and_has_no_posting() -> None:
    assert pool((1,), POOL) == PooledIn(0, 0, 0, 0, 1, balance=0, replayed=False)
    assert not Posting.objects.exists()


def test_asked_again_nothing_moves_and_the_answer_is_the_same() -> None:
    give(1, 100)
    first = pool((1, 2), POOL, key="k")
    give(2, 50)
    assert pool((2, 1), POOL, key="k") == PooledIn(1, 100, 0, 0, 1, balance=100, replayed=True)
    assert (first.points, total(2)) == (100, 50)
    with pytest.raises(actions.KeyConflict):
        pool((1,), POOL, key="k")


def test_a_pool_does_not_go_into_itself() -> None:
    with pytest.raises(actions.SameWallet):
        pool((1, POOL), POOL)


def test_a_pool_in_arrears_pays_from_what_comes() -> None:
    give(POOL, 1)
    change(POOL, -31, allow_negative=True)
    give(1, 100)
    assert pool((1,), POOL).balance == 70
    assert held(POOL) == {NORMAL: 70}


def test_used_points_were_those_that_were_earned_first() -> None:
    post("c1", {1: 100}, usage_month=JULY)
    post("c2", {1: 100}, usage_month=AUGUST)
    give(1, 50, door=Door(on=date(2021, 7, 20)))
    use(1, 120)
    move(1, POOL, 40)
    assert earned(POOL) == [(1, 1, AUGUST, 10, 0), (1, 1, None, 30, 0)]
    pool((1,), POOL)
    assert earned(POOL) == [(1, 1, AUGUST, 100, 0), (1, 1, None, 30, 0)]


def test_points_that_come_back_after_a_move_belong_to_who_is_left() -> None:
    post("c1", {1: 100}, usage_month=JULY)
    post("c2", {1: 100}, usage_month=AUGUST)
    spent = use(1, 100)
    pool((1,), POOL)
    back(1, spent.posting_id)
    pool((1,), OTHER)
    assert (earned(POOL), earned(OTHER)) == ([(1, 1, AUGUST, 100, 0)], [(1, 1, JULY, 100, 0)])


def test_what_came_through_another_wallet_is_still_known_by_who_earned_it() -> None:
    post("c1", {1: 100})
    move(1, 2)
    give(2, 5)
    pool((2,), POOL)
    move(POOL, 3, 60)
    assert earned(POOL) == [(2, 1, JULY, 100, 0), (2, 2, None, 5, 0)]
    assert earned(3) == [(POOL, 1, JULY, 60, 0)]


def test_origins_are_told_page_by_page_and_for_some_members() -> None:
    post("c1", {1: 10, 2: 20, 3: 30}, pools=dict.fromkeys((1, 2, 3), POOL))
    first = queries.pool_origins(wallet_id(POOL), limit=2)
    last = first[-1]
    after = Source(last.origin_wallet_id, last.earned_by, last.usage_month)
    rest = queries.pool_origins(wallet_id(POOL), after=after)
    assert [row.posted for row in [*first, *rest]] == [10, 20, 30]
    assert queries.pool_origins(wallet_id(POOL), origins=[wallet_id(2)]) == [
        OriginRow(wallet_id(2), wallet_id(2), JULY, 0, 20)
    ]


def test_what_a_member_has_brought_is_told() -> None:
    post("c1", {1: 10})
    pool((1,), POOL)
    post("c2", {1: 25}, pools={1: POOL})
    post("c3", {1: 20}, pools={1: POOL})
    rows = queries.brought(wallet_id(1), usage_month=JULY)
    assert {(row.wallet_id, row.movement, row.points) for row in rows} == {
        (wallet_id(POOL), Movement.TRANSFER, 10),
        (wallet_id(POOL), Movement.GRANT, 15),
        (wallet_id(POOL), Movement.CORRECT, -5),
    }
    assert queries.brought(wallet_id(1), usage_month=AUGUST) == []
    [month] = queries.by_month([wallet_id(1)], JULY)
    assert month.points == 20


def test_a_month_of_pooled_members_is_one_entry_of_the_pool() -> None:
    assert post("c1", {1: 10, 2: 20, 3: 30}, pools={1: POOL, 2: POOL}) == SlicePosted(3, 60, 0)
    assert (total(1), total(3), held(POOL)) == (0, 30, {NORMAL: 30})
    assert Entry.objects.filter(wallet_id=wallet_id(POOL)).count() == 1
    assert earned(POOL) == [(1, 1, JULY, 0, 10), (2, 2, JULY, 0, 20)]


def test_a_month_closed_again_posts_what_differs_wherever_it_was_posted() -> None:
    inside = {1: POOL, 2: POOL}
    post("c1", {1: 10, 2: 20, 3: 30}, pools=inside)
    assert post("c2", {1: 10, 2: 20, 3: 30}, pools=inside) == SlicePosted(0, 0, 0)
    assert post("c3", {1: 10, 2: 20, 3: 30}) == SlicePosted(0, 0, 0)
    assert post("c4", {1: 10, 2: 20, 3: 30}, pools={1: OTHER, 3: POOL}) == SlicePosted(0, 0, 0)
    assert post("c5", {1: 15, 2: 26, 3: 37}, pools={1: OTHER, 3: POOL}) == SlicePosted(3, 18, 0)
    assert [total(number) for number in (1, 2, 3, POOL, OTHER)] == [0, 6, 30, 37, 5]


def test_less_is_taken_back_from_the_pool_to_which_the_month_was_posted_also_after_leaving() -> None:
    post("c1", {1: 10, 2: 20}, pools={1: POOL, 2: POOL})
    assert post("c2", {1: 4, 2: 20}, pools={2: POOL}) == SlicePosted(1, 0, 6)
    assert (total(1), total(POOL)) == (0, 24)


def test_less_is_taken_back_first_from_pools_with_the_posting_then_from_those_with_the_points() -> None:
    post("c1", {1: 100})
    move(1, POOL, 60)
    post("c2", {1: 120}, pools={1: OTHER})
    post("c3", {1: 110}, pools={1: OTHER})
    assert (total(1), total(POOL), total(OTHER)) == (40, 60, 10)
    post("c4", {1: 70})
    assert (total(1), total(POOL), total(OTHER)) == (40, 30, 0)
    post("c5", {1: 10})
    assert (total(1), total(POOL), total(OTHER)) == (10, 0, 0)


def test_points_that_were_used_before_joining_are_taken_back_from_the_pool_of_now() -> None:
    post("c1", {1: 100})
    use(1, 100)
    give(2, 500)
    pool((1, 2), POOL)
    post("c2", {1: 70}, pools={1: POOL})
    assert (total(1), total(POOL)) == (0, 470)
    assert post("c3", {1: 70}) == SlicePosted(0, 0, 0)


def test_within_a_pool_the_lots_that_the_month_filled_give_first_and_the_rest_is_owed() -> None:
    give(POOL, 5, LIMITED)
    post("c1", {1: 40, 2: 30}, pools={1: POOL, 2: POOL})
    give(POOL, 20, SOONER)
    post("c2", {1: 25, 2: 30}, pools={1: POOL, 2: POOL})
    assert held(POOL) == {LIMITED: 5, SOONER: 20, NORMAL: 55}
    use(POOL, 60, "goods")
    post("c3", {}, pools={1: POOL, 2: POOL})
    assert (total(POOL), held(POOL)) == (-35, {})
    owed = Origin.objects.filter(wallet_id=wallet_id(POOL), kind="arrears")
    assert {row.origin_wallet_id: row.points for row in owed} == {wallet_id(1): -5, wallet_id(2): -30}


def test_lots_that_the_month_filled_are_also_those_into_which_it_was_brought() -> None:
    post("c1", {1: 40})
    pool((1,), POOL)
    give(POOL, 20, SOONER)
    post("c2", {1: 25}, pools={1: POOL})
    assert held(POOL) == {SOONER: 20, NORMAL: 25}


def test_a_pool_that_gets_and_gives_in_one_close_gets_first() -> None:
    inside = {1: POOL, 2: POOL}
    post("c1", {1: 40, 2: 30}, pools=inside)
    use(POOL, 70)
    assert post("c2", {1: 50, 2: 10}, pools=inside) == SlicePosted(2, 10, 20)
    assert total(POOL) == -10
    assert post("c3", {1: 65, 2: 10}, pools=inside) == SlicePosted(1, 15, 0)
    assert held(POOL) == {NORMAL: 5}


def test_a_slice_of_pools_that_was_posted_with_another_result_is_refused() -> None:
    post("c1", {1: 10}, pools={1: POOL})
    with pytest.raises(actions.AlreadyPosted):
        post("c1", {1: 11}, pools={1: POOL}, clearing=False)


def test_pooled_points_of_a_member_that_has_ended_stay() -> None:
    post("c1", {1: 10})
    pool((1,), POOL)
    give(1, 5)
    assert expire("e1", ON, ended=(1,)).points == 5
    assert held(POOL) == {NORMAL: 10}


def test_a_pool_is_dissolved_into_a_wallet_with_dates_and_origins() -> None:
    post("c1", {1: 10, 2: 20}, pools={1: POOL, 2: POOL})
    give(POOL, 7, SOONER)
    move(POOL, 1, door=AFTER)
    assert (held(1), held(POOL)) == ({NORMAL: 30}, {SOONER: 7})
    assert earned(1) == [(POOL, 1, JULY, 10, 0), (POOL, 2, JULY, 20, 0)]
    assert expire("e1", AFTER.on).points == 7
    assert post("c2", {1: 10, 2: 20}) == SlicePosted(0, 0, 0)


def test_a_pool_that_owes_is_not_dissolved() -> None:
    give(POOL, 1)
    change(POOL, -6, allow_negative=True)
    with pytest.raises(actions.InArrears):
        move(POOL, 1)


def closes(count: int) -> list[str]:
    """What is sent to the database for a close of so many pooled members, a correction and a move of many."""
    books.clear()
    everybody = range(1, count + 1)
    inside = {number: POOL + number % 2 for number in everybody}

    def go() -> None:
        post("c1", dict.fromkeys(everybody, 50), pools=inside)
        post("c2", dict.fromkeys(everybody, 30), pools=inside)
        post("c3", dict.fromkeys(everybody, 30), usage_month=AUGUST)
        pool(everybody, POOL, key="k")

    return statements(go)


def test_pools_of_many_members_take_the_statements_of_pools_of_one() -> None:
    closes(2)
    assert closes(2) == closes(500)
