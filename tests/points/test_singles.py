"""Grant, spend, reverse, adjust, transfer: what they do, and what they say no to."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from noren.points import actions, queries
from noren.points.models import Origin, ProgrammeEntry, Wallet
from noren.points.rules import LotKey, Movement
from tests.points import books
from tests.points.books import LIMITED, NORMAL, ON, SOONER, Door, back, change, give, held, move, total, use, wallet_id

pytestmark = pytest.mark.usefixtures("place")


@pytest.fixture(autouse=True)
def _balanced(place: object) -> Any:
    """Whatever a test does, the books balance after it."""
    del place
    yield
    assert queries.verify() == []


def accounts(receipt: actions.Receipt) -> dict[str, int]:
    return dict(ProgrammeEntry.objects.filter(posting_id=receipt.posting_id).values_list("account", "points"))


def test_grant_makes_the_wallet_and_fills_a_lot() -> None:
    receipt = give(1, 500)
    assert (receipt.points, receipt.balance, receipt.replayed) == (500, 500, False)
    assert held(1) == {NORMAL: 500}
    assert Wallet.objects.get(wallet_id=wallet_id(1)).owner_id == "L0001"
    assert accounts(receipt) == {"issued": -500}


def test_grants_of_the_same_kind_share_a_lot() -> None:
    give(1, 500)
    assert give(1, 70).balance == 570
    assert held(1) == {NORMAL: 570}


@pytest.mark.parametrize("points", [0, -1])
def test_points_must_be_one_or_more(points: int) -> None:
    with pytest.raises(actions.NotPositive):
        give(1, points)
    with pytest.raises(actions.NotPositive):
        use(1, points)
    with pytest.raises(actions.NotPositive):
        back(1, uuid4(), points)
    with pytest.raises(actions.NotPositive):
        move(1, 2, points)


def test_spend_takes_what_lapses_first_and_limited_before_normal() -> None:
    for lot in (NORMAL, SOONER, LIMITED):
        give(1, 100, lot)
    receipt = use(1, 150)
    assert (receipt.points, receipt.balance) == (-150, 150)
    assert held(1) == {SOONER: 50, NORMAL: 100}
    assert accounts(receipt) == {"used/bill": 150}


def test_spend_leaves_points_that_may_not_be_used_so() -> None:
    give(1, 100, LIMITED)
    give(1, 100, NORMAL)
    use(1, 80, "goods")
    assert held(1) == {LIMITED: 100, NORMAL: 20}
    with pytest.raises(actions.InsufficientPoints, match="21 points are asked for, and 20 can be used"):
        use(1, 21, "goods")


def test_spend_takes_all_or_nothing() -> None:
    give(1, 100)
    with pytest.raises(actions.InsufficientPoints) as refused:
        use(1, 101)
    assert refused.value.code == "points.insufficient"
    assert refused.value.values == {"points": 101, "usable": 100}
    assert held(1) == {NORMAL: 100}
    assert len(queries.history(wallet_id(1))) == 1


def test_points_can_be_spent_on_their_last_day_and_not_after() -> None:
    give(1, 100)
    use(1, 10, door=Door(on=NORMAL.lapses_on))
    with pytest.raises(actions.InsufficientPoints):
        use(1, 10, door=Door(on=NORMAL.lapses_on + timedelta(days=1)))


def test_a_use_must_be_named() -> None:
    with pytest.raises(actions.NoUse):
        use(1, 10, "")


def test_one_spend_is_one_statement() -> None:
    give(1, 100)
    statements = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        use(1, 10)
    assert len(statements) == 1


def test_nothing_can_be_done_with_a_wallet_that_does_not_exist() -> None:
    attempts: tuple[Callable[[], object], ...] = (
        lambda: use(9, 1),
        lambda: back(9, uuid4()),
        lambda: change(9, -1),
        lambda: change(9, 1, NORMAL),
        lambda: move(9, 1),
    )
    for attempt in attempts:
        with pytest.raises(actions.NoSuchWallet) as refused:
            attempt()
        assert refused.value.code == "points.no_such_wallet"
    assert not Wallet.objects.exists()


def test_reverse_gives_back_to_the_lots_from_which_points_came() -> None:
    give(1, 100, LIMITED)
    give(1, 100, NORMAL)
    spent = use(1, 150)
    receipt = back(1, spent.posting_id)
    assert (receipt.points, receipt.balance) == (150, 200)
    assert held(1) == {LIMITED: 100, NORMAL: 100}
    assert accounts(receipt) == {"used/bill": -150}
    assert [row.used for row in queries.lots(wallet_id(1))] == [0, 0]


def test_reverse_of_a_part_fills_the_lot_taken_last() -> None:
    give(1, 100, LIMITED)
    give(1, 100, NORMAL)
    spent = use(1, 150)
    back(1, spent.posting_id, 20)
    assert held(1) == {NORMAL: 70}
    back(1, spent.posting_id, 60)
    assert held(1) == {LIMITED: 30, NORMAL: 100}
    back(1, spent.posting_id)
    assert held(1) == {LIMITED: 100, NORMAL: 100}


def test_reverse_never_gives_back_more_than_was_spent() -> None:
    give(1, 100)
    spent = use(1, 60)
    back(1, spent.posting_id, 50)
    with pytest.raises(actions.AlreadyReversed, match="60 points were used, and 50 of them are given back"):
        back(1, spent.posting_id, 11)
    back(1, spent.posting_id)
    with pytest.raises(actions.AlreadyReversed):
        back(1, spent.posting_id)


def test_only_what_the_wallet_spent_can_be_reversed() -> None:
    granted = give(1, 100)
    give(2, 100)
    spent_by_another = use(2, 10)
    for posting_id in (granted.posting_id, spent_by_another.posting_id, uuid4()):
        with pytest.raises(actions.NoSuchPosting):
            back(1, posting_id)


def test_points_given_back_to_a_lapsed_lot_keep_their_day_and_lapse_with_the_next_expiry() -> None:
    give(1, 100, SOONER)
    spent = use(1, 40)
    after = SOONER.lapses_on + timedelta(days=1)
    assert books.expire("e1", after).points == 60
    back(1, spent.posting_id, door=Door(on=after))
    assert held(1) == {SOONER: 40}
    assert queries.balance(wallet_id(1), after).spendable == 0
    assert books.expire("e2", after).points == 40


def test_reverse_is_netted_with_what_the_wallet_owes() -> None:
    give(1, 100)
    spent = use(1, 80)
    change(1, -50, allow_negative=True)
    assert total(1) == -30
    back(1, spent.posting_id, 20)
    assert (total(1), held(1)) == (-10, {})
    back(1, spent.posting_id)
    assert (total(1), held(1)) == (50, {NORMAL: 50})


def test_adjust_adds_to_the_lot_that_is_named() -> None:
    give(1, 100)
    receipt = change(1, 30, SOONER)
    assert (receipt.points, receipt.balance) == (30, 130)
    assert held(1) == {SOONER: 30, NORMAL: 100}
    assert accounts(receipt) == {"adjusted": -30}


def test_added_points_need_a_lot() -> None:
    give(1, 100)
    with pytest.raises(actions.NoLot):
        change(1, 30)
    with pytest.raises(actions.NotPositive):
        change(1, 0)


def test_adjust_takes_in_the_order_of_use() -> None:
    give(1, 100, NORMAL)
    give(1, 100, LIMITED)
    assert change(1, -150).balance == 50
    assert held(1) == {NORMAL: 50}


def test_adjust_below_zero_is_refused_unless_allowed() -> None:
    give(1, 100)
    with pytest.raises(actions.InsufficientPoints):
        change(1, -101)
    assert change(1, -130, allow_negative=True).balance == -30
    assert held(1) == {}
    assert queries.balance(wallet_id(1), ON) == queries.Balance(-30, 0, 0)


def test_points_of_a_lapsed_lot_that_is_still_open_are_taken_before_anything_is_owed() -> None:
    give(1, 100, SOONER)
    change(1, -120, allow_negative=True, door=Door(on=SOONER.lapses_on + timedelta(days=1)))
    assert (total(1), held(1)) == (-20, {})


def test_a_wallet_in_arrears_keeps_no_open_lot() -> None:
    give(1, 10)
    change(1, -100, allow_negative=True)
    paid = give(1, 60)
    assert (paid.balance, held(1)) == (-30, {})
    with pytest.raises(actions.InsufficientPoints):
        use(1, 1)
    assert give(1, 50, SOONER).balance == 20
    assert held(1) == {SOONER: 20}
    [entries] = [row.entries for row in queries.history(wallet_id(1)) if row.posting_id == paid.posting_id]
    assert [entry.movement for entry in entries] == [Movement.GRANT, Movement.NET, Movement.NET]


def test_transfer_of_all_moves_every_lot_as_it_is() -> None:
    for lot, points in ((NORMAL, 100), (LIMITED, 50)):
        give(1, points, lot)
    receipt = move(1, 2)
    assert (receipt.points, receipt.balance) == (-150, 0)
    assert (held(1), held(2)) == ({}, {LIMITED: 50, NORMAL: 100})
    assert accounts(receipt) == {}


def test_transfer_of_some_moves_in_the_order_of_use() -> None:
    for lot, points in ((NORMAL, 100), (LIMITED, 50)):
        give(1, points, lot)
    move(1, 2, 70)
    assert (held(1), held(2)) == ({NORMAL: 80}, {LIMITED: 50, NORMAL: 20})


def test_a_pool_remembers_who_brought_its_points() -> None:
    give(1, 100)
    give(2, 40, LIMITED)
    move(1, 7)
    move(2, 7, 30)
    origins = Origin.objects.filter(wallet_id=wallet_id(7)).order_by("-points")
    found = [(row.origin_wallet_id, row.kind, row.lapses_on, row.points) for row in origins]
    assert found == [
        (wallet_id(1), "normal", NORMAL.lapses_on, 100),
        (wallet_id(2), "limited", LIMITED.lapses_on, 30),
    ]


def test_transfer_into_a_wallet_in_arrears_pays_what_it_owes() -> None:
    give(1, 100, LIMITED)
    give(1, 100, NORMAL)
    give(2, 1)
    change(2, -131, allow_negative=True)
    move(1, 2)
    assert (total(2), held(2)) == (70, {NORMAL: 70})


def test_points_past_their_day_are_not_moved() -> None:
    give(1, 100, SOONER)
    give(1, 100, NORMAL)
    late = Door(on=SOONER.lapses_on + timedelta(days=1))
    move(1, 2, door=late)
    assert (held(1), held(2)) == ({SOONER: 100}, {NORMAL: 100})


def test_transfer_is_refused_without_points_in_arrears_and_to_itself() -> None:
    give(1, 100)
    with pytest.raises(actions.InsufficientPoints):
        move(1, 2, 101)
    with pytest.raises(actions.SameWallet):
        move(1, 1)
    move(1, 2)
    with pytest.raises(actions.InsufficientPoints):
        move(1, 2)
    change(1, -5, allow_negative=True)
    with pytest.raises(actions.InArrears, match="owes 5 points"):
        move(1, 2)


def test_partitions_are_made_for_any_month() -> None:
    for day in (date(1999, 12, 31), date(2030, 2, 28)):
        give(1, 1, LotKey("normal", is_limited=False, uses="*", lapses_on=date(2035, 5, 31)), door=Door(on=day))
    assert [row.effective_on for row in queries.history(wallet_id(1))] == [date(1999, 12, 31), date(2030, 2, 28)]
