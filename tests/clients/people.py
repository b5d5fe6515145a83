"""Somebody who is signed in at Noren, and what such a person answers on its pages."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model

from noren.accounts.sessions import SID, STARTED, SessionStore
from tests.clients.browser import Browser, posts, pressed

METHODS = "account_authentication_methods"
"""Where django-allauth keeps how one has signed in."""

METHODS_OF = "account_authentication_methods_user"
"""And of whom that tells: it believes no more than that."""


def session_of(account_id: str, *, at: datetime) -> str:
    """The cookie of a session that was begun at that time with a password and a code by mail."""
    account = get_user_model().objects.get(pk=account_id)
    store = SessionStore()
    store[SESSION_KEY] = account_id
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    store[SID] = str(uuid4())
    store[STARTED] = {"at": at.isoformat(), "seen": at.isoformat(), "address": "192.0.2.1", "agent": "Test browser"}
    used = ({"method": "password"}, {"method": "code", "channel": "mail"})
    store[METHODS] = [{**record, "at": at.timestamp()} for record in used]
    store[METHODS_OF] = account_id
    store.create()
    return str(store.session_key)


def signed_in(
    url: str, account_id: str, *, at: datetime, age: int = 0, transport: httpx.BaseTransport | None = None
) -> Browser:
    """A browser whose session is that many seconds old."""
    browser = Browser(transport)
    key = session_of(account_id, at=at - timedelta(seconds=age))
    browser.set_cookie(url, settings.SESSION_COOKIE_NAME, key)
    return browser


def agrees(page: httpx.Response) -> dict[str, str] | None:
    """Say yes to what the provider asks; None on any other page, such as the sign-in."""
    if not urlsplit(str(page.url)).path.startswith("/oidc/") or page.status_code != 200 or not posts(page):
        return None
    return pressed(page)
