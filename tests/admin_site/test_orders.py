"""What was ordered with a group's points: who sees which of it, by state, page by page, as a file, with its history."""

import csv
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from noren.admin_site import pool_orders
from noren.groups import actions as groups_actions
from noren.groups.rules import Role
from noren.lifecycle import actions as lifecycle
from noren.orders import actions
from tests.admin_site.people import administrator, at_desk, now, person, text, who
from tests.admin_site.test_bills import a_group, account, give, unit_of
from tests.members.desk import Desk
from tests.orders.shop import HOME, load, place, wish


@pytest.fixture
def group(desk: Desk) -> UUID:
    """A group of L1, which leads it, and L2, with 1,000 points, and a catalogue."""
    load(desk.folder)
    actions.set_stock("hub", 10, **who())
    return a_group(person("leader", lines=["L1"]))


def tea(group: UUID, quantity: int, *, for_: str = "L1") -> str:
    """So much tea, ordered by the leader so many minutes ago."""
    at = now() - timedelta(minutes=quantity)
    asked = wish("tea", quantity, 10 * quantity, for_=for_)
    return place(asked, key=str(quantity), payer=group, account_id=account("leader"), now=at)


def test_who_leads_a_group_sees_what_its_points_bought(group: UUID) -> None:
    number = tea(group, 3, for_="L2")
    give("L3", 500, days=400)
    place(wish("tea", 9, 90, for_="L3"), now=now())
    client, url = at_desk(account("leader")), f"/manage/points/{group}/orders/"
    assert url in text(client.get(f"/manage/points/{group}/"))
    page = text(client.get(url))
    for told in (number, "090-2222-2222", "Tea", ">3<", ">30<", "Received"):
        assert told in page, told
    assert page.count('<th scope="row">') == 1, "the points of L3 are its own"
    answer: Any = client.get(f"{url}file/")
    rows = list(csv.reader(b"".join(answer.streaming_content).decode().splitlines()))
    assert rows[0][-1] == "State"
    assert [row[1:] for row in rows[1:]] == [[number, "090-2222-2222", "Tea", "3", "30", "Received"]]


def test_an_order_tells_its_history_and_not_where_it_is_delivered_to(group: UUID, desk: Desk) -> None:
    number = place(wish(points=120), payer=group, account_id=account("leader"), now=now())
    actions.cancel(number, note="ordered twice", **who())
    page = text(at_desk(account("leader")).get(f"/manage/points/{group}/orders/{number}/"))
    for told in (number, "Hub", "Leader", "Received", "Cancelled", "ordered twice", "090-1111-1111"):
        assert told in page, told
    assert not [word for word in (HOME.name, HOME.city, HOME.phone) if word in page]
    refused = place(wish(points=120), payer=group, account_id=account("leader"), now=now(), key="b")
    actions.hand_over("parts", **who())
    answer = desk.folder / "answer.csv"
    answer.write_text(f"order_number,state,tracking,note\n{refused},refused,,nobody of that name there\n")
    desk.place.noren("order", "answer", "parts", answer)
    page = text(at_desk(account("leader")).get(f"/manage/points/{group}/orders/{refused}/"))
    assert ("Could not be fulfilled" in page, "nobody of that name" in page) == (True, False)


def test_states_are_chosen_from(group: UUID) -> None:
    waiting, ended = tea(group, 1), tea(group, 2)
    actions.cancel(ended, **who())
    client, url = at_desk(account("leader")), f"/manage/points/{group}/orders/"
    for state, shown in (
        ("ordered", {waiting}),
        ("cancelled", {ended}),
        ("sent", set()),
        ("", {waiting, ended}),
        ("odd", {waiting, ended}),
    ):
        page = text(client.get(f"{url}?state={state}"))
        assert {one for one in (waiting, ended) if one in page} == shown, state
        answer: Any = client.get(f"{url}file/?state={state}")
        assert b"".join(answer.streaming_content).count(b"\r\n") == 1 + len(shown), state


def test_pages_and_pieces_of_the_file_follow_each_other(group: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_orders, "PAGE", 2)
    monkeypatch.setattr(pool_orders, "FILE_PAGE", 2)
    numbers = [tea(group, minutes) for minutes in (1, 2, 3, 4, 5)]
    client, url = at_desk(account("leader")), f"/manage/points/{group}/orders/"
    seen, path = [], url
    for _page in range(3):
        page = text(client.get(path))
        seen += [one for one in numbers if one in page]
        path = url + page.partition('">Older')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert seen == numbers
    assert 'rel="next"' not in page
    answer: Any = client.get(f"{url}file/")
    told = b"".join(answer.streaming_content).decode()
    assert [line.split(",")[1] for line in told.splitlines()[1:]] == numbers
    assert client.get(f"{url}?behind=odd").status_code == 200


def test_who_manages_points_of_a_unit_sees_its_orders_and_no_others(group: UUID) -> None:
    part, plain = person("part"), person("plain")
    unit = unit_of(group, "Osaka", "second")
    groups_actions.grant(group, part, Role.MANAGE_POINTS, units=[unit], **who())
    groups_actions.grant(group, plain, Role.MANAGE_USERS, **who())
    lines_unit = {"L1": tea(group, 1, for_="L1"), "second": tea(group, 2, for_="account:" + account("second"))}
    client, url = at_desk(part), f"/manage/points/{group}/orders/"
    page = text(client.get(url))
    assert (lines_unit["second"] in page, lines_unit["L1"] in page) == (True, False)
    assert url in text(client.get("/manage/points/"))
    assert client.get(f"{url}{lines_unit['second']}/").status_code == 200
    assert client.get(f"{url}{lines_unit['L1']}/").status_code == 404
    answer: Any = client.get(f"{url}file/")
    assert lines_unit["L1"] not in b"".join(answer.streaming_content).decode()
    for account_id, status in ((plain, 403), (administrator("stranger", "C2"), 404)):
        for path in ("", "file/", f"{lines_unit['L1']}/"):
            assert at_desk(account_id).get(f"{url}{path}").status_code == status, (account_id, path)


def test_an_order_of_other_points_is_not_there(group: UUID) -> None:
    give("L3", 500, days=400)
    theirs = place(wish("tea", 9, 90, for_="L3"), now=now())
    client, url = at_desk(account("leader")), f"/manage/points/{group}/orders/"
    for number in (theirs, "7K3M9-QPD2X"):
        assert client.get(f"{url}{number}/").status_code == 404


def test_who_has_left_the_group_is_not_named(group: UUID) -> None:
    number = tea(group, 1, for_="L2")
    lifecycle.leave_group(group, line_ids=["L2"], **who())
    page = text(at_desk(account("leader")).get(f"/manage/points/{group}/orders/"))
    assert (number in page, "No longer in the group" in page, "090-2222-2222" in page) == (True, True, False)


def test_the_pages_take_few_statements(group: UUID) -> None:
    number = [tea(group, minutes) for minutes in range(1, 10)][-1]
    client, url = at_desk(account("leader")), f"/manage/points/{group}/orders/"
    client.get(url)
    for path, most in (("", 6), (f"{number}/", 9)):
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"{url}{path}").status_code == 200
        assert len(caught) == most, [one["sql"] for one in caught]
