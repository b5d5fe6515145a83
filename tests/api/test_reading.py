"""What a partner reads: the members of its token's person, and why they have their points."""

import json
from datetime import datetime
from typing import Any

import pytest

from noren.points.queries import balance
from noren.spending.rules import BILL
from tests.api.partner import NOW, Partner
from tests.members.desk import Desk
from tests.spending.desk import uid


def told(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return answer.json()


def test_members_are_the_account_and_its_lines(partner: Partner) -> None:
    items = told(partner.get("/members"))["items"]
    assert [(one["kind"], one["member_id"], one["id"]) for one in items] == [
        ("account", "A1", str(items[0]["id"])),
        ("line", "L1", str(uid("L1"))),
        ("line", "L2", str(uid("L2"))),
    ]
    assert items[1]["joined_on"] == "2020-01-01"
    assert not items[1]["is_pooled"]


def test_the_balance_is_the_ledgers(partner: Partner) -> None:
    found = told(partner.get(f"/members/{uid('L1')}/balance"))
    ours = balance(uid("L1"), NOW.date())
    assert found == {"total": ours.total, "limited": ours.limited, "spendable": ours.spendable, "on": "2021-09-01"}
    assert ours.total > 0


def test_lots_come_in_the_order_of_use(partner: Partner) -> None:
    [lot] = told(partner.get(f"/members/{uid('L1')}/lots"))["items"]
    assert (lot["kind"], lot["uses"], lot["lapses_on"], lot["remaining"]) == ("normal", "*", "2025-05-31", 120)


def test_the_history_goes_on_where_the_page_before_ended(partner: Partner) -> None:
    path = f"/members/{uid('L1')}/history"
    whole = told(partner.get(path))
    assert (len(whole["items"]), whole["next"]) == (2, None)
    assert [one["movement"] for one in whole["items"]] == ["grant", "grant"]
    first = told(partner.get(path, limit=1))
    second = told(partner.get(path, limit=1, cursor=first["next"]))
    assert first["items"] + second["items"] == whole["items"]
    assert second["next"] is None


@pytest.mark.parametrize("cursor", ["x", "YQ:abc", "日本", "a" * 500, "\x00", "WyJhIl0:" + "a" * 43])
def test_a_cursor_that_was_not_given_out_is_refused(partner: Partner, cursor: str) -> None:
    for path in ("history", "reservations"):
        answer = partner.get(f"/members/{uid('L1')}/{path}", cursor=cursor)
        assert told(answer, 400)["code"] == "api.bad_cursor"


def test_a_cursor_of_another_list_is_refused(partner: Partner) -> None:
    cursor = told(partner.get(f"/members/{uid('L1')}/history", limit=1))["next"]
    assert partner.get(f"/members/{uid('L1')}/reservations", cursor=cursor).status_code == 400


def test_an_explanation_is_what_the_command_says(partner: Partner, desk: Desk) -> None:
    found = told(partner.get(f"/members/{uid('L1')}/months/2021-07/explanation"))
    ours = json.loads(desk.place.noren("explain", "L1", "2021-07", "--json").stdout)
    times = [[datetime.fromisoformat(one.pop("booked_at")) for one in side["postings"]] for side in (found, ours)]
    assert times[0] == times[1]
    assert found == ours
    assert found["rating"]["points"] == 110


def test_a_month_that_is_not_closed_has_no_explanation(partner: Partner) -> None:
    answer = partner.get(f"/members/{uid('L1')}/months/2021-09/explanation")
    assert told(answer, 404)["code"] == "close.not_closed"


@pytest.mark.parametrize("path", ["balance", "lots", "history", "months/2021-07/explanation", "reservations"])
def test_a_member_of_somebody_else_does_not_exist(partner: Partner, path: str) -> None:
    for stranger in (uid("S1"), uid("N1"), uid("nobody")):
        assert told(partner.get(f"/members/{stranger}/{path}"), 404)["code"] == "api.unknown_member"


def test_fields_that_are_wrong_are_named_in_the_callers_language(partner: Partner) -> None:
    answer = partner.get(f"/members/{uid('L1')}/history", limit=0, since="soon", movement="theft")
    found = told(answer, 422)
    assert answer["Content-Type"] == "application/problem+json"
    assert {(one["place"], one["field"], one["code"]) for one in found["errors"]} == {
        ("query", "limit", "greater_than_equal"),
        ("query", "since", "date_from_datetime_parsing"),
        ("query", "movement", "enum"),
    }
    assert "This must be 1 or more." in [one["reason"] for one in found["errors"]]


def test_what_stands_nowhere_and_other_methods_are_problems(partner: Partner) -> None:
    for path in ("/", "/nothing", "/members/", f"/members/{uid('L1')}"):
        assert told(partner.get(path), 404)["code"] == "api.unknown_address", path
    answer = partner.post("/members")
    assert told(answer, 405)["code"] == "api.wrong_method"
    assert answer["Allow"] == "GET"


def test_points_for_bills_are_not_reserved(partner: Partner) -> None:
    assert told(partner.reserve(5, use=BILL), 409)["code"] == "reservation.bill"
