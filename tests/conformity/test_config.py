"""The module of the plan oidcc-config-certification-test-plan: what the discovery document says, and that it is so."""

from urllib.parse import urlsplit

import pytest
from django.test import override_settings

from tests.conformity.op import Op

ENDPOINTS = {
    "authorization_endpoint": "authorize",
    "token_endpoint": "token",
    "userinfo_endpoint": "userinfo",
    "jwks_uri": "jwks",
    "introspection_endpoint": "introspect",
    "revocation_endpoint": "revoke",
    "end_session_endpoint": "logout",
    "pushed_authorization_request_endpoint": "par",
    "device_authorization_endpoint": "device_authorization",
}


def test_oidcc_discovery_endpoint_verification(op: Op) -> None:
    answer = op.http.get(f"{op.issuer}/.well-known/openid-configuration")
    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0] == "application/json"
    told = answer.json()
    assert told["issuer"] == op.issuer
    assert {name: told[name] for name in ENDPOINTS} == {
        name: f"{op.issuer}/oidc/{path}" for name, path in ENDPOINTS.items()
    }
    assert "code" in told["response_types_supported"]
    assert {"public", "pairwise"} <= set(told["subject_types_supported"])
    assert "RS256" in told["id_token_signing_alg_values_supported"]
    assert "openid" in told["scopes_supported"]
    assert {"sub", "name", "email"} <= set(told["claims_supported"])
    assert "S256" in told["code_challenge_methods_supported"]
    assert "plain" not in told["code_challenge_methods_supported"]
    assert told["authorization_response_iss_parameter_supported"] is True


def test_the_key_set_holds_public_signing_keys_only(op: Op) -> None:
    keys = op.http.get(op.metadata["jwks_uri"]).json()["keys"]
    assert len({key["kid"] for key in keys}) == len(keys)
    assert {key["kty"] for key in keys} == {"RSA", "EC"}
    for key in keys:
        assert key["use"] == "sig"
        assert not key.keys() & {"d", "p", "q", "dp", "dq", "qi", "k"}


@pytest.mark.parametrize("name", ENDPOINTS)
def test_every_endpoint_of_the_document_is_there(op: Op, name: str) -> None:
    assert op.http.get(op.metadata[name]).status_code != 404


def test_endpoints_are_https_where_the_public_address_is(op: Op) -> None:
    with override_settings(NOREN_URL="https://members.example.jp"):
        told = op.http.get(f"{op.issuer}/.well-known/openid-configuration").json()
    assert {urlsplit(told[name]).scheme for name in ("issuer", *ENDPOINTS)} == {"https"}
