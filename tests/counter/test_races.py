"""Many clicks at once, two clerks, guesses in parallel, a process that is killed: points go once or not at all."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.db import connections
from django.test import Client

from noren.counter import queries
from noren.counter.models import Quote
from noren.counter.rules import State
from tests.counter.shop import (
    SIGNED,
    bring_back,
    clerk,
    code_for,
    consent,
    left,
    look,
    looked_at,
    offer,
    quoted,
    state,
    uid,
)
from tests.members.desk import Desk

AT_ONCE = 16


def at_once(work: Callable[[int], Any], count: int = AT_ONCE) -> list[Any]:
    """What each of them gives, begun together."""
    found: list[Any] = [None] * count
    together = threading.Barrier(count)

    def run(number: int) -> None:
        try:
            together.wait(30)
            found[number] = work(number)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return found


def test_sixteen_clicks_of_two_clerks_take_the_points_once(client: Client) -> None:
    quote_id = quoted(client)
    code = code_for(client, quote_id)
    clients = [clerk("clerk" if number % 2 else "sales") for number in range(AT_ONCE)]
    answers = at_once(lambda number: consent(clients[number], quote_id, "code", code))
    assert [answer.status_code for answer in answers] == [302] * AT_ONCE
    assert left(uid("L1")) == 700
    assert len(queries.receipts_of(quote_id)) == 1


def test_sixteen_forms_sent_at_once_are_one_quote(client: Client) -> None:
    given = looked_at(client, offer(client))
    clients = [clerk() for _number in range(AT_ONCE)]
    for one in clients:
        offer(one)
    answers = at_once(lambda number: look(clients[number], given))
    assert len({answer["Location"] for answer in answers}) == 1
    assert Quote.objects.count() == 1


def test_guesses_at_once_are_five(client: Client) -> None:
    quote_id = quoted(client)
    code = int(code_for(client, quote_id))
    clients = [clerk() for _number in range(12)]
    guesses = [f"{(code + 1 + number) % 10**6:06}" for number in range(12)]
    at_once(lambda number: consent(clients[number], quote_id, "code", guesses[number]), 12)
    assert consent(client, quote_id, "code", f"{code:06}").status_code == 200
    assert state(quote_id).state is State.OPEN
    with psycopg.connect(dbname_of()) as database:
        assert database.execute("SELECT tries FROM accounts_code WHERE purpose = 'counter'").fetchone() == (5,)


def dbname_of() -> str:
    settings = connections["owner"].settings_dict
    return f"host='{settings['HOST']}' user={settings['USER']} dbname={settings['NAME']}"


def test_two_quotes_cannot_take_the_same_points(client: Client) -> None:
    made = [quoted(client, points=800) for _number in range(4)]
    clients = [clerk() for _number in made]
    answers = at_once(lambda number: consent(clients[number], made[number], "signature", SIGNED), len(made))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 302]
    assert left(uid("L1")) == 200


def test_returns_at_once_give_back_what_was_used(client: Client) -> None:
    quote_id = quoted(client)
    consent(client, quote_id, "signature", SIGNED)
    clients, key = [clerk() for _number in range(8)], uuid4()
    answers = at_once(lambda number: bring_back(clients[number], quote_id, 500, key=key if number % 2 else None), 8)
    assert {answer.status_code for answer in answers} <= {200, 302}
    assert len(queries.receipts_of(quote_id)) == 2
    assert left(uid("L1")) == 887


def test_consent_and_cancelling_at_once_are_one_of_the_two(client: Client) -> None:
    for _round in range(4):
        quote_id, before = quoted(client, points=100), left(uid("L1"))
        clients = [clerk() for _number in range(2)]
        at_once(
            lambda number, quote_id=quote_id, clients=clients: (  # type: ignore[misc]
                consent(clients[0], quote_id, "signature", SIGNED)
                if number
                else clients[1].post(f"/desk/quotes/{quote_id}/cancel/")
            ),
            2,
        )
        paid = state(quote_id).state is State.PAID
        assert before - left(uid("L1")) == (100 if paid else 0)
        assert len(queries.receipts_of(quote_id)) == int(paid)


SETTLE = """
import os, sys, django
django.setup()
from uuid import UUID
from noren.cli import arguments
from noren.counter import actions
from noren.counter.actions import consenting
from noren.counter.rules import Consent
from noren.groups import queries
from noren.kit.actor import Actor, ActorKind
plain = consenting._tell
def wait(*told):
    plain(*told)
    print("done all but the end", flush=True)
    sys.stdin.read()
consenting._tell = wait
given = actions.Given(Consent.CODE, sys.argv[2])
actions.settle(UUID(sys.argv[1]), given, clerk=queries.staff_of("clerk"), actor=Actor(ActorKind.STAFF, "clerk"), now=arguments.clock())
"""


def test_a_killed_process_leaves_nothing_half(client: Client, desk: Desk) -> None:
    quote_id = quoted(client)
    code = code_for(client, quote_id)
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", SETTLE, str(quote_id), code],
        env={**desk.place.environment, "DJANGO_SETTINGS_MODULE": "noren.config.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"done all but the end\n"
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    await_nobody(quote_id)
    assert (state(quote_id).state, left(uid("L1")), queries.receipts_of(quote_id)) == (State.OPEN, 1000, [])
    assert consent(client, quote_id, "code", code).status_code == 302
    assert left(uid("L1")) == 700


def await_nobody(quote_id: UUID) -> None:
    """Until the server has noticed that the process is gone, and the row is free."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with psycopg.connect(dbname_of()) as database:
            free = "SELECT FROM counter_quote WHERE quote_id = %s FOR UPDATE SKIP LOCKED"
            if database.execute(free, [quote_id]).rowcount:
                return
        time.sleep(0.1)
    raise AssertionError("the row stays locked")
