"""Every answer carries the security headers; cookies are bound to this host, sealed from scripts and from plain HTTP."""

import pytest
from django.http.response import HttpResponseBase
from django.test import Client, override_settings

from noren.web import errors
from tests.conftest import Place
from tests.guards.test_views import routes

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
STATIC = "/static/web/noren.css"


@pytest.fixture
def client(place: Place) -> Client:
    del place
    return Client(HTTP_HOST="localhost:8000", raise_request_exception=False)


def policy(answer: HttpResponseBase) -> dict[str, list[str]]:
    """The content policy by directive."""
    parts = (part.split() for part in answer["Content-Security-Policy"].split(";"))
    return {part[0]: part[1:] for part in parts if part}


def faults(answer: HttpResponseBase) -> list[str]:
    """What an answer lacks."""
    lacking = [f"{name}: {answer.get(name)}" for name, value in HEADERS.items() if answer.get(name) != value]
    found = policy(answer)
    if found.get("default-src") != ["'none'"] or found.get("frame-ancestors") != ["'none'"]:
        lacking.append("default-src and frame-ancestors")
    if any("unsafe" in word or word in {"*", "http:", "https:"} for words in found.values() for word in words):
        lacking.append("unsafe or wide policy")
    if any(found.get(name) != ["'self'"] for name in ("script-src", "style-src", "connect-src")):
        lacking.append("scripts, styles and connections of our own only")
    return lacking


def test_every_answer_carries_the_headers(client: Client) -> None:
    paths = [route.path for route in routes()] + ["/no/such/page", "/account", "/history/?page=x"]
    wrong = {path: faults(client.get(path)) for path in paths}
    assert {path: found for path, found in wrong.items() if found} == {}


def test_static_files_carry_what_files_need(client: Client) -> None:
    answer = client.get(STATIC)
    answer.close()
    assert answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "max-age=3600, public"


def test_pages_are_kept_by_no_cache(client: Client) -> None:
    for path in ("/account/login/", "/join/", "/no/such/page"):
        assert "no-store" in client.get(path)["Cache-Control"], path


def test_cookies_are_bound_to_the_host(client: Client) -> None:
    client.get("/account/login/")
    client.post("/language/", {"language": "ja", "next": "/account/login/"})
    client.post("/account/login/", {"login": "nobody", "password": "nothing of the kind"})
    assert {"__Host-csrf", "__Host-language"} <= set(client.cookies)
    for name, cookie in client.cookies.items():
        assert name.startswith("__Host-"), name
        assert cookie["secure"], name
        assert cookie["httponly"], name
        assert cookie["samesite"] in {"Lax", "Strict"}, name
        assert (cookie["path"], cookie["domain"]) == ("/", ""), name


def test_another_host_is_led_to_the_address_of_the_site(client: Client) -> None:
    answer = client.get("/join/", HTTP_HOST="127.0.0.1:8000")
    assert (answer.status_code, answer["Location"]) == (302, "http://localhost:8000/join/")
    assert faults(client.get("/join/", HTTP_HOST="evil.example")) == []
    assert client.get("/join/", HTTP_HOST="evil.example").status_code == 400


def test_a_form_from_elsewhere_is_refused_with_headers(place: Place) -> None:
    del place
    strict = Client(HTTP_HOST="localhost:8000", enforce_csrf_checks=True)
    answer = strict.post("/account/login/", {"login": "a", "password": "b"})
    assert answer.status_code == 403
    assert "web.csrf" in answer.content.decode()
    assert faults(answer) == []


@override_settings(ROOT_URLCONF="tests.web.broken_urls")
def test_a_failure_carries_the_headers(client: Client) -> None:
    answer = client.get("/broken/")
    assert answer.status_code == 500
    assert faults(answer) == []


def test_handlers_are_open_to_everybody() -> None:
    handlers = (errors.csrf, errors.bad_request, errors.forbidden, errors.not_found, errors.failed)
    assert [handler.__name__ for handler in handlers if getattr(handler, "login_required", True)] == []
