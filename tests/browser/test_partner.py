"""Signing on to a partner service, seeing what it is given, and releasing it."""

from urllib.parse import urlsplit

from playwright.sync_api import Page

from noren.sso.rules import SCOPE_CLAIMS
from tests.browser import looking
from tests.browser.conftest import Watch
from tests.browser.people import MAIN, arrive, fill, give_code, press, texts
from tests.browser.relying import Bare, register, website
from tests.site import PASSWORD, Site

SIGNED_ON = "form[action='/sign-out']"


def test_a_service_is_linked_used_and_released(page: Page, site: Site, language: str, watch: Watch) -> None:
    login_id = f"partner-{language}@example.jp"
    site.person(login_id, language=language, department="総務", title="課長")
    with website(site, watch, f"Tea house {language}") as service:
        page.goto(service.url)
        press(page, "a[href='/sign-on']")
        assert urlsplit(page.url).path == "/account/login/"
        fill(page, login=login_id, password=PASSWORD)
        press(page)
        give_code(page, site.await_mail(login_id))

        # The consent page says what is handed over; only then it is.
        assert urlsplit(page.url).path == "/oidc/authorize"
        assert service.url not in page.url.partition("?")[0]
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("ul.ticks li").count() == 5
        looking.see(page, language)
        press(page, f"{MAIN}[value=yes]")
        assert page.url == f"{service.url}/"
        claims = dict(zip(texts(page.locator("tbody th")), texts(page.locator("tbody td")), strict=True))
        assert claims["name"] == "山田花子"
        assert (claims["department"], claims["title"], claims["email"]) == ("総務", "課長", login_id)
        assert not set(SCOPE_CLAIMS["phone"]) & set(claims)

        # Signed in as one is, the second time asks nothing.
        page.context.clear_cookies(name="__Host-partner")
        page.goto(service.url)
        press(page, "a[href='/sign-on']")
        assert page.url == f"{service.url}/"
        assert page.locator(SIGNED_ON).is_visible()

        page.goto("/account/services/")
        press(page, f"a[href='/account/services/{service.client_id}/']")
        assert {"山田花子", "課長", login_id} <= set(texts(page.locator("dl.facts dd")))
        looking.see(page, language)
        press(page, "a.button.danger")
        looking.see(page, language)
        press(page, "main button.danger")
        assert page.locator("a[href^='/account/services/']").count() == 0

        page.goto(service.url)
        for _try in range(50):
            if not page.locator(SIGNED_ON).count():
                break
            page.wait_for_timeout(100)
            page.reload()
        assert page.locator("a[href='/sign-on']").is_visible()
        press(page, "a[href='/sign-on']")
        assert page.locator("ul.ticks li").count() == 5  # asked anew


def test_signing_out_at_the_service_signs_out_everywhere(page: Page, site: Site, language: str, watch: Watch) -> None:
    arrive(page, site, site.person(f"everywhere-{language}@example.jp", language=language))
    with website(site, watch, f"Inn {language}") as service:
        page.goto(f"{service.url}/sign-on")
        press(page, f"{MAIN}[value=yes]")
        press(page, f"{SIGNED_ON} button")
        if urlsplit(page.url).path == "/oidc/logout":
            press(page, f"{MAIN}[value=yes]")
        assert page.url == f"{service.url}/"
        assert page.locator("a[href='/sign-on']").is_visible()
        page.goto("/account/")
        assert urlsplit(page.url).path == "/account/login/"


def test_a_no_goes_back_without_a_word(page: Page, site: Site, language: str, watch: Watch) -> None:
    watch.expected.append("status of 400")
    arrive(page, site, site.person(f"no-{language}@example.jp", language=language))
    with website(site, watch, f"Ferry {language}") as service:
        page.goto(f"{service.url}/sign-on")
        press(page, "main button[name=decision][value=no]")
        assert page.url.startswith(f"{service.url}/callback?error=access_denied")
        assert page.locator("[role=alert] code").inner_text() == "access_denied"
        page.goto("/account/services/")
        assert page.locator("a[href^='/account/services/']").count() == 0


def test_what_a_released_service_keeps_is_worth_nothing(page: Page, site: Site, language: str, watch: Watch) -> None:
    arrive(page, site, site.person(f"released-{language}@example.jp", language=language))
    service = Bare(register(site, f"Archive {language}"))
    watch.origins.add(service.registration.url)
    tokens = service.sign_on(page)
    refreshed = service.refreshed(tokens["refresh_token"])
    assert refreshed.status_code == 200

    page.goto(f"/account/services/{service.registration.client_id}/release/")
    press(page, "main button.danger")
    refused = service.refreshed(refreshed.json()["refresh_token"])
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
