"""Access tokens as programs show them: in the header Authorization, bound to a key or not (RFC 6750, RFC 9449)."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from noren.sso import tokens
from noren.sso.proofs import Asked, BadProof, check_dpop, see_once


class TokenRefused(Exception):  # noqa: N818  (an answer to a program, by a standard code)
    """Why a token does not count, in English as the standards' errors are; `scheme`: how it should be shown."""

    def __init__(self, code: str, description: str, *, scheme: str = "Bearer") -> None:
        super().__init__(code)
        self.code = code
        self.description = description
        self.challenge = f'{scheme} error="{code}"'


def shown(request: HttpRequest) -> tuple[str, str]:
    """Scheme, in small letters, and token; both empty without a header."""
    scheme, _space, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return scheme.lower(), text.strip()


def claims(request: HttpRequest, scheme: str, text: str, *, now: datetime) -> dict[str, Any]:
    """What the token says, if it is ours, has not expired, and is shown by whom it is bound to. Raises TokenRefused."""
    found = tokens.read_access(text, issuer=settings.NOREN_URL, now=now)
    if found is None:
        raise TokenRefused("invalid_token", "the access token is wrong or has expired")
    bound = found.get("cnf", {}).get("jkt", "")
    if scheme != ("dpop" if bound else "bearer"):
        why = "the token type does not fit the authorization scheme"
        raise TokenRefused("invalid_token", why, scheme="DPoP" if bound else "Bearer")
    if bound and _key(request, text, now) != bound:
        raise TokenRefused("invalid_token", "the token is bound to another key", scheme="DPoP")
    return found


def _key(request: HttpRequest, text: str, now: datetime) -> str:
    """The thumbprint of the key that the proof for this request shows; empty without one. Raises TokenRefused."""
    proof = request.META.get("HTTP_DPOP", "")
    if not proof:
        return ""
    asked = Asked(request.method or "", f"{settings.NOREN_URL}{request.path}")
    try:
        key, once = check_dpop(proof, asked, access=text, now=now)
    except BadProof as error:
        raise TokenRefused("invalid_dpop_proof", str(error), scheme="DPoP") from error
    if see_once(once):
        raise TokenRefused("invalid_dpop_proof", "the DPoP proof was used before", scheme="DPoP")
    return key
