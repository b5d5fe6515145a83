"""The userinfo endpoint (OpenID Core 5.3): the claims that the person agreed to, for a token that counts."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from noren.idp.answers import OAuthError, as_json, clock, machine
from noren.idp.partners import bound_key
from noren.sso import queries, tokens
from noren.sso.rules import OPENID, told_claims, words


@machine("GET", "POST")
def userinfo(request: HttpRequest) -> HttpResponse:
    """The claims. The token comes in the Authorization header, or in the body of a POST."""
    now = clock()
    scheme, text = _shown(request)
    claims = tokens.read_access(text, issuer=settings.NOREN_URL, now=now)
    if claims is None:
        raise _refused("the access token is wrong or has expired")
    _must_be_bound(request, scheme, text, claims)
    found = queries.person(UUID(claims["gid"]), jti=claims["jti"], now=now) if "gid" in claims else None
    if found is None:
        raise _refused("the access token has ended")
    scopes = words(found["scope"])
    if OPENID not in scopes:
        challenge = 'Bearer error="insufficient_scope", scope="openid"'
        raise OAuthError("insufficient_scope", "openid was not granted", status=403, challenge=challenge)
    return as_json({"sub": found["subject"], **told_claims(scopes, found["person"])})


def _shown(request: HttpRequest) -> tuple[str, str]:
    """Scheme and token. Raises OAuthError."""
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    body = str(request.POST.get("access_token", "")) if request.method == "POST" else ""
    if text and body:
        raise OAuthError("invalid_request", "the token comes in more than one way")
    if not text and not body:
        raise OAuthError("invalid_token", "no access token", status=401, challenge='Bearer realm="noren"')
    return (scheme.lower(), text.strip()) if text else ("bearer", body)


def _must_be_bound(request: HttpRequest, scheme: str, text: str, claims: dict[str, Any]) -> None:
    """A token that is bound to a key counts only with a proof of the key (RFC 9449 7)."""
    jkt = claims.get("cnf", {}).get("jkt", "")
    if scheme != ("dpop" if jkt else "bearer"):
        raise _refused("the token type does not fit the authorization scheme", scheme="DPoP" if jkt else "Bearer")
    if jkt and _shown_key(request, text) != jkt:
        raise _refused("the token is bound to another key", scheme="DPoP")


def _shown_key(request: HttpRequest, text: str) -> str:
    """The key that the proof shows. Raises OAuthError, with the challenge of a protected resource (RFC 9449 7.1)."""
    try:
        return bound_key(request, access=text, now=clock())
    except OAuthError as error:
        raise OAuthError(error.code, error.description, status=401, challenge=f'DPoP error="{error.code}"') from error


def _refused(why: str, *, scheme: str = "Bearer") -> OAuthError:
    return OAuthError("invalid_token", why, status=401, challenge=f'{scheme} error="invalid_token"')
