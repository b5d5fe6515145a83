"""Points that are reserved for a use, then captured, voided or given back."""

import threading
import time
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connections

from noren.lifecycle import tidying
from noren.points import actions as points
from noren.points import queries as books
from noren.spending import actions, queries
from noren.spending.queries import ReservationRow
from noren.spending.rules import HoldState
from tests.cast import ENGINEER
from tests.members.desk import Desk
from tests.spending.desk import LATE, NOW, SOON, give, held, stands, uid


def reserve(
    amount: int, *, key: str = "a", expires_at: datetime | None = None, use: str = "goods", line: str = "L1"
) -> UUID:
    """Points of L1, or another line."""
    return actions.reserve(
        wallet_id=uid(line),
        use=use,
        amount=amount,
        reference="order 1",
        expires_at=expires_at,
        key=key,
        actor=ENGINEER,
        now=NOW,
    ).reservation_id


def capture(made: UUID, amount: int | None = None, *, now: datetime = NOW) -> None:
    actions.capture(wallet_id=uid("L1"), reservation_id=made, amount=amount, actor=ENGINEER, now=now)


def void(made: UUID) -> None:
    actions.void(wallet_id=uid("L1"), reservation_id=made, actor=ENGINEER, now=NOW)


def give_back(made: UUID, amount: int | None = None, *, key: str = "a", now: datetime = NOW) -> None:
    actions.give_back(
        wallet_id=uid("L1"), reservation_id=made, amount=amount, key=key, actor=ENGINEER, now=now, reason="returned"
    )


def row(made: UUID) -> ReservationRow:
    found = queries.reservation([uid("L1")], made)
    assert found is not None
    return found


def test_what_is_captured_is_used_and_the_rest_goes_back_to_its_lots(desk: Desk) -> None:
    del desk
    give("L1", 100, SOON)
    give("L1", 400)
    made = reserve(300)
    assert (held("L1"), stands("reserved/goods")) == ({LATE: 200}, 300)
    capture(made, 120)
    assert held("L1") == {LATE: 380}
    assert (stands("reserved/goods"), stands("used/goods")) == (0, 120)
    assert (row(made).state, row(made).captured) == (HoldState.CAPTURED, 120)
    capture(made, 120)
    assert stands("used/goods") == 120
    with pytest.raises(actions.NotWaiting):
        capture(made, 300)
    with pytest.raises(actions.NotWaiting):
        void(made)


def test_what_is_voided_goes_back_to_its_lots(desk: Desk) -> None:
    del desk
    give("L1", 100, SOON)
    give("L1", 400)
    made = reserve(300)
    void(made)
    void(made)
    assert held("L1") == {SOON: 100, LATE: 400}
    assert (stands("reserved/goods"), stands("used/goods")) == (0, 0)
    with pytest.raises(actions.NotWaiting):
        capture(made)
    with pytest.raises(actions.NotWaiting):
        give_back(made)


def test_what_was_captured_is_given_back_in_parts_and_no_more(desk: Desk) -> None:
    del desk
    give("L1", 100, SOON)
    give("L1", 400)
    made = reserve(300)
    capture(made, 250)
    give_back(made, 200)
    give_back(made, 200)
    assert (row(made).given_back, held("L1"), stands("used/goods")) == (200, {SOON: 50, LATE: 400}, 50)
    with pytest.raises(points.AlreadyReversed):
        give_back(made, 51, key="b")
    give_back(made, key="c")
    assert (row(made).given_back, held("L1")) == (250, {SOON: 100, LATE: 400})


def test_points_that_come_back_to_a_lapsed_lot_lapse_with_the_next_expiry(desk: Desk) -> None:
    give("L1", 100, SOON)
    made = reserve(100)
    capture(made)
    later = datetime(2022, 6, 10, 3, tzinfo=UTC)
    give_back(made, now=later)
    assert books.lapsing(uid("L1"), date(2022, 6, 10), date(2023, 1, 1)) == []
    desk.place.noren("expire", "--as-of", "2022-06-11")
    assert held("L1") == {}


def test_the_same_key_is_the_same_reservation(desk: Desk) -> None:
    del desk
    give("L1", 500)
    assert reserve(300) == reserve(300)
    with pytest.raises(points.KeyConflict):
        reserve(200)
    assert [one.points for one in queries.reservations([uid("L1")], most=10)] == [300]


def test_a_refused_one_leaves_nothing(desk: Desk) -> None:
    del desk
    give("L1", 100)
    for amount, refusal in ((101, points.InsufficientPoints), (0, points.NotPositive), (10**13, actions.TooMany)):
        with pytest.raises(refusal):
            reserve(amount)
    with pytest.raises(actions.ReservedForBills):
        reserve(10, use="bill")
    with pytest.raises(actions.UnknownReservation):
        capture(uuid4())
    assert (held("L1"), queries.reservations([uid("L1")], most=10)) == ({LATE: 100}, [])


def test_what_is_captured_in_time_stays_and_the_rest_expires(desk: Desk) -> None:
    del desk
    give("L1", 500)
    soon = NOW + timedelta(minutes=10)
    one, other, lasting = reserve(100, expires_at=soon), reserve(50, key="b", expires_at=soon), reserve(7, key="c")
    capture(one)
    with pytest.raises(actions.Expired):
        capture(other, now=soon)
    tidying.tidy(soon)
    assert [row(made).state for made in (one, other, lasting)] == ["captured", "voided", "waiting"]
    assert (held("L1"), stands("reserved/goods")) == ({LATE: 393}, 7)


def test_who_uses_points_waits_for_no_other_wallet_that_expires(desk: Desk) -> None:
    give("L1", 500)
    give("L2", 500)
    soon, later = NOW + timedelta(minutes=10), NOW + timedelta(minutes=20)
    mine = reserve(100, expires_at=soon)
    reserve(100, key="b", expires_at=later, line="L2")

    def tidy() -> None:
        tidying.tidy(later)
        connections.close_all()

    tidied = threading.Thread(target=tidy)
    with desk.connect() as other, other.transaction():
        other.execute("SELECT FROM points_wallet WHERE wallet_id = %s FOR UPDATE", [uid("L2")])
        tidied.start()
        end = time.monotonic() + 5
        while row(mine).state != "voided" and time.monotonic() < end:
            time.sleep(0.01)
        assert row(mine).state == "voided"
        points.spend(
            wallet_id=uid("L1"), points=500, use="goods", on=NOW.date(), actor=ENGINEER, now=later, key="c", reason=""
        )
    tidied.join()
    assert (held("L1"), held("L2")) == ({}, {LATE: 500})


def test_capture_and_void_at_once_settle_it_once(desk: Desk) -> None:
    del desk
    give("L1", 1000)
    for number in range(5):
        made = reserve(100, key=str(number))
        refused: list[str] = []

        def settle(made: UUID = made, refused: list[str] = refused) -> None:
            try:
                (capture if threading.current_thread().name.endswith("even") else void)(made)
            except actions.NotWaiting as refusal:
                refused.append(refusal.code)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=settle, name=f"{n}{'even' if n % 2 else 'odd'}") for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(refused) == 4
    settled = queries.reservations([uid("L1")], most=10)
    captured = sum(one.captured for one in settled)
    assert (stands("reserved/goods"), stands("used/goods")) == (0, captured)
    assert held("L1") == {LATE: 1000 - captured}


def test_they_are_read_from_the_newest_on(desk: Desk) -> None:
    del desk
    give("L1", 100)
    made = {reserve(1, key=str(number)) for number in range(5)}
    first = queries.reservations([uid("L1")], most=3)
    last = first[-1]
    rest = queries.reservations([uid("L1")], below=(last.made_at, last.reservation_id), most=3)
    assert {one.reservation_id for one in (*first, *rest)} == made
    assert (len(first), len(rest)) == (3, 2)
    assert queries.reservation([uid("L2")], last.reservation_id) is None
