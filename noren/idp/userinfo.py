"""The userinfo endpoint (OpenID Core 5.3): the claims that the person agreed to, for a token that counts."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from noren.idp.answers import OAuthError, as_json, clock, machine
from noren.sso import queries
from noren.sso.rules import OPENID, told_claims, words
from noren.web import bearer


@machine("GET", "POST")
def userinfo(request: HttpRequest) -> HttpResponse:
    """The claims. The token comes in the Authorization header, or in the body of a POST."""
    now = clock()
    scheme, text = _shown(request)
    try:
        claims = bearer.claims(request, scheme, text, now=now)
    except bearer.TokenRefused as no:
        raise OAuthError(no.code, no.description, status=401, challenge=no.challenge) from no
    found = queries.person(UUID(claims["gid"]), jti=claims["jti"], now=now) if "gid" in claims else None
    if found is None:
        challenge = 'Bearer error="invalid_token"'
        raise OAuthError("invalid_token", "the access token has ended", status=401, challenge=challenge)
    scopes = words(found["scope"])
    if OPENID not in scopes:
        challenge = 'Bearer error="insufficient_scope", scope="openid"'
        raise OAuthError("insufficient_scope", "openid was not granted", status=403, challenge=challenge)
    return as_json({"sub": found["subject"], **told_claims(scopes, found["person"])})


def _shown(request: HttpRequest) -> tuple[str, str]:
    """Scheme and token. Raises OAuthError."""
    scheme, text = bearer.shown(request)
    body = str(request.POST.get("access_token", "")) if request.method == "POST" else ""
    if text and body:
        raise OAuthError("invalid_request", "the token comes in more than one way")
    if not text and not body:
        raise OAuthError("invalid_token", "no access token", status=401, challenge='Bearer realm="noren"')
    return (scheme, text) if text else ("bearer", body)
