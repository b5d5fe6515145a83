"""The overview and the use of services: figures that lead to what they count, drawn and listed."""

from datetime import date, timedelta

import pytest

from noren.accounts.models import SignIn
from noren.accounts.rules import SignInResult
from noren.admin_site.drawing import WIDTH, bars, columns
from noren.lifecycle import actions as lifecycle
from noren.members import queries as members
from noren.points import actions as points
from noren.points.rules import LotKey, WalletKey
from tests.admin_site.people import administrator, at_desk, now, person, text, who

pytestmark = pytest.mark.usefixtures("desk")


def test_the_overview_counts_accounts_points_and_failures() -> None:
    admin = administrator(lines=["L1"])
    line = members.member("L1")
    lot = LotKey("normal", is_limited=False, uses="*", lapses_on=now().date() + timedelta(days=30))
    wallet = WalletKey(line.uid, line.kind, line.member_id)
    points.grant(wallet=wallet, lot=lot, points=1_234, on=date(2021, 8, 10), key="give", reason="test", **who())
    lifecycle.create_group(corporation_id="C1", name="Sales", representative=admin, **who())
    SignIn.objects.create(account_id=admin, at=now(), result=SignInResult.WRONG_PASSWORD, address="192.0.2.7")
    page = text(at_desk(admin).get("/manage/"))
    assert page.count("1,234") == 2
    for told in ("192.0.2.7", "Wrong password", "Sales", "?factor=no_own", "?state=locked", "?unused=90"):
        assert told in page


def test_use_is_shown_drawn_and_written_to_a_file() -> None:
    admin, kenta, stranger = administrator(), person("kenta"), person("stranger", "C2")
    for account in (kenta, stranger):
        SignIn.objects.create(
            account_id=account, at=now(), result=SignInResult.SERVICE, service="Wiki", methods=["passkey"]
        )
    SignIn.objects.create(account_id=kenta, at=now() - timedelta(days=500), result=SignInResult.SUCCEEDED)
    client = at_desk(admin)
    page = text(client.get("/manage/use/"))
    assert (page.count("Went on to Wiki"), "Passkey" in page) == (1, True)
    lines = b"".join(client.get("/manage/use/file/")).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert ",kenta,Kenta,Went on to Wiki,Wiki,Passkey,," in lines[1]
    assert "nothing to show" in text(client.get("/manage/use/?login_id=nobody"))
    assert "nothing to show" in text(client.get("/manage/use/?login_id=stranger"))
    for odd in (
        "since=x",
        "behind=x_y",
        "behind=2021-01-01T00:00_0",
        "result=zz",
        "since=0001-01-01",
        "until=9999-12-31",
    ):
        assert client.get(f"/manage/use/?{odd}").status_code == 200, odd


def test_bars_and_columns_are_as_long_as_their_share() -> None:
    drawn = bars([("a", 0, ""), ("b", 1, ""), ("c", 50, ""), ("d", 100, "")], whole=100)
    assert [bar.width for bar in drawn] == [0, 2, WIDTH // 2, WIDTH]
    assert [column.height for column in columns([("a", 0), ("b", 5), ("c", 10)])] == [0, 60, 120]
    assert (bars([]), columns([])) == ((), ())
