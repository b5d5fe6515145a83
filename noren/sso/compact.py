"""Compact JWS (RFC 7515) with the provider's own keys: two algorithms, and a header that is known beforehand.

joserfc does the same for any key and header and has to find out more each time; it reads what partners sign. Tests hold
the two together.
"""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from noren.sso.rules import Algorithm, b64, unb64

PrivateKey = EllipticCurvePrivateKey | RSAPrivateKey
PublicKey = EllipticCurvePublicKey | RSAPublicKey

SHA, PADDING = SHA256(), PKCS1v15()
CURVE = ECDSA(SHA)
HALF = 32
"""Bytes of each of the two numbers that an ES256 signature is."""

LONGEST_HEAD = 512
"""Characters of a header: what is longer is not ours and is not read."""


@cache
def head(kid: str, typ: str, alg: Algorithm) -> str:
    """The first segment."""
    return b64(json.dumps({"alg": alg, "typ": typ, "kid": kid}, separators=(",", ":")).encode())


def sign(first: str, claims: str, key: PrivateKey) -> str:
    """The whole, out of its first segment and the claims (JSON text)."""
    text = f"{first}.{b64(claims.encode())}"
    return f"{text}.{b64(_signature(text.encode(), key))}"


def _signature(text: bytes, key: PrivateKey) -> bytes:
    if isinstance(key, RSAPrivateKey):
        return key.sign(text, PADDING, SHA)
    r, s = decode_dss_signature(key.sign(text, CURVE))
    return r.to_bytes(HALF, "big") + s.to_bytes(HALF, "big")


def read(text: str, key_of: Callable[[str], PublicKey]) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Header and claims, if the key of its header's id has signed it; else None. `key_of` raises KeyError for none."""
    signed, _dot, last = text.rpartition(".")
    first, _dot, middle = signed.partition(".")
    if len(first) > LONGEST_HEAD:
        return None
    try:
        header, signature = json.loads(unb64(first)), unb64(last)
        key = key_of(header["kid"])
        usual = {"alg": _alg(key), "typ": header["typ"], "kid": header["kid"]}
        if header != usual or b64(signature) != last:
            return None
        _verify(signed.encode(), signature, key)
        return header, json.loads(unb64(middle))
    except (InvalidSignature, ValueError, KeyError, TypeError):
        return None


def _alg(key: PublicKey) -> Algorithm:
    """The one algorithm for the kind of key."""
    return Algorithm.RS256 if isinstance(key, RSAPublicKey) else Algorithm.ES256


def _verify(text: bytes, signature: bytes, key: PublicKey) -> None:
    """Raises InvalidSignature."""
    if isinstance(key, RSAPublicKey):
        key.verify(signature, text, PADDING, SHA)
        return
    if len(signature) != 2 * HALF:
        raise InvalidSignature
    r, s = int.from_bytes(signature[:HALF], "big"), int.from_bytes(signature[HALF:], "big")
    key.verify(encode_dss_signature(r, s), text, CURVE)
