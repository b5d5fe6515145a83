"""The history: order, balance, filters, pages, the file."""

import csv
import io
from datetime import date, timedelta
from html import unescape
from re import findall

import pytest
from django.test import Client

from noren.members.rules import MemberKind, uid_of
from noren.points import actions as points
from noren.points.rules import LotKey
from tests.cast import ENGINEER, NOW
from tests.member_site import people
from tests.member_site.people import looking, signed_in, text
from tests.members.desk import Desk

L1, L2 = (uid_of(MemberKind.LINE, line) for line in ("L1", "L2"))
TODAY = date(2021, 11, 24)
NORMAL = LotKey(kind="normal", is_limited=False, uses="*", lapses_on=date(2025, 5, 31))


@pytest.fixture
def client(desk: Desk) -> Client:
    assert desk.place.home.exists()
    return signed_in(people.account("A1", "C1", "L1", "L2"))


def spend(amount: int, on: date) -> None:
    points.spend(
        wallet_id=L1, points=amount, use="bill", on=on, actor=ENGINEER, now=NOW, key=f"{on}-{amount}", reason="bill"
    )


def add(times: int) -> None:
    for number in range(times):
        on = date(2021, 10, 1) + timedelta(days=number // 3)
        points.adjust(
            wallet_id=L2,
            points=number + 1,
            lot=NORMAL,
            on=on,
            actor=ENGINEER,
            now=NOW,
            key=f"a{number}",
            reason="gift",
        )


def rows(desk: Desk, client: Client, query: str = "") -> list[dict[str, str]]:
    with looking(desk.place, TODAY):
        answer = client.get(f"/history.csv{query}")
        body = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert body.startswith("\ufeff")
    assert "\n" not in body.replace("\r\n", "")
    return list(csv.DictReader(io.StringIO(body.removeprefix("\ufeff"))))


def shown(rows: list[dict[str, str]]) -> list[tuple[str, str, str, str]]:
    return [(row["Day"], row["Movement"], row["Points"], row["Balance"]) for row in rows]


def test_the_newest_is_first_with_the_balance_of_all_members_after_it(desk: Desk, client: Client) -> None:
    spend(30, date(2021, 9, 20))
    found = rows(desk, client)
    assert shown(found)[:2] == [("2021-09-20", "Use", "-30", "101"), ("2021-09-10", "Grant", "10", "131")]
    assert [int(row["Balance"]) for row in found][2] == 121
    assert {row["Member"] for row in found} == {"09000000001", "09000000002", "Business account"}
    assert found[0]["What"] == "Bill"
    assert [row["Usage month"] for row in found[:2]] == ["", "2021-08"]
    with looking(desk.place, TODAY):
        page = text(client, "/history/")
    assert "Sept. 20, 2021 Use −30 101 09000000001 Bill" in page
    assert "Sept. 10, 2021 Grant +10 131 09000000001 Normal points August 2021 May 31, 2025" in page


def test_filters_narrow_the_rows_and_keep_the_balance(desk: Desk, client: Client) -> None:
    spend(30, date(2021, 9, 20))
    assert shown(rows(desk, client, "?movement=spend")) == [("2021-09-20", "Use", "-30", "101")]
    assert shown(rows(desk, client, "?since=2021-09-01&until=2021-09-19")) == [("2021-09-10", "Grant", "10", "131")]
    # Of one member, the balance is that member's.
    assert shown(rows(desk, client, f"?member={L2}")) == [("2021-08-10", "Grant", "9", "9")]


def test_pages_of_fifty_go_on_where_the_one_before_ended(desk: Desk, client: Client) -> None:
    add(120)
    seen: list[str] = []
    path, sizes = "/history/?movement=adjust", []
    while path:
        with looking(desk.place, TODAY):
            page = client.get(path).content.decode()
        here = findall(r'<td class="points">(\+\d+)</td>', page)
        sizes.append(len(here))
        seen += here
        older = findall(r'<a href="(\?[^"]*below[^"]*)"', page)
        path = f"/history/{unescape(older[0])}" if older else ""
    assert sizes == [50, 50, 20]
    assert sorted(int(one) for one in seen) == list(range(1, 121))
    assert [row["Points"] for row in rows(desk, client, "?movement=adjust")] == [one.removeprefix("+") for one in seen]


def test_the_file_is_read_to_its_end_whatever_its_page(
    desk: Desk, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(10)
    before = rows(desk, client)
    monkeypatch.setattr("noren.member_site.statements.FILE_PAGE", 3)
    assert rows(desk, client) == before
    assert len(before) == 14


def test_no_cell_of_the_file_is_a_formula(desk: Desk) -> None:
    desk.bring("lines", "=1+1,C1,,mobile,2012-04-01,,2020-01-01,", name="risky")
    desk.close("2021-09", "z,2021-09,=1+1,,call,400")
    found = rows(desk, signed_in(people.account("A1", "C1", "=1+1", "L1")))
    assert found[0]["Member"] == "'=1+1"


def test_a_filter_that_cannot_be_read_is_told(desk: Desk, client: Client) -> None:
    with looking(desk.place, TODAY):
        assert "Enter a valid date." in text(client, "/history/?since=yesterday")
        assert "The last day is before the first one." in text(client, "/history/?since=2021-09-02&until=2021-09-01")
        answer = client.get("/history.csv?since=yesterday")
    assert (answer.status_code, answer["Location"]) == (302, "/history/?since=yesterday")


def test_nobody_elses_member_can_be_asked_for(desk: Desk, client: Client) -> None:
    stranger = uid_of(MemberKind.LINE, "S1")
    with looking(desk.place, TODAY):
        assert "is not one of the available choices" in text(client, f"/history/?member={stranger}")


def test_a_place_that_cannot_be_read_is_not_found(desk: Desk, client: Client) -> None:
    for place in ("x", "2021-01-01_2021-01-01T00:00:00_1_2", f"2021-01-01_2021-01-01T00:00:00_{L1}_{L1}"):
        with looking(desk.place, TODAY):
            assert client.get("/history/", {"below": place}).status_code == 404
