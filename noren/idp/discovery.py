"""What the provider can do, for programs to find (OpenID Discovery 1.0, RFC 8414), and its public keys."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from noren.idp.answers import as_json, machine
from noren.sso import keys, proofs
from noren.sso.rules import ACRS, CLAIMS, SCOPES, Algorithm, ClientAuth, GrantType, SubjectType

KEEP_SECONDS = 300

PLACES = {
    "authorization_endpoint": "/oidc/authorize",
    "token_endpoint": "/oidc/token",
    "userinfo_endpoint": "/oidc/userinfo",
    "jwks_uri": "/oidc/jwks",
    "introspection_endpoint": "/oidc/introspect",
    "revocation_endpoint": "/oidc/revoke",
    "end_session_endpoint": "/oidc/logout",
    "pushed_authorization_request_endpoint": "/oidc/par",
    "device_authorization_endpoint": "/oidc/device_authorization",
}
METHODS = [str(method) for method in ClientAuth]
PROVING = [method for method in METHODS if method != ClientAuth.NONE]

FACTS = {
    "response_types_supported": ["code"],
    "response_modes_supported": ["query", "form_post"],
    "grant_types_supported": [str(kind) for kind in GrantType],
    "subject_types_supported": [str(kind) for kind in SubjectType],
    "id_token_signing_alg_values_supported": [str(alg) for alg in Algorithm],
    "scopes_supported": list(SCOPES),
    "claims_supported": ["sub", "iss", "aud", "auth_time", "acr", "amr", "sid", *CLAIMS],
    "claim_types_supported": ["normal"],
    "claims_parameter_supported": True,
    "request_parameter_supported": False,
    "request_uri_parameter_supported": False,
    "require_pushed_authorization_requests": False,
    "acr_values_supported": list(ACRS),
    "prompt_values_supported": ["none", "login", "consent", "select_account"],
    "display_values_supported": ["page"],
    "ui_locales_supported": ["ja", "en"],
    "code_challenge_methods_supported": ["S256"],
    "token_endpoint_auth_methods_supported": METHODS,
    "token_endpoint_auth_signing_alg_values_supported": proofs.ALGORITHMS,
    "introspection_endpoint_auth_methods_supported": PROVING,
    "introspection_endpoint_auth_signing_alg_values_supported": proofs.ALGORITHMS,
    "revocation_endpoint_auth_methods_supported": METHODS,
    "revocation_endpoint_auth_signing_alg_values_supported": proofs.ALGORITHMS,
    "dpop_signing_alg_values_supported": proofs.ALGORITHMS,
    "authorization_response_iss_parameter_supported": True,
    "backchannel_logout_supported": True,
    "backchannel_logout_session_supported": True,
    "frontchannel_logout_supported": False,
}


@machine("GET")
def configuration(request: HttpRequest) -> HttpResponse:
    """Discovery: everything there is."""
    del request
    issuer = settings.NOREN_URL
    places = {name: f"{issuer}{path}" for name, path in PLACES.items()}
    return as_json({"issuer": issuer, **places, **FACTS}, keep_seconds=KEEP_SECONDS)


@machine("GET")
def jwks(request: HttpRequest) -> HttpResponse:
    """The keys whose signatures count."""
    del request
    return as_json(keys.held().public, keep_seconds=KEEP_SECONDS)
