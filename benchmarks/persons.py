"""People who sign on and a partner service, made through the application's own actions."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.http import HttpRequest, HttpResponse

from noren.account_site import sign_in_browsers, sign_in_trust
from noren.accounts import actions as accounts
from noren.accounts.rules import TwoStep
from noren.accounts.sessions import SID, STARTED, SessionStore
from noren.kit.actor import Actor, ActorKind
from noren.lifecycle import actions as lifecycle
from noren.sso import actions as sso
from noren.sso.rules import GrantType

ACTOR = Actor(ActorKind.SYSTEM, "benchmark")
PASSWORD = "a curtain of indigo cloth"  # noqa: S105  (of the benchmark alone)
CALLBACK = "http://localhost:9/callback"
SCOPE = "openid profile offline_access"
METHODS = "account_authentication_methods"
"""Where allauth keeps how somebody signed in."""

AHEAD = timedelta(hours=6)
"""Sessions count as seen until then, so that no read notes when they were seen."""


def now() -> datetime:
    """The time of the benchmark's own writes."""
    return datetime.now(UTC)  # noqa: TID251  (the benchmark is a door)


def make(corporation_id: str, count: int) -> dict[str, Any]:
    """So many persons who agreed to one partner, each with a browser that is signed in and one that is trusted."""
    partner, made = _partner(), []
    for number in range(count):
        login = f"person-{number:05d}"
        account_id = lifecycle.issue(
            corporation_id=corporation_id, login_id=login, name="見本花子", active=True, actor=ACTOR, now=now()
        )
        accounts.first_password(account_id, PASSWORD, actor=ACTOR, now=now())
        accounts.set_two_step(account_id, TwoStep.WEAK, actor=ACTOR, now=now())
        sso.consent(account_id, partner["client_id"], SCOPE.split(), actor=ACTOR, now=now())
        made.append({"login": login, "session": session(account_id), "trusted": _trusted(account_id)})
    return {"partner": partner, "persons": made, "password": PASSWORD}


def _partner() -> dict[str, str]:
    kinds = (GrantType.CODE, GrantType.REFRESH, GrantType.CLIENT)
    made = sso.add_client(name="Benchmark", redirect_uris=[CALLBACK], grant_types=kinds, actor=ACTOR, now=now())
    return {"client_id": made.client_id, "secret": made.secret}


def session(account_id: str) -> str:
    """The cookie of a session that was begun with a password and a code by mail."""
    at, store = now(), SessionStore()
    store[SESSION_KEY], store[SID] = account_id, str(uuid4())
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = get_user_model().objects.get(pk=account_id).get_session_auth_hash()
    seen = (at + AHEAD).isoformat()
    store[STARTED] = {"at": at.isoformat(), "seen": seen, "address": "192.0.2.1", "agent": "benchmark"}
    store[METHODS] = [{"method": name, "at": at.timestamp()} for name in ("password", "code")]
    store.create()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


def _trusted(account_id: str) -> str:
    """The cookies of a browser that has signed in before and skips the second step."""
    account, request, response = get_user_model().objects.get(pk=account_id), HttpRequest(), HttpResponse()
    sign_in_browsers.remember(request, account, response)
    sign_in_trust.trust(request, account, response, now=now())
    return "; ".join(f"{name}={cookie.coded_value}" for name, cookie in response.cookies.items())
