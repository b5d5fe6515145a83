"""Every view is closed to those who have not signed in, but for the ones that are named here."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from tests.conftest import Place

OPEN = {
    "health": "asked by those who watch the server",
    "outbox": "the demo's mails; 404 where real people sign in",
    "set_language": "everybody reads",
    "account_login": "signing in",
    "account_cancel": "leaving a sign-in half-way",
    "account_confirm_login_code": "the second step, before one is signed in",
    "account_logout": "harmless to those who are out",
    "account_reset_password": "for those who cannot sign in",
    "account_confirm_password_reset_code": "the same",
    "account_complete_password_reset": "the same, after the code",
    "self_lock": "a secret link; whoever lost the account cannot sign in",
    "mfa_authenticate": "the second step, before one is signed in",
    "mfa_trust": "the same",
    "mfa_login_webauthn": "signing in",
    "join_home": "for those who have no account yet",
    "join_received": "the same",
    "join_step": "the same",
    "invitation": "a secret link",
    "letter": "a secret link",
    "oidc_discovery": "what the provider can do, for every program",
    "oauth_discovery": "the same",
    "oidc_jwks": "public keys",
    "oidc_authorize": "answers prompt=none, and tells a client's mistake, before it asks for a sign-in",
    "oidc_token": "asks for the client's credentials",
    "oidc_introspect": "the same",
    "oidc_revoke": "the same",
    "oidc_par": "the same",
    "oidc_device_authorization": "the same",
    "oidc_userinfo": "asks for an access token",
    "api_openapi": "what the API can do, for every program",
    "api_docs": "the same for people",
    "api_members": "asks for an access token",
    "api_balance": "the same",
    "api_lots": "the same",
    "api_history": "the same",
    "api_explanation": "the same",
    "api_reserve": "the same",
    "api_reservations": "the same",
    "api_reservation": "the same",
    "api_capture": "the same",
    "api_void": "the same",
    "api_reverse": "the same",
    "api_catalogue": "the same",
    "api_place": "the same",
    "api_orders": "the same",
    "api_order": "the same",
    "api_cancel": "the same",
    "api_root": "says that nothing stands there",
    "api_unknown": "the same",
    "oidc_logout": "a client may bring a person who is out already",
    "oidc_logout_confirm": "harmless to those who are out",
}
"""By name: why it is open."""

VALUES = {"int": "1", "str": "x", "slug": "x", "uuid": "00000000-0000-0000-0000-000000000000", "path": "x"}


class Route(NamedTuple):
    """An address and its view."""

    name: str
    path: str
    view: Any

    @property
    def is_closed(self) -> bool:
        return bool(getattr(self.view, "login_required", True))


def routes(patterns: Any = None, under: str = "") -> Iterator[Route]:
    """Everything that the site answers."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLPattern):
            yield Route(entry.name or "", f"/{under}{_filled(entry)}", entry.callback)
        else:
            yield from routes(entry.url_patterns, under + str(entry.pattern))


def _filled(entry: URLPattern) -> str:
    path = str(entry.pattern)
    for name, converter in entry.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        path = path.replace(f"<{kind}:{name}>", VALUES[kind]).replace(f"<{name}>", VALUES["str"])
    return path


def test_every_view_has_a_name() -> None:
    assert [route.path for route in routes() if not route.name] == []


def test_open_views_are_named_with_a_reason() -> None:
    found = {route.name for route in routes() if not route.is_closed}
    assert found == set(OPEN)


@pytest.mark.parametrize("method", ["get", "post"])
def test_closed_views_lead_to_the_sign_in(place: Place, method: str) -> None:
    del place
    client = Client(HTTP_HOST="localhost:8000")
    wrong = []
    for route in routes():
        if route.is_closed:
            answer = getattr(client, method)(route.path)
            if answer.status_code != 302 or not answer["Location"].startswith("/account/login/"):
                wrong.append((route.name, answer.status_code))
    assert wrong == []
