"""What may be tried how often: for each account, each address and each organisation."""

from datetime import datetime
from typing import TypedDict

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.http import HttpRequest

from noren.accounts import limits
from noren.accounts.limits import Limit

MINUTE = 60
TEN_MINUTES = 600


def address(request: HttpRequest) -> str:
    """Where the request came from, behind the trusted proxies."""
    return get_client_ip(request) or "unknown"


def agent(request: HttpRequest) -> str:
    """The browser, as it names itself; cut to what a list can show."""
    return request.headers.get("User-Agent", "")[:200]


class Where(TypedDict):
    """Both, as they are kept and told."""

    address: str
    agent: str


def where(request: HttpRequest) -> Where:
    """From where, and with what."""
    return {"address": address(request), "agent": agent(request)}


def _network(request: HttpRequest) -> str:
    return limits.network(address(request))


def password(request: HttpRequest, key: str, *, now: datetime) -> None:
    """A password is tried for a login id. Known and unknown ids count alike. Raises TooOften."""
    organisation, stroke, _number = key.partition("/")
    asked = [
        Limit("password.address", _network(request), settings.NOREN_SIGN_INS_PER_MINUTE, MINUTE),
        Limit("password.account", key, 30, TEN_MINUTES),
    ]
    if stroke:
        asked.append(Limit("password.organisation", organisation, 10 * settings.NOREN_SIGN_INS_PER_MINUTE, MINUTE))
    limits.count(asked, now=now)


def second_step(request: HttpRequest, account_id: str, *, now: datetime) -> None:
    """A code is tried for an account. Raises TooOften."""
    limits.count(
        [
            Limit("code.address", _network(request), settings.NOREN_SIGN_INS_PER_MINUTE, MINUTE),
            Limit("code.account", account_id, 10, 5 * MINUTE),
        ],
        now=now,
    )


def passkey(request: HttpRequest, *, now: datetime) -> None:
    """A passkey is tried; nothing can be guessed for a given account, so only the address counts. Raises TooOften."""
    limits.count([Limit("passkey.address", _network(request), settings.NOREN_SIGN_INS_PER_MINUTE, MINUTE)], now=now)


def message(request: HttpRequest, account_id: str, organisation: str, *, now: datetime) -> None:
    """A code is sent: each costs money and somebody's attention. Raises TooOften."""
    limits.count(
        [
            Limit("message.address", _network(request), settings.NOREN_SIGN_INS_PER_MINUTE, MINUTE),
            Limit("message.account", account_id, 10, 6 * TEN_MINUTES),
            Limit("message.organisation", organisation, 1000, 6 * TEN_MINUTES),
        ],
        now=now,
    )


def reset(request: HttpRequest, key: str, *, now: datetime) -> None:
    """A password reset is asked for, whether the id exists or not. Raises TooOften."""
    limits.count(
        [
            Limit("reset.address", _network(request), 20, TEN_MINUTES),
            Limit("reset.account.address", f"{key} {_network(request)}", 5, TEN_MINUTES),
            Limit("reset.account", key, 50, TEN_MINUTES),
        ],
        now=now,
    )


def reset_code(request: HttpRequest, subject: str, *, now: datetime) -> None:
    """A code of a reset is tried; apart from the second step, which no stranger is to block. Raises TooOften."""
    limits.count(
        [
            Limit("reset_code.address", _network(request), settings.NOREN_SIGN_INS_PER_MINUTE, MINUTE),
            Limit("reset_code.subject", subject, 10, 5 * MINUTE),
        ],
        now=now,
    )
