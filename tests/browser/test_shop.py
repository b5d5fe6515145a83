"""What points buy, each use in turn: a look, a confirmation, never twice; the order, its state, and taking it back."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page

from noren.accounts import actions as accounts
from noren.cli import arguments
from noren.demo.actions import CATALOGUE
from noren.members.rules import MemberKind, uid_of
from noren.orders import actions, queries
from noren.orders.rules import OrderState
from noren.points import actions as points
from noren.points import queries as books
from noren.points.rules import LotKey, WalletKey
from tests.browser import looking
from tests.browser.people import arrive, fill, press, texts
from tests.cast import ENGINEER
from tests.site import Site

HELD = 20_000
BUYS = {  # of the batteries one, for the one line
    "data-topup-1gb": 1_100,
    "phone-battery": 500,
    "usb-c-hub": 3_800,
    "coffee-gift": 2_500,
    "disaster-relief": 300,
}


@pytest.fixture
def buyer(page: Page, site: Site, language: str) -> Page:
    """The browser of somebody with a line that has points enough, where the demo's catalogue is in force."""
    line, now = f"OL-{language}", arguments.clock()
    site.corporation(
        f"O-{language}",
        name="東文具店",
        lines=(f"{line},O-{language},0904444{language},mobile,2019-04-01,,2020-01-01,",),
    )
    account_id = site.person(f"buyer-{language}@example.jp", corporation_id=f"O-{language}", language=language)
    accounts.link_line(account_id, line, actor=ENGINEER, now=now)
    points.grant(
        wallet=WalletKey(uid_of(MemberKind.LINE, line), "line", line),
        lot=LotKey("normal", False, "*", now.date() + timedelta(days=400)),
        points=HELD,
        on=now.date(),
        actor=ENGINEER,
        now=now,
        key="gift",
        reason="gift",
    )
    for item in actions.load(CATALOGUE, actor=ENGINEER, now=now).items:
        if item.stocked:
            actions.set_stock(item.code, 50, actor=ENGINEER, now=now)
    return arrive(page, site, account_id)


def order(buyer: Page, code: str, language: str) -> None:
    """Choose, fill in, look and confirm; the same sent once more leads to the same order."""
    wallet = str(uid_of(MemberKind.LINE, f"OL-{language}"))
    buyer.goto("/use/")
    press(buyer, f'a[href="/use/{code}/"]')
    looking.see(buyer, language)
    buyer.locator("[name=target]").select_option(wallet)
    buyer.locator("[name=payer]").select_option(wallet)
    if code == "disaster-relief":
        fill(buyer, quantity="300")
    if buyer.locator("[name=phone_model]").count():
        fill(buyer, phone_model="P-01A")
    if buyer.locator("[name=postal_code]").count():
        fill(buyer, name="山田花子", postal_code="１００－０００１", street="1-1 総務部", phone="03-1234-5678")
        press(buyer, "button[name=area]")
        assert buyer.locator("[name=prefecture]").input_value() == "東京都"
        assert buyer.locator("[name=city]").input_value() == "千代田区千代田"
    press(buyer, "main form .actions button.primary")
    sent = buyer.evaluate("Object.fromEntries(new FormData(document.querySelector('main form')))")
    sent["looked_at"] = buyer.locator("main form button[name=looked_at]").get_attribute("value")
    looking.see(buyer, language)
    press(buyer, "button[name=looked_at]")
    number = buyer.url.rstrip("/").rpartition("/")[2]
    again = buyer.request.post(f"/use/{code}/", form=sent, max_redirects=0)
    assert (again.status, again.headers["location"]) == (302, f"/orders/{number}/")


def test_points_buy_each_thing_once(buyer: Page, site: Site, language: str) -> None:
    wallet = uid_of(MemberKind.LINE, f"OL-{language}")
    buyer.goto("/use/")
    looking.see(buyer, language)
    left = HELD
    for code, price in BUYS.items():
        order(buyer, code, language)
        left -= price
        assert books.balance(wallet, arguments.clock().date()).spendable == left, code
    buyer.goto("/orders/")
    looking.see(buyer, language)
    assert len(texts(buyer.locator("tbody tr"))) == len(BUYS)
    row = next(one for one in queries.every([OrderState.ORDERED], 100) if one.code == "usb-c-hub")
    buyer.goto(f"/orders/{row.number}/")
    looking.see(buyer, language)
    press(buyer, f'a[href="/orders/{row.number}/cancel/"]')
    looking.see(buyer, language)
    press(buyer, "main form button.primary")
    looking.see(buyer, language)
    assert buyer.locator(f'a[href="/orders/{row.number}/cancel/"]').count() == 0
    assert books.balance(wallet, arguments.clock().date()).spendable == left + BUYS["usb-c-hub"]
    assert len(site.mails(f"buyer-{language}@example.jp")) >= len(BUYS)
