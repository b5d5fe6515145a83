"""Sign a person in who has just proved who they are."""

from collections.abc import Sequence
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from noren.accounts import limits

HOW: dict[str, dict[str, Any]] = {
    "password": {"method": "password"},
    "mail": {"method": "code", "channel": "mail"},
    "link": {"method": "code", "channel": "link"},
}
"""What is kept of each way, in the words of the sign-in."""

ENROL = "must_enrol"
"""Key in the session under which the sign-in opens nothing but the pages where a second factor is set up."""


def address_of(request: HttpRequest) -> str:
    """The address that asks, behind our own proxies, as limits count it."""
    return limits.network(get_adapter(request).get_client_ip(request))


def sign_in(request: HttpRequest, account_id: str, *, methods: Sequence[str], to: str) -> HttpResponse:
    """Sign in, noting how it was proved (`password`, `mail`, `link`), and go on to the page of that name."""
    account = get_user_model()._default_manager.get(pk=account_id)  # noqa: SLF001  (Django's own name for it)
    adapter = get_adapter(request)
    adapter.login(request, account)
    for method in methods:
        record_authentication(request, account, **HOW[method])
    response: HttpResponse = adapter.post_login(
        request,
        account,
        email_verification="none",
        signal_kwargs=None,
        email=None,
        signup=False,
        redirect_url=reverse(to),
    )
    return response


def must_enrol(request: HttpRequest) -> None:
    """A passkey must be there before anything else opens: the link that led here works no more."""
    request.session[ENROL] = True
