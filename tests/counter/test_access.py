"""The desk is there for the operator's people alone, behind a fresh second factor; each sees their own shop."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import Error, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern

from noren.desk import urls
from noren.groups import actions as groups
from noren.groups import queries
from noren.groups.rules import Permission
from noren.lifecycle import actions as lifecycle
from tests.admin_site.people import administrator, at_desk, who
from tests.counter.shop import clerk, find, offer, quoted, uid
from tests.members.desk import Desk

PATHS = ("", "sell/{uid}/", "quotes/{id}/", "quotes/{id}/return/", "quotes/{id}/receipts/1/ja/")
ACTS = ("quotes/{id}/code/", "quotes/{id}/consent/code/", "quotes/{id}/consent/signature/", "quotes/{id}/cancel/")


def paths(*wanted: str) -> list[str]:
    return [f"/desk/{one.format(uid=uid('L1'), id=uuid4())}" for one in wanted]


def test_every_page_names_a_permission() -> None:
    for entry in urls.urlpatterns:
        assert isinstance(entry, URLPattern)
        view: Any = entry.callback
        while not hasattr(view, "permission"):
            assert hasattr(view, "__wrapped__"), entry.name
            view = view.__wrapped__
        assert view.permission in {Permission.COUNTER_SELL, Permission.COUNTER_REVERSE}


@pytest.mark.parametrize("minutes_ago", [0, 11])
def test_to_everybody_else_it_is_not_there(desk: Desk, minutes_ago: int) -> None:
    del desk
    for who_asks in ("hanako", administrator("boss")):
        client = at_desk(who_asks, minutes_ago=minutes_ago)
        assert {client.get(path).status_code for path in paths(*PATHS)} == {404}
        assert {client.post(path).status_code for path in paths(*ACTS)} == {404}


def test_an_old_second_factor_is_asked_for(desk: Desk) -> None:
    del desk
    old = clerk(minutes_ago=11)
    assert old.get("/desk/")["Location"] == "/account/second-step/?next=%2Fdesk%2F"
    for path in paths(*ACTS):
        assert old.post(path)["Location"].startswith("/account/second-step/")
    assert clerk().get("/desk/").status_code == 200


def test_another_shop_has_other_quotes(client: Client) -> None:
    quote_id = quoted(client)
    other = clerk("other")
    assert other.get(f"/desk/quotes/{quote_id}/").status_code == 404
    for path in ACTS:
        assert other.post(f"/desk/{path.format(id=quote_id)}").status_code == 404
    assert str(quote_id) not in other.get("/desk/").content.decode()
    assert str(quote_id) in clerk("sales").get("/desk/").content.decode()


def test_whoever_is_removed_or_ends_is_out_at_once(client: Client, desk: Desk) -> None:
    assert client.get("/desk/").status_code == 200
    desk.place.noren("staff", "remove", "clerk")
    assert client.get("/desk/").status_code == 404
    assert "staff.none" in desk.place.noren("staff", "remove", "clerk", check=False).stderr
    lifecycle.abolish("sales", **who())
    assert queries.staff_of("sales") is None


def test_people_are_added_and_listed_on_the_terminal(desk: Desk) -> None:
    add = ("staff", "add", "hanako", "--role", "sales", "--shop", "S1", "--shop-name", "新しい駅前店")
    desk.place.noren(*add)
    listed = json.loads(desk.place.noren("staff", "list", "--json").stdout)
    assert {row["shop_name"] for row in listed if row["shop"] == "S1"} == {"新しい駅前店"}
    assert "Sales representative" in desk.place.noren("staff", "list").stdout
    assert "staff.bad_shop" in desk.place.noren(*add[:6], "S 1", *add[7:], check=False).stderr
    assert "group.bad_name" in desk.place.noren(*add[:8], " ", check=False).stderr
    assert at_desk("hanako").get("/desk/").status_code == 200


def test_staff_is_no_role_at_a_customer(desk: Desk) -> None:
    del desk
    assert queries.held("clerk") == ()
    assert queries.holding(["clerk", "hanako"]) == ["clerk"]


def test_the_pages_of_a_clerk_take_few_statements(client: Client) -> None:
    quote_id = quoted(client)
    for path in ("/desk/", f"/desk/quotes/{quote_id}/", f"/desk/sell/{uid('L1')}/"):
        with CaptureQueriesContext(connection) as caught:
            assert client.get(path).status_code == 200
        assert len(caught) <= 20, (path, len(caught))


@pytest.mark.parametrize("path", ["sell/x/", "quotes/x/", "quotes/{id}/consent/%00/", "quotes/{id}/receipts/x/ja/"])
def test_odd_addresses_are_not_there(client: Client, path: str) -> None:
    assert client.get(f"/desk/{path.format(id=uuid4())}").status_code in {404, 405}


@pytest.mark.parametrize("field", ["text", "name"])
def test_zero_bytes_are_refused(client: Client, field: str) -> None:
    answer = client.post("/desk/", {field: "a\0b", "corporation": "a\0b"})
    assert answer.status_code == 200
    given = {**offer(client), "description_1": "a\0b"}
    assert client.post(f"/desk/sell/{uid('L1')}/", given).status_code == 200


def test_receipts_are_never_changed(client: Client) -> None:
    find(client)
    with pytest.raises(Error, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("UPDATE counter_receipt SET points = 0")
    with pytest.raises(Error, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM counter_receipt")


def test_nobody_of_a_customer_gets_a_permission_of_the_counter(desk: Desk) -> None:
    del desk
    groups.make_administrator("hanako", **who())
    assert not any(one.role == "clerk" for one in queries.held("hanako"))
    assert at_desk("hanako").get("/desk/").status_code == 404
