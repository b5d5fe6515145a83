"""After a person's whole journey, nothing that opens a door stands in clear in the database or in the log."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from django.test import override_settings
from playwright.sync_api import Page

from noren.accounts.actions.lines import set_pins
from noren.cli import arguments
from noren.lifecycle import actions as lifecycle
from tests.browser.conftest import Watch
from tests.browser.people import SESSION, app_code, fill, give_code, give_password, press, sign_out, texts
from tests.browser.relying import Bare, register
from tests.browser.spilt import files, spilt, tables
from tests.cast import ENGINEER
from tests.clients.people import session_of
from tests.conftest import Place
from tests.site import Site, running

MAIL, MOBILE, LINE, PIN = "secrets@example.jp", "+819033330001", "09033330002", "8064"
FIRST, SECOND = "first-curtain-of-indigo", "second-curtain-of-indigo"
"""Without a sign that forms would write in another way."""

KINDS = {"password", "code", "app", "app code", "recovery", "session", "token", "pin"} | {
    "client secret",
    "authorisation code",
    "access_token",
    "id_token",
    "refresh_token",
}


@dataclass
class Kept:
    """What a thief would like to have, by what it is."""

    page: Page
    site: Site
    found: dict[str, str] = field(default_factory=dict)

    def keep(self, name: str, secret: str) -> str:
        """Remember it; each has a name of its own."""
        self.found[f"{name} {len(self.found)}"] = secret
        return secret

    def session(self) -> None:
        """The cookie as it is now."""
        for cookie in self.page.context.cookies():
            if cookie["name"] == SESSION:
                self.keep("session", cookie["value"])

    def code(self, to: str, *, after: int) -> str:
        """The code in the newest message."""
        return self.keep("code", self.site.await_mail(to, after=after).code)

    def links(self) -> None:
        """The tokens in the addresses of all mails."""
        for mail in self.site.mails(MAIL):
            for link in mail.links:
                if token := re.search(r"/(?:lock|invitation|letter)/([^/]+)/", link):
                    self.keep("token", token[1])


@pytest.fixture
def language() -> str:
    """Secrets speak no language: once is enough."""
    return "ja"


@pytest.fixture
def site(place: Place) -> Iterator[Site]:
    """One of its own: among the numbers of hundreds of other people any six digits are found."""
    with running(place) as started:
        yield started


@pytest.fixture
def kept(page: Page, site: Site) -> Kept:
    return Kept(page, site)


def accept(kept: Kept, account_id: str) -> str:
    """Be invited, and choose a password; gives the link."""
    with override_settings(NOREN_URL=kept.site.url):
        lifecycle.invite(account_id, by="mail", actor=ENGINEER, now=arguments.clock())
    link = kept.site.await_mail(MAIL).links[0]
    refused = kept.page.request.post(link, form={"by": "password", "password": FIRST, "again": FIRST})
    assert refused.status == 403  # from elsewhere: the link is still good
    kept.page.goto(link)
    fill(kept.page, password=kept.keep("password", FIRST), again=FIRST + "x")
    press(kept.page, "button[value=password]")
    fill(kept.page, password=FIRST, again=FIRST)
    press(kept.page, "button[value=password]")
    kept.session()
    return link


def sign_in_by_mail(kept: Kept) -> None:
    """Out and in again, with a code by mail."""
    sign_out(kept.page)
    sent = len(kept.site.mails(MAIL))
    give_password(kept.page, MAIL, FIRST)
    kept.session()
    give_code(kept.page, kept.code(MAIL, after=sent))
    kept.session()


def set_up_the_app(kept: Kept) -> list[str]:
    """An app, typed wrong once, and the recovery codes."""
    kept.page.goto("/account/2fa/app/")
    secret = kept.keep("app", kept.page.locator("code.secret").inner_text())
    give_code(kept.page, "000000")
    assert kept.page.locator("code.secret").inner_text() == secret
    give_code(kept.page, kept.keep("app code", app_code(secret)))
    return [kept.keep("recovery", code) for code in texts(kept.page.locator(".codes li"))]


def change_the_password(kept: Kept, recovery: str) -> None:
    """And sign in with it and a recovery code."""
    kept.page.goto("/account/password/change/")
    fill(kept.page, oldpassword=FIRST, password1=kept.keep("password", SECOND), password2=SECOND)
    press(kept.page)
    kept.session()
    sign_out(kept.page)
    give_password(kept.page, MAIL, SECOND)
    give_code(kept.page, recovery)
    kept.session()


def prove_a_mobile_and_a_line(kept: Kept) -> None:
    """By a code, by a PIN."""
    kept.page.goto("/account/mobile/")
    fill(kept.page, destination=MOBILE)
    press(kept.page)
    give_code(kept.page, kept.code(MOBILE, after=0))
    kept.page.goto("/account/lines/add/")
    fill(kept.page, number=LINE, pin=kept.keep("pin", PIN))
    press(kept.page)
    assert kept.page.locator("a[href$='/unlink/']").count() == 1


def sign_on_to_a_partner(kept: Kept, watch: Watch) -> None:
    """Code, tokens, the next tokens."""
    service = Bare(register(kept.site, "Silent house"))
    watch.origins.add(service.registration.url)
    kept.keep("client secret", service.registration.client_secret)
    first = service.sign_on(kept.page)
    second = service.refreshed(first["refresh_token"]).json()
    kept.keep("authorisation code", service.code)
    kept.keep("authorisation code", service.code.partition(".")[2])
    for tokens in (first, second):
        for name in ("access_token", "id_token", "refresh_token"):
            kept.keep(name, tokens[name])
            kept.keep(f"secret part of {name}", tokens[name].rpartition(".")[2])


def lock(kept: Kept, link: str) -> None:
    """By the newest notice; then open links that are used up."""
    kept.links()
    mails = kept.site.mails(MAIL)
    lock = next(one for mail in mails for one in mail.links if "/account/lock/" in one)
    kept.page.goto(lock)
    press(kept.page, "main button.danger")
    for used, status in ((lock, 400), (link, 410)):
        answer = kept.page.goto(used)
        assert answer is not None
        assert answer.status == status


def test_no_secret_of_a_journey_stands_in_clear(kept: Kept, site: Site, watch: Watch) -> None:
    watch.expected.append("status of 4")
    site.corporation("C1", name="北商事株式会社", lines=(f"SL1,C1,{LINE},mobile,2012-04-01,,2020-01-01,",))
    set_pins([("SL1", PIN)])
    account_id = lifecycle.issue(
        corporation_id="C1", login_id=MAIL, contact_mail=MAIL, name="林 静", actor=ENGINEER, now=arguments.clock()
    )
    link = accept(kept, account_id)
    sign_in_by_mail(kept)
    recovery = set_up_the_app(kept)
    change_the_password(kept, recovery[0])
    prove_a_mobile_and_a_line(kept)
    sign_on_to_a_partner(kept, watch)
    lock(kept, link)
    assert urlsplit(kept.page.url).netloc == urlsplit(site.url).netloc

    assert {name.rstrip("0123456789 ") for name in kept.found} >= KINDS
    assert spilt(kept.found, tables(site)) == []
    assert spilt(kept.found, files(site.place.home, but=frozenset({"outbox", "files"}))) == []


def test_what_stands_in_clear_would_be_found(site: Site) -> None:
    """The search itself: it reads rows, what is packed in them, and the log; digits must stand alone."""
    site.corporation("C1")
    account_id = site.person("seen@example.jp")
    session_of(account_id, at=arguments.clock())
    texts = {**tables(site), **files(site.place.home, but=frozenset({"outbox"}))}
    wanted = {"plain": account_id, "packed": "account_authentication_methods", "logged": site.url}
    places = {name: {place for found, place in spilt(wanted, texts) if found == name} for name in wanted}
    assert "public.accounts_account" in places["plain"]
    assert places["packed"] == {"public.accounts_session"}
    assert "serve.log" in places["logged"]
    near = {"time": "2026-01-01 12:00:00.123456", "longer": "ab123456", "alone": "is 123456."}
    assert spilt({"code": "123456"}, near) == [("code", "alone")]
