"""Orders: from the wish to the points that are used or come back."""

import threading
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connections

from noren.demo.actions import CATALOGUE as CATALOGUE_FILE
from noren.lifecycle import actions as lifecycle
from noren.members import queries as members
from noren.orders import actions, queries
from noren.orders.models import Order, Taken
from noren.orders.rules import OrderState
from noren.points import actions as points
from noren.points import queries as books
from noren.points.rules import WalletKey
from noren.spending import actions as spending
from noren.spending import queries as reservations
from noren.spending.rules import HoldState
from tests.cast import ENGINEER
from tests.lifecycle import cast
from tests.members.desk import Desk
from tests.orders.shop import (
    CATALOGUE,
    HOME,
    LIMITED,
    ONLY_NORMAL,
    answer,
    load,
    order,
    place,
    sent,
    states,
    taken,
    wish,
)
from tests.spending.desk import LATE, NOW, SOON, give, held, stands, uid


def test_points_wait_until_the_goods_have_left(desk: Desk) -> None:
    number = place(wish(quantity=3, points=300))
    assert (held("L1"), stands("reserved/accessories"), queries.stock()) == ({LATE: 4700}, 300, {"hub": 7})
    assert taken("hub", f"member:{uid('L1')}") == [3]
    assert sent() == 1
    told = answer(desk, f"{number},shipped,TRACK-1,")
    assert (told["read"], told["rejected"], told["again"], told["changed"]) == (1, 0, 0, 1)
    assert (stands("reserved/accessories"), stands("used/accessories")) == (0, 300)
    answer(desk, f"{number},delivered,,")
    assert states(number) == ["ordered", "sent", "shipped", "delivered"]
    assert order(number).tracking == "TRACK-1"
    assert answer(desk, f"{number},delivered,,")["again"] == 1


def test_what_is_cancelled_comes_back_whole(desk: Desk) -> None:
    del desk
    number = place(wish(quantity=3, points=300))
    actions.cancel(number, actor=ENGINEER, now=NOW)
    actions.cancel(number, actor=ENGINEER, now=NOW)
    assert (held("L1"), stands("reserved/accessories"), queries.stock()) == ({LATE: 5000}, 0, {"hub": 10})
    assert taken("hub", f"member:{uid('L1')}") == [0]
    assert states(number) == ["ordered", "cancelled"]


def test_the_same_key_is_one_order(desk: Desk) -> None:
    del desk
    assert place(wish()) == place(wish())
    assert queries.stock() == {"hub": 9}
    with pytest.raises(points.KeyConflict):
        place(wish(quantity=2, points=200))
    with pytest.raises(points.KeyConflict):
        place(wish("tea", 10, 100))


@pytest.mark.parametrize(
    ("wished", "refusal"),
    [
        (lambda: wish("nothing"), queries.UnknownItem),
        (lambda: wish(quantity=0, points=0), actions.NotSuchANumber),
        (lambda: wish(quantity=11, points=1100), actions.NotSuchANumber),
        (lambda: wish("gift", 150, 150), actions.NotSuchANumber),
        (lambda: wish(points=99), actions.PriceChanged),
        (lambda: replace(wish(), address=replace(HOME, city="")), actions.NeedsAddress),
        (lambda: wish("battery", 1, 50), actions.NeedsModel),
        (lambda: wish("battery", 1, 50, phone_model="ＩＰＨＯＮＥ 12"), actions.NotForModel),
        (lambda: wish("gift", 10_000, 10_000), points.InsufficientPoints),
    ],
)
def test_what_is_refused_leaves_nothing(desk: Desk, wished: Callable[[], actions.Wish], refusal: type) -> None:
    del desk
    with pytest.raises(refusal):
        place(wished())
    assert (held("L1"), queries.stock(), queries.every(list(OrderState), 10)) == ({LATE: 5000}, {"hub": 10}, [])


def test_the_price_is_that_of_the_day_and_what_is_over_cannot_be_ordered(desk: Desk) -> None:
    del desk
    later = datetime(2021, 9, 1, 3, tzinfo=UTC)
    with pytest.raises(actions.PriceChanged):
        place(wish(), now=later)
    assert order(place(wish(points=120), now=later)).points == 120
    with pytest.raises(queries.UnknownItem):
        place(wish("battery", 1, 50, phone_model="P"), key="b", now=datetime(2022, 1, 1, 3, tzinfo=UTC))


def test_an_item_for_lines_is_refused_for_an_account(desk: Desk) -> None:
    del desk
    account_id = cast.active()
    give_account(account_id)
    with pytest.raises(actions.NeedsLine):
        place(wish("battery", 1, 50, for_=account_id, phone_model="P"))


def give_account(account_id: str) -> None:
    """500 points for an account."""
    points.grant(
        wallet=WalletKey(members.member(account_id).uid, "account", account_id),
        lot=LATE,
        points=500,
        on=NOW.date(),
        actor=ENGINEER,
        now=NOW,
        key="gift",
        reason="gift",
    )


def test_limits_of_lines_of_the_corporation_and_of_the_year(desk: Desk) -> None:
    del desk  # C1 has two lines
    place(wish("battery", 2, 100, phone_model="P"))
    with pytest.raises(actions.LimitReached):
        place(wish("battery", 1, 50, phone_model="P"), key="b")
    assert (held("L1"), taken("battery", "corporation:C1")) == ({LATE: 4900}, [2])


def test_a_limit_of_a_member_starts_anew_with_the_programme_year(desk: Desk) -> None:
    del desk
    actions.set_stock("hub", 100, actor=ENGINEER, now=NOW)
    place(wish(quantity=10, points=1000))
    place(wish(quantity=10, points=1000), key="b")
    with pytest.raises(actions.LimitReached):
        place(wish(), key="c")
    place(wish(points=120), key="c", now=datetime(2022, 4, 1, 3, tzinfo=UTC))


def test_the_pool_pays_for_members_of_its_group_within_the_limits(desk: Desk) -> None:
    del desk
    leader = cast.active()
    group_id = lifecycle.create_group(corporation_id="C1", name="G", representative=leader, actor=ENGINEER, now=NOW)
    lifecycle.join_group(group_id, line_ids=["L1"], actor=ENGINEER, now=NOW)
    number = place(wish("battery", 1, 50, phone_model="P"), payer=group_id)
    assert taken("battery", f"group:{group_id}", "corporation:C1") == [1, 1]
    with pytest.raises(spending.NotPayable):
        place(wish("battery", 1, 50, for_="L2", phone_model="P"), payer=group_id, key="b")
    with pytest.raises(spending.PointsWait):
        lifecycle.dissolve_group(group_id, actor=ENGINEER, now=NOW)
    actions.cancel(number, actor=ENGINEER, now=NOW)
    lifecycle.dissolve_group(group_id, actor=ENGINEER, now=NOW)


def test_points_that_come_back_follow_their_member(desk: Desk) -> None:
    leader = cast.active()
    own = place(wish("tea", 1, 10))
    group_id = lifecycle.create_group(corporation_id="C1", name="G", representative=leader, actor=ENGINEER, now=NOW)
    lifecycle.join_group(group_id, line_ids=["L1"], actor=ENGINEER, now=NOW)
    pooled = place(wish(), payer=group_id, key="b")
    actions.cancel(own, actor=ENGINEER, now=NOW)
    assert held("L1") == {LATE: 10}
    assert lifecycle.bring_home(actor=ENGINEER, now=NOW) == 1
    assert (held("L1"), balance(group_id)) == ({}, 4900)
    sent()
    answer(desk, f"{pooled},shipped,,")
    lifecycle.dissolve_group(group_id, actor=ENGINEER, now=NOW)
    answer(desk, f"{pooled},returned,,")
    assert balance(group_id) == 100
    assert lifecycle.bring_home(actor=ENGINEER, now=NOW) == 1
    assert (balance(group_id), balance(members.member(leader).uid)) == (0, 5000)
    assert lifecycle.bring_home(actor=ENGINEER, now=NOW) == 0


def test_points_from_before_another_name_are_lost_when_they_come_back_after_it(desk: Desk) -> None:
    account_id = cast.active(lines=("L1",))
    cancelled = place(wish(quantity=3, points=300), account_id=account_id)
    returned = place(wish("tea", 1, 10), key="b", account_id=account_id)
    sent("gifts")
    answer(desk, f"{returned},shipped,,", partner="gifts")
    later = NOW + timedelta(hours=1)
    lifecycle.change_name(account_id, "C2", actor=ENGINEER, now=later)
    actions.cancel(cancelled, account_id=account_id, actor=ENGINEER, now=later + timedelta(hours=1))
    assert [mail.subject for mail in cast.mails() if "have lapsed" in mail.body] == ["Your order was cancelled"]
    assert (held("L1"), balance(uid("L1")), stands("reserved/accessories")) == ({}, 0, 0)
    rows = [(row.movement, row.points, row.balance) for row in books.history(uid("L1"))]
    assert rows[-3:] == [("adjust", -4690, 0), ("reverse", 300, 300), ("expire", -300, 0)]
    give("L1", 50, SOON, key="of C2")
    answer(desk, f"{returned},returned,,", partner="gifts")
    assert held("L1") == {SOON: 50}
    assert lifecycle.bring_home(actor=ENGINEER, now=later) == 0
    desk.place.noren("verify")


def test_points_of_a_group_that_was_dissolved_are_lost_with_those_of_its_heir(desk: Desk) -> None:
    leader = cast.active()
    group_id = lifecycle.create_group(corporation_id="C1", name="G", representative=leader, actor=ENGINEER, now=NOW)
    lifecycle.join_group(group_id, line_ids=["L1"], actor=ENGINEER, now=NOW)
    pooled = place(wish(), payer=group_id)
    sent()
    answer(desk, f"{pooled},shipped,,")
    lifecycle.dissolve_group(group_id, actor=ENGINEER, now=NOW)
    lifecycle.change_name(leader, "C2", actor=ENGINEER, now=NOW)
    answer(desk, f"{pooled},returned,,")
    assert (balance(group_id), balance(members.member(leader).uid)) == (0, 0)
    assert lifecycle.bring_home(actor=ENGINEER, now=NOW) == 0
    desk.place.noren("verify")


def test_points_follow_a_succession_also_when_they_come_back_after_it(desk: Desk) -> None:
    account_id = cast.active(lines=("L1",))
    number = place(wish(quantity=3, points=300), account_id=account_id)
    later = NOW + timedelta(hours=1)
    lifecycle.change_name(account_id, "C2", succession=True, actor=ENGINEER, now=later)
    actions.cancel(number, account_id=account_id, actor=ENGINEER, now=later)
    assert held("L1") == {LATE: 5000}
    del desk


def balance(wallet_id: UUID) -> int:
    return books.balance(wallet_id, NOW.date()).spendable


@pytest.mark.parametrize("scarce", ["stock", "limit", "points"])
def test_of_32_buyers_one_gets_the_last(desk: Desk, scarce: str) -> None:
    if scarce == "stock":
        actions.set_stock("hub", 1, actor=ENGINEER, now=NOW)
    elif scarce == "limit":
        place(wish(quantity=10, points=1000), key="before")
        actions.set_stock("hub", 1000, actor=ENGINEER, now=NOW)
        place(wish(quantity=9, points=900), key="more")
    else:
        points.adjust(wallet_id=uid("L1"), points=-4850, on=NOW.date(), actor=ENGINEER, now=NOW, key="x", reason="x")
    before = held("L1")[LATE]
    codes: list[str] = []

    def buy(number: int) -> None:
        try:
            place(wish(), key=str(number))
            codes.append("")
        except (actions.SoldOut, actions.LimitReached, points.InsufficientPoints) as refusal:
            codes.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=buy, args=[number]) for number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = {"stock": "order.sold_out", "limit": "order.limit_reached", "points": "points.insufficient"}[scarce]
    assert sorted(codes) == ["", *[told] * 31]
    assert held("L1") == {LATE: before - 100}
    del desk


def test_an_item_takes_points_of_its_kinds_alone_and_gives_them_back_to_their_lots(desk: Desk) -> None:
    load(desk.folder, ONLY_NORMAL)
    give("L1", 300, LIMITED)
    give("L1", 50, SOON)
    before = held("L1")
    with pytest.raises(points.InsufficientPoints) as refused:
        place(wish("gift", 5_100, 5_100))
    assert refused.value.values["usable"] == 5050
    place(wish("gift", 100, 100), key="b")
    assert held("L1") == {LIMITED: 300, LATE: 4950}
    sent("relief")
    answer(desk, f"{queries.every(list(OrderState), 1)[0].number},refused,,", partner="relief")
    assert held("L1") == before
    load(desk.folder)
    place(wish("gift", 100, 100), key="c")
    assert held("L1")[LIMITED] == 200  # what lapses first, since any kind will do


def test_kinds_that_no_version_lets_be_used_so_are_refused(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    for use, kind in (("donation", "gold"), ("goods", "limited")):
        path.write_text(CATALOGUE.replace(f'use = "{use}"', f'use = "{use}"\nkinds = ["normal", "{kind}"]'))
        told = desk.place.noren("catalogue", "load", path, check=False).stderr.replace("\n", " ")
        assert "catalogue.unknown_kind" in told
        assert f"no kinds of points {kind} for the use {use}" in told
    path.write_text(CATALOGUE.replace('use = "goods"', 'use = "goods"\nkinds = []'))
    assert (
        "items[3].kinds: the list must not be empty" in desk.place.noren("catalogue", "load", path, check=False).stderr
    )


def test_the_same_key_with_anything_else_asked_is_refused(desk: Desk) -> None:
    del desk
    place(wish())
    for other in (replace(wish(), address=replace(HOME, city="港区")), wish(for_="L2"), wish(phone_model="P-01A")):
        with pytest.raises(points.KeyConflict):
            place(other, payer=uid("L1"))


def test_the_same_key_is_the_same_order_when_all_has_changed_meanwhile(desk: Desk) -> None:
    number = place(wish())
    later = datetime(2021, 9, 1, 3, tzinfo=UTC)
    assert place(wish(), now=later) == number  # another price
    load(desk.folder, CATALOGUE[CATALOGUE.index('[[items]]\ncode = "battery"') :])
    assert place(wish(), now=later) == number  # no such item


def test_what_is_wrong_in_a_catalogue_is_told_with_its_line(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(CATALOGUE.replace("points = 50 }", "points = 0 }").replace('use = "goods"', 'use = "bill"'))
    done = desk.place.noren("catalogue", "load", path, check=False)
    assert done.returncode == 1
    assert "items[1].prices[0].points: must be 1 or more" in done.stderr.replace("\n", " ")
    assert "points for bills are allocated" in done.stderr.replace("\n", " ")
    path.write_text(CATALOGUE.replace('use = "goods"', 'use = "wine"'))
    assert "catalogue.unknown_use" in desk.place.noren("catalogue", "load", path, check=False).stderr
    path.write_text(CATALOGUE.replace('code = "tea"', 'code = "tea"\npicture = "none.png"'))
    assert "catalogue.file" in desk.place.noren("catalogue", "load", path, check=False).stderr


def test_a_catalogue_replaced_leaves_orders_and_stock(desk: Desk) -> None:
    number = place(wish("tea", 1, 10))
    load(desk.folder, CATALOGUE[: CATALOGUE.index('[[items]]\ncode = "tea"')])
    with pytest.raises(queries.UnknownItem):
        place(wish("tea", 1, 10), key="b")
    assert (order(number).title, queries.stock()) == ("Tea", {"hub": 10})
    actions.cancel(number, actor=ENGINEER, now=NOW)
    assert held("L1") == {LATE: 5000}


def test_addresses_are_wiped_when_nobody_asks_any_more(desk: Desk) -> None:
    kept, cancelled = place(wish()), place(wish(), key="b")
    actions.cancel(cancelled, actor=ENGINEER, now=NOW)
    actions.tidy(desk.place.home, NOW + timedelta(days=179))
    assert order(cancelled).address == order(kept).address == HOME
    actions.tidy(desk.place.home, NOW + timedelta(days=181))
    assert not any(asdict(order(cancelled).address).values())
    assert order(kept).address == HOME  # the partner has it still to send


def test_verify_sees_points_and_counts_that_are_astray(desk: Desk) -> None:
    number, other = place(wish()), place(wish("battery", 1, 50, phone_model="P"), key="b")
    desk.place.noren("verify")
    Order.objects.filter(number=number).update(state="delivered", handover=1)
    Taken.objects.filter(code="battery").update(quantity=2)
    found = {one.code: one.rows for one in queries.findings()}
    assert [row["number"] for row in found["order.not_its_points"]] == [number]
    assert {row["counted"] for row in found["order.miscounted"]} == {2}
    assert desk.place.noren("verify", check=False).returncode == 1
    Order.objects.filter(number=number).update(state="ordered", handover=None)
    Taken.objects.filter(code="battery").update(quantity=1)
    assert order(other).state == "ordered"


def test_points_of_an_order_do_not_expire_on_the_way(desk: Desk) -> None:
    del desk
    number = place(wish())
    row = order(number)
    found = reservations.reservation([row.wallet_id], row.order_id)
    assert found is not None
    assert (found.state, found.expires_at) == (HoldState.WAITING, None)


def test_the_shipped_catalogue_is_good(desk: Desk) -> None:
    desk.place.noren("catalogue", "load", CATALOGUE_FILE)
    assert "data-topup-1gb" in desk.place.noren("catalogue", "list", "--json").stdout
