"""The conformity table names every module of the plans once, and only tests that are there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "conformity.md"
ROW = re.compile(r"^\| `(?P<module>[\w-]+)` \| (?P<what>.+?) \|$", re.MULTILINE)
TEST = re.compile(r"`(?P<file>tests/[\w/]+\.py)::(?P<name>\w+)`")
NOT_SUPPORTED = re.compile(r"^not supported, because \S")

FAPI2 = """
    discovery-end-point-verification happy-flow user-rejects-authentication
    ensure-authorization-request-without-state-success ensure-authorization-request-without-nonce-success
    ensure-authorization-request-with-64-char-nonce-success ensure-other-scope-order-succeeds
    test-claims-parameter-identity-claims access-token-type-header-case-sensitivity check-dpop-proof-nbf-exp
    ensure-dpopproof-with-iat-10seconds-before-succeeds ensure-dpopproof-with-iat-10seconds-after-succeeds
    ensure-mismatched-dpop-jkt-fails ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt
    ensure-token-endpoint-fails-with-mismatched-dpop-jkt ensure-dpopproof-at-par-endpoint-binding-success
    ensure-dpop-auth-code-binding-success ensure-different-nonce-inside-and-outside-request-object
    ensure-different-state-inside-and-outside-request-object ensure-authorization-request-with-long-nonce
    ensure-authorization-request-with-long-state state-only-outside-request-object-not-used
    ensure-request-object-without-redirect-uri-fails ensure-registered-redirect-uri
    plain-fapi-tolerate-unregistered-redirect-uri
    ensure-unsigned-authorization-request-without-using-par-fails ensure-redirect-uri-in-authorization-request
    ensure-response-type-code-idtoken-fails australia-connectid-ensure-invalid-purpose-fails
    ensure-response-type-token-fails ensure-client-id-in-token-endpoint ensure-holder-of-key-required
    ensure-authorization-code-is-bound-to-client attempt-reuse-authorization-code-after-one-second
    ensure-token-endpoint-fails-with-expired-auth-code ensure-signed-client-assertion-with-RS256-fails
    ensure-client-assertion-in-token-endpoint ensure-client-assertion-with-exp-is-5-minutes-in-past-fails
    ensure-client-assertion-with-wrong-aud-fails ensure-client-assertion-with-no-sub-fails
    ensure-invalid-client-assertions-fail dpop-negative-tests refresh-token cdr-sharing-duration-zero
    cdr-negative-sharing-duration cdr-refresh-token-introspection-expiry cdr-arrangement-amendment
    cdr-unrecognised-arrangement-id brazil-ensure-bad-payment-signature-fails
    australia-connectid-test-claims-parameter-idtoken-identity-claims
    par-ensure-reused-request-uri-prior-to-auth-completion-succeeds par-attempt-reuse-request_uri
    par-attempt-to-use-expired-request_uri par-ensure-jwt-client-assertions-nbf-8-seconds-in-the-future-is-accepted
    par-ensure-jwt-client-assertions-nbf-over-60-seconds-in-the-future-fails
    par-attempt-to-use-request_uri-for-different-client
    par-authorization-request-containing-request_uri-form-param par-attempt-invalid-http-method
    par-ensure-pkce-required ensure-pkce-code-verifier-required incorrect-pkce-code-verifier-rejected
    par-plain-pkce-rejected par-without-duplicate-parameters par-test-array-as-audience-fails
    par-test-par-endpoint-url-as-audience-fails par-test-token-endpoint-url-as-audience-fails
    grant-management-happy-flow grant-management-query-and-revoke grant-management-merge grant-management-replace
    grant-management-ensure-invalid-grant-id-fails grant-management-ensure-query-nonexistent-grant-fails
    grant-management-ensure-query-after-revoke-fails grant-management-ensure-wrong-client-cannot-query-grant
    grant-management-ensure-wrong-client-cannot-revoke-grant
"""


def _fapi2(names: str) -> str:
    """Module names of the plan, without what they all begin with here."""
    return " ".join(f"fapi2-security-profile-final-{name}" for name in names.split())


PLANS = {
    "oidcc-basic-certification-test-plan": """
        oidcc-server oidcc-response-type-missing oidcc-idtoken-signature oidcc-idtoken-unsigned oidcc-userinfo-get
        oidcc-userinfo-post-header oidcc-userinfo-post-body oidcc-ensure-request-without-nonce-succeeds-for-code-flow
        oidcc-scope-profile oidcc-scope-email oidcc-scope-address oidcc-scope-phone oidcc-scope-all
        oidcc-ensure-other-scope-order-succeeds oidcc-alternate-happy-flow oidcc-display-page oidcc-display-popup
        oidcc-prompt-login oidcc-prompt-none-not-logged-in oidcc-prompt-none-logged-in oidcc-max-age-1
        oidcc-max-age-10000 oidcc-ensure-request-with-unknown-parameter-succeeds oidcc-id-token-hint oidcc-login-hint
        oidcc-ui-locales oidcc-claims-locales oidcc-ensure-request-with-acr-values-succeeds oidcc-codereuse
        oidcc-codereuse-30seconds oidcc-ensure-registered-redirect-uri oidcc-ensure-post-request-succeeds
        oidcc-server-client-secret-post
        oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported
        oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported oidcc-claims-essential
        oidcc-ensure-request-object-with-redirect-uri oidcc-refresh-token
        oidcc-ensure-request-with-valid-pkce-succeeds
    """,
    "oidcc-config-certification-test-plan": "oidcc-discovery-endpoint-verification",
    "oidcc-rp-initiated-logout-certification-test-plan": """
        oidcc-rp-initiated-logout-discovery-endpoint-verification oidcc-rp-initiated-logout
        oidcc-rp-initiated-logout-bad-post-logout-redirect-uri oidcc-rp-initiated-logout-modified-id-token-hint
        oidcc-rp-initiated-logout-no-id-token-hint oidcc-rp-initiated-logout-no-params
        oidcc-rp-initiated-logout-no-post-logout-redirect-uri oidcc-rp-initiated-logout-no-state
        oidcc-rp-initiated-logout-only-state oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri
        oidcc-rp-initiated-logout-bad-id-token-hint
    """,
    "oidcc-backchannel-rp-initiated-logout-certification-test-plan": """
        oidcc-backchannel-logout-discovery-endpoint-verification oidcc-backchannel-rp-initiated-logout
    """,
    "fapi2-security-profile-final-test-plan": _fapi2(FAPI2),
}


def section(plan: str) -> str:
    """The page's part about a plan."""
    _before, found, after = PAGE.read_text(encoding="utf-8").partition(f"\n## {plan}\n")
    assert found, f"no section for {plan}"
    return after.split("\n## ", 1)[0]


@pytest.mark.parametrize("plan", PLANS)
def test_every_module_of_a_plan_is_in_the_table_once(plan: str) -> None:
    assert sorted(row["module"] for row in ROW.finditer(section(plan))) == sorted(PLANS[plan].split())


def test_every_row_names_a_test_that_is_there_or_a_reason() -> None:
    there: dict[str, set[str]] = {}
    for row in ROW.finditer(PAGE.read_text(encoding="utf-8")):
        named = TEST.findall(row["what"])
        assert named or NOT_SUPPORTED.match(row["what"]), row[0]
        for file, name in named:
            if file not in there:
                tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
                there[file] = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
            assert name in there[file], row[0]
