"""Passkeys in a real browser with a virtual authenticator: added, used as second step, alone, and to confirm."""

import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.test import override_settings
from playwright.sync_api import Page, sync_playwright

from noren.accounts import queries
from noren.accounts.models import Account
from noren.accounts.rules import WRONG_PASSWORDS, LockReason, State
from noren.lifecycle import actions as lifecycle
from tests import chromium
from tests.account_site import people
from tests.account_site.people import PASSWORD, person
from tests.cast import ENGINEER
from tests.conftest import Place
from tests.lifecycle.cast import sign_ins

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Server(ThreadingMixIn, WSGIServer):
    """Several requests at a time."""

    daemon_threads = True

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer, and let go of the connection to the database with the thread."""
        super().process_request_thread(request, client_address)
        connections.close_all()


class Quiet(WSGIRequestHandler):
    """Says nothing."""

    def log_message(self, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def page(place: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A browser at a server of this process, with a device that holds passkeys."""
    del place
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    server = make_server("127.0.0.1", 0, lambda _environ, _start: [], server_class=Server, handler_class=Quiet)
    url = f"http://localhost:{server.server_port}"
    with override_settings(NOREN_URL=url), sync_playwright() as playwright:
        server.set_app(WSGIHandler())
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = chromium.launch(playwright)
        made = browser.new_context(base_url=url, locale="en-GB").new_page()
        made.set_default_timeout(10_000)
        session = made.context.new_cdp_session(made)
        session.send("WebAuthn.enable")
        session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        yield made
        connections.close_all()  # those of the loop that playwright runs are not seen from without
        browser.close()
    server.shutdown()
    server.server_close()


def test_a_passkey_is_a_second_step_and_a_way_in_by_itself_and_shows_that_it_is_still_the_person(page: Page) -> None:
    account_id = person()
    _by_password(page)
    page.get_by_label("Security code").fill(people.last_code())
    page.get_by_role("button", name="Continue").click()
    page.goto("/account/2fa/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name of the passkey").fill("Telephone")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("/account/2fa/recovery-codes/")
    assert page.locator("ul.codes li").count() == 10

    _sign_out(page)
    _by_password(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("/history/")
    assert sign_ins(account_id)[0].methods == ("password", "passkey")

    _sign_out(page)
    _by_passkey(page)
    page.wait_for_url("/membership/")
    assert sign_ins(account_id)[0].methods == ("passkey",)

    page.goto("/account/2fa/passkeys/reauthenticate/?next=/history/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("/history/")

    page.goto("/account/2fa/passkeys/")
    page.get_by_role("link", name="Rename Telephone").click()
    page.get_by_label("Name of the passkey").fill("Key")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Remove Key").click()
    page.get_by_role("button", name="Remove").click()
    assert page.get_by_text("You have no passkey yet.").is_visible()
    told = people.subjects()
    assert "A passkey was added to your account" in told
    assert "A passkey was removed from your account" in told


def test_wrong_passwords_do_not_close_the_way_of_a_passkey_which_opens_the_account_again(page: Page) -> None:
    account_id = person()
    _by_password(page)
    page.get_by_label("Security code").fill(people.last_code())
    page.get_by_role("button", name="Continue").click()
    page.goto("/account/2fa/passkeys/add/")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("/account/2fa/recovery-codes/")
    _sign_out(page)
    for _number in range(WRONG_PASSWORDS):
        lifecycle.sign_in_failed(account_id, now=people.now())
    assert queries.account(account_id).lock_reason is LockReason.PASSWORDS
    _by_passkey(page)
    page.wait_for_url("/membership/")
    assert queries.account(account_id).state is State.ACTIVE
    assert Account.objects.get(pk=account_id).failed_passwords == 0

    lifecycle.lock(account_id, LockReason.ADMINISTRATOR, actor=ENGINEER, now=people.now())
    _by_passkey(page)
    page.get_by_text("The ID or the password is wrong.").wait_for()
    assert queries.account(account_id).state is State.LOCKED


def _by_passkey(page: Page) -> None:
    page.goto("/account/login/?next=/membership/")
    page.get_by_role("button", name="Sign in with a passkey").click()


def _by_password(page: Page) -> None:
    page.goto("/account/login/?next=/history/")
    page.get_by_label("ID or mail address").fill(people.MAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def _sign_out(page: Page) -> None:
    page.goto("/account/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
