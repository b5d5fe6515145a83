"""What the account pages share: who acts, where from, and the notice of a change."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from noren.account_site import sign_in_letters, sign_in_limits
from noren.accounts import actions as accounts
from noren.kit.actor import Actor


def mine(request: HttpRequest) -> str:
    """The id of the account that is signed in."""
    return str(request.user.pk)


def person(request: HttpRequest) -> Any:
    """The account's row."""
    return request.user


def me(request: HttpRequest) -> Actor:
    """Its person as the one who acts."""
    return accounts.herself(mine(request))


def tell(request: HttpRequest, event: str, account: Any) -> None:
    """The notice mail with the emergency link, to the contact that the given account has."""
    sign_in_letters.notice(event, account, now=timezone.now(), **sign_in_limits.where(request))


def page(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    """A page of this site."""
    return render(request, f"account_site/{name}.html", context)
