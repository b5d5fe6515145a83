"""Uses that wait: reserved one by one or many at once, confirmed on the programme's side, or given back to their lots."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from noren.points import actions, queries, rules
from noren.points.models import Entry
from noren.points.rules import Part, share_out, unwind
from tests import soak
from tests.cast import ENGINEER, NOW
from tests.points.books import (
    LIMITED,
    NORMAL,
    ON,
    SOONER,
    Door,
    back,
    change,
    give,
    give_up,
    held,
    new_key,
    total,
    use,
    wallet_id,
)
from tests.points.test_rules_in_sql import filled_lots, moved

BILL, WAITING, CLEARING = "bill", rules.reserved("bill"), "clearing/allocation/2021-08/1"


@dataclass(frozen=True)
class Reserved:
    """What a wish got, and where it stands."""

    points: int
    first_line: int
    lines: int


def reserve(run: str, wishes: Sequence[tuple[UUID, int, int | None]]) -> dict[UUID, Reserved]:
    """Wishes as item, wallet number and points (None: what lapses next), in their order."""
    with TemporaryDirectory() as folder, transaction.atomic():
        wished = Path(folder) / "wishes.csv"
        lines = (
            f"{item},{wallet_id(number)},{place},{'' if points is None else points}\n"
            for place, (item, number, points) in enumerate(wishes)
        )
        wished.write_text("".join(lines))
        actions.reserve_slice(
            run=run,
            slice_no=0,
            wishes=wished,
            use=BILL,
            against=WAITING,
            on=ON,
            actor=ENGINEER,
            now=NOW,
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT item_id, sum(points)::bigint, min(line), count(*) FROM points_part GROUP BY item_id")
            return {item: Reserved(*figures) for item, *figures in cursor.fetchall()}


def stands(account: str) -> int:
    return queries.stands(account).get(account, 0)


def give_back(
    run: str, number: int, posting_id: UUID, share: Reserved, points: int, *, before: int = 0, against: str = WAITING
) -> UUID:
    """A part of what an item got."""
    key = f"{wallet_id(number)}/return/{new_key()}"
    back = rules.posting_id(key)
    with TemporaryDirectory() as folder, transaction.atomic():
        path = Path(folder) / "returns.csv"
        path.write_text(
            f"{wallet_id(number)},{key},{back},{posting_id},{ON},{share.first_line},{share.lines},{before},{points}\n"
        )
        counted = actions.return_slice(
            run=run, returns=path, use=BILL, against=against, on=ON, actor=ENGINEER, now=NOW, reason="refused"
        )
    assert counted == 1
    return back


def entries(posting_id: UUID, number: int, share: Reserved) -> tuple[Part, ...]:
    rows = Entry.objects.filter(posting_id=posting_id, wallet_id=wallet_id(number), line__gte=share.first_line)
    lots = {(lot.kind, lot.uses, lot.lapses_on): lot for lot in held_keys(number)}
    return tuple(
        Part(lots[row.kind, row.uses, row.lapses_on], -row.points) for row in rows.order_by("line")[: share.lines]
    )


def held_keys(number: int) -> list[rules.LotKey]:
    rows = queries.lots(wallet_id(number))
    return [rules.LotKey(row.kind, row.is_limited, row.uses, row.lapses_on) for row in rows]


@pytest.fixture(autouse=True)
def _balanced(place: object) -> Iterator[None]:
    """Whatever a test does, the books balance after it."""
    del place
    yield
    assert queries.verify(frozenset({CLEARING.removeprefix("clearing/")})) == []


def test_a_reserved_use_waits_and_is_confirmed_or_given_back() -> None:
    give(1, 100, SOONER)
    give(1, 100)
    spend = {"wallet_id": wallet_id(1), "on": ON, "actor": ENGINEER, "now": NOW, "reason": "order"}
    first = actions.spend(points=120, use=BILL, against=WAITING, key="a", **spend)  # type: ignore[arg-type]
    assert (stands(WAITING), stands("used/bill"), total(1)) == (120, 0, 80)
    actions.move(run="x", part="1", on=ON, actor=ENGINEER, now=NOW, accounts={WAITING: -90, "used/bill": 90})
    actions.reverse(posting_id=first.posting_id, points=30, against=WAITING, key="b", **spend)  # type: ignore[arg-type]
    assert (stands(WAITING), stands("used/bill"), total(1)) == (0, 90, 110)
    assert held(1) == {SOONER: 10, NORMAL: 100}


def test_a_move_is_done_once_and_sums_to_zero() -> None:
    told = {"run": "x", "part": "1", "on": ON, "actor": ENGINEER, "now": NOW}
    assert actions.move(accounts={WAITING: 5, "used/bill": -5}, **told) is True  # type: ignore[arg-type]
    with pytest.raises(actions.AlreadyPosted):
        actions.move(accounts={WAITING: 5, "used/bill": -5}, **told)  # type: ignore[arg-type]
    assert actions.move(accounts={WAITING: 0}, **{**told, "part": "2"}) is False  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="zero"):
        actions.move(accounts={WAITING: 5}, **told)  # type: ignore[arg-type]
    assert stands(WAITING) == 5


def test_the_same_key_is_one_reservation_and_its_account_is_part_of_what_was_asked() -> None:
    give(1, 100)
    spend = {"wallet_id": wallet_id(1), "points": 10, "use": BILL, "on": ON, "actor": ENGINEER, "now": NOW}
    actions.spend(against=WAITING, key="a", reason="r", **spend)  # type: ignore[arg-type]
    assert actions.spend(against=WAITING, key="a", reason="r", **spend).replayed  # type: ignore[arg-type]
    with pytest.raises(actions.KeyConflict):
        actions.spend(key="a", reason="r", **spend)  # type: ignore[arg-type]


def test_what_comes_back_to_a_wallet_that_was_given_up_lapses_at_once_whoever_gives_it_back() -> None:
    for number in (1, 2):
        give(number, 50, SOONER)
        give(number, 100)
    spend = {"wallet_id": wallet_id(1), "on": ON, "actor": ENGINEER, "now": NOW, "reason": "order"}
    single = actions.spend(points=60, use="goods", key="a", **spend).posting_id  # type: ignore[arg-type]
    one, two = uuid4(), uuid4()
    got = reserve("allocate/1", [(one, 1, 70), (two, 2, 70)])
    later = replace(Door(), now=NOW + timedelta(hours=1))
    assert give_up(1, door=later).points == -20
    give(1, 7, SOONER)
    use(1, 7, "goods", door=replace(later, now=NOW + timedelta(hours=2)))
    give(1, 5)
    back(1, single)
    slice_ = rules.posting_id("allocate/1/reserve/0000")
    give_back("r1", 1, slice_, got[one], 70)
    give_back("r2", 2, slice_, got[two], 70)
    assert (held(1), held(2)) == ({NORMAL: 5}, {SOONER: 50, NORMAL: 100})
    assert (stands("lapsed"), stands(WAITING), stands("used/goods")) == (130, 0, 7)
    lapsed = [row for row in queries.history(wallet_id(1)) if row.movement == "expire"]
    assert sorted(row.points for row in lapsed) == [-70, -60]


def test_what_comes_back_to_a_wallet_that_was_given_up_pays_what_it_owes_and_then_lapses() -> None:
    give(1, 100)
    spent = use(1, 60).posting_id
    later = replace(Door(), now=NOW + timedelta(hours=1))
    assert give_up(1, door=later, key="k") == replace(give_up(1, door=later, key="k"), replayed=False)
    change(1, -15, allow_negative=True)
    assert back(1, spent, 10).balance == -5
    assert back(1, spent, key="b").balance == 0
    assert back(1, spent, key="b").replayed
    assert (held(1), stands("lapsed"), stands("used/bill")) == ({}, 45, 0)


def test_what_was_used_before_is_told_by_the_wallet_and_not_by_clocks() -> None:
    give(1, 100)
    ahead = replace(Door(), now=NOW + timedelta(hours=2))
    one, two = (use(1, 40, door=ahead).posting_id for _time in range(2))
    assert give_up(1, door=replace(Door(), now=NOW + timedelta(hours=1))).points == -20
    back(1, one, key="k")
    back(1, two, key="k/lapsed")
    assert (held(1), stands("lapsed")) == ({}, 80)


def test_many_are_reserved_in_order_as_far_as_the_points_go() -> None:
    give(1, 50, SOONER)
    give(1, 100)
    give(2, 5)
    one, two, three, four, five = (uuid4() for _ in range(5))
    wishes = [(one, 1, 70), (two, 1, 60), (three, 1, 60), (four, 2, 9), (five, 3, 9)]
    got = reserve("allocate/1", wishes)
    assert {item: share.points for item, share in got.items()} == {one: 70, two: 60, three: 20, four: 5}
    assert (held(1), held(2), stands(WAITING)) == ({}, {}, 155)
    assert [(got[item].first_line, got[item].lines) for item in (one, two, three)] == [(1, 2), (3, 1), (4, 1)]


def test_what_lapses_next_is_what_the_others_leave_of_it() -> None:
    give(1, 50, SOONER)
    give(1, 30, LIMITED)
    give(1, 100)
    one, two = uuid4(), uuid4()
    assert {item: got.points for item, got in reserve("r1", [(one, 1, 60), (two, 1, None)]).items()} == {
        one: 60,
        two: 20,
    }
    assert held(1) == {NORMAL: 100}


def test_a_slice_is_reserved_once() -> None:
    give(1, 100)
    reserve("r1", [(uuid4(), 1, 10)])
    with pytest.raises(actions.AlreadyPosted):
        reserve("r1", [(uuid4(), 1, 10)])
    assert total(1) == 90


def test_what_comes_back_pays_what_is_owed_first() -> None:
    give(1, 40, SOONER)
    give(1, 60)
    item = uuid4()
    share = reserve("r1", [(item, 1, 100)])[item]
    change(1, -70, allow_negative=True)
    give_back("r1", 1, rules.posting_id("r1/reserve/0000"), share, 100)
    assert (held(1), total(1), stands(WAITING)) == ({SOONER: 30}, 30, 0)


def test_what_counted_for_a_limit_is_given_back_to_it() -> None:
    give(1, 100)
    spent = use(1, 40, budgets=("account:A1",))
    give_back("r1", 1, spent.posting_id, Reserved(40, 1, 1), 15, against="used/bill")
    [row] = queries.budgets(wallet_id(1), ON)
    assert (row.spender, row.used) == ("account:A1", 25)


def test_a_return_is_booked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    give(1, 100)
    spent = use(1, 40)
    monkeypatch.setattr("tests.points.test_waiting.new_key", lambda: "same")
    give_back("r1", 1, spent.posting_id, Reserved(40, 1, 1), 15, against="used/bill")
    with pytest.raises(IntegrityError):
        give_back("r1", 1, spent.posting_id, Reserved(40, 1, 1), 15, against="used/bill")
    assert total(1) == 75


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    """Wallets that no example has used."""
    return itertools.count(1)


@pytest.mark.soak
@settings(max_examples=soak.many(40, 1_500), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lots=filled_lots,
    wishes=st.lists(st.integers(1, 60), min_size=1, max_size=5),
    lapsing=st.booleans(),
    returns=st.lists(st.integers(1, 40), max_size=4),
)
def test_many_are_taken_and_given_back_as_the_rules_say(
    numbers: Iterator[int], lots: list[Part], wishes: list[int | None], lapsing: bool, returns: list[int]
) -> None:
    number = next(numbers)
    for part in lots:
        give(number, part.points, part.lot)
    asked = [*wishes, None] if lapsing else wishes
    items = [uuid4() for _ in asked]
    run = f"property/{number}"
    got = reserve(run, [(item, number, wish) for item, wish in zip(items, asked, strict=True)])
    shares = share_out(lots, asked, BILL, ON)
    assert [got[item].points if item in got else 0 for item in items] == [
        sum(part.points for part in share) for share in shares
    ]
    posting_id = rules.posting_id(f"{run}/reserve/0000")
    for item, share in zip(items, shares, strict=True):
        if item not in got:
            continue
        assert entries(posting_id, number, got[item]) == share
        before = 0
        for wanted in returns:
            if before + wanted <= got[item].points:
                back = give_back(run, number, posting_id, got[item], wanted, before=before)
                assert moved(back) == unwind(share, before, wanted)
                before += wanted


def test_the_days_of_the_lots_count() -> None:
    give(1, 10, rules.LotKey("normal", False, "*", ON - timedelta(days=1)))
    give(1, 10, rules.LotKey("goods", False, "goods", date(2025, 5, 31)))
    assert reserve("r1", [(uuid4(), 1, 5), (uuid4(), 1, None)]) == {}
    assert stands(WAITING) == 0
