"""The provider in this process, behind its whole stack of middleware, with a database of its own for each file."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import httpx
import psycopg
import pytest
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from psycopg import sql

from noren.accounts import actions as accounts
from noren.lifecycle import actions as lifecycle
from tests import servers
from tests.cast import ENGINEER
from tests.clients import people
from tests.clients.browser import Browser, pressed
from tests.clients.cast import Party, own_key, parties
from tests.clients.register import register
from tests.conformity.op import Op, ps256_key
from tests.conftest import TEMPLATE, Place, point_to
from tests.members.desk import Desk
from tests.site import PASSWORD

PS256 = ps256_key()
"""A second key of the FAPI party's, which it may not use with RS256."""

FAPI = ["--require-par", "--require-dpop"]

MORE = {"basic": ["--id-token-alg", "RS256", "--no-pkce"], "post": ["--no-pkce"], "fapi": FAPI, "fapi other": FAPI}
"""What is asked of a party beyond the usual. The plan Basic sends no PKCE but in one module."""


class Clock:
    """The door's clock, which a test may put forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead  # noqa: TID251  (the tests stand at the door)


class Person(Browser):
    """Somebody who may also say no, or only look."""

    says = "yes"


@pytest.fixture(scope="module")
def clock() -> Iterator[Clock]:
    held = Clock()
    with patch("noren.idp.answers.timezone", held):
        yield held


@pytest.fixture(scope="module")
def standing(server: servers.Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Like `place`, but one for the file: its tests only add to it."""
    name = f"t{os.urandom(6).hex()}"
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(TEMPLATE))
        )
    point_to(server, name)
    yield Place(tmp_path_factory.mktemp("op") / "home", server.conninfo(name), server, name)
    connections.close_all()
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection, suppress(psycopg.Error):
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def known(place: Place) -> dict[str, Party]:
    """The parties, registered."""
    fapi = {name: Party(name, "private_key_jwt", key=json.dumps(own_key(name))) for name in ("fapi", "fapi other")}
    every = {**parties("http://localhost:9"), **fapi}
    return {
        name: register(place, party, *MORE.get(name, []), keys=[PS256.as_dict(private=False)] * (name == "fapi"))
        for name, party in every.items()
    }


def answer(page: httpx.Response, browser: Person) -> dict[str, str] | None:
    """What the person says to a page of the provider."""
    agreed = people.agrees(page)
    if agreed is None or browser.says == "yes":
        return agreed
    return refusal(page) if browser.says == "no" else None


def refusal(page: httpx.Response) -> dict[str, str]:
    """The last button of the form."""
    return pressed(page, last=True)


@pytest.fixture(scope="module")
def op(standing: Place, clock: Clock) -> Iterator[Op]:
    """The provider, its parties, and Hanako, who has every kind of contact."""
    desk = Desk(standing, standing.home / "files")
    desk.folder.mkdir(parents=True, exist_ok=True)
    desk.bring("corporations", "C1,,Kita,,corporation")
    account_id = lifecycle.issue(
        corporation_id="C1", login_id="hanako@example.jp", name="山田花子", contact_mail="hanako@example.jp",
        contact_mobile="+819012345678", language="en", active=True, actor=ENGINEER, now=clock.now(),
    )  # fmt: skip
    accounts.first_password(account_id, PASSWORD, actor=ENGINEER, now=clock.now())
    transport = httpx.WSGITransport(app=get_wsgi_application())

    def browser(*, age: int = 0, says: str = "yes") -> Browser:
        person = Person(transport)
        person.says = says
        key = people.session_of(account_id, at=clock.now() - timedelta(seconds=age))
        person.set_cookie(settings.NOREN_URL, settings.SESSION_COOKIE_NAME, key)
        return person

    with ExitStack() as closing:
        made = Op(settings.NOREN_URL, transport, known(standing), browser, answer, account_id, clock.now)
        closing.callback(made.http.close)
        yield made


@pytest.fixture
def later(clock: Clock) -> Iterator[Callable[[float], Any]]:
    """Puts the clock forward, until the end of the test."""

    def forward(seconds: float) -> None:
        clock.ahead += timedelta(seconds=seconds)

    yield forward
    clock.ahead = timedelta()
