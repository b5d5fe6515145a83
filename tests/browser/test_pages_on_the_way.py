"""Pages that only those see who are in the middle of something, or have something: looked at like all others."""

import secrets
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page

from noren.cli import arguments
from noren.outbox import actions as outbox
from noren.sso import actions as sso
from noren.sso.rules import GrantType
from tests import servers
from tests.browser import looking
from tests.browser.conftest import Watch, authenticator, new_context
from tests.browser.holder import Holder
from tests.browser.people import arrive, fill, press, use_app
from tests.cast import ENGINEER
from tests.conftest import fresh_place
from tests.site import Site, running

OF_FACTORS = [
    "/account/2fa/",
    "/account/2fa/passkeys/",
    "/account/2fa/app/remove/",
    "/account/2fa/recovery-codes/",
    "/account/2fa/recovery-codes/new/",
    "/account/2fa/reauthenticate/",
    "/account/2fa/passkeys/reauthenticate/",
    "/account/history/",
]
OF_POINTS = ["/account/lines/", "/account/lines/HL1/unlink/", "/membership/", "/account/abolish/"]


def look_at_all(page: Page, language: str, paths: list[str]) -> None:
    """Each of them is there, and holds."""
    for path in paths:
        page.goto(path)
        assert page.url.endswith(path)
        looking.see(page, language)


@pytest.fixture
def account_id(site: Site, language: str) -> str:
    """An account for this test alone."""
    return site.person(f"{secrets.token_hex(8)}@example.jp", language=language)


@pytest.fixture
def person(page: Page, site: Site, account_id: str) -> Page:
    """Its person's browser."""
    return arrive(page, site, account_id)


def test_pages_of_factors(person: Page, account_id: str, language: str) -> None:
    authenticator(person)
    person.goto("/account/2fa/passkeys/add/")
    fill(person, name="Telephone")
    press(person, "form[data-passkey] button")
    person.goto("/account/2fa/passkeys/")
    links = [str(link.get_attribute("href")) for link in person.locator("ul.rows a").all()]
    assert len(links) == 2
    look_at_all(person, language, links)
    use_app(account_id)
    look_at_all(person, language, OF_FACTORS)


def test_pages_of_points(page: Page, site: Site, holder: Holder, language: str) -> None:
    look_at_all(arrive(page, site, holder.account_id), language, OF_POINTS)


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/account/mail/", {"destination": "elsewhere@example.jp"}),
        ("/account/mobile/", {"destination": "090 4444 0001"}),
    ],
)
def test_pages_that_wait_for_a_code(person: Page, language: str, path: str, typed: dict[str, str]) -> None:
    person.goto(path)
    fill(person, **typed)
    press(person)
    assert person.locator("[name=code]").is_visible()
    looking.see(person, language)
    press(person, "button[name=other]")
    assert person.locator("[name=destination]").is_visible()


def test_the_page_that_waits_for_a_code_on_a_line(person: Page, language: str) -> None:
    person.goto("/account/lines/add/")
    fill(person, number="09099990000")
    press(person)
    assert person.url.endswith("/account/lines/code/")
    looking.see(person, language)


def test_pages_of_a_device(person: Page, site: Site, language: str, watch: Watch) -> None:
    watch.expected.append("status of 400")
    made = sso.add_client(
        name="Till", redirect_uris=[], grant_types=[GrantType.DEVICE], actor=ENGINEER, now=arguments.clock()
    )
    where = f"{site.url}/oidc/device_authorization"
    answer = httpx.post(where, data={"scope": "openid profile"}, auth=(made.client_id, made.secret), timeout=20)
    code = answer.json()["user_code"]
    person.goto("/oidc/device?user_code=WRONG")
    looking.see(person, language)
    person.locator("[name=user_code]").fill(code)
    press(person)
    assert person.locator(".secret code").inner_text() == code
    assert person.locator("ul.ticks li").count() == 2
    looking.see(person, language)
    press(person, "button[value=yes]")
    looking.see(person, language)


def test_the_pages_after_an_end(person: Page, site: Site, account_id: str, language: str) -> None:
    login_id = f"another.{language}"
    person.goto("/account/id/")
    fill(person, login_id=login_id)
    press(person)
    looking.see(person, language)
    assert person.locator(".me").count() == 0

    again = arrive(person, site, account_id)
    again.goto("/account/abolish/")
    fill(again, typed=login_id)
    press(again, "main button.danger")
    looking.see(again, language)
    assert again.locator(".me").count() == 0


def test_a_page_that_was_open_too_long(page: Page, language: str, watch: Watch) -> None:
    watch.expected.append("status of 403")
    page.goto("/account/login/")
    page.context.clear_cookies()
    fill(page, login="anybody", password="anything at all")
    press(page)
    assert page.locator("p.code code").inner_text() == "web.csrf"
    looking.see(page, language)


@pytest.fixture(scope="module")
def demo(server: servers.Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server where mails are shown."""
    with (
        fresh_place(server, tmp_path_factory.mktemp("demo") / "home") as place,
        running(place, NOREN_DEMO="on") as site,
    ):
        body = f"{site.url}/join/\n\n" + "長" * 300
        outbox.mail(to="somebody@example.jp", subject="お知らせ", body=body, now=arguments.clock())
        site.await_mail("somebody@example.jp")
        yield site


def test_the_mails_of_the_demo(browser: Browser, demo: Site, language: str) -> None:
    watch = Watch({demo.url})
    context = new_context(browser, demo, language, watch)
    page = context.new_page()
    page.goto("/outbox/")
    assert page.locator("main .letter a").get_attribute("href") == f"{demo.url}/join/"
    looking.see(page, language)
    context.close()
    watch.check()
