"""Slices of a run: targets become differences, differences become lots, arrears or nothing; and what lapses, lapses."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum

from noren.points import actions, queries, rules
from noren.points.actions import SliceExpired, SlicePosted
from noren.points.models import Entry, Lot, Posting, ProgrammeEntry, Wallet
from noren.points.rules import Movement
from tests.cast import ENGINEER, NOW
from tests.points import books
from tests.points.books import (
    AUGUST,
    JULY,
    LIMITED,
    NORMAL,
    ON,
    SOONER,
    Door,
    change,
    expire,
    give,
    held,
    move,
    post,
    total,
    use,
    wallet_id,
)

NOTHING = SlicePosted(0, 0, 0)
AFTER = SOONER.lapses_on + timedelta(days=1)


@pytest.fixture(autouse=True)
def _balanced(place: object) -> Iterator[None]:
    """Whatever a test does, the books balance after it."""
    del place
    yield
    assert queries.verify() == []


def accounts() -> dict[str, int]:
    return dict(ProgrammeEntry.objects.values_list("account").annotate(Sum("points")))


def entries(run: str) -> list[tuple[str, str, int]]:
    """Movement, kind and points of what the run's slice posted."""
    rows = Entry.objects.filter(posting_id=rules.posting_id(f"{run}/post/0000"))
    return list(rows.order_by("wallet_id", "line").values_list("movement", "kind", "points"))


def test_a_slice_makes_wallets_and_lots_and_fills_them() -> None:
    assert post("c1", {1: 100, 2: 50}) == SlicePosted(2, 150, 0)
    assert (held(1), held(2)) == ({NORMAL: 100}, {NORMAL: 50})
    assert Wallet.objects.get(wallet_id=wallet_id(2)).owner_id == "L0002"
    assert accounts() == {"issued": -150, "clearing/c1": 0}


def test_a_slice_adds_to_lots_that_are_there_and_makes_those_that_are_not() -> None:
    give(1, 10, NORMAL)
    give(2, 10, SOONER)
    post("c1", {1: 100, 2: 100, 3: 100})
    assert (held(1), held(2), held(3)) == ({NORMAL: 110}, {SOONER: 10, NORMAL: 100}, {NORMAL: 100})


def test_a_slice_opens_a_lot_again_that_was_empty() -> None:
    give(1, 10)
    use(1, 10)
    post("c1", {1: 5})
    assert held(1) == {NORMAL: 5}


def test_a_corrected_target_posts_the_difference() -> None:
    post("c1", {1: 100, 2: 100, 3: 100, 4: 100})
    assert post("c2", {1: 130, 2: 60, 4: 100, 5: 7}) == SlicePosted(4, 37, 140)
    assert [total(number) for number in range(1, 6)] == [130, 60, 0, 100, 7]
    assert queries.posted(JULY) == 297
    assert len(queries.history(wallet_id(4))) == 1


def test_usage_months_are_apart() -> None:
    post("c1", {1: 100})
    post("c2", {2: 30}, usage_month=AUGUST)
    assert post("c3", {1: 100}) == NOTHING
    assert (total(1), total(2), queries.posted(JULY), queries.posted(AUGUST)) == (100, 30, 100, 30)


def test_grants_by_hand_are_no_part_of_a_usage_month() -> None:
    give(1, 500)
    assert post("c1", {1: 100}) == SlicePosted(1, 100, 0)
    assert post("c2", {}) == SlicePosted(1, 0, 100)
    assert total(1) == 500


def test_points_are_taken_back_first_from_the_lots_that_the_month_filled() -> None:
    give(1, 50, SOONER)
    give(1, 10, LIMITED)
    post("c1", {1: 40})
    post("c2", {1: 10})
    assert held(1) == {LIMITED: 10, SOONER: 50, NORMAL: 10}
    post("c3", {})
    use(1, 15)
    assert held(1) == {SOONER: 45}


def test_of_the_lots_that_the_month_filled_the_one_that_lapses_first_gives_first() -> None:
    post("c1", {1: 40}, NORMAL)
    post("c2", {1: 60}, SOONER)
    assert held(1) == {SOONER: 20, NORMAL: 40}
    post("c3", {1: 30}, SOONER)
    assert held(1) == {NORMAL: 30}


def test_then_from_the_other_lots_in_the_order_of_use_and_then_they_are_owed() -> None:
    post("c1", {1: 100})
    use(1, 60)
    give(1, 10, LIMITED)
    give(1, 25, SOONER)
    post("c2", {1: 45})
    assert held(1) == {SOONER: 20}
    post("c3", {1: 1})
    assert (total(1), held(1)) == (-24, {})
    assert entries("c3") == [("correct", "arrears", -24), ("correct", "normal", -20)]


def test_no_other_wallet_pays_also_not_the_one_to_which_the_points_went() -> None:
    post("c1", {1: 100, 2: 100})
    move(1, 9)
    post("c2", {2: 100})
    assert (total(1), total(2), total(9)) == (-100, 100, 100)


def test_points_of_the_month_that_have_lapsed_are_taken_from_other_lots_or_owed() -> None:
    post("c1", {1: 100, 2: 100}, SOONER)
    give(1, 70)
    expire("e1", AFTER)
    post("c2", {1: 40}, SOONER)
    assert (held(1), total(2)) == ({NORMAL: 10}, -100)


def test_a_credit_pays_what_is_owed_before_anything_else() -> None:
    for number in (1, 2, 3):
        give(number, 1)
        change(number, -31, allow_negative=True)
    post("c1", {1: 20, 2: 50, 3: 30}, SOONER)
    assert [total(number) for number in (1, 2, 3)] == [-10, 20, 0]
    assert (held(1), held(2), held(3)) == ({}, {SOONER: 20}, {})
    post("c2", {1: 15}, SOONER, usage_month=AUGUST)
    assert held(1) == {SOONER: 5}
    assert entries("c2") == [("grant", "normal", 15), ("net", "normal", -10), ("net", "arrears", 10)]


def test_a_correction_of_a_wallet_in_arrears_is_owed_too() -> None:
    post("c1", {1: 100})
    change(1, -130, allow_negative=True)
    post("c2", {1: 80})
    assert total(1) == -50


def test_the_same_run_again_posts_nothing() -> None:
    post("c1", {1: 100, 2: 50})
    assert post("c1", {1: 100, 2: 50}) == NOTHING
    assert Posting.objects.count() == 2


def test_a_slice_that_was_posted_with_another_result_is_refused() -> None:
    post("c1", {1: 100})
    with pytest.raises(actions.AlreadyPosted, match="c1/post/0000 was posted before") as refused:
        post("c1", {1: 101}, clearing=False)
    assert refused.value.code == "points.already_posted"
    assert total(1) == 100


def test_slices_change_the_wallets_within_their_bounds_and_no_others() -> None:
    middle, end = wallet_id(3), wallet_id(5)
    post("c1", {1: 10, 2: 10, 3: 10, 4: 10, 5: 10})
    post("c2", {3: 15}, bounds=(middle, end), slice_no=1, clearing=False)
    open_clearing("c2", -5)
    assert [total(number) for number in range(1, 6)] == [10, 10, 15, 0, 10]


def open_clearing(run: str, points: int) -> None:
    actions.open_clearing(run=run, points=points, usage_month=JULY, on=ON, actor=ENGINEER, now=NOW)


def test_a_run_announces_its_difference_once_and_its_slices_use_it_up() -> None:
    for _again in range(2):
        open_clearing("c1", 30)
    assert accounts() == {"issued": -30, "clearing/c1": 30}
    post("c1", {1: 10}, bounds=(wallet_id(0), wallet_id(2)), clearing=False)
    assert accounts() == {"issued": -30, "clearing/c1": 20}
    post("c1", {2: 20}, bounds=(wallet_id(2), None), slice_no=1, clearing=False)
    assert accounts() == {"issued": -30, "clearing/c1": 0}


def test_a_run_without_a_difference_announces_nothing() -> None:
    open_clearing("c1", 0)
    assert not Posting.objects.exists()


def test_what_runs_posted_is_the_sum_of_their_entries_on_whatever_day() -> None:
    give(1, 500)
    post("c1", {1: 100}, door=Door(on=ON))
    assert post("c2", {1: 40, 2: 3}, door=Door(on=AFTER)) == SlicePosted(2, 3, 60)
    assert post("c3", {2: 5}, door=Door(on=ON)) == SlicePosted(2, 2, 40)
    rows = Entry.objects.filter(usage_month=JULY, movement__in=(Movement.GRANT, Movement.CORRECT))
    assert queries.posted(JULY) == sum(rows.values_list("points", flat=True)) == 5


def test_the_posting_of_a_slice_has_the_id_of_its_natural_key() -> None:
    post("c1", {1: 100}, slice_no=7)
    posting = Posting.objects.get(natural_key="c1/post/0007")
    assert (posting.wallet_id, posting.posting_id) == (rules.PROGRAMME, rules.posting_id("c1/post/0007"))
    assert (posting.run, posting.movement, posting.points) == ("c1", "grant", 100)


def test_lots_lapse_on_the_day_after_their_last() -> None:
    give(1, 100, SOONER)
    give(1, 100, LIMITED)
    give(1, 100, NORMAL)
    give(2, 100, NORMAL)
    assert expire("e1", SOONER.lapses_on) == SliceExpired(0, 0)
    assert not Posting.objects.filter(run="e1").exists()
    assert expire("e2", AFTER) == SliceExpired(2, 200)
    assert (held(1), held(2)) == ({NORMAL: 100}, {NORMAL: 100})
    assert accounts() == {"issued": -400, "lapsed": 200}
    assert {row.lapsed for row in queries.lots(wallet_id(1))} == {0, 100}


def test_in_a_wallet_with_a_lapsed_lot_another_is_kept_on_its_last_day() -> None:
    give(1, 100, SOONER)
    give(1, 100, NORMAL)
    assert expire("e1", NORMAL.lapses_on) == SliceExpired(1, 100)
    assert held(1) == {NORMAL: 100}


def test_expiry_is_effective_on_its_business_day() -> None:
    give(1, 100, SOONER)
    expire("e1", AFTER)
    assert queries.balance_as_of(wallet_id(1), SOONER.lapses_on) == 100
    assert queries.balance_as_of(wallet_id(1), AFTER) == 0


def test_all_lots_of_a_membership_that_has_ended_lapse() -> None:
    give(1, 10, SOONER)
    give(1, 100, NORMAL)
    give(2, 100, NORMAL)
    move(2, 9, 30)
    assert expire("e1", AFTER, ended=(1, 2, 77)) == SliceExpired(3, 180)
    assert (held(1), held(2), held(9)) == ({}, {}, {NORMAL: 30})


def test_what_a_wallet_owes_does_not_lapse() -> None:
    give(1, 10)
    change(1, -30, allow_negative=True)
    assert expire("e1", AFTER, ended=(1,)) == SliceExpired(0, 0)
    assert total(1) == -20


def test_an_expiry_keeps_within_its_bounds() -> None:
    for number in range(1, 6):
        give(number, 10, SOONER)
    bounds = wallet_id(2), wallet_id(4)
    assert expire("e1", AFTER, ended=(1, 3, 5), bounds=bounds) == SliceExpired(2, 20)
    assert [total(number) for number in range(1, 6)] == [10, 0, 0, 10, 10]


def test_an_expiry_again_takes_nothing_and_refuses_to_take_more() -> None:
    give(1, 10, SOONER)
    expire("e1", AFTER)
    assert expire("e1", AFTER) == SliceExpired(0, 0)
    give(1, 10, SOONER)
    with pytest.raises(actions.AlreadyPosted):
        expire("e1", AFTER)
    assert held(1) == {SOONER: 10}


def statements(job: Callable[[], object]) -> list[str]:
    """What is sent to the database meanwhile."""
    sent: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        job()
    return sent


def closes_of(members: int) -> Iterator[tuple[str, list[str]]]:
    """Every path of a close that can be taken by so many members."""
    books.clear()
    everybody = range(1, members + 1)
    targets = dict.fromkeys(everybody, 100)
    yield "new wallets and lots", statements(lambda: post("c1", targets))
    yield "lots that are there", statements(lambda: post("c2", targets, usage_month=AUGUST))
    yield "less than before", statements(lambda: post("c3", dict.fromkeys(everybody, 60)))
    yield "expiry", statements(lambda: expire("e1", NORMAL.lapses_on + timedelta(days=1)))
    yield "nothing any more, owed", statements(lambda: post("c4", {}))
    yield "netting", statements(lambda: post("c5", targets, SOONER))
    yield "ended", statements(lambda: expire("e2", ON, tuple(everybody)))
    assert Lot.objects.count() == 2 * members


def test_a_close_of_many_members_sends_the_statements_of_a_close_of_one() -> None:
    dict(closes_of(1))  # partitions of the months are made once
    one, many = dict(closes_of(1)), dict(closes_of(1_000))
    assert one == many
    assert max(len(sent) for sent in many.values()) < 25
