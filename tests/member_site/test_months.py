"""Points by month, why a month gave what it gave, and the membership."""

from datetime import date
from threading import BoundedSemaphore
from uuid import uuid4

import pytest
from django.test import Client

from noren.members.rules import MemberKind, uid_of
from tests.member_site import people
from tests.member_site.people import looking, signed_in, text
from tests.members.desk import Desk

L1, L2, S1 = (uid_of(MemberKind.LINE, line) for line in ("L1", "L2", "S1"))
TODAY = date(2021, 9, 24)


@pytest.fixture
def client(desk: Desk) -> Client:
    assert desk.place.home.exists()
    return signed_in(people.account("A1", "C1", "L1", "L2"))


def page(desk: Desk, client: Client, path: str, status: int = 200) -> str:
    with looking(desk.place, TODAY):
        return text(client, path, status)


def test_the_table_has_every_month_and_member(desk: Desk, client: Client) -> None:
    shown = page(desk, client, "/months/")
    assert (
        "Usage month Business account 09000000001 09000000002 Together August 2021 0 10 0 10 July 2021 2 110 9 121"
        in shown
    )
    assert "June 2021" not in shown  # the first closed month is July
    assert "All these months 131" in shown


def test_the_drawing_says_what_it_shows(desk: Desk, client: Client) -> None:
    with looking(desk.place, TODAY):
        html = client.get("/months/").content.decode()
    assert 'role="img"' in html
    assert "Most points: 121 in July 2021." in html
    assert "July 2021, 09000000001: 110</title>" in html
    assert "Programme year" not in html
    assert "style=" not in html


def test_a_programme_year_is_marked_and_a_month_that_is_open_says_so(desk: Desk, client: Client) -> None:
    desk.close("2022-03", "y,2022-03,L1,,call,200")
    with looking(desk.place, date(2022, 5, 24)):
        html = client.get("/months/").content.decode()
        shown = text(client, "/months/")
    assert html.count("Programme year 2022") == 1
    assert "April 2022 not closed not closed not closed March 2022" in shown


def test_a_correction_is_in_its_month(desk: Desk, client: Client) -> None:
    desk.close("2021-07", "a,2021-07,L1,,basic_fee,3980", name="correction")
    assert "July 2021 2 85 9 96" in page(desk, client, "/months/")


def test_more_lines_than_colours_are_drawn_together(desk: Desk) -> None:
    desk.bring("lines", *(f"M{number},C1,,mobile,2020-04-01,,2020-01-01," for number in range(5)), name="more")
    desk.close("2021-09", "y,2021-09,M3,,call,200", "z,2021-09,M4,,call,400")
    client = signed_in(people.account("A1", "C1", *(f"M{number}" for number in range(5))))
    with looking(desk.place, date(2021, 10, 24)):
        shown = text(client, "/months/")
    assert "Usage month Business account M0 M1 Other lines Together September 2021 0 0 0 3 3" in shown


def test_a_month_is_explained_down_to_its_items(desk: Desk, client: Client) -> None:
    shown = page(desk, client, f"/months/2021-07/{L1}/")
    assert "Why these points: 09000000001, July 2021" in shown
    assert "4,480 / 200, rounded down: 22; 22 x 5 = 110 points" in shown
    assert "Everything on the bill 7,480" in shown
    assert "Less what earns no points −3,000" in shown
    assert "Rounding to full units −80" in shown
    assert "Yen that earn points 4,400" in shown
    assert "a Basic fee 4,980 Counts" in shown
    assert "c Device instalment 3,000 Left out: earns no points in this programme" in shown
    assert "Counted 4,480" in shown
    assert "K1 Office extension Jan. 1, 2021 Counts" in shown
    assert "K2 Info mail Jan. 1, 2021 Left out" in shown
    assert "Months of tenure in July 2021 111" in shown
    assert "Eligible solutions on May 31, 2021 1" in shown
    assert "Aug. 10, 2021 Grant Normal points May 31, 2025 +110" in shown
    assert "May 31, 2025 Normal points every use 120 0 0 120" in shown


def test_who_was_no_member_in_the_month_is_told_why(desk: Desk) -> None:
    desk.bring("lines", "N1,C1,09000000008,mobile,2012-04-01,,2021-08-05,", name="joined")
    shown = page(desk, signed_in(people.account("A1", "C1", "N1")), f"/months/2021-07/{uid_of(MemberKind.LINE, 'N1')}/")
    assert "No member in this month. Not joined by the end of the month." in shown


def test_out_of_scope_is_not_found(desk: Desk, client: Client) -> None:
    for month, uid in (
        ("2021-07", S1),
        ("2021-07", uuid4()),
        ("2021-09", L1),
        ("2021-13", L1),
        ("2021-7", L1),
        ("0000-01", L1),
    ):
        page(desk, client, f"/months/{month}/{uid}/", 404)
    page(desk, client, "/months/2021-07/x/", 404)


@pytest.mark.parametrize("harm", ["gone", "other rows", "no parquet"])
def test_an_archive_that_cannot_be_read_is_told_without_naming_files(desk: Desk, client: Client, harm: str) -> None:
    archive = desk.place.home / "archive" / "2021-07"
    bills = sorted(path for path in archive.rglob("*.parquet") if "bill" in str(path) or "item" in str(path))
    target = bills[0] if bills else archive / "rated-1.parquet"
    if harm == "gone":
        target.unlink()
    elif harm == "other rows":
        target.write_bytes((archive / "stages-1.parquet").read_bytes())
    else:
        target.write_bytes(b"PAR1 nothing")
    shown = page(desk, client, f"/months/2021-07/{L1}/", 400)
    assert "The bill items of 2021-07 cannot be shown at the moment." in shown
    assert "explanation.unavailable" in shown
    assert "parquet" not in shown


def test_a_look_that_finds_no_turn_is_sent_away(desk: Desk, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = BoundedSemaphore(1)
    taken.acquire()
    monkeypatch.setattr("noren.web.archive._turns", taken)
    monkeypatch.setattr("noren.web.archive.PATIENCE", 0.01)
    page(desk, client, f"/months/2021-07/{L1}/", 429)


def test_the_membership_tells_who_and_by_which_rules(desk: Desk, client: Client) -> None:
    shown = page(desk, client, "/membership/")
    assert "Company 見本商事" in shown
    assert "Member since Jan. 1, 2020" in shown
    assert "09000000001 Mobile Jan. 1, 2020 April 1, 2012 grand-premier" in shown
    assert "Business members programme Rules reference/2021-07-01" in shown
    assert "gold eligible solutions: 2 or more 10" in shown
    assert "grand-premier tenure of 180 or more months, or eligible solutions: exactly 1 5" in shown
    assert "1st otherwise 1" in shown


def test_the_menu_marks_the_page(desk: Desk, client: Client) -> None:
    for path in ("/", "/history/", "/months/", "/membership/"):
        with looking(desk.place, TODAY):
            assert f'<a href="{path}" aria-current="page">' in client.get(path).content.decode()
