"""A sale in a shop: found, quoted, signed on the clerk's screen, brought back; and consent by a code."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count, pairwise
from uuid import UUID

import pytest
from playwright.sync_api import Page

from noren.accounts import actions as accounts
from noren.cli import arguments
from noren.counter import queries
from noren.counter.rules import WIDTH
from noren.groups import actions as groups
from noren.groups.rules import StaffRole
from noren.members.rules import MemberKind, uid_of
from noren.points import actions as points
from noren.points import queries as books
from noren.points.rules import LotKey, WalletKey
from tests.browser import looking
from tests.browser.conftest import LANGUAGES
from tests.browser.people import arrive, fill, press, texts
from tests.cast import ENGINEER
from tests.site import Site

CURVE = [(40, 120), (90, 40), (140, 150), (190, 60), (240, 110), (300, 50)]


NUMBERS = count(1)
"""The site is shared by all journeys, so each has customers of its own."""


@dataclass(frozen=True)
class Counter:
    """The browser of a clerk, and a customer whose line has 1,000 points."""

    page: Page
    language: str
    line: str
    mail: str

    @property
    def wallet(self) -> UUID:
        return uid_of(MemberKind.LINE, self.line)

    @property
    def left(self) -> int:
        return books.balance(self.wallet, arguments.clock().date()).spendable

    def see(self) -> None:
        looking.see(self.page, self.language)

    def quote(self, price: str, used: str) -> None:
        """From the first page to the quote."""
        self.page.goto("/desk/")
        self.see()
        fill(self.page, text=self.line)
        press(self.page)
        self.see()
        fill(self.page, description_1="スマートフォン", price_1=price, points=used)
        press(self.page)
        self.see()
        press(self.page)
        self.see()


@pytest.fixture
def counter(page: Page, site: Site, language: str) -> Counter:
    number, now = next(NUMBERS), arguments.clock()
    line, corporation, mail = f"CL-{number}", f"C-{number}", f"customer-{number}@example.jp"
    row = f"{line},{corporation},0904444{number:04},mobile,2019-04-01,,2020-01-01,"
    site.corporation(corporation, name="東文具店", lines=(row,))
    customer = site.person(mail, corporation_id=corporation, language=language)
    accounts.link_line(customer, line, actor=ENGINEER, now=now)
    points.grant(
        wallet=WalletKey(uid_of(MemberKind.LINE, line), "line", line),
        lot=LotKey("normal", False, "*", now.date() + timedelta(days=30)),
        points=1_000,
        on=now.date(),
        actor=ENGINEER,
        now=now,
        key="gift",
        reason="gift",
    )
    clerk = site.person(f"clerk-{number}@example.jp", name="山田 さくら", language=language)
    groups.add_staff(clerk, StaffRole.CLERK, shop=f"S{number}", shop_name="駅前店", actor=ENGINEER, now=now)
    return Counter(arrive(page, site, clerk), language, line, mail)


def sign(page: Page) -> float:
    """With the mouse, in one stroke; gives how many units of the field a pixel is."""
    field = page.locator("canvas")
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + CURVE[0][0], box["y"] + CURVE[0][1])
    page.mouse.down()
    for _before, (x, y) in pairwise(CURVE):
        page.mouse.move(box["x"] + x, box["y"] + y, steps=8)
    page.mouse.up()
    return WIDTH / box["width"]


def test_a_customer_signs_and_brings_it_back(counter: Counter, site: Site) -> None:
    page = counter.page
    counter.quote("800", "300")
    press(page, "form[data-signature] button.primary")
    assert page.locator("form[data-signature] .errors").count() == 1
    sign(page)
    page.locator("[data-clear]").click()
    scale = sign(page)
    press(page, "form[data-signature] button.primary")
    counter.see()
    assert page.locator("svg.signature path").count() == 1
    assert counter.left == 700
    [paid] = queries.receipts_for([counter.wallet], "", most=2)
    [(first, *_rest)] = paid.quote.signature
    assert first == pytest.approx([scale * one for one in CURVE[0]], abs=3)
    for code in ("ja", "en"):
        answer = page.request.get(f"{page.url}receipts/{paid.number}/{code}/")
        assert answer.body().startswith(b"%PDF")
    press(page, "a.more")
    counter.see()
    fill(page, yen="400", reason="初期不良")
    sent = page.evaluate("Object.fromEntries(new FormData(document.querySelector('main form')))")
    back = page.url
    press(page)
    counter.see()
    assert counter.left == 850
    assert page.locator("ul.rows > li").count() == 2
    assert page.request.post(back, form=sent, max_redirects=0).status == 302  # the same form once more
    assert counter.left == 850
    assert "駅前店" in site.await_mail(counter.mail).text


def test_a_customer_reads_a_code_out(counter: Counter, site: Site) -> None:
    page = counter.page
    counter.quote("500", "100")
    press(page, "form[action$='/code/'] button")
    code = site.await_mail(counter.mail)
    assert "駅前店" in code.text
    page.locator("[name=code-text]").fill("000000" if code.code != "000000" else "111111")
    press(page, "form[action$='/consent/code/'] button.primary")
    counter.see()
    page.locator("[name=code-text]").fill(code.code)
    press(page, "form[action$='/consent/code/'] button.primary")
    counter.see()
    assert counter.left == 900
    page.goto("/desk/")
    counter.see()
    assert len(texts(page.locator("tbody tr"))) == 1


def test_members_look_at_their_receipts(counter: Counter, site: Site) -> None:
    page = counter.page
    counter.quote("800", "10")
    sign(page)
    press(page, "form[data-signature] button.primary")
    [found] = queries.receipts_for([counter.wallet], "", most=2)
    arrive(page, site, found.quote.consent_of)
    page.goto("/receipts/")
    counter.see()
    assert texts(page.locator("tbody td.points")) == ["800", "10"]
    answer = page.request.get(page.locator("tbody a").first.get_attribute("href") or "")
    assert answer.body().startswith(b"%PDF")


def test_without_scripts_the_code_is_the_way(counter: Counter) -> None:
    counter.quote("500", "100")
    page = counter.page
    state = page.context.storage_state()
    browser = page.context.browser
    assert browser is not None
    plain = browser.new_context(
        storage_state=state, java_script_enabled=False, locale=LANGUAGES[counter.language]
    ).new_page()
    plain.goto(page.url)
    assert plain.locator("form[data-signature]").is_hidden()
    assert plain.locator("noscript p").is_visible()
    assert plain.locator("[name=code-text]").is_visible()
    plain.context.close()
