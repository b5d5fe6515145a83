"""From the points down to the bill item that earned them; with the keyboard alone, on a telephone."""

import pytest
from playwright.sync_api import Page, expect

from noren.kit.months import add_months, month_text
from tests.browser import looking
from tests.browser.holder import POINTS, Holder
from tests.browser.people import arrive, press, texts
from tests.site import PASSWORD, Site

ITEMS = "section[aria-labelledby=items] tbody tr"
MOST_STOPS = 60

TABLE = "table tbody tr"
TOGETHER = sum(POINTS.values())


@pytest.fixture
def member(page: Page, site: Site, holder: Holder) -> Page:
    """The holder's browser."""
    return arrive(page, site, holder.account_id)


def fits(page: Page) -> None:
    """Nothing scrolls sideways."""
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= looking.PHONE["width"], page.url


def test_points_are_read_down_to_a_bill_item(member: Page, holder: Holder, language: str) -> None:
    member.goto("/")
    assert member.locator(".hero .figure strong").inner_text() == f"{2 * TOGETHER}"
    looking.see(member, language)
    press(member, "a[href='/history/']")
    figures = texts(member.locator(f"{TABLE} td.points"))
    assert sorted(figure for figure in figures if figure.startswith("+")) == ["+36", "+36", "+96", "+96"]
    assert figures[1] == f"{2 * TOGETHER}"  # the balance after the newest
    looking.see(member, language)
    line = member.locator(TABLE).filter(has_text="+96").first
    line.locator("a[href^='/months/']").click()
    member.wait_for_url("**/months/*/*/")

    assert f"/months/{month_text(holder.month)}/" in member.url
    assert member.locator(".figure strong").inner_text() == "96"
    items = {row.locator("th").inner_text(): row for row in member.locator(ITEMS).all()}
    assert "4,980" in items[holder.item].inner_text()
    assert items[holder.item].get_attribute("class") is None
    instalment = items[holder.item.removesuffix("a") + "b"]
    assert "3,000" in instalment.inner_text()
    assert instalment.get_attribute("class") == "out"
    assert texts(member.locator(".waterfall td.points")) == ["7,980", "−3,000", "4,980", "−180", "4,800", "96"]
    assert len(texts(member.locator("section[aria-labelledby=contracts] tbody tr"))) == 1
    looking.see(member, language)


def test_months_are_drawn_and_listed_alike(member: Page, holder: Holder, language: str) -> None:
    member.goto("/months/")
    chart = member.locator(".chart svg[role=img]")
    assert chart.locator("rect").count() == 4
    looking.see(member, language)
    heights = [float(bar.get_attribute("height") or 0) for bar in chart.locator("rect").all()]
    assert max(heights) / min(heights) == pytest.approx(96 / 36, rel=0.05)
    for month in (holder.month, add_months(holder.month, -1)):
        row = member.locator(TABLE).filter(has=member.locator(f"a[href^='/months/{month_text(month)}/']"))
        assert texts(row.locator("td")) == ["0", "96", "36", f"{TOGETHER}"]
    assert member.locator("tfoot td").last.inner_text() == f"{2 * TOGETHER}"
    press(member, f"{TABLE} a[href^='/months/{month_text(holder.month)}/'] >> nth=1")
    assert member.locator(ITEMS).count() == 2


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the focus is there, and see that it shows."""
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
            return
    raise AssertionError(f"{wanted} is not reached on {page.url}")


def enter(page: Page) -> None:
    """Press Enter and wait for the page that comes."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_the_keyboard_alone_on_a_telephone_is_enough(page: Page, site: Site, holder: Holder) -> None:
    page.set_viewport_size(looking.PHONE)
    page.goto("/")
    sent = len(site.mails(holder.login_id))
    tab_to(page, "input[name=login]")
    page.keyboard.type(holder.login_id)
    tab_to(page, "input[name=password]")
    page.keyboard.type(PASSWORD)
    enter(page)
    fits(page)
    tab_to(page, "input[name=code]")
    page.keyboard.type(site.await_mail(holder.login_id, after=sent).code)
    enter(page)
    expect(page.locator(".hero .figure strong")).to_have_text(f"{2 * TOGETHER}")
    fits(page)
    tab_to(page, "main a[href='/history/']")
    enter(page)
    fits(page)
    tab_to(page, "td a[href^='/months/']")
    enter(page)
    expect(page.locator(ITEMS).first).to_be_visible()
    fits(page)
    tab_to(page, ".me button")
    enter(page)
    assert page.url.endswith("/account/login/")
