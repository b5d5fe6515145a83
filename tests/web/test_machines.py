"""Programs are answered without the part of the stack that is for people, and with all that guards the answer."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from noren.web.machines import MARK
from tests.conftest import Place
from tests.guards.test_headers import faults
from tests.guards.test_views import routes

API = {route.name for route in routes() if route.path.startswith("/api/v1/") and route.name != "api_docs"}
PROGRAMS = {route.name: route.path for route in routes() if getattr(route.view, MARK, False)}


@pytest.fixture
def client(place: Place) -> Client:
    del place
    return Client(HTTP_HOST="localhost:8000", enforce_csrf_checks=True)


def test_programs_are_those_that_bring_credentials_of_their_own() -> None:
    assert set(PROGRAMS) == {
        "oidc_discovery",
        "oauth_discovery",
        "oidc_jwks",
        "oidc_token",
        "oidc_introspect",
        "oidc_revoke",
        "oidc_par",
        "oidc_device_authorization",
        "oidc_userinfo",
        *API,
    }


@pytest.mark.parametrize("path", PROGRAMS.values())
def test_a_session_is_neither_read_nor_begun(client: Client, path: str) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = "a-cookie-that-names-a-session-00"
    client.post(path)
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(path)
    assert "session_data" not in str(asked.captured_queries)
    assert "Set-Cookie" not in answer.headers
    assert "Vary" not in answer.headers
    assert faults(answer) == []
    assert int(answer["Content-Length"]) == len(answer.content)


@pytest.mark.parametrize("path", PROGRAMS.values())
def test_another_host_is_led_away_or_refused(client: Client, path: str) -> None:
    assert client.get(path, HTTP_HOST="127.0.0.1:8000")["Location"] == f"http://localhost:8000{path}"
    assert client.get(path, HTTP_HOST="evil.example").status_code == 400


@override_settings(SECURE_HSTS_SECONDS=60, SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"))
def test_strict_transport_is_asked_of_programs_too(place: Place) -> None:
    del place
    answer = Client(HTTP_HOST="localhost:8000").get(PROGRAMS["oidc_jwks"], HTTP_X_FORWARDED_PROTO="https")
    assert answer["Strict-Transport-Security"] == "max-age=60"
