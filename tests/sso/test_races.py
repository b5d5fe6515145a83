"""One use only: sixteen that bring the same thing at the same moment, from real connections and from two processes."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

import pytest
from django.db import connection, connections, transaction
from django.test import RequestFactory

from noren.idp.answers import OAuthError
from noren.idp.partners import asker_of, form_of
from noren.kit.secrets import hashed
from noren.sso import actions, queries
from noren.sso.actions.devices import Waiting
from noren.sso.models import Device, Grant
from noren.sso.tokens import read_code
from tests import soak
from tests.clients.cast import Party
from tests.conformity.fapi import Client
from tests.conftest import Place
from tests.points.crew import SIZE, Crew
from tests.sso.cast import VERIFIER, Deal

pytestmark = pytest.mark.soak

ROUNDS = soak.many(10, 1_000)


def is_ended(code: str) -> bool:
    """Whether all that came of the code has ended."""
    parts = read_code(code)
    assert parts is not None
    return Grant.objects.get(pk=parts[0]).revoked_at is not None


def test_a_code_is_redeemed_by_one_of_sixteen_and_the_others_end_what_it_gave(crew: Crew, deal: Deal) -> None:
    for number in range(ROUNDS):
        code = deal.code()
        given = [one for one in crew.each(partial(deal.redeem, code)) if one]
        assert len(given) == 1, number
        assert is_ended(code)
        assert deal.refresh(given[0]) == ""


def test_a_refresh_token_is_rotated_by_one_of_sixteen_and_the_others_end_its_family(crew: Crew, deal: Deal) -> None:
    for number in range(ROUNDS):
        code = deal.code()
        token = deal.refresh(deal.redeem(code))
        given = [one for one in crew.each(partial(deal.refresh, token)) if one]
        assert len(given) == 1, number
        assert is_ended(code)
        assert deal.refresh(given[0]) == ""


def test_a_pushed_request_is_taken_by_one_of_sixteen(crew: Crew, deal: Deal) -> None:
    client_id, now = deal.client.client_id, deal.op.now()
    for number in range(ROUNDS):
        uri = actions.push(client_id, {"state": str(number)}, now=now)
        taken = crew.each(lambda _number, uri=uri: actions.take_pushed(uri, client_id=client_id, now=now))  # type: ignore[misc]
        assert [one for one in taken if one] == [{"state": str(number)}], number


def test_a_device_code_gives_to_one_of_sixteen(crew: Crew, deal: Deal) -> None:
    for number in range(ROUNDS):
        told = crew.each(partial(deal.ask, deal.device_code()))
        assert [one for one in told if not isinstance(one, tuple)] == [Waiting.WRONG] * (SIZE - 1), number


def test_a_device_is_allowed_or_denied_once(crew: Crew, deal: Deal) -> None:
    for number in range(ROUNDS):
        device_code, user_code = actions.start_device(deal.client.client_id, "openid", now=deal.op.now())
        waiting = queries.waiting_device(user_code, deal.op.now())
        assert waiting is not None

        def decide(place: int, waiting: queries.DeviceRow = waiting) -> bool:
            person = deal.person if place % 2 else None
            return actions.decide_device(waiting, deal.client, person, now=deal.op.now())

        assert sum(crew.each(decide)) == 1, number
        row = Device.objects.get(pk=hashed(device_code))
        assert (row.grant_id is None) == (row.denied_at is not None)


def shown(data: dict[str, str], proof: dict[str, str], now: datetime, number: int = 0) -> str:
    """Why the door does not believe who is asking; empty: it does."""
    del number
    request = RequestFactory(HTTP_HOST="localhost:8000").post("/oidc/token", data, headers=proof)
    try:
        asker_of(request, form_of(request), now=now)
    except OAuthError as error:
        return error.code
    return ""


def test_a_dpop_proof_counts_for_one_of_sixteen(crew: Crew, client: Client) -> None:
    for number in range(ROUNDS):
        proof = client.proof("token_endpoint")
        told = crew.each(partial(shown, {"client_id": "any"}, proof, client.op.now()))
        assert sorted(told) == ["", *["invalid_dpop_proof"] * (SIZE - 1)], number


def test_a_client_assertion_counts_for_one_of_sixteen(crew: Crew, client: Client) -> None:
    for number in range(ROUNDS):
        data, now = client.op.authentication("machine")["data"], client.op.now()
        proofs = [client.proof("token_endpoint") for _place in range(SIZE)]
        told = crew.each(lambda place, data=data, proofs=proofs, now=now: shown(data, proofs[place], now))  # type: ignore[misc]
        assert sorted(told) == ["", *["invalid_client"] * (SIZE - 1)], number


def test_a_whole_request_that_is_repeated_counts_once(crew: Crew, client: Client) -> None:
    """Who comes late waits for both marks and is refused; nobody is left with one of them, nor in a deadlock."""
    for number in range(ROUNDS):
        data, proof = client.op.authentication("machine")["data"], client.proof("token_endpoint")
        told = crew.each(partial(shown, data, proof, client.op.now()))
        assert sorted(told) == ["", *["invalid_client"] * (SIZE - 1)], number


def test_a_device_that_asks_while_its_person_says_yes_is_not_left_empty_handed(deal: Deal) -> None:
    """It waits for the row, and the grant is younger than its statement: it asks again and gets it."""
    device_code, user_code = actions.start_device(deal.client.client_id, "openid", now=deal.op.now())
    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            deal.allow(user_code)
            asked = thread.submit(alone, partial(deal.ask, device_code))
            await_lock()
        assert asked.result(30) is Waiting.PENDING
    assert isinstance(deal.ask(device_code), tuple)


def alone(job: Callable[[], object]) -> object:
    try:
        return job()
    finally:
        connections.close_all()


def await_lock() -> None:
    """Until another connection waits for a row of ours."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits")


PROCESS = """
import json, sys, time
from datetime import datetime, timezone
import django
django.setup()
from noren.sso import actions
from noren.sso.actions import Credentials
from noren.sso.rules import ClientAuth
told = json.load(sys.stdin)
by, used = Credentials(told["client_id"], ClientAuth.BASIC, told["secret_hash"]), 0
for number, text in enumerate(told["texts"]):
    begin = told["start"] + number * 0.02
    time.sleep(max(0, begin - 0.003 - time.time()))
    while time.time() < begin:
        pass
    now = datetime.now(timezone.utc)
    if told["kind"] == "code":
        found = actions.redeem_code(
            text, by=by, redirect_uri=told["redirect_uri"], verifier=told["verifier"], jkt="", now=now)
    else:
        found = actions.redeem_refresh(text, by=by, jkt="", now=now)
    used += found is not None
print(used)
"""


@pytest.mark.parametrize("kind", ["code", "refresh"])
def test_two_processes_redeem_each_once(standing: Place, deal: Deal, kind: str) -> None:
    party: Party = deal.op.parties["basic"]
    codes = [deal.code() for _number in range(soak.many(40, 500))]
    told = {
        "kind": kind,
        "texts": codes if kind == "code" else [deal.redeem(code) for code in codes],
        "client_id": party.client_id,
        "secret_hash": hashed(party.secret),
        "redirect_uri": party.redirect_uri,
        "verifier": VERIFIER,
        "start": time.time() + 4,
    }
    environment = {**standing.environment, "DJANGO_SETTINGS_MODULE": "noren.config.settings"}
    both = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _process in range(2)
    ]
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda one: one.communicate(json.dumps(told), timeout=120)[0], both))
    assert sum(map(int, answers)) == len(codes), answers
    assert all(map(is_ended, codes))
