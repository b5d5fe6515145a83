"""People without a password, without their telephone, or with somebody else in their account."""

import re

from playwright.sync_api import Browser, Page

from noren.accounts.rules import SignInResult
from noren.cli import arguments
from noren.lifecycle import actions as lifecycle
from tests.browser import looking
from tests.browser.conftest import Watch, authenticator, new_context
from tests.browser.people import (
    app_code,
    arrive,
    fill,
    give_code,
    give_password,
    is_in,
    methods,
    press,
    sign_in,
    sign_out,
    texts,
)
from tests.cast import ENGINEER
from tests.site import Site

PASSKEY = "form[data-passkey] button"
UNKNOWN = {"ja": "不明なブラウザー", "en": "Unknown browser"}
"""What a browser is called that gives no name we know."""

ONE_NEW = "the second cloth of the house"


def invited_by_letter(site: Site, language: str) -> str:
    """The address in the QR code of a letter to somebody without mail."""
    now = arguments.clock()
    account_id = lifecycle.issue(
        corporation_id="C1",
        login_id="",
        employee_number=f"L-{language}",
        name="森 三郎",
        language=language,
        actor=ENGINEER,
        now=now,
    )
    token = lifecycle.invite(account_id, by="letter", actor=ENGINEER, now=now)
    return f"{site.url}/join/letter/{token}/"


def test_a_letter_leads_to_a_passkey_and_the_passkey_to_the_site(
    page: Page, site: Site, language: str, watch: Watch
) -> None:
    link = invited_by_letter(site, language)
    authenticator(page)
    page.goto(link)
    assert page.locator("html").get_attribute("lang") == language
    assert "森 三郎" in page.locator("main .lead").inner_text()
    looking.see(page, language)
    press(page, "button[name=by][value=passkey]")
    assert page.url.endswith("/account/2fa/passkeys/add/")
    page.goto("/history/")
    assert page.url.endswith("/account/2fa/")
    looking.see(page, language)
    page.goto("/account/2fa/passkeys/add/")
    looking.see(page, language)
    press(page, PASSKEY)
    assert len(texts(page.locator(".codes li"))) == 10
    looking.see(page, language)
    press(page, "main a.button")
    assert page.url.endswith("/history/")
    sign_out(page)

    page.goto("/account/login/")
    press(page, PASSKEY)
    assert page.url == f"{site.url}/"
    assert methods(page) == ["webauthn"]

    watch.expected.append("status of 410")
    answer = page.goto(link)
    assert answer is not None
    assert answer.status == 410
    assert page.locator("button[name=by]").count() == 0


def set_up_an_app(page: Page, language: str) -> tuple[str, list[str]]:
    """Its secret and the recovery codes that come with it."""
    page.goto("/account/2fa/app/")
    looking.see(page, language)
    secret = page.locator("code.secret").inner_text()
    give_code(page, app_code(secret))
    return secret, texts(page.locator(".codes li"))


def test_a_lost_telephone_is_replaced_with_a_recovery_code(page: Page, site: Site, language: str) -> None:
    login_id = f"lost-{language}@example.jp"
    arrive(page, site, site.person(login_id, language=language))
    first, codes = set_up_an_app(page, language)
    assert len(codes) == 10
    page.goto("/account/2fa/recovery-codes/")
    assert page.locator(".codes").count() == 0  # shown once
    sign_out(page)

    give_password(page, login_id)
    give_code(page, codes[0])
    page.goto("/account/2fa/app/remove/")
    looking.see(page, language)
    press(page, "main button.danger")
    second, fresh = set_up_an_app(page, language)
    assert second != first
    assert len(fresh) == 10
    assert not set(codes) & set(fresh)
    sign_out(page)

    give_password(page, login_id)
    give_code(page, app_code(first, ahead=1))
    assert page.locator("#id_code_error").is_visible()
    give_code(page, codes[1])
    assert page.locator("#id_code_error").is_visible()
    give_code(page, app_code(second, ahead=1))
    assert page.url == f"{site.url}/"


def test_one_browser_ends_another(page: Page, browser: Browser, site: Site, language: str, watch: Watch) -> None:
    login_id = f"remote-{language}@example.jp"
    account_id = site.person(login_id, language=language)
    here = arrive(page, site, account_id)
    elsewhere = new_context(browser, site, language, watch)
    there = elsewhere.new_page()
    sign_in(there, site, login_id)

    here.goto("/account/sessions/")
    names = texts(here.locator(".rows strong"))
    assert sorted(names) == ["Chrome (Linux)", UNKNOWN[language]]
    assert here.locator("button[name=key]").count() == 1
    looking.see(here, language)
    press(here, "button[name=key]")
    assert here.locator(".messages .success").is_visible()
    assert texts(here.locator(".rows strong")) == [UNKNOWN[language]]

    there.locator("a[href='/history/']").first.click()
    there.wait_for_url("**/account/login/?next=/history/")
    assert is_in(here)
    elsewhere.close()


def test_the_link_in_a_notice_locks_until_the_administrator_unlocks(
    page: Page, browser: Browser, site: Site, language: str, watch: Watch
) -> None:
    login_id = f"lock-{language}@example.jp"
    account_id = site.person(login_id, language=language)
    sign_in(page, site, login_id)
    link = next(link for link in site.await_mail(login_id, after=1).links if "/account/lock/" in link)

    owner = new_context(browser, site, language, watch)
    other = owner.new_page()
    other.goto(link)
    looking.see(other, language)
    assert is_in(page)  # opening it only asks
    press(other, "main button.danger")
    assert login_id in other.locator("main .lead").inner_text()
    looking.see(other, language)
    owner.close()
    assert not is_in(page)
    give_password(page, login_id)
    assert page.locator("[role=alert] .errors").is_visible()
    assert "/password/reset/" in site.await_mail(login_id, after=2).text

    # Whoever is in the account may be in the mailbox, too: a reset sends no code.
    page.goto("/account/password/reset/")
    fill(page, login=login_id)
    press(page)
    site.place.noren("account", "unlock", account_id)
    sign_in(page, site, login_id)
    sent = [mail for mail in site.mails(login_id) if re.search(r"\b\d{6}\b", mail.text)]
    assert len(sent) == 2  # the codes of the two sign-ins


def test_a_reset_unlocks_after_wrong_passwords(page: Page, site: Site, language: str) -> None:
    login_id = f"forgot-{language}@example.jp"
    account_id = site.person(login_id, language=language)
    for _try in range(10):
        lifecycle.sign_in_failed(
            account_id, result=SignInResult.WRONG_PASSWORD, address="", agent="", now=arguments.clock()
        )
    give_password(page, login_id)
    assert page.locator("[role=alert] .errors").is_visible()
    letter = site.await_mail(login_id)
    page.goto(next(link for link in letter.links if "/password/reset/" in link))
    fill(page, login=login_id)
    press(page)
    looking.see(page, language)
    give_code(page, site.await_mail(login_id, after=1))
    looking.see(page, language)
    fill(page, password1=ONE_NEW, password2=f"{ONE_NEW}.")
    press(page)
    assert page.locator("#id_password2_error").is_visible()
    fill(page, password1=ONE_NEW, password2=ONE_NEW)
    press(page)
    site.await_mail(login_id, after=2)  # the notice of the new password: the next message is the code
    sign_in(page, site, login_id, ONE_NEW)
    assert is_in(page)
