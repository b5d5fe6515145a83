"""What must hold for each page: axe finds nothing, nothing scrolls sideways, the keyboard gets everywhere."""

from collections.abc import Iterator

from playwright.sync_api import Page, ViewportSize

from tests.browser.conftest import violations

WIDE = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=360, height=740)
NARROWEST = ViewportSize(width=320, height=640)
"""What fits here fits on every telephone (WCAG 1.4.10)."""

TAB_STOPS = """() => [...document.querySelectorAll(
  'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')].filter(one =>
  !one.disabled && one.tabIndex >= 0 && one.checkVisibility({visibilityProperty: true})
  && !(one.type === 'radio' && one.name && !one.checked && one !== document.querySelector(`[name="${one.name}"]`)))"""

BROKEN = "() => [...document.images].filter(one => one.complete && !one.naturalWidth).map(one => `broken: ${one.alt}`)"


def see(page: Page, language: str) -> None:
    """Fail with what does not hold for the page that is open."""
    found = [str(one) for one in look_at(page, language)]
    assert not found, (page.url, found)


def look_at(page: Page, language: str) -> Iterator[object]:
    """What does not hold for a page. Axe looks at it wide in Japanese and narrow in English."""
    if page.locator("html").get_attribute("lang") != language:
        yield "lang"
    if page.locator("h1").count() != 1 or not page.locator("h1").first.inner_text().strip():
        yield "one h1 with a text"
    if not page.title().removesuffix("Noren").strip(" |"):
        yield "title"
    yield from page.evaluate(BROKEN)
    if language == "ja":
        yield from violations(page)
    else:
        yield from beyond_the_keyboard(page)
    page.set_viewport_size(NARROWEST)
    if (width := page.evaluate("document.documentElement.scrollWidth")) > NARROWEST["width"]:
        yield f"{width} px wide in {NARROWEST['width']} px"
    if language == "en":
        yield from violations(page)
    page.set_viewport_size(WIDE)


def beyond_the_keyboard(page: Page) -> Iterator[str]:
    """Controls that Tab does not reach; the skip link if it is not the first."""
    page.evaluate(f"window.stops = ({TAB_STOPS})()")
    page.evaluate("window.reached = []; document.addEventListener('focusin', event => reached.push(event.target))")
    inside_dates = 4 * page.locator("input[type=date], input[type=month]").count()  # each of their parts is a stop
    for _stop in range(int(page.evaluate("stops.length")) + inside_dates + 1):
        page.keyboard.down("Tab")
    page.keyboard.up("Tab")
    if page.evaluate("reached[0] && reached[0].className") != "skip":
        yield "the skip link is not the first"
    page.evaluate("document.activeElement.blur()")
    yield from page.evaluate("stops.filter(one => !reached.includes(one)).map(one => one.outerHTML)")
