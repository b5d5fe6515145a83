"""What a partner proves with a key of its own: client assertions (RFC 7523) and DPoP (RFC 9449)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, import_key

from noren.kit import sql
from noren.kit.secrets import hashed
from noren.sso.rules import b64

ALGORITHMS = ["ES256", "PS256", "RS256", "EdDSA", "Ed25519"]
STRICT = [name for name in ALGORITHMS if name != "RS256"]
"""What FAPI 2 leaves of them (Security Profile 5.4.1)."""

ASSERTION, PROOF = "client assertion", "DPoP proof"

KEY_TYPES = ("EC", "RSA", "OKP")

LEEWAY = timedelta(seconds=30)
PROOF_LIFE = timedelta(minutes=2)
LONGEST = timedelta(hours=1)


class BadProof(Exception):  # noqa: N818  (an answer to the partner, told as an OAuth error)
    """Why a proof does not hold; for the partner's developers, in English as the standards' errors are."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The request that a DPoP proof is for."""

    method: str
    url: str


@dataclass(frozen=True, slots=True)
class Once:
    """Something that may count once; what it is, in words, and until when it must be remembered."""

    what: str
    digest: str
    until: datetime

    @classmethod
    def of(cls, what: str, name: str, *, until: datetime) -> "Once":
        """By the name that nothing else of its kind has."""
        return cls(what, hashed(f"{what}:{name}"), until)


def see_once(*marks: Once) -> list[Once]:
    """Remember them; gives those that were seen before. One statement."""
    params = {"digests": [mark.digest for mark in marks], "ends": [mark.until for mark in marks]}
    new = set(sql.rows(str, "sso", "see_once.sql", params)) if marks else set()
    return [mark for mark in marks if mark.digest not in new]


def assertion_claims(assertion: str) -> dict[str, Any]:
    """What an assertion says, not yet believed. Raises BadProof."""
    try:
        claims = _loads(jws.extract_compact(assertion.encode()).payload)
    except (JoseError, ValueError, RecursionError) as error:
        raise BadProof("the client assertion cannot be read") from error
    return claims


def check_assertion(
    assertion: str,
    *,
    jwks: Mapping[str, Any],
    client_id: str,
    audiences: tuple[str, ...],
    strict: bool = False,
    now: datetime,
) -> Once:
    """Believe a client assertion, if it is seen once: signed with a registered key, for us, in time. Raises BadProof.

    `strict`, for partners under FAPI 2: the first audience alone, as plain text, and no RS256.
    """
    allowed = STRICT if strict else ALGORITHMS
    try:
        found = jwt.decode(assertion, KeySet.import_key_set({"keys": jwks["keys"]}), algorithms=allowed)
    except (JoseError, ValueError, KeyError, RecursionError) as error:
        raise BadProof("the client assertion is not signed with a registered key") from error
    claims = found.claims
    audience = claims.get("aud")
    aimed = audience if isinstance(audience, list) else [audience]
    ours = audience == audiences[0] if strict else any(one in audiences for one in aimed)
    if claims.get("iss") != client_id or claims.get("sub") != client_id or not ours:
        raise BadProof("iss, sub or aud of the client assertion is wrong")
    until = _time(claims.get("exp"), "exp")
    if not now - LEEWAY < until < now + LONGEST or _time(claims.get("nbf", 0), "nbf") > now + LEEWAY:
        raise BadProof("the client assertion has expired, is too early, or lives too long")
    return Once.of(ASSERTION, f"{client_id}:{_jti(claims, ASSERTION)}", until=until + LEEWAY)


def check_dpop(proof: str, asked: Asked, *, access: str = "", now: datetime) -> tuple[str, Once]:
    """Believe a DPoP proof for this request, if it is seen once; gives the key's thumbprint. Raises BadProof."""
    try:
        key = import_key(_shown_key(jws.extract_compact(proof.encode()).headers()))
        claims = jwt.decode(proof, key, algorithms=ALGORITHMS).claims
    except (JoseError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadProof("the DPoP proof is not signed with the key that it names") from error
    made = _time(claims.get("iat"), "iat")
    if claims.get("htm") != asked.method or _plain(claims.get("htu")) != _plain(asked.url):
        raise BadProof("htm or htu of the DPoP proof is wrong")
    if not now - PROOF_LIFE < made < now + LEEWAY:
        raise BadProof("the DPoP proof is too old or from the future")
    if access and claims.get("ath") != b64(bytes.fromhex(hashed(access))):
        raise BadProof("ath of the DPoP proof is wrong")
    thumbprint: str = key.thumbprint()
    return thumbprint, Once.of(PROOF, f"{thumbprint}:{_jti(claims, PROOF)}", until=made + PROOF_LIFE)


def _shown_key(header: Mapping[str, Any]) -> dict[str, Any]:
    """The public key in the header of a DPoP proof. Raises BadProof."""
    jwk = header.get("jwk")
    fits = header.get("typ") == "dpop+jwt" and header.get("alg") in ALGORITHMS
    if not fits or not isinstance(jwk, dict) or jwk.get("kty") not in KEY_TYPES or "d" in jwk:
        raise BadProof("the DPoP proof's header is wrong")
    return jwk


def _jti(claims: Mapping[str, Any], what: str) -> str:
    """The name of a proof: text of letters that can be kept. Raises BadProof."""
    jti = claims.get("jti")
    if not isinstance(jti, str) or not jti or not jti.isprintable():
        raise BadProof(f"the {what} has no jti, or none that can be kept")
    return jti


def _plain(url: object) -> str:
    """The address without query and fragment (RFC 9449 4.3); empty for what is none."""
    try:
        parts = urlsplit(str(url))
    except ValueError:
        return ""
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path, "", ""))


def _time(value: object, name: str) -> datetime:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < 1e11:
        raise BadProof(f"{name} is missing or no time")
    return datetime.fromtimestamp(int(value), UTC)


def _loads(payload: bytes) -> dict[str, Any]:
    claims = json.loads(payload)
    if not isinstance(claims, dict):
        raise BadProof("the client assertion holds no claims")
    return claims
