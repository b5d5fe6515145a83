"""What points buy, ordered by a partner in the name of a person."""

from datetime import timedelta
from typing import Any

import pytest

from noren.api import clock
from noren.orders import actions
from noren.points import queries as points
from tests.api import partner as partners
from tests.api.partner import NOW, Partner
from tests.api.test_reading import told
from tests.cast import ENGINEER
from tests.members.desk import Desk
from tests.orders.shop import LIMITED, ONLY_NORMAL, load, order
from tests.spending.desk import give, uid

HOME = {
    "name": "山田花子",
    "postal_code": "1000001",
    "prefecture": "東京都",
    "city": "千代田区千代田",
    "street": "1-1",
    "phone": "0312345678",
}


@pytest.fixture(autouse=True)
def _catalogue(_september: None, desk: Desk) -> None:
    load(desk.folder)
    actions.set_stock("hub", 10, actor=ENGINEER, now=NOW)
    give("L1", 5000)


def left() -> int:
    return points.balance(uid("L1"), NOW.date()).spendable


def place(
    partner: Partner, item: str = "tea", quantity: int = 1, amount: int = 10, *, key: str = "", **more: Any
) -> Any:
    body = {"item": item, "quantity": quantity, "points": amount, **more}
    return partner.post(f"/members/{uid('L1')}/orders", body, key=key)


def test_the_catalogue_tells_what_an_order_needs(partner: Partner) -> None:
    items = {item["code"]: item for item in told(partner.get("/catalogue"))["items"]}
    assert items["hub"] | {"text": ""} == items["hub"]
    assert (items["hub"]["points"], items["hub"]["available"], items["hub"]["needs_address"]) == (120, 10, True)
    assert (items["battery"]["needs_line"], items["battery"]["needs_phone_model"]) == (True, True)
    assert (items["gift"]["least"], items["gift"]["step"], items["gift"]["is_final"]) == (100, 100, True)


def test_an_item_tells_its_kinds_and_takes_points_of_these_alone(partner: Partner, desk: Desk) -> None:
    load(desk.folder, ONLY_NORMAL)
    give("L1", 400, LIMITED)
    items = {item["code"]: item["kinds"] for item in told(partner.get("/catalogue"))["items"]}
    assert (items["gift"], items["tea"]) == (["normal"], None)
    normal = points.usable(uid("L1"), "donation", NOW.date(), ("normal",))
    more = normal // 100 * 100 + 100
    refused = told(place(partner, "gift", more, more), 409)
    assert refused["code"] == "points.insufficient"
    assert f"{normal} can be used" in refused["detail"]


def test_an_order_is_placed_once_and_seen_and_cancelled(partner: Partner) -> None:
    before = left()
    first, again = (place(partner, "hub", 2, 240, key="one-order-key", address=HOME) for _time in range(2))
    made = told(first, 201)
    assert told(again, 201) == made
    assert first["Location"] == f"/api/v1/orders/{made['number']}"
    assert left() == before - 240
    assert told(partner.get(f"/orders/{made['number']}")) == made
    assert told(partner.get("/orders")) == {"items": [made], "next": None}
    assert "山田" not in str(made)
    assert order(made["number"]).address.street == "1-1"
    assert told(partner.post(f"/orders/{made['number']}/cancel"))["state"] == "cancelled"
    assert left() == before


def test_a_list_of_orders_goes_on_page_by_page(partner: Partner) -> None:
    made = {told(place(partner), 201)["number"] for _time in range(5)}
    first = told(partner.get("/orders", limit=3))
    rest = told(partner.get("/orders", limit=3, cursor=first["next"]))
    assert {one["number"] for one in (*first["items"], *rest["items"])} == made
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (3, 2, None)


@pytest.mark.parametrize(
    ("wished", "more", "status", "code"),
    [
        (("nothing", 1, 10), {}, 404, "catalogue.unknown_item"),
        (("tea", 1, 11), {}, 409, "order.price_changed"),
        (("tea", 11, 110), {}, 409, "order.quantity"),
        (("hub", 1, 120), {}, 409, "order.needs_address"),
        (("hub", 1, 120), {"address": HOME | {"name": "=1"}}, 409, "order.text"),
        (("battery", 1, 50), {"phone_model": "iPhone"}, 409, "order.not_for_model"),
        (("gift", 50_000, 50_000), {}, 409, "points.insufficient"),
        (("tea", 1, 10), {"wrapping": "red"}, 422, "api.invalid"),
        (("hub", 1, 120), {"address": HOME | {"postal_code": "1"}}, 422, "api.invalid"),
    ],
)
def test_what_is_refused_is_told_and_takes_nothing(
    partner: Partner, wished: tuple[str, int, int], more: dict[str, Any], status: int, code: str
) -> None:
    before = left()
    assert told(place(partner, *wished, **more), status)["code"] == code
    assert (left(), told(partner.get("/orders"))["items"]) == (before, [])


def test_orders_of_others_are_not_there(partner: Partner) -> None:
    number = told(place(partner), 201)["number"]
    other = Partner.registered(name="Other").of("A2")
    assert told(other.get(f"/orders/{number}"), 404)["code"] == "order.unknown"
    assert told(other.post(f"/orders/{number}/cancel"), 404)["code"] == "order.unknown"
    assert told(other.get("/orders"))["items"] == []


def test_ordering_needs_the_scope_and_a_fresh_factor(desk: Desk) -> None:
    reader = Partner.registered("openid", "points:read").of("A1")
    assert told(place(reader), 403)["code"] == "api.scope_missing"
    assert told(reader.get("/catalogue"))["items"]
    with partners.at(desk.place, NOW + timedelta(seconds=1)):
        old = Partner.registered(name="Slow").of("A1", age=601)
        answer = place(old)
        assert told(answer, 401)["code"] == "api.factor_needed"
        assert clock.now() > NOW
