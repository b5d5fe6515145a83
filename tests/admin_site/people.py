"""Administrators at their browsers."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.test import Client

from noren.cli import arguments
from noren.groups import actions as groups
from noren.lifecycle import actions as lifecycle
from tests.cast import ENGINEER
from tests.clients.people import session_of


def now() -> datetime:
    """The clock of the door."""
    return arguments.clock()


def who() -> dict[str, Any]:
    """Somebody of the operator, now."""
    return {"actor": ENGINEER, "now": now()}


def person(login_id: str, corporation_id: str = "C1", **more: Any) -> str:
    """An account in use."""
    about: dict[str, Any] = {
        "name": login_id.title(),
        "language": "en",
        "contact_mail": f"{login_id}@example.jp",
        **more,
    }
    return lifecycle.issue(corporation_id=corporation_id, login_id=login_id, active=True, **about, **who())


def administrator(login_id: str = "admin", corporation_id: str = "C1", **more: Any) -> str:
    """One who administers their corporation."""
    account_id = person(login_id, corporation_id, **more)
    groups.make_administrator(account_id, **who())
    return account_id


def at_desk(account_id: str, *, minutes_ago: int = 0) -> Client:
    """A browser in which the account signed in with a second factor, so many minutes ago."""
    client = Client(HTTP_HOST="localhost:8000", HTTP_USER_AGENT="Test browser", REMOTE_ADDR="192.0.2.1")
    at = now() - timedelta(minutes=minutes_ago)
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(account_id, at=at)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def text(response: Any) -> str:
    """What the page says."""
    return str(response.content.decode())


def act(client: Client, name: str, account_id: str, **form: str) -> Any:
    """Confirm an act on one account; the page that tells what came of it."""
    url = f"/manage/accounts/act/{name}/?account={account_id}"
    assert client.get(url).status_code == 200
    answer = client.post(url, form)
    return client.get(answer["Location"]) if answer.status_code == 302 else answer
