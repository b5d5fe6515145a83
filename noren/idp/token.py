"""The token endpoint (OAuth 2.1 3.2), introspection, revocation: for programs."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from noren.idp.answers import OAuthError, as_json, clock, machine
from noren.idp.partners import Form, asker_of, credentials_of, form_of, proved
from noren.sso import actions, queries, tokens
from noren.sso.actions import Credentials
from noren.sso.actions.devices import Waiting
from noren.sso.actions.redeeming import MoreScope
from noren.sso.rules import ACCESS_LIFE, OFFLINE, OPENID, ClientAuth, GrantType, told_claims, words
from noren.sso.tokens import Given, Refresh

SECONDS = int(ACCESS_LIFE.total_seconds())
UNPROVEN = "the client must send a DPoP proof"


@machine("POST")
def token(request: HttpRequest) -> HttpResponse:
    """Give tokens for a code, a refresh token, a device code, or the partner itself."""
    now = clock()
    form = form_of(request)
    kind = form["grant_type"]
    if kind not in KINDS:
        raise OAuthError("unsupported_grant_type" if kind else "invalid_request", "grant_type is missing or unknown")
    by, jkt = asker_of(request, form, now=now)
    return as_json(KINDS[GrantType(kind)](form, by, jkt, now))


def _of_code(form: Form, by: Credentials, jkt: str, now: datetime) -> dict[str, Any]:
    found = actions.redeem_code(
        form["code"],
        by=by,
        redirect_uri=form["redirect_uri"],
        verifier=form["code_verifier"],
        jkt=jkt,
        now=now,
    )
    if found is None:
        raise _refused(by, jkt, "the code is wrong, used, too old, or not for this request")
    return _given(*found, now)


def _of_refresh(form: Form, by: Credentials, jkt: str, now: datetime) -> dict[str, Any]:
    try:
        found = actions.redeem_refresh(form["refresh_token"], by=by, jkt=jkt, scope=form["scope"], now=now)
    except MoreScope as error:
        raise OAuthError("invalid_scope", "more scope than was granted") from error
    if found is None:
        raise _refused(by, jkt, "the refresh token is wrong, used, or has ended")
    return _given(*found, now)


def _of_device(form: Form, by: Credentials, jkt: str, now: datetime) -> dict[str, Any]:
    found = actions.redeem_device(form["device_code"], by=by, jkt=jkt, now=now)
    if found is Waiting.WRONG:
        raise _refused(by, jkt, "the device code is wrong, used, or has ended")
    if isinstance(found, Waiting):
        raise OAuthError(str(found))
    return _given(*found, now)


def _of_client(form: Form, by: Credentials, jkt: str, now: datetime) -> dict[str, Any]:
    client = proved(by)
    if GrantType.CLIENT not in client.grant_types:
        raise OAuthError("unauthorized_client", "the client may not ask for tokens of its own")
    if client.require_dpop and not jkt:
        raise OAuthError("invalid_dpop_proof", UNPROVEN)
    scope = " ".join(word for word in words(form["scope"]) if word in client.scopes and word not in (OPENID, OFFLINE))
    access = tokens.access_token(
        issuer=settings.NOREN_URL,
        subject=client.client_id,
        client_id=client.client_id,
        scope=scope,
        jkt=jkt,
        now=now,
        more={},
    )
    return _told(access, jkt, scope)


KINDS: dict[GrantType, Callable[[Form, Credentials, str, datetime], dict[str, Any]]] = {
    GrantType.CODE: _of_code,
    GrantType.REFRESH: _of_refresh,
    GrantType.DEVICE: _of_device,
    GrantType.CLIENT: _of_client,
}


def _refused(by: Credentials, jkt: str, why: str) -> OAuthError:
    """Whether the client, its proof or the grant is wrong; looked up only now. Raises OAuthError for the client."""
    if proved(by).require_dpop and not jkt:
        return OAuthError("invalid_dpop_proof", UNPROVEN)
    return OAuthError("invalid_grant", why)


def _given(given: Given, refresh: Refresh, now: datetime) -> dict[str, Any]:
    """The answer for a grant."""
    scopes = words(given.scope)
    access = tokens.of_grant(given, issuer=settings.NOREN_URL, now=now)
    answer = _told(access, given.jkt, given.scope)
    if given.refreshes:
        answer["refresh_token"] = str(refresh)
    if OPENID in scopes:
        more = _claims_of_id_token(given, now)
        answer["id_token"] = tokens.id_token(given, issuer=settings.NOREN_URL, access=access, more=more, now=now)
    return answer


def _told(access: str, jkt: str, scope: str) -> dict[str, Any]:
    return {
        "access_token": access,
        "token_type": "DPoP" if jkt else "Bearer",
        "expires_in": SECONDS,
        **({"scope": scope} if scope else {}),
    }


def _claims_of_id_token(given: Given, now: datetime) -> dict[str, Any]:
    """What the `claims` parameter asked into the ID token (OpenID Core 5.5)."""
    asked = given.claims.get("id_token") or {}
    person = queries.person(given.grant_id, jti="", now=now) if asked else None
    told = told_claims(words(given.scope), person["person"]) if person else {}
    return {name: value for name, value in told.items() if name in asked}


@machine("POST")
def introspect(request: HttpRequest) -> HttpResponse:
    """Whether a token counts and what is in it (RFC 7662); for partners that prove themselves, about their own."""
    now = clock()
    form = form_of(request)
    by = credentials_of(request, form, now=now)
    refresh = tokens.read_refresh(form["token"])
    claims = None if refresh else tokens.read_access(form["token"], issuer=settings.NOREN_URL, now=now)
    grant_id = refresh.grant_id if refresh else UUID(claims["gid"]) if claims and "gid" in claims else None
    known = queries.introspected(credentials=by.params, grant_id=grant_id, claims=claims or {}, now=now)
    if known is None or by.auth is ClientAuth.NONE:
        raise OAuthError("invalid_client", "the client must prove itself", status=401, challenge="Basic")
    told = _of_refresh_token(refresh, known, now) if refresh else _of_access_token(claims, known)
    mine = known["introspects_all"] or (told or {}).get("client_id") == by.client_id
    return as_json({"active": True, **told} if told and mine else {"active": False})


def _of_refresh_token(refresh: Refresh, known: dict[str, Any], now: datetime) -> dict[str, Any] | None:
    newest = (refresh.handle_hash, refresh.secret_hash) == (known["handle_hash"], known["refresh_hash"])
    if not known["alive"] or not known["held"] or not newest or known["refresh_expires_at"] <= now:
        return None
    names = ("client_id", "scope")
    told = {name: known[name] for name in names}
    return {**told, "sub": known["subject"], "exp": int(known["refresh_expires_at"].timestamp())}


def _of_access_token(claims: dict[str, Any] | None, known: dict[str, Any]) -> dict[str, Any] | None:
    if claims is None or known["revoked"] or not known["held"] or ("gid" in claims and not known["alive"]):
        return None
    kind = "DPoP" if "cnf" in claims else "Bearer"
    return {**{name: value for name, value in claims.items() if name != "gid"}, "token_type": kind}


@machine("POST")
def revoke(request: HttpRequest) -> HttpResponse:
    """Revoke a token of one's own (RFC 7009); an unknown one is as good as revoked."""
    now = clock()
    form = form_of(request)
    by = credentials_of(request, form, now=now)
    proved(by)
    actions.revoke(form["token"], by=by, issuer=settings.NOREN_URL, now=now)
    return as_json({})


@machine("POST")
def device_authorization(request: HttpRequest) -> HttpResponse:
    """Codes for a device without a browser (RFC 8628 3.1)."""
    now = clock()
    form = form_of(request)
    client = proved(credentials_of(request, form, now=now))
    if GrantType.DEVICE not in client.grant_types:
        raise OAuthError("unauthorized_client", "the client may not use the device flow")
    scope = " ".join(word for word in words(form["scope"]) if word in client.scopes)
    device_code, user_code = actions.start_device(client.client_id, scope, now=now)
    page = f"{settings.NOREN_URL}/oidc/device"
    return as_json(
        {
            "device_code": device_code,
            "user_code": user_code,
            "verification_uri": page,
            "verification_uri_complete": f"{page}?user_code={user_code}",
            "expires_in": 600,
            "interval": 5,
        }
    )
