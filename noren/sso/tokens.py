"""Tokens: what is in them, signed and read. Times are whole seconds since 1970."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from noren.kit.secrets import hashed, peppered, token
from noren.sso import compact, keys
from noren.sso.rules import ACCESS_LIFE, ID_TOKEN_LIFE, LOGOUT_TOKEN_LIFE, Algorithm, half_hash

LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass(frozen=True, slots=True)
class Given:
    """A grant as a redeeming statement returns it."""

    given: bool
    grant_id: UUID
    client_id: str
    account_id: str
    sid: UUID | None
    scope: str
    claims: dict[str, Any]
    subject: str
    auth_time: int
    acr: str
    amr: list[str]
    nonce: str
    jkt: str
    id_token_alg: str
    refreshes: bool

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Given":
        """A row of a redeeming statement; its JSON columns come as text."""
        return cls(**{**row, "claims": json.loads(row["claims"]), "amr": json.loads(row["amr"])})


@dataclass(frozen=True, slots=True)
class Refresh:
    """A refresh token: the grant, a handle that stays, a secret that changes; only hashes of the last two are kept."""

    grant_id: UUID
    handle: str
    secret: str

    @classmethod
    def new(cls, grant_id: UUID, handle: str = "") -> "Refresh":
        """A new secret, and a new handle unless one stays."""
        return cls(grant_id, handle or token(), token())

    def __str__(self) -> str:
        return f"{self.grant_id.hex}.{self.handle}.{self.secret}"

    @property
    def handle_hash(self) -> str:
        """What is kept of the handle."""
        return hashed(self.handle)

    @property
    def secret_hash(self) -> str:
        """What is kept of the secret."""
        return hashed(self.secret)


def read_refresh(text: str) -> Refresh | None:
    """The parts of a refresh token, if it has them."""
    parts = text.split(".")
    grant_id = _uuid(parts[0]) if len(parts) == 3 else None
    return Refresh(grant_id, parts[1], parts[2]) if grant_id else None


def read_code(text: str) -> tuple[UUID, str] | None:
    """Grant and hash of an authorisation code, if it has them."""
    name, _dot, secret = text.partition(".")
    grant_id = _uuid(name)
    return (grant_id, hashed(secret)) if grant_id and secret else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(hex=text) if len(text) == 32 else None
    except ValueError:
        return None


def _seconds(now: datetime) -> int:
    return int(now.timestamp())


def told_sid(sid: str, client_id: str) -> str:
    """By which name the partner knows a sign-in: two of them cannot put their people together by it."""
    return peppered(f"{client_id}\n{sid}", purpose="sso.sid")


def access_token(
    *, issuer: str, subject: str, client_id: str, scope: str, jkt: str, now: datetime, more: Mapping[str, Any]
) -> str:
    """A JWT access token (RFC 9068); bound to a key when there is a thumbprint (RFC 9449 6)."""
    at = _seconds(now)
    claims = {
        "iss": issuer,
        "aud": issuer,
        "sub": subject,
        "client_id": client_id,
        "scope": scope,
        "iat": at,
        "exp": at + int(ACCESS_LIFE.total_seconds()),
        "jti": secrets.token_urlsafe(16),
        **({"cnf": {"jkt": jkt}} if jkt else {}),
        **more,
    }
    return keys.sign(json.dumps(claims), typ="at+jwt")


def of_grant(given: Given, *, issuer: str, now: datetime) -> str:
    """The access token of a grant: it names the grant, so that it ends with it."""
    more: dict[str, Any] = {"gid": given.grant_id.hex, "auth_time": given.auth_time, "acr": given.acr}
    return access_token(
        issuer=issuer,
        subject=given.subject,
        client_id=given.client_id,
        scope=given.scope,
        jkt=given.jkt,
        now=now,
        more=more,
    )


def id_token(given: Given, *, issuer: str, access: str, more: Mapping[str, Any], now: datetime) -> str:
    """An ID token (OpenID Core 2), signed as the partner asked when it was registered."""
    at = _seconds(now)
    claims = {
        "iss": issuer,
        "aud": given.client_id,
        "sub": given.subject,
        "iat": at,
        "exp": at + int(ID_TOKEN_LIFE.total_seconds()),
        "auth_time": given.auth_time,
        "acr": given.acr,
        "amr": given.amr,
        "at_hash": half_hash(access),
        **({"nonce": given.nonce} if given.nonce else {}),
        **({"sid": told_sid(str(given.sid), given.client_id)} if given.sid else {}),
        **more,
    }
    return keys.sign(json.dumps(claims, ensure_ascii=False), typ="JWT", alg=Algorithm(given.id_token_alg))


def logout_token(*, issuer: str, client_id: str, subject: str, sid: UUID | None, now: datetime) -> str:
    """A logout token (OpenID Back-Channel Logout 2.4)."""
    at = _seconds(now)
    claims = {
        "iss": issuer,
        "aud": client_id,
        "sub": subject,
        "iat": at,
        "exp": at + int(LOGOUT_TOKEN_LIFE.total_seconds()),
        "jti": secrets.token_urlsafe(16),
        "events": {LOGOUT_EVENT: {}},
        **({"sid": told_sid(str(sid), client_id)} if sid else {}),
    }
    return keys.sign(json.dumps(claims), typ="logout+jwt")


def read(text: str, *, typ: str, issuer: str) -> dict[str, Any] | None:
    """The claims of a token of this type that this provider signed; expired or not. None: it did not."""
    found = compact.read(text, keys.verifying)
    if found is None:
        return None
    header, claims = found
    return claims if header["typ"] == typ and claims.get("iss") == issuer else None


def read_access(text: str, *, issuer: str, now: datetime) -> dict[str, Any] | None:
    """The claims of an access token that has not expired."""
    claims = read(text, typ="at+jwt", issuer=issuer)
    return claims if claims and claims["exp"] > _seconds(now) else None
