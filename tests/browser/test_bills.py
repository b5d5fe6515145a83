"""Points for a bill: a look, a confirmation, and never twice."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page

from noren.accounts import actions as accounts
from noren.cli import arguments
from noren.members.rules import MemberKind, uid_of
from noren.points import actions as points
from noren.points import queries as books
from noren.points.rules import LotKey, WalletKey
from noren.spending import queries
from tests.browser import looking
from tests.browser.people import arrive, press, texts
from tests.cast import ENGINEER
from tests.site import Site


@pytest.fixture
def payer(page: Page, site: Site, language: str) -> Page:
    """The browser of somebody whose line has 100 points that lapse soon and 200 that do not."""
    line, now = f"PL-{language}", arguments.clock()
    site.corporation(
        f"P-{language}",
        name="西文具店",
        lines=(f"{line},P-{language},0903333{language},mobile,2019-04-01,,2020-01-01,",),
    )
    account_id = site.person(f"payer-{language}@example.jp", corporation_id=f"P-{language}", language=language)
    accounts.link_line(account_id, line, actor=ENGINEER, now=now)
    for days, amount in ((30, 100), (400, 200)):
        points.grant(
            wallet=WalletKey(uid_of(MemberKind.LINE, line), "line", line),
            lot=LotKey("normal", False, "*", now.date() + timedelta(days=days)),
            points=amount,
            on=now.date(),
            actor=ENGINEER,
            now=now,
            key=f"gift/{days}",
            reason="gift",
        )
    return arrive(page, site, account_id)


def test_points_pay_a_bill_after_a_look_and_once_if_sent_twice(payer: Page, site: Site, language: str) -> None:
    del site
    wallet = uid_of(MemberKind.LINE, f"PL-{language}")
    payer.goto("/bills/")
    looking.see(payer, language)
    press(payer, "main a.primary")
    looking.see(payer, language)
    payer.locator("[name=bill]").select_option(str(wallet))
    payer.locator("[name=payer]").select_option(str(wallet))
    payer.locator("[name=points]").fill("150")
    press(payer, "main form button.primary")
    looking.see(payer, language)
    assert texts(payer.locator("dl.facts dd")) == ["100", "50", "150"]
    sent = payer.evaluate("Object.fromEntries(new FormData(document.querySelector('main form')))")
    sent["looked_at"] = payer.locator("main form button.primary").get_attribute("value")
    press(payer, "main form button.primary")
    assert payer.url.endswith("/bills/")
    again = payer.request.post("/bills/pay/", form=sent, max_redirects=0)
    assert (again.status, again.headers["location"]) == (302, "/bills/")
    payer.goto("/bills/")
    looking.see(payer, language)
    assert texts(payer.locator("tbody td.points")) == ["150", "0", "0", "0", "150"]
    assert books.balance(wallet, arguments.clock().date()).spendable == 150
    [made] = queries.allocations([wallet])
    assert (made.points, made.open_points) == (150, 150)
    payer.goto("/bills/every-month/")
    looking.see(payer, language)
    payer.locator("[name=bill]").select_option(str(wallet))
    payer.locator("[name=payer]").select_option(str(wallet))
    payer.locator("[name=points]").fill("30")
    press(payer, "main form button.primary")
    looking.see(payer, language)
    assert [row.points for row in queries.standing([wallet])] == [30]
    press(payer, "main section table a")
    looking.see(payer, language)
    press(payer, "main form button.danger")
    assert queries.standing([wallet]) == []
