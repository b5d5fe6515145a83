"""Modules of the plan fapi2-security-profile-final-test-plan: authorization requests, codes and tokens.

The variant: plain_fapi, private_key_jwt, dpop, openid_connect, unsigned, plain_response.
"""

import json
import time
from typing import Any

import httpx
import pytest

from tests.conformity.fapi import Client, is_refused
from tests.conformity.op import Op, Proofs


@pytest.fixture
def client(op: Op) -> Client:
    return Client(op)


def granted(client: Client, **more: Any) -> dict[str, Any]:
    """A whole flow; the subject of the ID token is the one of userinfo."""
    got = client.tokens(**more)
    assert got["token_type"] == "DPoP"
    claims = client.op.claims(got["id_token"])
    assert claims.get("nonce") == got["asked"].get("nonce")
    assert client.userinfo(got["access_token"]).json()["sub"] == claims["sub"]
    return got


def test_fapi2_discovery_end_point_verification(op: Op) -> None:
    told = op.metadata
    assert "private_key_jwt" in told["token_endpoint_auth_methods_supported"]
    assert "ES256" in told["token_endpoint_auth_signing_alg_values_supported"]
    assert "ES256" in told["id_token_signing_alg_values_supported"]
    assert "ES256" in told["dpop_signing_alg_values_supported"]
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["authorization_response_iss_parameter_supported"] is True
    assert told["pushed_authorization_request_endpoint"]
    assert {"authorization_code"} <= set(told["grant_types_supported"])
    assert not {"implicit", "password"} & set(told["grant_types_supported"])


def test_fapi2_happy_flow(client: Client) -> None:
    landing = client.authorize()
    assert landing.told["state"] == landing.asked["state"]
    assert landing.told["iss"] == client.op.issuer
    answer = client.trade(landing)
    assert answer.headers["cache-control"] == "no-store"
    bound = client.op.claims(answer.json()["access_token"])
    assert bound["cnf"] == {"jkt": client.proofs.thumbprint}
    granted(Client(client.op, "fapi other"))


def test_fapi2_user_rejects_authentication(client: Client) -> None:
    reference, landing = client.pushed(prompt="consent")
    landed = client.follow(reference, landing, client.op.browser(says="no"))
    assert landed.told["error"] == "access_denied"
    assert (landed.told["state"], landed.told["iss"]) == (landing.asked["state"], client.op.issuer)


def test_fapi2_ensure_authorization_request_without_state_success(client: Client) -> None:
    landing = client.authorize(drop=["state"])
    assert "state" not in landing.told
    assert client.trade(landing).status_code == 200


def test_fapi2_ensure_authorization_request_without_nonce_success(client: Client) -> None:
    granted(client, drop=["nonce"])


def test_fapi2_ensure_authorization_request_with_64_char_nonce_success(client: Client) -> None:
    granted(client, nonce="n" * 64)


def test_fapi2_ensure_authorization_request_with_long_nonce(client: Client) -> None:
    """384 letters: taken whole, or refused at once."""
    granted(client, nonce="n" * 384)


def test_fapi2_ensure_authorization_request_with_long_state(client: Client) -> None:
    """384 letters: given back whole, or refused at once."""
    assert client.authorize(state="s" * 384).told["state"] == "s" * 384


def test_fapi2_ensure_other_scope_order_succeeds(client: Client) -> None:
    granted(client, scope="email openid")


def test_fapi2_test_claims_parameter_identity_claims(client: Client) -> None:
    """Claims come by scope; a wish for single ones is not refused."""
    granted(client, claims=json.dumps({"userinfo": {"name": None}}))


def test_fapi2_access_token_type_header_case_sensitivity(client: Client) -> None:
    token = client.tokens()["access_token"]
    for scheme in ("DPoP", "dpop", "DPOP"):
        assert client.userinfo(token, scheme).status_code == 200


# Outside a pushed request nothing counts


def test_fapi2_ensure_different_nonce_inside_and_outside_request_object(client: Client) -> None:
    landing = client.follow(*client.pushed(), nonce="another")
    got = client.trade(landing).json()
    assert client.op.claims(got["id_token"])["nonce"] == landing.asked["nonce"]


def test_fapi2_ensure_different_state_inside_and_outside_request_object(client: Client) -> None:
    landing = client.follow(*client.pushed(), state="another")
    assert landing.told["state"] == landing.asked["state"]


def test_fapi2_state_only_outside_request_object_not_used(client: Client) -> None:
    landing = client.follow(*client.pushed(drop=["state"]), state="another")
    assert "state" not in landing.told
    assert landing.code


# What is refused when it is pushed


def test_fapi2_ensure_request_object_without_redirect_uri_fails(client: Client) -> None:
    assert is_refused(client.push(drop=["redirect_uri"])[0], "invalid_request")


def test_fapi2_ensure_redirect_uri_in_authorization_request(client: Client) -> None:
    answer, _landing = client.push(form={"redirect_uri": ""})
    assert is_refused(answer, "invalid_request")


def test_fapi2_ensure_registered_redirect_uri(client: Client) -> None:
    answer, _landing = client.push(redirect_uri="https://evil.example.jp/callback")
    assert is_refused(answer, "invalid_request")


def test_fapi2_plain_fapi_tolerate_unregistered_redirect_uri(client: Client) -> None:
    """Allowed by the profile, not by us: an address has to be registered."""
    answer, _landing = client.push(redirect_uri=f"{client.op.parties['fapi'].redirect_uri}?dummy=1")
    assert is_refused(answer, "invalid_request")


def test_fapi2_ensure_response_type_code_idtoken_fails(client: Client) -> None:
    assert is_refused(client.push(response_type="code id_token")[0], "unsupported_response_type", "invalid_request")


def test_fapi2_ensure_response_type_token_fails(client: Client) -> None:
    assert is_refused(client.push(response_type="token")[0], "unsupported_response_type", "invalid_request")


def test_fapi2_ensure_unsigned_authorization_request_without_using_par_fails(client: Client) -> None:
    landing = client.op.authorize("fapi")
    assert "code" not in landing.told
    assert landing.told.get("error", "invalid_request") == "invalid_request"


# Token endpoint


def test_fapi2_ensure_client_id_in_token_endpoint(client: Client) -> None:
    """A client id that is not the one of the assertion does not pass."""
    answer = client.trade(client.authorize(), client_id="another")
    assert is_refused(answer, "invalid_client", "invalid_request", "invalid_grant")


def test_fapi2_ensure_holder_of_key_required(client: Client) -> None:
    assert is_refused(client.trade(client.authorize(), headers={}), "invalid_dpop_proof", "invalid_grant")


def test_fapi2_ensure_authorization_code_is_bound_to_client(client: Client) -> None:
    landing = client.authorize()
    other = Client(client.op, "fapi other")
    assert is_refused(other.trade(landing, client.proof("token_endpoint")), "invalid_grant")


def test_fapi2_attempt_reuse_authorization_code_after_one_second(client: Client, later: Any) -> None:
    landing = client.authorize()
    got = client.trade(landing).json()
    later(1)
    assert is_refused(client.trade(landing), "invalid_grant")
    assert client.userinfo(got["access_token"]).status_code == 401


def test_fapi2_ensure_token_endpoint_fails_with_expired_auth_code(client: Client, later: Any) -> None:
    landing = client.authorize()
    later(61)
    assert is_refused(client.trade(landing), "invalid_grant")


def test_fapi2_refresh_token(client: Client) -> None:
    got = granted(client)
    first = client.op.claims(got["id_token"])
    answer = client.refresh(got["refresh_token"])
    assert answer.status_code == 200, answer.text
    fresh = answer.json()
    assert client.userinfo(fresh["access_token"]).json()["sub"] == first["sub"]
    token = fresh["refresh_token"]
    assert is_refused(client.refresh(token, headers={}), "invalid_dpop_proof", "invalid_request", "invalid_grant")
    assert is_refused(Client(client.op, "fapi other").refresh(token), "invalid_grant")


def test_fapi2_ensure_pkce_code_verifier_required(client: Client) -> None:
    assert is_refused(client.trade(client.authorize(), code_verifier=""), "invalid_grant", "invalid_request")


def test_fapi2_incorrect_pkce_code_verifier_rejected(client: Client) -> None:
    assert is_refused(client.trade(client.authorize(), code_verifier="w" * 43), "invalid_grant")


# DPoP


def test_fapi2_check_dpop_proof_nbf_exp(client: Client) -> None:
    """The claims nbf and exp of a proof are neither needed nor in the way."""
    now = int(client.op.clock())
    headers = client.proof("token_endpoint", nbf=now, exp=now + 300)
    assert client.trade(client.authorize(), headers=headers).status_code == 200


def test_fapi2_ensure_dpopproof_with_iat_10seconds_before_succeeds(client: Client) -> None:
    headers = client.proof("token_endpoint", iat=int(client.op.clock()) - 10)
    assert client.trade(client.authorize(), headers=headers).status_code == 200


def test_fapi2_ensure_dpopproof_with_iat_10seconds_after_succeeds(client: Client) -> None:
    headers = client.proof("token_endpoint", iat=int(client.op.clock()) + 10)
    assert client.trade(client.authorize(), headers=headers).status_code == 200


def test_fapi2_ensure_mismatched_dpop_jkt_fails(client: Client) -> None:
    """The key that is named and the key that is proven have to be one."""
    headers = client.proof("pushed_authorization_request_endpoint")
    answer, _landing = client.push(headers=headers, dpop_jkt=Proofs(client.op.clock).thumbprint)
    assert is_refused(answer, "invalid_dpop_proof", "invalid_request")


def test_fapi2_ensure_token_endpoint_fails_with_mismatched_dpop_proof_jkt(client: Client) -> None:
    landing = client.authorize(headers=client.proof("pushed_authorization_request_endpoint"))
    client.proofs = Proofs(client.op.clock)
    assert is_refused(client.trade(landing), "invalid_grant", "invalid_dpop_proof")


def test_fapi2_ensure_token_endpoint_fails_with_mismatched_dpop_jkt(client: Client) -> None:
    landing = client.authorize(dpop_jkt=client.proofs.thumbprint)
    client.proofs = Proofs(client.op.clock)
    assert is_refused(client.trade(landing), "invalid_grant", "invalid_dpop_proof")


def test_fapi2_ensure_dpopproof_at_par_endpoint_binding_success(client: Client) -> None:
    landing = client.authorize(headers=client.proof("pushed_authorization_request_endpoint"))
    assert client.trade(landing).status_code == 200


def test_fapi2_ensure_dpop_auth_code_binding_success(client: Client) -> None:
    assert client.trade(client.authorize(dpop_jkt=client.proofs.thumbprint)).status_code == 200


NOT_A_PROOF: dict[str, dict[str, Any]] = {
    "no jti": {"jti": None},
    "no method": {"htm": None},
    "another method": {"htm": "GET"},
    "no address": {"htu": None},
    "another address": {"htu": "https://other.example.jp/token"},
    "no time": {"iat": None},
    "too old": {"iat": int(time.time()) - 3600},
    "from the future": {"iat": int(time.time()) + 3600},
    "another type": {"typ": "jwt"},
    "another key shown": {"shown": Proofs(time.time).key.as_dict(private=False)},
}


@pytest.mark.parametrize("wrong", NOT_A_PROOF)
def test_fapi2_dpop_negative_tests(client: Client, wrong: str) -> None:
    headers = client.proof("token_endpoint", **NOT_A_PROOF[wrong])
    assert is_refused(client.trade(client.authorize(), headers=headers), "invalid_dpop_proof")


def test_fapi2_dpop_negative_tests_at_a_resource(client: Client) -> None:
    token = client.tokens()["access_token"]

    def is_closed(answer: httpx.Response) -> bool:
        return answer.status_code in {400, 401} and "DPoP" in answer.headers["www-authenticate"]

    assert is_closed(client.op.userinfo(token))
    assert is_closed(client.op.userinfo(token, "DPoP"))
    assert is_closed(client.userinfo(token, ath=None))
    assert is_closed(client.userinfo(token, ath="another"))
    used = client.proof("userinfo_endpoint", "GET", token=token)
    assert client.op.userinfo(token, "DPoP", **used).status_code == 200
    assert is_closed(client.op.userinfo(token, "DPoP", **used)), "a proof is good once"
    client.proofs = Proofs(client.op.clock)
    assert is_closed(client.userinfo(token)), "the key of another"
