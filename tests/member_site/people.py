"""Persons with members, signed in to the member site, and a day on which they look."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from html import unescape
from re import sub
from unittest.mock import patch

from django.conf import settings
from django.test import Client, override_settings

from noren.accounts import actions as accounts
from noren.accounts.models import Account
from noren.lifecycle import actions as lifecycle
from noren.member_site import clock
from tests.cast import ENGINEER, NOW
from tests.conftest import Place


def account(account_id: str, corporation_id: str = "C1", *lines: str, member: bool = True) -> Account:
    """A business account in use with linked lines, a member since July 2021 or none; made if it is not there yet."""
    if not Account.objects.filter(account_id=account_id).exists():
        with override_settings(NOREN_JOIN_WITH_ACCOUNT=member):
            lifecycle.issue(
                corporation_id=corporation_id,
                login_id=f"{account_id}@example.co.jp",
                name="見本花子",
                active=True,
                account_id=account_id,
                joined_on=date(2021, 7, 1) if member else None,
                actor=ENGINEER,
                now=NOW,
            )
    for line in lines:
        accounts.link_line(account_id, line, actor=ENGINEER, now=NOW)
    return Account.objects.get(account_id=account_id)


def signed_in(person: Account, language: str = "en") -> Client:
    """A browser of the person."""
    client = Client(HTTP_HOST="localhost:8000", HTTP_ACCEPT_LANGUAGE=language)
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


@contextmanager
def looking(place: Place, day: date) -> Iterator[None]:
    """Let the member site's clock stand on the day, and its archive lie in the place."""
    instant = datetime.combine(day, time(3), UTC)
    with override_settings(NOREN_HOME=place.home), patch.object(clock, "now", return_value=instant):
        yield


def text(client: Client, path: str, status: int = 200) -> str:
    """What a page says, without its marks."""
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return " ".join(unescape(sub(r"<[^>]*>", " ", answer.content.decode())).split())
