"""Token requests without the proof that they need, or with another key: refused, and nothing is used up by it."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from joserfc.jwk import ECKey
from joserfc.jws import JWSRegistry

from noren.sso.rules import b64, unb64
from tests.conformity.fapi import Client, is_refused
from tests.conformity.op import Op, Proofs
from tests.sso.cast import DEVICE, device_allowed

Ask = Callable[[dict[str, str]], httpx.Response]


def by_code(client: Client) -> Ask:
    landing = client.authorize()
    return lambda headers: client.trade(landing, headers)


def by_bound_code(client: Client) -> Ask:
    landing = client.authorize(dpop_jkt=client.proofs.thumbprint)
    return lambda headers: client.trade(landing, headers)


def by_refresh(client: Client) -> Ask:
    token = client.tokens()["refresh_token"]
    return lambda headers: client.refresh(token, headers)


def by_device(client: Client) -> Ask:
    code = device_allowed(client.op, client.party)
    return lambda headers: client.op.post("token_endpoint", client.party, headers, grant_type=DEVICE, device_code=code)


def by_itself(client: Client) -> Ask:
    return lambda headers: client.op.post("token_endpoint", client.party, headers, grant_type="client_credentials")


KINDS = {"code": by_code, "bound code": by_bound_code, "refresh": by_refresh, "device": by_device, "client": by_itself}


@pytest.mark.parametrize("kind", KINDS)
def test_partner_that_must_prove_a_key_is_told_so_and_may_try_again(client: Client, kind: str) -> None:
    ask = KINDS[kind](client)
    assert is_refused(ask({}), "invalid_dpop_proof")
    assert is_refused(ask({"DPoP": "not a proof"}), "invalid_dpop_proof")
    got = ask(client.proof("token_endpoint"))
    assert got.status_code == 200, got.text
    assert got.json()["token_type"] == "DPoP"
    assert client.op.claims(got.json()["access_token"])["cnf"] == {"jkt": client.proofs.thumbprint}


@pytest.mark.parametrize("kind", ["bound code", "refresh"])
def test_another_key_gets_nothing_and_spoils_nothing(client: Client, kind: str) -> None:
    ask, stranger = KINDS[kind](client), Proofs(client.op.clock)
    proof = stranger.make("POST", client.op.metadata["token_endpoint"])
    assert is_refused(ask({"DPoP": proof}), "invalid_grant")
    assert ask(client.proof("token_endpoint")).status_code == 200


def bound(holder: Op, headers: dict[str, str]) -> httpx.Response:
    """A code of a partner that need not prove a key, traded with these headers."""
    return holder.trade(holder.authorize(), "basic", headers)


def test_code_bound_by_its_request_is_refused_without_proof_and_lives(holder: Op, client: Client) -> None:
    landing = holder.authorize(dpop_jkt=client.proofs.thumbprint)
    assert is_refused(holder.trade(landing), "invalid_grant")
    got = holder.trade(landing, "basic", client.proof("token_endpoint"))
    assert got.status_code == 200, got.text
    assert got.json()["token_type"] == "DPoP"


def test_bound_refresh_token_is_refused_without_proof_and_lives(holder: Op, client: Client) -> None:
    token = bound(holder, client.proof("token_endpoint")).json()["refresh_token"]
    assert is_refused(holder.refresh(token), "invalid_grant")
    assert holder.refresh(token, "basic", client.proof("token_endpoint")).status_code == 200


def test_partner_with_a_secret_may_go_on_with_another_key(holder: Op, client: Client) -> None:
    """Its refresh token is bound to its secret, the access token to the key that is proven (RFC 9449 5)."""
    first = bound(holder, client.proof("token_endpoint")).json()
    client.proofs = Proofs(holder.clock)
    got = holder.refresh(first["refresh_token"], "basic", client.proof("token_endpoint")).json()
    assert holder.claims(got["access_token"])["cnf"] == {"jkt": client.proofs.thumbprint}
    assert client.userinfo(got["access_token"]).status_code == 200


def test_refresh_may_begin_to_prove_a_key_and_not_leave_it_again(holder: Op, client: Client) -> None:
    first = bound(holder, {}).json()
    assert first["token_type"] == "Bearer"
    got = holder.refresh(first["refresh_token"], "basic", client.proof("token_endpoint")).json()
    assert got["token_type"] == "DPoP"
    assert client.userinfo(got["access_token"]).status_code == 200
    assert is_refused(holder.refresh(got["refresh_token"]), "invalid_grant")


HALF = "\ud800"
STRANGE: dict[str, dict[str, Any]] = {
    "number as jti": {"jti": 0},
    "list as method": {"htm": ["POST"]},
    "address without end": {"htu": "http://["},
    "number as address": {"htu": 1},
    "text as time": {"iat": "now"},
    "time beyond all": {"iat": 10**30},
    "no number": {"iat": float("nan")},
    "half a letter": {"jti": HALF},
    "half a letter in the address": {"htu": HALF},
}
STRANGE_KEYS: dict[str, Any] = {
    "no key": {},
    "none": None,
    "text": "key",
    "unknown kind": {"kty": "zzz"},
    "symmetric": {"kty": "oct", "k": "c2VjcmV0"},
    "number inside": {"kty": "EC", "crv": "P-256", "x": 1, "y": 1},
    "off the curve": {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
}
STRANGE_HEADERS: dict[str, dict[str, Any]] = {
    **{f"key: {name}": {"jwk": jwk} for name, jwk in STRANGE_KEYS.items()},
    "not signed": {"alg": "none"},
    "number as algorithm": {"alg": 1},
    "symmetric algorithm": {"alg": "HS256", "jwk": {"kty": "oct", "k": "c2VjcmV0"}},
    "something critical": {"crit": ["x"]},
}


def changed(token: str, key: ECKey, head: dict[str, Any], claims: dict[str, Any]) -> str:
    """A signed token that says something else in its header and claims, and is signed for that."""
    said = [json.loads(unb64(part)) for part in token.split(".")[:2]]
    text = ".".join(b64(json.dumps({**was, **new}).encode()) for was, new in zip(said, (head, claims), strict=True))
    signature = JWSRegistry.algorithms["ES256"].sign(text.encode(), key)
    return f"{text}.{b64(signature)}"


@pytest.mark.parametrize("wrong", [*STRANGE, *STRANGE_HEADERS])
def test_strange_proof_is_refused_like_any_other(client: Client, wrong: str) -> None:
    good = client.proof("token_endpoint")["DPoP"]
    proof = changed(good, client.proofs.key, STRANGE_HEADERS.get(wrong, {}), STRANGE.get(wrong, {}))
    assert is_refused(by_itself(client)({"DPoP": proof}), "invalid_dpop_proof")


@pytest.mark.parametrize("text", [".", "..", "a.b.c", "{}", "eyJ9.e30.", "e30.e30.e30", "W10.e30.e30"])
def test_text_that_is_no_proof(client: Client, text: str) -> None:
    assert is_refused(by_itself(client)({"DPoP": text}), "invalid_dpop_proof")


def test_two_proofs_are_none(client: Client) -> None:
    both = ", ".join(client.proof("token_endpoint")["DPoP"] for _proof in range(2))
    assert is_refused(by_itself(client)({"DPoP": both}), "invalid_dpop_proof")


STRANGE_ASSERTIONS: dict[str, dict[str, Any]] = {
    "nobody": {"sub": "nobody"},
    "half a letter": {"sub": HALF},
    "zero": {"sub": "\x00"},
    "list as partner": {"sub": []},
    "half a letter as jti": {"jti": HALF},
    "no jti": {"jti": None},
    "object as audience": {"aud": {}},
    "list in audience": {"aud": [["https://a.example"]]},
    "time beyond all": {"exp": 10**30},
    "text as time": {"exp": "now"},
}


@pytest.mark.parametrize("wrong", [*STRANGE_ASSERTIONS, "symmetric algorithm", "not signed", "another key id"])
def test_strange_assertion_is_refused_like_any_other(client: Client, wrong: str) -> None:
    heads = {"symmetric algorithm": {"alg": "HS256"}, "not signed": {"alg": "none"}, "another key id": {"kid": "x"}}
    key = ECKey.import_key(client.op.parties[client.party].private_key)
    shown = client.op.authentication(client.party)["data"]
    strange = changed(shown["client_assertion"], key, heads.get(wrong, {}), STRANGE_ASSERTIONS.get(wrong, {}))
    form = {**shown, "client_assertion": strange, "grant_type": "client_credentials"}
    headers = client.proof("token_endpoint")
    answer = client.op.http.post(client.op.metadata["token_endpoint"], data=form, headers=headers)
    assert is_refused(answer, "invalid_client")


def test_what_was_refused_uses_no_proof_up(client: Client) -> None:
    """Of an assertion and a proof one of which is wrong, the other may be shown again."""
    shown, proof = client.op.authentication(client.party)["data"], client.proof("token_endpoint")
    form, url = {**shown, "grant_type": "client_credentials"}, client.op.metadata["token_endpoint"]
    assert is_refused(client.op.http.post(url, data=form, headers={"DPoP": "x"}), "invalid_dpop_proof")
    assert client.op.http.post(url, data=form, headers=proof).status_code == 200
    assert is_refused(client.op.http.post(url, data=form, headers=client.proof("token_endpoint")), "invalid_client")


ZERO = "a\x00b"


@pytest.mark.parametrize("field", ["client_id", "code", "redirect_uri", "code_verifier", "grant_type", "scope"])
def test_zero_byte_in_a_token_request(holder: Op, field: str) -> None:
    form = {"grant_type": "authorization_code", "code": "x", "redirect_uri": "x", field: ZERO}
    answer = holder.http.post(holder.metadata["token_endpoint"], data=form)
    assert is_refused(answer, "invalid_request")


def test_zero_byte_in_basic_credentials(holder: Op) -> None:
    answer = holder.http.post(
        holder.metadata["token_endpoint"], data={"grant_type": "client_credentials"}, auth=(ZERO, "x")
    )
    assert is_refused(answer, "invalid_client")


ZERO_CLAIM = json.dumps({"userinfo": {"name": {"value": ZERO}}})
HALF_CLAIM = json.dumps({"userinfo": {"name": {"value": HALF}}})


@pytest.mark.parametrize("asked", [{"nonce": ZERO}, {"state": ZERO}, {"claims": ZERO_CLAIM}, {"claims": HALF_CLAIM}])
def test_what_the_database_cannot_keep_is_refused_at_authorization(
    holder: Op, client: Client, asked: dict[str, Any]
) -> None:
    assert holder.authorize(**asked).told["error"] == "invalid_request"
    assert is_refused(client.push(**asked)[0], "invalid_request")


STRANGE_WISHES = ["x", 1, ["x"], {"essential": True, "values": 1}, {"essential": True, "values": [{}]}]


@pytest.mark.parametrize("wish", STRANGE_WISHES)
def test_strange_wish_for_a_claim_is_as_good_as_none(holder: Op, wish: object) -> None:
    asked = json.dumps({"id_token": {"acr": wish}, "userinfo": {"name": wish}})
    assert holder.authorize(claims=asked).code


def test_partner_id_that_the_database_cannot_keep(holder: Op) -> None:
    page = holder.authorize(client_id=ZERO).page
    assert page.status_code == 400
