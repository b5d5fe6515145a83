"""Browsers that a person trusts: they skip the second step, for accounts whose two-step setting is weak."""

from datetime import datetime
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.base.views import TrustView
from allauth.mfa.models import Authenticator
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from noren.account_site import sign_in_policy
from noren.accounts.rules import TwoStep

SALT = "noren.trusted"
AT_MOST = 10
"""Accounts in one browser; the oldest makes room."""


def offered(account: Any) -> bool:
    """Whether the account may skip the second step at all."""
    return bool(account.two_step == TwoStep.WEAK) and sign_in_policy.lets_trust(account)


def trusted(request: HttpRequest, account: Any, *, now: datetime) -> bool:
    """Whether this browser was trusted for the account, and nothing about its security changed since."""
    if not offered(account):
        return False
    mark = _mark(account)
    return any(kept == mark for kept, _at in _kept(request, now))


def _mark(account: Any) -> str:
    """Changes with the password, the epoch and the second factors: trust ends with each of them."""
    factors = Authenticator.objects.filter(user_id=account.pk).order_by("pk").values_list("pk", flat=True)
    forgotten = account.browsers_forgotten_at
    value = "|".join([account.pk, str(account.epoch), account.password, str(forgotten or ""), *map(str, factors)])
    return salted_hmac(SALT, value, algorithm="sha256").hexdigest()


def _kept(request: HttpRequest, now: datetime) -> list[tuple[str, int]]:
    try:
        data = Signer(salt=SALT).unsign_object(request.COOKIES.get(app_settings.TRUST_COOKIE_NAME, ""))
    except BadSignature:
        return []
    since = int((now - app_settings.TRUST_COOKIE_AGE).timestamp())
    return [(mark, at) for mark, at in data if at > since]


def trust(request: HttpRequest, account: Any, response: HttpResponse, *, now: datetime) -> None:
    """Remember this browser in its cookie."""
    kept = [*_kept(request, now), (_mark(account), int(now.timestamp()))][-AT_MOST:]
    _set(response, kept)


def _set(response: HttpResponse, kept: list[tuple[str, int]]) -> None:
    response.set_cookie(
        app_settings.TRUST_COOKIE_NAME,
        Signer(salt=SALT).sign_object(kept),
        max_age=app_settings.TRUST_COOKIE_AGE,
        secure=True,
        httponly=True,
        samesite="Lax",
    )


def forget(request: HttpRequest, account: Any, response: HttpResponse, *, now: datetime) -> None:
    """Trust this browser no more for the account; for others it stays as it is."""
    mark = _mark(account)
    _set(response, [kept for kept in _kept(request, now) if kept[0] != mark])


class Trust(TrustView):  # type: ignore[misc]
    """After the second step: whether to skip it here next time."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in, and set the cookie if the person said so."""
        del form
        stage = self.request._login_stage  # noqa: SLF001  (where allauth keeps it)
        response: HttpResponse = stage.exit()
        if self.request.POST.get("action") == "trust" and offered(stage.login.user):
            trust(self.request, stage.login.user, response, now=timezone.now())
        return response
