"""How a person signed in, and whether with a browser that the account has not met."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from noren.account_site.sign_in_stages import TRUSTED
from noren.accounts.policy import method_of

COOKIE = "__Host-known"
SALT = "noren.known"
AGE = 400 * 24 * 3600
AT_MOST = 10


def methods(request: HttpRequest) -> list[str]:
    """What was used, in order: password, mail, sms, totp, recovery_codes, passkey, trusted_browser."""
    used = [method_of(record) for record in get_authentication_records(request, request.user)]
    return [*used, TRUSTED] if request.session.get(TRUSTED) else used


def is_new(request: HttpRequest, account: Any) -> bool:
    """Whether this browser has never signed in to the account."""
    return _mark(account) not in _known(request)


def remember(request: HttpRequest, account: Any, response: HttpResponse) -> None:
    """Know the browser next time."""
    mark = _mark(account)
    marks = [*(known for known in _known(request) if known != mark), mark][-AT_MOST:]
    value = Signer(salt=SALT).sign_object(marks)
    response.set_cookie(COOKIE, value, max_age=AGE, secure=True, httponly=True, samesite="Lax")


def _known(request: HttpRequest) -> list[str]:
    try:
        return list(Signer(salt=SALT).unsign_object(request.COOKIES.get(COOKIE, "")))
    except BadSignature:
        return []


def _mark(account: Any) -> str:
    return salted_hmac(SALT, account.pk, algorithm="sha256").hexdigest()[:32]
