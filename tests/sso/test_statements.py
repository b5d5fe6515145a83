"""How many SQL statements a partner's request takes: at most three for a token, however the partner proves itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from noren.sso import keys
from tests.conformity.fapi import Client
from tests.conformity.op import Op
from tests.sso.cast import DEVICE, device_allowed

Ask = Callable[[], httpx.Response]
MOST = 3


@contextmanager
def counted() -> Iterator[CaptureQueriesContext]:
    """Every statement in the block, BEGIN and COMMIT among them; the signing keys have just been read."""
    keys.forget()
    keys.held()
    with CaptureQueriesContext(connection) as statements:
        yield statements


def taken(ask: Ask) -> int:
    """How many statements an answer takes."""
    with counted() as statements:
        answer = ask()
    assert answer.status_code == 200, answer.text
    return len(statements)


def code(client: Client, proof: dict[str, str]) -> Ask:
    landing = client.authorize()
    return lambda: client.trade(landing, proof)


def refresh(client: Client, proof: dict[str, str]) -> Ask:
    proven = client.proof("token_endpoint") if proof else {}
    token = client.trade(client.authorize(), proven).json()["refresh_token"]
    return lambda: client.refresh(token, proof)


def device(client: Client, proof: dict[str, str]) -> Ask:
    form: dict[str, Any] = {"grant_type": DEVICE, "device_code": device_allowed(client.op, client.party)}
    return lambda: client.op.post("token_endpoint", client.party, proof, **form)


def itself(client: Client, proof: dict[str, str]) -> Ask:
    return lambda: client.op.post("token_endpoint", client.party, proof, grant_type="client_credentials")


GRANTS = {"code": code, "refresh": refresh, "device": device, "client": itself}

PARTNERS = {"secret": ("basic", False, 1), "secret and DPoP": ("basic", True, 2), "key and DPoP": ("machine", True, 3)}
"""Who they are, whether they show a proof, and what that takes: one to redeem, one to note what counts once, one to
read the partner's keys."""


@pytest.mark.parametrize("partner", PARTNERS)
@pytest.mark.parametrize("grant", GRANTS)
def test_a_token_takes_at_most_three_statements(holder: Op, machine: str, grant: str, partner: str) -> None:
    party, proves, number = PARTNERS[partner]
    assert machine in holder.parties
    client = Client(holder, party)
    ask = GRANTS[grant](client, client.proof("token_endpoint") if proves else {})
    assert taken(ask) == number <= MOST


def test_claims_that_are_wished_into_the_id_token_take_one_more(holder: Op) -> None:
    landing = holder.authorize(claims='{"id_token": {"name": null}}')
    assert taken(lambda: holder.trade(landing)) == 2


def test_introspection(holder: Op, client: Client) -> None:
    got = holder.tokens()
    for token in (got["access_token"], got["refresh_token"]):
        assert taken(lambda token=token: holder.post("introspection_endpoint", "basic", token=token)) == 1  # type: ignore[misc]
    token = client.tokens()["access_token"]
    assert taken(lambda: holder.post("introspection_endpoint", client.party, token=token)) == 3


def test_userinfo(holder: Op, client: Client) -> None:
    token = holder.tokens()["access_token"]
    assert taken(lambda: holder.userinfo(token)) == 1
    token = client.tokens()["access_token"]
    assert taken(lambda: client.userinfo(token)) == 2


def test_pages_for_programs_that_tell_the_same_to_all_take_none(holder: Op) -> None:
    for endpoint in (f"{holder.issuer}/.well-known/openid-configuration", holder.metadata["jwks_uri"]):
        assert taken(lambda endpoint=endpoint: holder.http.get(endpoint)) == 0  # type: ignore[misc]
