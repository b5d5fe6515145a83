"""requests-oauth2client, a client in Python, for what FAPI 2 asks: PAR, DPoP, private_key_jwt."""

from typing import Any

import pytest
from requests_oauth2client import (
    DPoPToken,
    IdToken,
    InvalidGrant,
    InvalidRequest,
    OAuth2Client,
    PrivateKeyJwt,
    UnauthorizedClient,
)

from tests.clients.cast import CALLBACK, SCOPE, Party
from tests.clients.providers import Provider


def client(provider: Provider, **settings: Any) -> Any:
    """The party with a key; `testing` lets the library speak plain HTTP."""
    return client_of(provider.issuer, provider.parties["keyed"], **settings)


def client_of(issuer: str, party: Party, **settings: Any) -> Any:
    """The library, set up for a provider and a party with a key."""
    return OAuth2Client.from_discovery_endpoint(
        issuer=issuer,
        auth=PrivateKeyJwt(party.client_id, party.private_key, aud=issuer),
        redirect_uri=CALLBACK,
        id_token_signed_response_alg=None,
        testing=True,
        **settings,
    )


def granted(provider: Provider, of: Any, *, validate: bool) -> Any:
    """Push a request, let a person answer it, trade the code; `validate` looks through the ID token."""
    request = of.authorization_request(scope=SCOPE)
    pushed = of.pushed_authorization_request(request)
    with provider.person() as browser:
        landed = browser.visit(pushed.uri, CALLBACK, provider.answer)
    return of.authorization_code(request.validate_callback(landed), validate=validate)


def test_a_pushed_request_with_a_key_and_a_proof_is_granted_refreshed_and_revoked(provider: Provider) -> None:
    of = client(provider, dpop_bound_access_tokens=True)
    tokens = granted(provider, of, validate=False)  # the library's own check loses the key of the proofs
    assert isinstance(tokens, DPoPToken)
    assert isinstance(tokens.id_token, IdToken)
    assert tokens.id_token.sub == provider.subject
    assert of.userinfo(tokens)["sub"] == provider.subject

    fresh = of.refresh_token(tokens)
    assert isinstance(fresh, DPoPToken)
    assert fresh.access_token != tokens.access_token

    assert of.revoke_refresh_token(fresh.refresh_token) is True
    with pytest.raises(InvalidGrant):
        of.refresh_token(fresh)


def test_the_id_token_of_a_pushed_request_holds(provider: Provider) -> None:
    tokens = granted(provider, client(provider), validate=True)
    assert tokens.id_token.sub == provider.subject


def test_a_grant_that_was_not_given_to_the_client_is_refused(provider: Provider) -> None:
    with pytest.raises((UnauthorizedClient, InvalidRequest)):
        client(provider).client_credentials()
