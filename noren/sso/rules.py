"""What a partner may ask, what it is told, and how sure the provider is of a person. Pure."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

CODE_LIFE = timedelta(minutes=1)
ACCESS_LIFE = timedelta(minutes=10)
ID_TOKEN_LIFE = timedelta(minutes=10)
LOGOUT_TOKEN_LIFE = timedelta(minutes=2)
REFRESH_LIFE = timedelta(days=30)
PUSHED_LIFE = timedelta(seconds=90)
DEVICE_LIFE = timedelta(minutes=10)
DEVICE_PAUSE = timedelta(seconds=5)
FACTOR_LIFE = timedelta(minutes=10)
"""How long a second factor counts for what spends points."""

ANSWER_LIFE = timedelta(days=1)
"""How long the answer to a call is kept under its key."""

KEY_OVERLAP = timedelta(days=1)
"""How long a key that signs no more stays in the set: longer than anything that it signed lives."""


class ClientAuth(StrEnum):
    """How a partner proves that it is itself."""

    BASIC = "client_secret_basic"
    POST = "client_secret_post"
    PRIVATE_KEY = "private_key_jwt"
    NONE = "none"


SECRET_METHODS = (ClientAuth.BASIC, ClientAuth.POST)


class GrantType(StrEnum):
    """What a token is given for."""

    CODE = "authorization_code"
    REFRESH = "refresh_token"
    CLIENT = "client_credentials"
    DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


class SubjectType(StrEnum):
    """Whether two partners see the same subject for a person."""

    PAIRWISE = "pairwise"
    PUBLIC = "public"


class Algorithm(StrEnum):
    """What ID tokens are signed with."""

    ES256 = "ES256"
    RS256 = "RS256"


OPENID, OFFLINE = "openid", "offline_access"

SCOPE_CLAIMS: Mapping[str, tuple[str, ...]] = {
    "profile": ("name", "name_kana", "preferred_username", "locale", "updated_at"),
    "corp_profile": ("corporation_id", "corporation_name", "department", "title", "employee_number"),
    "email": ("email", "email_verified"),
    "phone": ("phone_number", "phone_number_verified"),
    "account_info": ("account_id", "account_kind"),
}
"""What each scope hands over at the userinfo endpoint, in standard terms where there is one."""

POINTS_READ, POINTS_SPEND = "points:read", "points:spend"
API_SCOPES = (POINTS_READ, POINTS_SPEND)
"""What opens the REST API. A partner has them only if it was registered for them by name."""

USUAL_SCOPES = (OPENID, *SCOPE_CLAIMS, OFFLINE)
SCOPES = (*USUAL_SCOPES, *API_SCOPES)
CLAIMS = tuple(dict.fromkeys(claim for claims in SCOPE_CLAIMS.values() for claim in claims))

ACR_ONE, ACR_TWO = "urn:noren:acr:1", "urn:noren:acr:2"
ACRS = (ACR_TWO, ACR_ONE)
"""Two factors in this sign-in, one factor: the better one first."""

AMR: Mapping[str, tuple[str, ...]] = {
    "password": ("pwd",),
    "code": ("otp",),
    "totp": ("otp",),
    "recovery_codes": ("rc",),
    "webauthn": ("hwk", "user"),
}
"""RFC 8176 names of what was used; a passkey is held and unlocked by its person, so it is two factors by itself."""


def amr_of(methods: Iterable[str]) -> list[str]:
    """The names of what was used, `mfa` among them for two factors."""
    used = list(dict.fromkeys(methods))
    names = list(dict.fromkeys(name for method in used for name in AMR.get(method, ())))
    factors = len({method for method in used if method in AMR}) + ("webauthn" in used)
    return [*names, "mfa"] if factors > 1 else names


def acr_of(amr: Iterable[str]) -> str:
    """How sure the provider is: two factors, or one."""
    return ACR_TWO if "mfa" in amr else ACR_ONE


def challenge_of(verifier: str) -> str:
    """What a PKCE verifier must hash to (RFC 7636 4.2, S256); empty for none."""
    return b64(hashlib.sha256(verifier.encode("ascii", "replace")).digest()) if verifier else ""


def b64(raw: bytes) -> str:
    """Base64 for URLs, without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """The other way. Raises ValueError."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def half_hash(token: str) -> str:
    """`at_hash`: the left half of the token's SHA-256 (OpenID Core 3.1.3.6)."""
    return b64(hashlib.sha256(token.encode()).digest()[:16])


def told_claims(scopes: Iterable[str], person: Mapping[str, Any]) -> dict[str, Any]:
    """The claims that scopes hand over; what is empty is left out."""
    names = [name for scope in scopes for name in SCOPE_CLAIMS.get(scope, ())]
    return {name: person[name] for name in names if person.get(name) not in (None, "")}


def scopes_of(claims: Iterable[str]) -> list[str]:
    """The scopes that hand over these claims: who wishes for a claim asks for its scope, so that consent names it."""
    wished = set(claims)
    return [scope for scope, names in SCOPE_CLAIMS.items() if wished & set(names)]


def can_be_kept(what: Mapping[str, Any]) -> bool:
    """Whether a database takes it as text and as JSON: no zero byte, no half of a surrogate pair, no NaN."""
    try:
        text = json.dumps(dict(what), ensure_ascii=False, allow_nan=False)
        return "\\u0000" not in text and bool(text.encode())
    except ValueError:
        return False


def words(text: str) -> list[str]:
    """A space-separated list, each word once."""
    return list(dict.fromkeys(text.split()))
