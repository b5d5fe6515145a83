"""The first page: what a person has, what lapses, which stage and why, what the last month gave."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from noren.members.rules import MemberKind, uid_of
from noren.points import actions as points
from noren.points.rules import LotKey, WalletKey
from tests.cast import ENGINEER, NOW
from tests.member_site import people
from tests.member_site.people import looking, signed_in, text
from tests.members.desk import Desk

L1, L2, S1 = (uid_of(MemberKind.LINE, line) for line in ("L1", "L2", "S1"))
SEPTEMBER = date(2021, 9, 24)
LIMITED = LotKey(kind="limited", is_limited=True, uses="bill", lapses_on=date(2021, 10, 31))


@pytest.fixture
def client(desk: Desk) -> Client:
    assert desk.place.home.exists()
    return signed_in(people.account("A1", "C1", "L1", "L2", "N1"))


def home(desk: Desk, client: Client, day: date = SEPTEMBER) -> str:
    with looking(desk.place, day):
        return text(client, "/")


def bonus(amount: int = 1200) -> None:
    wallet = WalletKey(L1, "line", "L1")
    points.grant(
        wallet=wallet, lot=LIMITED, points=amount, on=SEPTEMBER, actor=ENGINEER, now=NOW, key="b", reason="campaign"
    )


def test_it_adds_the_account_and_its_linked_lines(desk: Desk, client: Client) -> None:
    assert "Points now 131 points" in home(desk, client)


def test_limited_points_and_what_lapses_within_sixty_days_are_told(desk: Desk, client: Client) -> None:
    bonus()
    page = home(desk, client)
    assert "Points now 1,331 points Of these limited in use 1,200" in page
    assert "Last day of use Oct. 31, 2021 1,200 (Limited points)" in page
    # Sixty days before the last day, and one more.
    assert "1,200 (Limited points)" in home(desk, client, date(2021, 9, 1))
    assert "No points lapse until Oct. 30, 2021." in home(desk, client, date(2021, 8, 31))
    # The day is past, and the expiry has not run.
    assert "Points now 1,331 points Usable today 131" in home(desk, client, date(2021, 11, 1))


def test_the_stage_is_told_with_why_and_what_would_lift_it(desk: Desk, client: Client) -> None:
    page = home(desk, client)
    first = page[page.rindex("09000000001") : page.rindex("09000000002")]
    assert "grand-premier Points for every 200 yen: 5" in first
    assert "Eligible solutions in force: 1 (needed: exactly 1): Office extension" in first
    assert (
        "gold (points for every 200 yen: 10) Eligible solutions more: 1, of: Device management, Device rescue" in first
    )
    assert "No condition of a better stage is met yet." in page
    # Opened in April 2020: 60 months in April 2025.
    assert "2nd (points for every 200 yen: 2) Months of tenure to go: 43 (from April 2025)" in page
    assert "A solution contract that begins today counts for the stage from November 2021." in page


def test_an_account_is_not_promised_a_stage_by_tenure(desk: Desk) -> None:
    page = home(desk, signed_in(people.account("A1")))
    assert "Business account 1st Points for every 200 yen: 1" in page
    assert "Months of tenure" not in page
    assert "grand-premier (points for every 200 yen: 5) Eligible solutions more: 1" in page


def test_the_last_closed_month_leads_to_why(desk: Desk, client: Client) -> None:
    with looking(desk.place, SEPTEMBER):
        answer = client.get("/")
    assert f'href="/months/2021-08/{L1}/"' in answer.content.decode()
    assert "10 points for August 2021" in home(desk, client)
    assert "Why 0 for 09000000002?" in home(desk, client)


def test_what_is_owed_is_told(desk: Desk, client: Client) -> None:
    points.adjust(
        wallet_id=L1,
        points=-200,
        allow_negative=True,
        on=SEPTEMBER,
        actor=ENGINEER,
        now=NOW,
        key="k",
        reason="correction",
    )
    assert "Points now −69 points Of these limited in use 0 To be made up for by new points 69" in home(desk, client)


def test_it_asks_the_database_eight_times_at_most(desk: Desk, client: Client) -> None:
    with looking(desk.place, SEPTEMBER), CaptureQueriesContext(connection) as asked:
        client.get("/")
    assert len(asked) <= 8, [query["sql"] for query in asked]


def test_who_is_no_member_is_told_so_on_every_page(desk: Desk) -> None:
    client = signed_in(people.account("X1", "C1", "N1", member=False))
    for path in ("/", "/history/", "/history.csv", "/months/", "/membership/", f"/months/2021-07/{L1}/"):
        with looking(desk.place, SEPTEMBER):
            assert "Neither your account nor a line linked to it has joined the programme" in text(client, path)


def test_without_a_close_there_are_no_points(desk: Desk) -> None:
    with desk.connect() as connection:
        connection.execute("UPDATE closing_run SET finished_at = NULL, month = NULL")
    page = home(desk, signed_in(people.account("A9", "C2", "S1")))
    assert "No month has been closed yet." in page


@pytest.mark.usefixtures("desk")
def test_nobody_reads_without_signing_in() -> None:
    for path in ("/", "/history/", "/history.csv", "/months/", "/membership/", f"/months/2021-07/{L1}/"):
        answer = Client(HTTP_HOST="localhost:8000").get(path)
        assert (answer.status_code, answer["Location"].startswith("/account/login/")) == (302, True)


def test_dates_are_written_in_the_language(desk: Desk) -> None:
    bonus()
    with looking(desk.place, SEPTEMBER):
        page = text(signed_in(people.account("A1", "C1", "L1"), "ja"), "/")
    assert "2021年10月31日" in page
    assert "2021年9月" in page
