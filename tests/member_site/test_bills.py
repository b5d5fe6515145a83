"""Points for bills, used by their person: a look first, once however often it is sent, only what is one's own."""

from collections.abc import Iterator
from datetime import date
from html import unescape
from re import findall
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from noren.points import queries as points
from noren.spending import queries
from tests.admin_site.people import at_desk
from tests.member_site import people
from tests.members.desk import Desk
from tests.spending.desk import uid

PAY = "/bills/pay/"


@pytest.fixture(autouse=True)
def _september(desk: Desk) -> Iterator[None]:
    people.account("A1", "C1", "L1", "L2")
    with people.looking(desk.place, date(2021, 9, 1)):
        yield


@pytest.fixture
def client() -> Client:
    """A1's browser, a second factor given just now."""
    return at_desk("A1")


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def form(client: Client, amount: object, bill: str = "L1", payer: str = "L1") -> dict[str, str]:
    key = findall(r'name="key" value="([^"]+)"', text(client.get(PAY)))
    return {"bill": str(uid(bill)), "payer": str(uid(payer)), "points": str(amount), "key": key[0]}


def looked_at(wish: dict[str, str]) -> dict[str, str]:
    """The wish as the button sends it that stands below the look."""
    return {**wish, "looked_at": f"{wish['bill']}/{wish['payer']}/{wish['points']}"}


def left() -> int:
    return points.balance(uid("L1"), date(2021, 9, 1)).spendable


def test_a_look_takes_nothing_and_tells_which_points_it_would_be(client: Client) -> None:
    before = left()
    answer = text(client.post(PAY, form(client, 50)))
    assert "Use 50 points" in answer
    assert f'<dd class="points">{before - 50}</dd>' in answer
    assert (left(), queries.allocations([uid("L1")])) == (before, [])


def test_what_was_looked_at_is_taken_once_however_often_it_is_sent(client: Client) -> None:
    before = left()
    wish = looked_at(form(client, 50))
    for _time in range(2):
        answer = client.post(PAY, wish)
        assert (answer.status_code, answer["Location"]) == (302, "/bills/")
    assert left() == before - 50
    shown = text(client.get("/bills/"))
    assert "The points are reserved for the bill." in shown
    [row] = queries.allocations([uid("L1")])
    assert (row.points, row.month, row.made_by) == (50, date(2021, 9, 1), "member:A1")


def test_all_there_is_sent_twice_is_no_refusal_the_second_time(client: Client) -> None:
    wish = looked_at(form(client, left()))
    assert [client.post(PAY, wish).status_code for _time in range(2)] == [302, 302]
    assert left() == 0


def test_only_what_was_looked_at_is_taken(client: Client) -> None:
    wish = looked_at(form(client, 50))
    answer = text(client.post(PAY, {**wish, "points": "60"}))
    assert "Use 60 points" in answer
    assert queries.allocations([uid("L1")]) == []
    client.post(PAY, wish)
    again = text(client.post(PAY, looked_at({**wish, "points": "60"})))
    assert 'role="alert"' in again
    assert [row.points for row in queries.allocations([uid("L1")])] == [50]


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        ("", "Enter how many points."),
        ("x", "Enter a whole number."),
        ("0", "greater than or equal to 1"),
    ],
)
def test_a_wrong_number_is_told(client: Client, amount: str, told: str) -> None:
    assert told in text(client.post(PAY, looked_at(form(client, amount))))
    assert queries.allocations([uid("L1")]) == []


def test_more_than_there_is_is_told_at_the_look_and_at_the_last_moment(client: Client) -> None:
    assert "There are not as many points that can pay bills." in text(client.post(PAY, form(client, 9_999_999)))
    assert "9999999 points are asked for" in text(client.post(PAY, looked_at(form(client, 9_999_999))))
    assert queries.allocations([uid("L1")]) == []


def test_somebody_elses_bill_or_points_are_not_offered(client: Client) -> None:
    people.account("A2", "C2", "S1")
    for wish in (looked_at(form(client, 5, bill="S1")), looked_at(form(client, 5, payer="S1"))):
        assert client.post(PAY, wish).status_code == 200
    assert queries.allocations([uid("L1"), uid("S1")]) == []


def test_without_a_fresh_second_factor_it_is_asked_for_first() -> None:
    client = at_desk("A1", minutes_ago=11)
    for answer in (client.get(PAY), client.post(PAY, {})):
        assert (answer.status_code, answer["Location"]) == (302, "/account/second-step/?next=%2Fbills%2Fpay%2F")
    assert client.get("/bills/").status_code == 200


def test_a_page_takes_few_statements(client: Client) -> None:
    client.post(PAY, looked_at(form(client, 5)))
    with CaptureQueriesContext(connection) as caught:
        assert client.get("/bills/").status_code == 200
    assert len(caught) <= 12, [one["sql"][:80] for one in caught]
