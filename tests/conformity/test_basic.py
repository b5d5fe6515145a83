"""The modules of the plan oidcc-basic-certification-test-plan, each by its name."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.clients.browser import Browser, the_form
from tests.clients.cast import CALLBACK
from tests.conformity.op import Landing, Op, half_hash, header
from tests.site import PASSWORD

STANDARD = {
    "profile": {"name", "preferred_username", "updated_at"},
    "email": {"email", "email_verified"},
    "phone": {"phone_number", "phone_number_verified"},
}
"""What each scope opens, of the claims that OpenID Connect Core names."""


def id_claims(op: Op, got: dict[str, Any], party: str = "basic") -> dict[str, Any]:
    """The ID token's claims after what Core 3.1.3.7 asks a relying party to check."""
    claims = op.claims(got["id_token"])
    now = op.clock()
    assert claims["iss"] == op.issuer == op.metadata["issuer"]
    assert claims["aud"] in (op.parties[party].client_id, [op.parties[party].client_id])
    assert claims["exp"] > now
    assert abs(claims["iat"] - now) < 30
    if "nonce" in got["asked"]:
        assert claims["nonce"] == got["asked"]["nonce"]
    else:
        assert "nonce" not in claims
    if "at_hash" in claims:
        assert claims["at_hash"] == half_hash(got["access_token"])
    return claims


def refused(landing: Landing, *errors: str) -> None:
    """The request came back to the relying party as one of these errors, with its state."""
    assert landing.told.get("error") in errors, (landing.told, landing.page.status_code, landing.page.text[:1500])
    assert landing.told["state"] == landing.asked["state"]
    assert "code" not in landing.told


def scoped(op: Op, scope: str) -> dict[str, Any]:
    """Userinfo after a flow with that scope; its subject is the ID token's."""
    got = op.tokens(scope=f"openid {scope}")
    found: dict[str, Any] = op.userinfo(got["access_token"]).json()
    assert found["sub"] == id_claims(op, got)["sub"]
    return found


def proven_again(op: Op, browser: Browser, landing: Landing) -> int:
    """The person is asked for the password though there is a session, and gives it; the new ID token's auth_time."""
    assert not landing.told
    assert "password" in landing.page.text
    page = browser.submit(landing.page, the_form(landing.page), CALLBACK, password=PASSWORD)
    told = dict(parse_qsl(urlsplit(page.headers["location"]).query))
    got = op.trade(replace(landing, told=told)).json()
    return int(id_claims(op, {**got, "asked": landing.asked})["auth_time"])


def test_oidcc_server(op: Op) -> None:
    landing = op.authorize(scope="openid")
    assert landing.told["state"] == landing.asked["state"]
    assert landing.told["iss"] == op.issuer
    answer = op.trade(landing)
    got = answer.json()
    assert answer.status_code == 200, got
    assert answer.headers["cache-control"] == "no-store"
    assert got["token_type"].lower() == "bearer"
    assert got["expires_in"] > 0
    claims = id_claims(op, {**got, "asked": landing.asked})
    assert len(claims["sub"]) <= 255
    assert op.userinfo(got["access_token"]).json()["sub"] == claims["sub"]


def test_oidcc_response_type_missing(op: Op) -> None:
    refused(op.authorize(drop=["response_type"]), "invalid_request", "unsupported_response_type")


def test_oidcc_idtoken_signature(op: Op) -> None:
    token = op.tokens()["id_token"]
    told = header(token)
    assert told["alg"] == "RS256"
    assert [key.kid for key in op.keys().keys].count(told["kid"]) == 1
    op.claims(token)


def test_oidcc_idtoken_unsigned(op: Op) -> None:
    """An unsigned ID token is not offered, so none is ever taken for one."""
    assert "none" not in op.metadata["id_token_signing_alg_values_supported"]
    assert header(op.tokens()["id_token"])["alg"] != "none"


def test_oidcc_userinfo_get(op: Op) -> None:
    got = op.tokens()
    answer = op.userinfo(got["access_token"])
    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0] == "application/json"
    assert answer.json()["sub"] == id_claims(op, got)["sub"]
    bare = op.http.get(op.metadata["userinfo_endpoint"])
    assert bare.status_code == 401
    assert bare.headers["www-authenticate"].lower().startswith(("bearer", "dpop"))


def test_oidcc_userinfo_post_header(op: Op) -> None:
    got = op.tokens()
    answer = op.post("userinfo_endpoint", headers={"Authorization": f"Bearer {got['access_token']}"})
    assert (answer.status_code, answer.json()["sub"]) == (200, id_claims(op, got)["sub"])


def test_oidcc_userinfo_post_body(op: Op) -> None:
    got = op.tokens()
    answer = op.post("userinfo_endpoint", access_token=got["access_token"])
    assert (answer.status_code, answer.json()["sub"]) == (200, id_claims(op, got)["sub"])


def test_oidcc_ensure_request_without_nonce_succeeds_for_code_flow(op: Op) -> None:
    assert "nonce" not in id_claims(op, op.tokens(drop=["nonce"]))


def test_oidcc_scope_profile(op: Op) -> None:
    found = scoped(op, "profile")
    assert found["name"] == "山田花子"
    assert not found.keys() & (STANDARD["email"] | STANDARD["phone"])


def test_oidcc_scope_email(op: Op) -> None:
    found = scoped(op, "email")
    assert (found["email"], found["email_verified"]) == ("hanako@example.jp", True)
    assert not found.keys() & (STANDARD["profile"] | STANDARD["phone"])


def test_oidcc_scope_address(op: Op) -> None:
    """A business account has no postal address: the scope is unknown, left out and harmless."""
    assert "address" not in op.metadata["scopes_supported"]
    assert "address" not in scoped(op, "address")


def test_oidcc_scope_phone(op: Op) -> None:
    found = scoped(op, "phone")
    assert found["phone_number"] == "+819012345678"
    assert not found.keys() & (STANDARD["profile"] | STANDARD["email"])


def test_oidcc_scope_all(op: Op) -> None:
    found = scoped(op, "profile email address phone")
    assert {"name", "email", "phone_number"} <= found.keys()


def test_oidcc_ensure_other_scope_order_succeeds(op: Op) -> None:
    got = op.tokens(scope="email openid")
    assert op.userinfo(got["access_token"]).json()["email"] == "hanako@example.jp"
    assert id_claims(op, got)


def test_oidcc_alternate_happy_flow(op: Op) -> None:
    asked, verifier = op.request(scope="email openid")
    landing = op.send(op.browser(), dict(reversed(asked.items())), verifier)
    assert op.trade(landing).status_code == 200


def test_oidcc_display_page(op: Op) -> None:
    assert id_claims(op, op.tokens(display="page"))


def test_oidcc_display_popup(op: Op) -> None:
    assert id_claims(op, op.tokens(display="popup"))


def test_oidcc_prompt_login(op: Op) -> None:
    browser = op.browser(age=60)
    first = id_claims(op, op.tokens(browser=browser))
    assert proven_again(op, browser, op.authorize(browser=browser, prompt="login")) > first["auth_time"]


def test_oidcc_prompt_none_not_logged_in(op: Op) -> None:
    refused(op.authorize(browser=Browser(op.transport), prompt="none"), "login_required")


def test_oidcc_prompt_none_logged_in(op: Op) -> None:
    browser = op.browser()
    first = id_claims(op, op.tokens(browser=browser))
    again = id_claims(op, op.tokens(browser=browser, prompt="none"))
    assert (again["sub"], again.get("auth_time")) == (first["sub"], first.get("auth_time"))


def test_oidcc_max_age_1(op: Op) -> None:
    browser = op.browser(age=2)
    first = id_claims(op, op.tokens(browser=browser))
    assert proven_again(op, browser, op.authorize(browser=browser, max_age="1")) > first["auth_time"]


def test_oidcc_max_age_10000(op: Op) -> None:
    browser = op.browser(age=60)
    first = id_claims(op, op.tokens(browser=browser, max_age="10000"))
    again = id_claims(op, op.tokens(browser=browser, max_age="10000"))
    assert first["auth_time"] == again["auth_time"] == pytest.approx(op.clock() - 60, abs=20)


def test_oidcc_ensure_request_with_unknown_parameter_succeeds(op: Op) -> None:
    assert id_claims(op, op.tokens(extra="foobar"))


def test_oidcc_id_token_hint(op: Op) -> None:
    browser = op.browser()
    first = op.tokens(browser=browser)
    again = op.tokens(browser=browser, prompt="none", id_token_hint=first["id_token"])
    assert id_claims(op, again)["sub"] == id_claims(op, first)["sub"]


def test_oidcc_login_hint(op: Op) -> None:
    assert id_claims(op, op.tokens(login_hint="hanako@example.jp"))


def test_oidcc_ui_locales(op: Op) -> None:
    assert id_claims(op, op.tokens(ui_locales="ja en se"))


def test_oidcc_claims_locales(op: Op) -> None:
    assert id_claims(op, op.tokens(claims_locales="se"))


def test_oidcc_ensure_request_with_acr_values_succeeds(op: Op) -> None:
    """Values are a wish: with one that is not known the flow goes on, and the ID token says what was reached."""
    assert id_claims(op, op.tokens(acr_values="1 2")).get("acr") != ""


def test_oidcc_codereuse(op: Op) -> None:
    landing = op.authorize()
    assert op.trade(landing).status_code == 200
    again = op.trade(landing)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_oidcc_codereuse_30seconds(op: Op, later: Any) -> None:
    landing = op.authorize()
    got = op.trade(landing).json()
    assert op.userinfo(got["access_token"]).status_code == 200
    later(30)
    again = op.trade(landing)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert op.userinfo(got["access_token"]).status_code == 401


def test_oidcc_ensure_registered_redirect_uri(op: Op) -> None:
    landing = op.authorize(redirect_uri=f"{CALLBACK}/another")
    assert landing.told == {}
    assert landing.page.status_code == 400
    assert "location" not in landing.page.headers


def test_oidcc_ensure_post_request_succeeds(op: Op) -> None:
    asked, verifier = op.request()
    landing = op.send(op.browser(), asked, verifier, post=True)
    assert op.trade(landing).status_code == 200


def test_oidcc_server_client_secret_post(op: Op) -> None:
    assert id_claims(op, op.tokens("post"), "post")


def test_oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(op: Op) -> None:
    assert op.metadata["request_uri_parameter_supported"] is False
    refused(op.authorize(request_uri="https://rp.example.jp/request.jwt"), "request_uri_not_supported")


def test_oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(op: Op) -> None:
    assert op.metadata.get("request_parameter_supported", False) is False
    refused(op.authorize(request="eyJhbGciOiJub25lIn0.e30."), "request_not_supported")


def test_oidcc_claims_essential(op: Op) -> None:
    wanted = json.dumps({"userinfo": {"name": {"essential": True}}})
    got = op.tokens(scope="openid", claims=wanted)
    found = op.userinfo(got["access_token"]).json()
    if op.metadata.get("claims_parameter_supported"):
        assert found["name"] == "山田花子"
    else:
        assert "name" not in found


def test_oidcc_ensure_request_object_with_redirect_uri(op: Op) -> None:
    """Request objects are refused as such, so nothing in one can name another address."""
    landing = op.authorize(request="eyJhbGciOiJub25lIn0.eyJyZWRpcmVjdF91cmkiOiJodHRwczovL2V2aWwifQ.")
    refused(landing, "request_not_supported")


def test_oidcc_refresh_token(op: Op) -> None:
    got = op.tokens()
    first = id_claims(op, got)
    answer = op.refresh(got["refresh_token"])
    assert answer.status_code == 200, answer.text
    fresh = answer.json()
    assert fresh["access_token"] != got["access_token"]
    if "id_token" in fresh:
        claims = op.claims(fresh["id_token"])
        assert [claims[name] for name in ("iss", "sub", "aud")] == [first[name] for name in ("iss", "sub", "aud")]
    assert op.refresh(fresh["refresh_token"], "post").json()["error"] == "invalid_grant"


def test_oidcc_ensure_request_with_valid_pkce_succeeds(op: Op) -> None:
    def landing() -> Landing:
        asked, verifier = op.request(pkce="S256")
        return op.send(op.browser(), asked, verifier)

    assert op.trade(landing()).status_code == 200
    assert op.trade(landing(), code_verifier="w" * 43).json()["error"] == "invalid_grant"
    assert op.trade(landing(), code_verifier="").json()["error"] == "invalid_grant"
