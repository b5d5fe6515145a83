"""A policy or lock that was set in one process holds in all within a second: pages, tokens, new sign-ins."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from django.conf import settings

from noren.accounts import queries
from noren.accounts.policy import Method
from noren.accounts.rules import LockReason
from noren.cli import arguments
from noren.groups import actions as groups
from noren.kit.secrets import hashed
from noren.lifecycle import actions as lifecycle
from noren.sso import actions as sso
from noren.sso import queries as services
from noren.sso.actions import Credentials, Person
from noren.sso.rules import ACR_TWO, ClientAuth, challenge_of
from tests.cast import ENGINEER
from tests.clients.cast import Party
from tests.clients.people import session_of
from tests.clients.register import register
from tests.conftest import Place
from tests.policy import cast
from tests.policy.cast import KITA
from tests.site import PASSWORD, Site, running

SECONDS = 1.0
VERIFIER = "v" * 43
PASSKEYS = frozenset({Method.PASSKEY})


@pytest.fixture
def sites(place: Place) -> Iterator[tuple[Site, Site]]:
    """Two servers on the same database; this process is a third one."""
    with ExitStack() as stack:
        one, other = stack.enter_context(running(place)), stack.enter_context(running(place))
        one.corporation("C1")
        yield one, other


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    """Made once: what it takes to make one is no time of the server's."""
    with httpx.Client(timeout=10) as made:
        yield made


def opens(http: httpx.Client, site: Site, key: str) -> bool:
    """Whether the account pages open with that session."""
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={key}"}
    return http.get(f"{site.url}/account/2fa/", headers=cookie).status_code == 200


def refreshed(http: httpx.Client, site: Site, party: Party, token: str) -> httpx.Response:
    form = {"grant_type": "refresh_token", "refresh_token": token}
    return http.post(f"{site.url}/oidc/token", data=form, auth=(party.client_id, party.secret))


def refresh_token(account_id: str, party: Party) -> str:
    """Of a person who signed in with a password and a code by mail, and agreed."""
    now, row = arguments.clock(), services.client(party.client_id)
    assert row is not None
    person = Person(
        account_id, queries.account(account_id).epoch, None, int(now.timestamp()), ACR_TWO, ["pwd", "otp", "mfa"],
        ["password", "mail"], now,
    )  # fmt: skip
    scopes = ("openid", "offline_access")
    sso.consent(account_id, row.client_id, scopes, actor=ENGINEER, now=now)
    asked: dict[str, Any] = {"challenge": challenge_of(VERIFIER), "nonce": "", "jkt": "", "claims": {}}
    code = sso.authorize(row, person, scopes, redirect_uri=party.redirect_uri, now=now, **asked)
    by = Credentials(party.client_id, ClientAuth.BASIC, hashed(party.secret))
    found = sso.redeem_code(code or "", by=by, redirect_uri=party.redirect_uri, verifier=VERIFIER, jkt="", now=now)
    assert found is not None
    return str(found[1])


def seconds_until(is_so: Callable[[], bool]) -> float:
    begin = time.monotonic()
    while not is_so():
        assert time.monotonic() - begin < 10 * SECONDS
    return time.monotonic() - begin


def test_a_change_holds_in_every_process_within_a_second(
    sites: tuple[Site, Site], place: Place, http: httpx.Client
) -> None:
    account_id = sites[0].person("hanako@example.jp")
    key = session_of(account_id, at=arguments.clock())
    party = register(place, Party("basic", "client_secret_basic"))
    token = refresh_token(account_id, party)
    assert all(opens(http, site, key) for site in sites)
    answer = refreshed(http, sites[0], party, token)
    assert answer.status_code == 200, answer.text
    token = answer.json()["refresh_token"]

    cast.ask(KITA, arguments.clock(), methods=PASSKEYS)
    took = seconds_until(lambda: not any(opens(http, site, key) for site in sites))
    assert took < SECONDS
    for site in sites:
        answer = refreshed(http, site, party, token)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")

    groups.clear_policy(KITA, actor=ENGINEER, now=arguments.clock())
    back = seconds_until(lambda: all(opens(http, site, key) for site in sites))
    assert back < SECONDS
    assert refreshed(http, sites[1], party, token).status_code == 200


def signs_in(site: Site, login_id: str) -> bool:
    """Whether the first step of a sign-in with the right password leads on."""
    with httpx.Client(base_url=site.url, timeout=10) as browser:
        page = browser.get("/account/login/").text
        form = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert form is not None
        data = {"csrfmiddlewaretoken": form[1], "login": login_id, "password": PASSWORD}
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies.jar)
        answer = browser.post("/account/login/", data=data, headers={"Cookie": cookies, "Origin": site.url})
        return answer.status_code == 302


def test_a_lock_holds_in_every_process_within_a_second(
    sites: tuple[Site, Site], place: Place, http: httpx.Client
) -> None:
    login_id = "taro@example.jp"
    account_id = sites[0].person(login_id)
    key = session_of(account_id, at=arguments.clock())
    party = register(place, Party("basic", "client_secret_basic"))
    answer = refreshed(http, sites[0], party, refresh_token(account_id, party)).json()
    bearer = {"Authorization": f"Bearer {answer['access_token']}"}
    own = f"{sites[0].url}/oidc/userinfo"
    assert http.get(own, headers=bearer).status_code == 200
    assert all(opens(http, site, key) and signs_in(site, login_id) for site in sites)

    lifecycle.lock(account_id, LockReason.ADMINISTRATOR, actor=ENGINEER, now=arguments.clock())
    took = seconds_until(lambda: not any(opens(http, site, key) for site in sites))
    assert http.get(own, headers=bearer).status_code == 401
    for site in sites:
        assert refreshed(http, site, party, answer["refresh_token"]).json()["error"] == "invalid_grant"
        assert not signs_in(site, login_id)
    assert took < SECONDS
