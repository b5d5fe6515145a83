"""Our own reading and writing of compact JWS, held to joserfc's: what one writes the other reads, and nothing else."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from noren.sso import compact
from noren.sso.rules import Algorithm, b64

EC = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(65537, 2048)
KEYS: dict[str, compact.PublicKey] = {"ec": EC.public_key(), "rsa": RSA.public_key()}
PAIRS: list[tuple[str, Algorithm, compact.PrivateKey, Any]] = [
    ("ec", Algorithm.ES256, EC, ECKey.import_key(EC)),
    ("rsa", Algorithm.RS256, RSA, RSAKey.import_key(RSA)),
]
CLAIMS = st.dictionaries(st.text(max_size=5), st.text(max_size=20) | st.integers() | st.booleans(), max_size=5)
both = pytest.mark.parametrize(("kid", "alg", "key", "theirs"), PAIRS, ids=["ES256", "RS256"])


def ours(kid: str, alg: Algorithm, key: compact.PrivateKey, claims: dict[str, Any]) -> str:
    return compact.sign(compact.head(kid, "JWT", alg), json.dumps(claims), key)


@both
@given(claims=CLAIMS)
@settings(max_examples=25, deadline=None)
def test_joserfc_reads_what_we_write(
    kid: str, alg: Algorithm, key: compact.PrivateKey, theirs: Any, claims: dict[str, Any]
) -> None:
    read = jws.deserialize_compact(ours(kid, alg, key, claims), theirs, algorithms=[str(alg)])
    assert (read.headers(), json.loads(read.payload or b"")) == ({"alg": alg, "typ": "JWT", "kid": kid}, claims)


@both
@given(claims=CLAIMS)
@settings(max_examples=25, deadline=None)
def test_we_read_what_joserfc_writes(
    kid: str, alg: Algorithm, key: compact.PrivateKey, theirs: Any, claims: dict[str, Any]
) -> None:
    del key
    header = {"alg": str(alg), "typ": "JWT", "kid": kid}
    text = jws.serialize_compact(header, json.dumps(claims).encode(), theirs, algorithms=[str(alg)])
    assert compact.read(text, KEYS.__getitem__) == (header, claims)


@both
@given(place=st.integers(0, 10**6), letter=st.sampled_from("AZaz09-_.=é "))
@settings(max_examples=100, deadline=None)
def test_a_letter_changed_or_added_is_a_token_refused(
    kid: str, alg: Algorithm, key: compact.PrivateKey, theirs: Any, **drawn: Any
) -> None:
    del theirs
    text = ours(kid, alg, key, {"sub": "x", "n": 1})
    spot, letter = drawn["place"] % len(text), drawn["letter"]
    assert letter == text[spot] or compact.read(text[:spot] + letter + text[spot + 1 :], KEYS.__getitem__) is None
    assert compact.read(text[:spot] + letter + text[spot:], KEYS.__getitem__) is None


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none", "typ": "JWT", "kid": "ec"},
        {"alg": "HS256", "typ": "JWT", "kid": "ec"},
        {"alg": "RS256", "typ": "JWT", "kid": "ec"},
        {"alg": "ES256", "typ": "JWT", "kid": "unknown"},
        {"alg": "ES256", "typ": "JWT"},
        {"alg": "ES256", "kid": "ec"},
        {"alg": "ES256", "typ": "JWT", "kid": "ec", "crit": ["exp"], "exp": 0},
        {"alg": "ES256", "typ": "JWT", "kid": ["ec"]},
        {"alg": "ES256", "typ": "J" * 600, "kid": "ec"},
        ["ES256"],
    ],
)
def test_another_header_is_refused_though_the_key_has_signed_it(header: object) -> None:
    text = compact.sign(b64(json.dumps(header).encode()), "{}", EC)
    assert compact.read(text, KEYS.__getitem__) is None


@pytest.mark.parametrize("text", ["", ".", "..", "a.b", "a.b.c", "é.é.é", "[" * 2000 + "..", ("W" * 400 + ".") * 3])
def test_what_is_no_token_is_refused(text: str) -> None:
    assert compact.read(text, KEYS.__getitem__) is None


def test_a_signature_of_the_wrong_length_is_refused() -> None:
    signed = ours("ec", Algorithm.ES256, EC, {}).rpartition(".")[0]
    assert compact.read(f"{signed}.{b64(EC.sign(signed.encode(), compact.CURVE))}", KEYS.__getitem__) is None
    assert compact.read(f"{signed}.", KEYS.__getitem__) is None
