"""What points buy, ordered by their person: a look first, once however often it is sent, only for one's own members."""

from collections.abc import Iterator
from datetime import date
from re import findall
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from noren.accounts import actions as accounts
from noren.demo.actions import CATALOGUE
from noren.groups import actions as groups
from noren.groups.rules import Role
from noren.lifecycle import actions as lifecycle
from noren.member_site import shop_views
from noren.members.rules import MemberKind, uid_of
from noren.orders import actions, queries
from noren.orders.rules import OrderState
from noren.points import queries as points
from tests.admin_site.people import at_desk
from tests.cast import ENGINEER, NOW
from tests.member_site import people
from tests.member_site.test_bills import text
from tests.members.desk import Desk
from tests.orders.shop import LIMITED, ONLY_NORMAL, load, order
from tests.spending.desk import give, uid

HOME = {
    "name": "山田花子",
    "postal_code": "100-0001",
    "prefecture": "東京都",
    "city": "千代田区千代田",
    "street": "1-1",
    "phone": "03-1234-5678",
}


@pytest.fixture(autouse=True)
def _september(desk: Desk) -> Iterator[None]:
    people.account("A1", "C1", "L1", "L2")
    load(desk.folder)
    actions.set_stock("hub", 10, actor=ENGINEER, now=NOW)
    give("L1", 5000)
    with people.looking(desk.place, date(2021, 9, 1)):
        yield


@pytest.fixture
def client() -> Client:
    """A1's browser, a second factor given just now."""
    return at_desk("A1")


def form(client: Client, code: str = "tea", quantity: object = 1, **more: str) -> dict[str, str]:
    """The form of an item, filled in for L1."""
    key = findall(r'name="key" value="([^"]+)"', text(client.get(f"/use/{code}/")))
    return {"target": str(uid("L1")), "payer": str(uid("L1")), "quantity": str(quantity), "key": key[0], **more}


def look(client: Client, code: str, wish: dict[str, str]) -> str:
    return text(client.post(f"/use/{code}/", wish))


def buy(client: Client, code: str, wish: dict[str, str]) -> Any:
    """Look, then send the button that stands below the look."""
    mark = findall(r'name="looked_at" value="([^"]+)"', look(client, code, wish))
    return client.post(f"/use/{code}/", {**wish, "looked_at": mark[0]})


def left(name: str = "L1") -> int:
    return points.balance(uid(name), date(2021, 9, 1)).spendable


def made() -> list[str]:
    return [row.number for row in queries.every(list(OrderState), 100)]


def test_the_catalogue_shows_what_can_be_ordered_today(client: Client) -> None:
    shown = text(client.get("/use/"))
    assert all(title in shown for title in ("Hub", "Battery", "Gift", "Tea"))
    assert findall(r"<strong>(\d+)</strong>", shown) == ["120", "50", "1", "10"]


def test_a_look_takes_nothing_and_tells_which_points_it_would_be(client: Client) -> None:
    before = left()
    shown = look(client, "tea", form(client, quantity=3))
    assert "Order for 30 points" in shown
    assert f'<dd class="points">{before - 30:,}</dd>' in shown
    assert (left(), made()) == (before, [])


def test_an_item_for_points_of_some_kinds_says_so_and_takes_only_these(client: Client, desk: Desk) -> None:
    load(desk.folder, ONLY_NORMAL)
    give("L1", 400, LIMITED)
    normal = left() - 400
    wish = form(client, "gift", 100)
    shown = look(client, "gift", wish)
    assert "<dt>Only with</dt><dd>Normal points</dd>" in shown
    assert f'<dd class="points">{normal - 100:,}</dd>' in shown
    more = look(client, "gift", {**wish, "quantity": str(normal // 100 * 100 + 100)})
    assert f"points are asked for, and {normal} can be used." in more
    assert "Only with" not in look(client, "tea", form(client))
    buy(client, "gift", wish)
    kinds = [row.kind for row in points.lots(uid("L1")) for _point in range(row.remaining)]
    assert (kinds.count("limited"), kinds.count("normal")) == (400, normal - 100)


def test_what_was_looked_at_is_ordered_once_however_often_it_is_sent(client: Client) -> None:
    before = left()
    wish = form(client, quantity=3)
    places = {buy(client, "tea", wish)["Location"] for _time in range(3)}
    [number] = made()
    assert places == {f"/orders/{number}/"}
    assert left() == before - 30
    assert number in text(client.get("/orders/"))
    shown = text(client.get(f"/orders/{number}/"))
    assert "Received" in shown
    assert "Cancel the order" in shown


def test_another_number_than_looked_at_is_looked_at_again(client: Client) -> None:
    wish = form(client, quantity=3)
    mark = findall(r'name="looked_at" value="([^"]+)"', look(client, "tea", wish))[0]
    shown = look(client, "tea", {**wish, "quantity": "5", "looked_at": mark})
    assert "Order for 50 points" in shown
    assert made() == []


def test_an_address_is_found_by_its_postal_code_and_kept_with_the_order(client: Client) -> None:
    wish = form(client, "hub", **{**HOME, "prefecture": "", "city": ""})
    found = look(client, "hub", {**wish, "area": "1"})
    assert 'value="東京都"' in found
    assert 'value="千代田区千代田"' in found
    unknown = look(client, "hub", {**wish, "postal_code": "0000000", "area": "1"})
    assert "There is no such postal code" in unknown
    buy(client, "hub", {**wish, **HOME})
    [number] = made()
    row = order(number)
    assert (row.address.postal_code, row.address.phone, row.points) == ("1000001", "0312345678", 120)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"target": "ACCOUNT"}, "cannot be used for whom you have chosen"),
        ({"name": "=1"}, "cannot be printed"),
        ({"quantity": "0"}, "greater than or equal to 1"),
        ({"quantity": "x"}, "Enter a whole number."),
        ({"quantity": "11"}, "Order from 1 to 10, in steps of 1."),
        ({"postal_code": "12"}, "Enter the seven figures"),
        ({"phone": "12"}, "10 or 11 figures"),
        ({"street": ""}, "This field is required."),
        ({"target": str(uid("S1"))}, "Select a valid choice"),
        ({"payer": str(uid("S1"))}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_told_and_takes_nothing(client: Client, more: dict[str, str], told: str) -> None:
    before = left()
    if more.get("target") == "ACCOUNT":
        more = {"target": str(uid_of(MemberKind.ACCOUNT, "A1"))}
    assert told in look(client, "hub", {**form(client, "hub", **HOME), **more})
    assert (left(), made()) == (before, [])


def test_more_than_there_is_is_told_at_the_look(client: Client) -> None:
    assert f"50000 points are asked for, and {left()} can be used." in look(
        client, "gift", form(client, "gift", 50_000)
    )


def test_one_that_is_sold_out_meanwhile_is_told_and_takes_nothing(client: Client) -> None:
    before = left()
    wish = form(client, "hub", **HOME)
    mark = findall(r'name="looked_at" value="([^"]+)"', look(client, "hub", wish))[0]
    actions.set_stock("hub", 0, actor=ENGINEER, now=NOW)
    assert "There are not as many left." in look(client, "hub", wish)
    assert "There are not as many left." in look(client, "hub", {**wish, "looked_at": mark})
    assert (left(), made()) == (before, [])


def test_an_order_is_cancelled_by_who_made_it_until_it_is_prepared(client: Client) -> None:
    before = left()
    buy(client, "tea", form(client))
    [number] = made()
    assert at_desk(people.account("B1", "C2").account_id).get(f"/orders/{number}/").status_code == 404
    client.get(f"/orders/{number}/cancel/")
    assert order(number).state == "ordered"
    client.post(f"/orders/{number}/cancel/")
    assert (order(number).state, left()) == ("cancelled", before)
    buy(client, "tea", form(client))
    later = next(one for one in made() if one != number)
    actions.hand_over("gifts", actor=ENGINEER, now=NOW)
    assert "cannot be cancelled any more" in text(client.post(f"/orders/{later}/cancel/", follow=True))


def test_orders_are_shown_page_by_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shop_views, "PAGE", 2)
    for _number in range(3):
        buy(client, "tea", form(client))
    newest, middle, oldest = made()
    page = text(client.get("/orders/"))
    assert (newest in page, middle in page, oldest in page) == (True, True, False)
    earlier = page.partition('href="?below=')[2].partition('"')[0]
    page = text(client.get(f"/orders/?below={earlier}"))
    assert (newest in page, oldest in page, 'href="?below=' in page) == (False, True, False)
    for odd in ("x", "2021-09-01T12:00:00_00000000-0000-0000-0000-000000000000"):
        assert client.get(f"/orders/?below={odd}").status_code == 200


def test_who_gets_a_line_sees_nothing_of_who_had_it(client: Client) -> None:
    buy(client, "tea", form(client))
    [number] = made()
    accounts.unlink_line("A1", "L1", actor=ENGINEER, now=NOW)
    other = at_desk(people.account("B1", "C1", "L1").account_id)
    assert number not in text(other.get("/orders/"))
    assert other.post(f"/orders/{number}/cancel/").status_code == 404


def test_an_order_with_another_address_is_another_order(client: Client) -> None:
    wish = form(client, "hub", **HOME)
    buy(client, "hub", wish)
    buy(client, "hub", {**wish, "street": "2-2"})
    assert len(made()) == 2


@pytest.mark.parametrize("path", ["/orders/a%00/", "/use/pictures/a%00.png"])
def test_odd_addresses_are_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_ordering_asks_for_a_second_factor(client: Client) -> None:
    plain = people.signed_in(people.account("A1"))
    for path in ("/use/tea/", "/orders/X/cancel/"):
        assert plain.get(path)["Location"].startswith("/account/second-step/")
    assert client.get("/use/tea/").status_code == 200
    assert client.get("/use/nothing/").status_code == 404


def test_a_groups_points_are_used_by_who_may(client: Client) -> None:
    group_id = lifecycle.create_group(corporation_id="C1", name="G", representative="A1", actor=ENGINEER, now=NOW)
    plain = people.account("P1", "C1")
    lifecycle.join_group(group_id, account_ids=["P1"], actor=ENGINEER, now=NOW)
    held = points.balance(group_id, date(2021, 9, 1)).spendable
    wish = {**form(client), "payer": str(group_id)}
    assert "Order for 10 points" in look(client, "tea", wish)
    buy(client, "tea", wish)
    assert points.balance(group_id, date(2021, 9, 1)).spendable == held - 10
    other = at_desk(plain.account_id)
    assert str(group_id) not in text(other.get("/use/tea/"))
    groups.grant(group_id, "P1", Role.MANAGE_POINTS, actor=ENGINEER, now=NOW)
    assert str(group_id) in text(other.get("/use/tea/"))


def test_the_points_of_which_there_are_most_are_offered_first(client: Client) -> None:
    del client
    group_id = lifecycle.create_group(corporation_id="C1", name="G", representative="A1", actor=ENGINEER, now=NOW)
    other = at_desk(people.account("P1", "C1").account_id)
    lifecycle.join_group(group_id, account_ids=["P1"], actor=ENGINEER, now=NOW)
    groups.grant(group_id, "P1", Role.MANAGE_POINTS, actor=ENGINEER, now=NOW)
    _before, _name, choices = text(other.get("/use/tea/")).partition('name="payer"')
    offered = findall(r'<option value="([^"]+)"( selected)?>', choices.partition("</select>")[0])
    assert offered == [(str(uid_of(MemberKind.ACCOUNT, "P1")), ""), (str(group_id), " selected")]


def test_who_has_no_line_is_told_so_for_what_needs_one(client: Client) -> None:
    del client
    other = at_desk(people.account("P1", "C1").account_id)
    assert "for members with a line" in text(other.get("/use/battery/"))
    assert "/use/battery/" not in text(other.get("/use/"))


def test_a_picture_is_a_picture_and_never_runs(client: Client, desk: Desk) -> None:
    actions.load(CATALOGUE, actor=ENGINEER, now=NOW)
    answer = client.get("/use/pictures/hub.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "script-src" not in answer["Content-Security-Policy"]
    assert client.get("/use/pictures/none.svg").status_code == 404
    assert '<img src="/use/pictures/hub.svg"' in text(client.get("/use/"))
    del desk


@pytest.mark.parametrize(("path", "most"), [("/use/", 14), ("/use/hub/", 18), ("/orders/", 12)])
def test_pages_ask_the_database_seldom(client: Client, path: str, most: int) -> None:
    for number in range(12):
        actions.set_stock("hub", 10, actor=ENGINEER, now=NOW)
        buy(client, "tea", form(client)) if number < 3 else None
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(path).status_code == 200
    assert len(asked) <= most, [one["sql"][:80] for one in asked]
