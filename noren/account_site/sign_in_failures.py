"""A wrong password or code: counted for its account; the one that locks it is told by mail."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from noren.account_site import sign_in_letters, sign_in_limits
from noren.accounts.rules import SignInResult
from noren.lifecycle import actions as lifecycle


def wrong_password(request: HttpRequest, account: Any, *, now: datetime) -> None:
    """The tenth in a row locks."""
    _failed(request, account, SignInResult.WRONG_PASSWORD, now)


def wrong_code(request: HttpRequest, account: Any, *, now: datetime) -> None:
    """Of somebody who gave the right password before; the twentieth in a row locks."""
    _failed(request, account, SignInResult.WRONG_CODE, now)


def _failed(request: HttpRequest, account: Any, result: SignInResult, now: datetime) -> None:
    where = sign_in_limits.where(request)
    if lifecycle.sign_in_failed(account.account_id, result=result, now=now, **where):
        sign_in_letters.failures_locked(account, result, now=now, **where)
