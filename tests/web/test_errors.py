"""What people read when something goes wrong."""

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client, override_settings

from tests.conftest import Place


@pytest.fixture
def client(place: Place) -> Iterator[Client]:
    del place
    with override_settings(ROOT_URLCONF="tests.web.broken_urls"):
        yield Client(HTTP_HOST="localhost:8000", raise_request_exception=False)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/refused/", 400, "refused"),
        ("/bad/", 400, "web.bad_request"),
        ("/forbidden/", 403, "web.forbidden"),
        ("/no/such/page", 404, "web.not_found"),
        ("/overloaded/", 429, "overloaded"),
        ("/broken/", 500, "web.failed"),
    ],
)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_an_error_is_a_page_with_its_code(client: Client, language: str, path: str, status: int, code: str) -> None:
    answer = client.get(path, HTTP_ACCEPT_LANGUAGE=language)
    page = answer.content.decode()
    assert answer.status_code == status
    assert f"<code>{code}</code>" in page
    assert f'<html lang="{language}">' in page
    assert len(re.findall("<h1>", page)) == 1


def test_a_refusal_says_why(client: Client) -> None:
    assert "Not on Sunday." in client.get("/refused/").content.decode()


def test_an_overload_says_when_to_come_back(client: Client) -> None:
    answer = client.get("/overloaded/")
    assert answer["Retry-After"] == "7"
    assert "in 7 seconds" in answer.content.decode()


def test_a_failure_is_told_without_the_database(client: Client) -> None:
    client.cookies["__Host-session"] = "somebody"

    def none_is_there(*_: object) -> None:
        raise RuntimeError("the database is away")

    with connection.execute_wrapper(none_is_there):
        answer = client.get("/", HTTP_ACCEPT_LANGUAGE="en")
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "Something went wrong" in page
    assert "the database is away" not in page


def test_an_unknown_host_is_told_in_a_page(client: Client) -> None:
    answer = client.get("/", HTTP_HOST="evil.example")
    assert answer.status_code == 400
    assert "<code>web.bad_request</code>" in answer.content.decode()
    assert "evil.example" not in answer.content.decode()


def test_the_health_is_told_under_whatever_name_it_is_asked(client: Client) -> None:
    answer = client.get("/healthz", HTTP_HOST="10.0.0.7:8000")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
