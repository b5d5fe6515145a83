"""The rules of an organisation, as its people meet them."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page

from noren.accounts.policy import Method, Settings
from noren.cli import arguments
from noren.groups import actions as groups
from noren.groups.rules import PolicyPlace
from tests.browser import looking
from tests.browser.conftest import Watch, authenticator
from tests.browser.people import fill, give_code, give_password, is_in, methods, press, sign_in, sign_out, texts
from tests.cast import ENGINEER
from tests.site import Site

PASSKEY = "form[data-passkey] button"
PASSKEYS = Settings(methods=frozenset({Method.PASSKEY}))
OFFICE = Settings(networks=("192.0.2.0/24",))
NAMES = {"ja": "南設計事務所", "en": "Minami Design"}


@pytest.fixture
def place(site: Site, language: str, request: pytest.FixtureRequest) -> PolicyPlace:
    """A corporation of this test's own."""
    corporation_id = f"P{request.node.name}"[:60].replace("[", "-").rstrip("]")
    site.corporation(corporation_id, name=NAMES[language])
    return PolicyPlace(corporation_id=corporation_id)


def test_only_passkeys_from_a_day_on(page: Page, site: Site, language: str, place: PolicyPlace) -> None:
    login_id = f"only-passkeys-{language}@example.jp"
    site.person(login_id, corporation_id=place.corporation_id, language=language)
    now = arguments.clock()
    grace = now + timedelta(days=5, hours=1)
    groups.set_policy(place, PASSKEYS, grace_until=grace, actor=ENGINEER, now=now)
    authenticator(page)

    sign_in(page, site, login_id)
    for path in ("/", "/account/sessions/"):
        page.goto(path)
        countdown = page.locator(".notice.warning").inner_text()
        assert {"ja": "あと5日", "en": "in 5 days"}[language] in countdown
        assert {"ja": "パスキー", "en": "Passkey"}[language] in countdown
    press(page, ".notice a")
    looking.see(page, language)
    assert NAMES[language] in page.locator("main").inner_text()

    groups.set_policy(place, PASSKEYS, actor=ENGINEER, now=arguments.clock())
    page.goto("/account/sessions/")
    assert "policy.method" in page.locator("main .code").inner_text()
    looking.see(page, language)
    press(page, "a[href^='/account/2fa/passkeys/add/']")
    fill(page, name="Laptop")
    press(page, PASSKEY)
    assert is_in(page)
    assert methods(page) == ["password", "mail", "webauthn"]

    sign_out(page)
    page.goto("/account/login/")
    press(page, PASSKEY)
    assert is_in(page)
    assert page.locator(".notice.warning").count() == 0

    sign_out(page)
    give_password(page, login_id)
    page.goto("/account/")
    assert not is_in(page)


def test_a_network_that_is_not_the_offices(
    page: Page, site: Site, language: str, place: PolicyPlace, watch: Watch
) -> None:
    watch.expected.append("403")
    login_id = f"office-{language}@example.jp"
    site.person(login_id, corporation_id=place.corporation_id, language=language)
    sign_in(page, site, login_id)
    groups.set_policy(place, OFFICE, actor=ENGINEER, now=arguments.clock())
    page.goto("/account/")
    told = page.locator("main").inner_text()
    assert all(text in told for text in ("policy.network", "192.0.2.0/24", "127.0.0.1", NAMES[language]))
    looking.see(page, language)
    press(page, "main a.button")
    give_password(page, login_id)
    assert texts(page.locator("main .code code")) == ["policy.network"]
    groups.clear_policy(place, actor=ENGINEER, now=arguments.clock())
    sent = len(site.mails(login_id))
    give_password(page, login_id)
    give_code(page, site.await_mail(login_id, after=sent))
    assert is_in(page)
