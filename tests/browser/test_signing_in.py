"""Each way of signing in, as a person goes through it."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth import get_user_model
from playwright.sync_api import Page

from noren.accounts import actions as accounts
from noren.accounts.rules import TwoStep
from noren.cli import arguments
from tests.browser import looking
from tests.browser.conftest import authenticator
from tests.browser.people import (
    app_code,
    arrive,
    fill,
    give_code,
    give_password,
    is_in,
    methods,
    press,
    sign_out,
    texts,
    use_app,
)
from tests.cast import ENGINEER
from tests.site import PASSWORD, Site

PASSKEY = "form[data-passkey] button"


@pytest.fixture
def login_id(request: pytest.FixtureRequest, language: str) -> str:
    """An address of this test's own person."""
    return f"{request.function.__name__.removeprefix('test_')[:40].replace('_', '-')}-{language}@example.jp"


def test_a_password_and_a_code_by_mail(page: Page, site: Site, login_id: str, language: str) -> None:
    site.person(login_id, language=language)
    give_password(page, login_id, "not the password")
    assert page.locator("[role=alert] .errors").is_visible()
    assert page.locator("[name=login]").input_value() == login_id
    assert page.locator("[name=password]").input_value() == ""
    looking.see(page, language)
    fill(page, password=PASSWORD)
    press(page)
    assert f"{login_id[0]}***@example.jp" in page.locator("main .lead").inner_text()
    give_code(page, site.await_mail(login_id))
    assert page.url == f"{site.url}/"
    assert methods(page) == ["password", "mail"]
    notice = site.await_mail(login_id, after=1)
    assert "Chrome (Linux)" in notice.text


def test_a_password_and_a_code_by_short_message(page: Page, site: Site, language: str) -> None:
    mobile = {"ja": "+819011110001", "en": "+819011110002"}[language]
    account_id = site.person(f"sms.{language}", contact_mail="", language=language)
    accounts.set_contact_mobile(account_id, mobile, actor=ENGINEER, now=arguments.clock())
    give_password(page, f"sms.{language}")
    assert f"***{mobile[-4:]}" in page.locator("main .lead").inner_text()
    looking.see(page, language)
    give_code(page, site.await_mail(mobile))
    assert page.url == f"{site.url}/"
    assert methods(page) == ["password", "sms"]


def test_an_employee_number_a_password_and_an_app(page: Page, site: Site, language: str) -> None:
    number = {"ja": "0101", "en": "0102"}[language]
    account_id = site.person("", contact_mail="", employee_number=number)
    organisation = get_user_model().objects.get(pk=account_id).login_id.partition("/")[0]
    secret = use_app(account_id)
    page.goto("/account/login/")
    press(page, "a[href='/account/login/?by=employee']")
    fill(page, organisation=organisation.upper(), employee_number=number, password=PASSWORD)
    press(page)
    give_code(page, "000000")
    assert page.locator("#id_code_error").is_visible()
    code = app_code(secret)
    give_code(page, code)
    assert page.url == f"{site.url}/"
    assert methods(page) == ["password", "totp"]


def test_a_passkey_is_a_second_step_and_signs_in_alone(page: Page, site: Site, login_id: str, language: str) -> None:
    arrive(page, site, site.person(login_id))
    authenticator(page)
    page.goto("/account/2fa/passkeys/add/")
    fill(page, name="Telephone")
    press(page, PASSKEY)
    assert len(texts(page.locator(".codes li"))) == 10
    sign_out(page)

    give_password(page, login_id)
    looking.see(page, language)
    press(page, PASSKEY)
    assert page.url == f"{site.url}/"
    assert methods(page) == ["password", "webauthn"]
    sign_out(page)

    page.goto("/account/login/?next=/account/sessions/")
    press(page, PASSKEY)
    assert page.url == f"{site.url}/account/sessions/"
    assert methods(page) == ["webauthn"]


def test_a_recovery_code_opens_once(page: Page, site: Site, login_id: str) -> None:
    account_id = site.person(login_id)
    use_app(account_id)
    code = RecoveryCodes.activate(get_user_model().objects.get(pk=account_id)).get_unused_codes()[3]
    give_password(page, login_id)
    give_code(page, code)
    assert page.url == f"{site.url}/"
    assert methods(page) == ["password", "recovery_codes"]
    sign_out(page)
    give_password(page, login_id)
    give_code(page, code)
    assert page.locator("#id_code_error").is_visible()
    assert not is_in(page)


def test_a_trusted_browser_is_not_asked_again(page: Page, site: Site, login_id: str, language: str) -> None:
    account_id = site.person(login_id)
    accounts.set_two_step(account_id, TwoStep.WEAK, actor=ENGINEER, now=arguments.clock())
    secret = use_app(account_id)
    give_password(page, login_id)
    give_code(page, app_code(secret))
    looking.see(page, language)
    press(page, "button[name=action][value=trust]")
    assert page.url == f"{site.url}/"
    sign_out(page)

    give_password(page, login_id)
    assert page.url == f"{site.url}/"
    assert methods(page) == ["password"]

    page.goto("/account/browsers/")
    looking.see(page, language)
    press(page, "button[name=this]")
    sign_out(page)
    give_password(page, login_id)
    assert page.url.endswith("/account/2fa/authenticate/")
