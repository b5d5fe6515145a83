"""When a session was last seen; whether it is still allowed; what a person must do before anything else opens."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from noren.account_site import sign_in_policy
from noren.account_site.sign_in_stages import ENROL
from noren.accounts.sessions import STARTED
from noren.web.factors import FACTORS

Answer = Callable[[HttpRequest], HttpResponse]

EVERY = timedelta(minutes=5)

AFTER_ENROLLING = "after_enrolling"
"""Key in the session: where the person was going when a second factor had to be set up first."""

ALWAYS = {"account_logout", "set_language", "health", "self_lock", "account_reauthenticate"}
FOR_PASSWORD = {*ALWAYS, "account_change_password", "account_set_password"}
FOR_FACTOR = {
    *FOR_PASSWORD,
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
}


class LastSeen:
    """Notes it at most every five minutes, so that reading stays reading; and leads to what must be done first.

    What a policy asks comes before the other duties: until it is fulfilled, nothing is noted either.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Before the view of somebody who is signed in."""
        del view, args, kwargs
        if not request.user.is_authenticated:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if against := sign_in_policy.reasons(request):
            return sign_in_policy.answer(request, name, against)
        _see(request, timezone.now())
        return _password_first(request, name) or _factor_first(request, name)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Who must prove anew who they are does, and comes back to the page; what they had sent is kept nowhere."""
        if not isinstance(exception, ReauthenticationRequired):
            return None
        ways = get_adapter(request).get_reauthentication_methods(request.user)
        page = ways[0]["url"] if ways else reverse("account_login")
        return redirect(f"{page}?{urlencode({'next': request.get_full_path()})}")


def _see(request: HttpRequest, now: datetime) -> None:
    started = request.session.get(STARTED)
    if started and datetime.fromisoformat(started["seen"]) < now - EVERY:
        request.session[STARTED] = {**started, "seen": now.isoformat()}


def _password_first(request: HttpRequest, name: str) -> HttpResponse | None:
    """A password that somebody else knows, or that slept, is changed first."""
    if name in FOR_PASSWORD or not request.user.must_change_password:  # type: ignore[union-attr]
        return None
    here = {"next": request.get_full_path()} if request.method == "GET" else {}
    return redirect(f"{reverse('account_change_password')}?{urlencode(here)}")


def _factor_first(request: HttpRequest, name: str) -> HttpResponse | None:
    """A password alone opens nothing but the pages on which a second factor is set up."""
    if name in FOR_FACTOR or not request.session.get(ENROL):
        return None
    if is_mfa_enabled(request.user, FACTORS):
        del request.session[ENROL]
        return None
    if request.method == "GET":
        request.session[AFTER_ENROLLING] = request.get_full_path()
    return redirect("mfa_index")
