"""Modules of the plan fapi2-security-profile-final-test-plan: pushed requests and the client's own key."""

from typing import Any

import pytest

from tests.conformity.conftest import PS256
from tests.conformity.fapi import Client, is_refused
from tests.conformity.op import Op

PAR = "pushed_authorization_request_endpoint"


@pytest.fixture
def client(op: Op) -> Client:
    return Client(op)


def test_fapi2_par_ensure_reused_request_uri_prior_to_auth_completion_succeeds(client: Client) -> None:
    """A page that is opened twice before the person has answered works the second time, in the same browser."""
    reference, landing = client.pushed(prompt="consent")
    browser = client.op.browser(says="nothing")
    assert client.follow(reference, landing, browser).told == {}
    assert client.follow(reference, landing).told == {}, "the browser of another"
    browser.says = "yes"  # type: ignore[attr-defined]
    assert client.trade(client.follow(reference, landing, browser)).status_code == 200
    assert client.follow(reference, landing, browser).told == {}


def test_fapi2_par_attempt_reuse_request_uri(client: Client) -> None:
    reference, landing = client.pushed()
    assert client.follow(reference, landing).code
    again = client.follow(reference, landing)
    assert "code" not in again.told
    assert again.told.get("error", "invalid_request_uri") in {"invalid_request_uri", "invalid_request"}


def test_fapi2_par_attempt_to_use_expired_request_uri(client: Client, later: Any) -> None:
    answer, landing = client.push()
    later(answer.json()["expires_in"] + 1)
    assert "code" not in client.follow(answer.json()["request_uri"], landing).told


def test_fapi2_par_attempt_to_use_request_uri_for_different_client(client: Client) -> None:
    reference, landing = client.pushed()
    assert "code" not in Client(client.op, "fapi other").follow(reference, landing).told
    assert client.follow(reference, landing).code


def test_fapi2_par_authorization_request_containing_request_uri_form_param(client: Client) -> None:
    reference, _landing = client.pushed()
    assert is_refused(client.push(form={"request_uri": reference})[0], "invalid_request", "request_uri_not_supported")


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_fapi2_par_attempt_invalid_http_method(client: Client, method: str) -> None:
    asked, _verifier = client.op.request("fapi")
    proof = client.op.authentication("fapi")["data"]
    answer = client.op.http.request(method, client.op.metadata[PAR], params={**asked, **proof})
    assert answer.status_code == 405


def test_fapi2_par_without_duplicate_parameters(client: Client) -> None:
    assert client.trade(client.authorize()).status_code == 200


def test_fapi2_par_ensure_pkce_required(client: Client) -> None:
    assert is_refused(client.push(drop=["code_challenge", "code_challenge_method"])[0], "invalid_request")


def test_fapi2_par_plain_pkce_rejected(client: Client) -> None:
    answer, _landing = client.push(code_challenge_method="plain", code_challenge="v" * 43)
    assert is_refused(answer, "invalid_request")


# private_key_jwt


def test_fapi2_ensure_signed_client_assertion_with_RS256_fails(client: Client) -> None:  # noqa: N802
    assert is_refused(client.push_with(key=PS256, alg="RS256"), "invalid_client")


def test_fapi2_ensure_client_assertion_in_token_endpoint(client: Client) -> None:
    landing = client.authorize()
    form = {"grant_type": "authorization_code", "code": landing.code, "code_verifier": landing.verifier}
    form |= {"redirect_uri": landing.asked["redirect_uri"], "client_id": client.client_id}
    answer = client.op.post("token_endpoint", headers=client.proof("token_endpoint"), **form)
    assert is_refused(answer, "invalid_client")


def test_fapi2_ensure_client_assertion_with_exp_is_5_minutes_in_past_fails(client: Client) -> None:
    now = int(client.op.clock())
    assert is_refused(client.push_with(iat=now - 360, exp=now - 300), "invalid_client")


def test_fapi2_ensure_client_assertion_with_wrong_aud_fails(client: Client) -> None:
    assert is_refused(client.push_with(aud="https://other.example.jp"), "invalid_client")


def test_fapi2_ensure_client_assertion_with_no_sub_fails(client: Client) -> None:
    assert is_refused(client.push_with(sub=None), "invalid_client")


INVALID: dict[str, dict[str, Any]] = {
    "no iss": {"iss": None},
    "another iss": {"iss": "another"},
    "another sub": {"sub": "another"},
    "no aud": {"aud": None},
    "no exp": {"exp": None},
    "no jti": {"jti": None},
}


@pytest.mark.parametrize("wrong", INVALID)
def test_fapi2_ensure_invalid_client_assertions_fail(client: Client, wrong: str) -> None:
    assert is_refused(client.push_with(**INVALID[wrong]), "invalid_client", "invalid_request")


def test_a_client_assertion_is_good_once(client: Client) -> None:
    assert client.push_with(jti="the same").status_code == 201
    assert is_refused(client.push_with(jti="the same"), "invalid_client")


def test_fapi2_par_ensure_jwt_client_assertions_nbf_8_seconds_in_the_future_is_accepted(client: Client) -> None:
    soon = int(client.op.clock()) + 8
    assert client.push_with(nbf=soon, iat=soon).status_code == 201


def test_fapi2_par_ensure_jwt_client_assertions_nbf_over_60_seconds_in_the_future_fails(client: Client) -> None:
    soon = int(client.op.clock()) + 65
    assert is_refused(client.push_with(nbf=soon, iat=soon, exp=soon + 60), "invalid_client")


def test_fapi2_par_test_array_as_audience_fails(client: Client) -> None:
    assert is_refused(client.push_with(aud=[client.op.issuer]), "invalid_client")


def test_fapi2_par_test_par_endpoint_url_as_audience_fails(client: Client) -> None:
    assert is_refused(client.push_with(aud=client.op.metadata[PAR]), "invalid_client")


def test_fapi2_par_test_token_endpoint_url_as_audience_fails(client: Client) -> None:
    assert is_refused(client.push_with(aud=client.op.metadata["token_endpoint"]), "invalid_client")
