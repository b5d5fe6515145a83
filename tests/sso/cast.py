"""A person and a partner service: what they have agreed, one call from the statements, and how tokens fare."""

import secrets
from dataclasses import dataclass, replace
from typing import Any

import httpx
from django.conf import settings

from noren.accounts import actions as accounts
from noren.accounts import queries
from noren.kit.secrets import hashed
from noren.lifecycle import actions as lifecycle
from noren.sso import actions
from noren.sso import queries as services
from noren.sso.actions import Credentials, Person
from noren.sso.queries import ClientRow
from noren.sso.rules import ACR_TWO, ClientAuth, GrantType, challenge_of
from tests.cast import ENGINEER
from tests.clients import people
from tests.clients.browser import Browser, posts, pressed, the_form
from tests.conformity.conftest import Person as Visitor
from tests.conformity.op import Op
from tests.site import PASSWORD

DEVICE = str(GrantType.DEVICE)
VERIFIER = "v" * 43
SCOPES = ("openid", "profile")


def person(op: Op) -> Op:
    """The provider as another person meets it, who has an account and any number of browsers."""
    mail = f"{secrets.token_hex(6)}@example.jp"
    account_id = lifecycle.issue(
        corporation_id="C1", login_id=mail, name="山田花子", contact_mail=mail, language="en", active=True,
        actor=ENGINEER, now=op.now(),
    )  # fmt: skip
    accounts.first_password(account_id, PASSWORD, actor=ENGINEER, now=op.now())

    def browser(*, says: str = "yes") -> Browser:
        visitor = Visitor(op.transport)
        visitor.says = says
        key = people.session_of(account_id, at=op.now())
        visitor.set_cookie(settings.NOREN_URL, settings.SESSION_COOKIE_NAME, key)
        return visitor

    return replace(op, browser=browser, account_id=account_id)


@dataclass(frozen=True)
class Deal:
    """A partner, a person who agreed, and what the partner shows of itself."""

    op: Op
    client: ClientRow
    person: Person
    by: Credentials

    @classmethod
    def of(cls, op: Op, party: str) -> "Deal":
        """Of a partner with a secret."""
        told = op.parties[party]
        row = services.client(told.client_id)
        assert row is not None
        epoch = queries.account(op.account_id).epoch
        person = Person(op.account_id, epoch, None, int(op.clock()), ACR_TWO, ["pwd", "otp", "mfa"])
        actions.consent(op.account_id, row.client_id, SCOPES, actor=ENGINEER, now=op.now())
        return cls(op, row, person, Credentials(told.client_id, ClientAuth.BASIC, hashed(told.secret)))

    def code(self) -> str:
        """An authorisation code."""
        code = actions.authorize(
            self.client, self.person, SCOPES, redirect_uri=self.client.redirect_uris[0],
            challenge=challenge_of(VERIFIER), nonce="", jkt="", claims={}, now=self.op.now(),
        )  # fmt: skip
        assert code is not None
        return code

    def redeem(self, code: str, number: int = 0) -> str:
        """The refresh token for a code; empty: refused."""
        del number
        found = actions.redeem_code(
            code, by=self.by, redirect_uri=self.client.redirect_uris[0], verifier=VERIFIER, jkt="", now=self.op.now()
        )
        return str(found[1]) if found else ""

    def refresh(self, token: str, number: int = 0) -> str:
        """The next refresh token; empty: refused."""
        del number
        found = actions.redeem_refresh(token, by=self.by, jkt="", now=self.op.now())
        return str(found[1]) if found else ""

    def device_code(self) -> str:
        """The code of a device that the person has allowed."""
        device_code, user_code = actions.start_device(self.client.client_id, "openid", now=self.op.now())
        self.allow(user_code)
        return device_code

    def allow(self, user_code: str) -> None:
        """The person allows the device."""
        waiting = services.waiting_device(user_code, self.op.now())
        assert waiting is not None
        assert actions.decide_device(waiting, self.client, self.person, now=self.op.now())

    def ask(self, device_code: str, number: int = 0) -> Any:
        """What the device is told."""
        del number
        return actions.redeem_device(device_code, by=self.by, jkt="", now=self.op.now())


def device_allowed(op: Op, party: str, scope: str = "openid") -> str:
    """The code of a device that the person has allowed on the page."""
    told = op.post("device_authorization_endpoint", party, scope=scope).json()
    browser = op.browser()
    page = browser.get(told["verification_uri_complete"])
    assert browser.submit(page, the_form(page), **pressed(page)).status_code == 200
    return str(told["device_code"])


def press(browser: Browser, path: str, button: str) -> httpx.Response:
    """Open a page of Noren and press the button of that name (or, for none, its only one)."""
    page = browser.get(f"{settings.NOREN_URL}{path}")
    for form in posts(page):
        for name, value in form.buttons:
            if name == button:
                return browser.submit(page, form, **({name: value} if name else {}))
    raise AssertionError((path, button, page.status_code, page.text[:2000]))


def introspected(op: Op, token: str, party: str = "basic") -> bool:
    """Whether the token counts, as its partner hears it."""
    answer = op.post("introspection_endpoint", party, token=token)
    assert answer.status_code == 200, answer.text
    return bool(answer.json()["active"])


def live(op: Op, got: dict[str, Any], party: str = "basic") -> dict[str, bool]:
    """What of an answer with tokens still counts, by introspection and at the person's data. Uses nothing up."""
    return {
        "access": introspected(op, got["access_token"], party),
        "refresh": introspected(op, got["refresh_token"], party),
        "userinfo": op.userinfo(got["access_token"]).status_code == 200,
    }


ALIVE = {"access": True, "refresh": True, "userinfo": True}
DEAD = {"access": False, "refresh": False, "userinfo": False}


def is_dead(op: Op, got: dict[str, Any], party: str = "basic") -> bool:
    """Nothing counts, and the refresh token is refused."""
    assert live(op, got, party) == DEAD
    answer = op.refresh(got["refresh_token"], party)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    return True
