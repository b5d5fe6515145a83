"""Clients that use points as fast as they are answered: a process and a connection each.

What they send is the statement of `points.actions.spend`, prepared, with ids and digests made as there. One point is
spent each time, under a key of its own.
"""

import json
import multiprocessing
import random
import time
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any, cast
from uuid import UUID

import psycopg

from noren.kit import sql
from noren.points import rules

ON = date(2021, 8, 20)
BOOKED_AT = datetime(2021, 8, 20, tzinfo=UTC)
USE = "bill"
POINTS = 1
REASON = "benchmark"
ACTOR = "system:benchmark"
READY_SECONDS = 300
GRACE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Task:
    """What every client is told. `wallet` None: wallets drawn from all that hold at least `least` points."""

    name: str
    conninfo: str
    seconds: float
    seed: int
    limit: int
    least: int
    wallet: UUID | None = None
    spenders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spent:
    """What one client got done: when each answer came since the start, and how long it took."""

    ends: "array[float]"
    waits: "array[float]"
    refused: int
    cpu_seconds: float


def run(task: Task, clients: int) -> list[Spent]:
    """Let so many clients begin at the same moment, and wait for all. Raises EOFError when one dies."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(clients)
    pipes = [context.Pipe(duplex=False) for _ in range(clients)]
    workers = [
        context.Process(target=_work, args=(task, number, barrier, sending), daemon=True)
        for number, (_, sending) in enumerate(pipes)
    ]
    try:
        for worker in workers:
            worker.start()
        for _, sending in pipes:
            sending.close()
        return [_answer(receiving, task) for receiving, _ in pipes]
    finally:
        for worker in workers:
            worker.terminate()
            worker.join()


def _answer(receiving: "Connection[Any, Any]", task: Task) -> Spent:
    if not receiving.poll(task.seconds + READY_SECONDS + GRACE_SECONDS):
        raise TimeoutError(f"a client of {task.name} does not come to an end")
    return cast("Spent", receiving.recv())


def _work(task: Task, number: int, barrier: Barrier, sending: "Connection[Any, Any]") -> None:
    with psycopg.connect(task.conninfo, autocommit=True) as connection:
        wallets = [task.wallet] if task.wallet else _wallets(connection, task)
        barrier.wait(READY_SECONDS)
        sending.send(_spend(connection, task, number, wallets))


def _wallets(connection: "psycopg.Connection[Any]", task: Task) -> list[UUID]:
    query = "SELECT wallet_id FROM points_wallet WHERE points >= %s ORDER BY wallet_id LIMIT %s"
    return [row[0] for row in connection.execute(query, [task.least, task.limit])]


def _spend(connection: "psycopg.Connection[Any]", task: Task, number: int, wallets: Sequence[UUID]) -> Spent:
    draw = random.Random(f"{task.seed}/{task.name}/{number}").choice
    statement: Any = sql.text("points", "spend.sql")
    ends, waits, refused, turn = array("d"), array("d"), 0, 0
    cpu, start = time.process_time(), time.perf_counter()
    now, end = start, start + task.seconds
    with connection.cursor() as cursor:
        while now < end:
            asked = spending(draw(wallets), f"{task.name}/{number}/{turn}", task.spenders)
            begun = time.perf_counter()
            row = cursor.execute(statement, asked, prepare=True).fetchone()
            now, turn = time.perf_counter(), turn + 1
            ends.append(now - start)
            waits.append(now - begun)
            refused += row is None or "refused" in row[0]
    return Spent(ends, waits, refused, time.process_time() - cpu)


def spending(wallet: UUID, key: str, spenders: Sequence[str] = ()) -> Mapping[str, object]:
    """The parameters that points.actions.spend gives its statement."""
    budgets = sorted(spenders)
    told = {"budgets": budgets} if budgets else {}
    return {
        "use": USE,
        "budgets": budgets,
        "against": None,
        "kinds": [],
        **order("spend", wallet, key, points=POINTS, use=USE, **told),
    }


def granting(wallet: UUID, key: str, points: int, lot: Mapping[str, object]) -> Mapping[str, object]:
    """The parameters that points.actions.grant gives its statement."""
    owner = {"owner_kind": "group", "owner_id": str(wallet)}
    return {**owner, **lot, **order("grant", wallet, key, points=points, **owner, **lot)}


def order(operation: str, wallet: UUID, key: str, **asked: Any) -> dict[str, object]:
    """What every statement of a single operation is told."""
    return {
        "wallet_id": wallet,
        "posting_id": rules.posting_id(f"{wallet}/{key}"),
        "key": key,
        "request_hash": rules.request_hash(operation, reason=REASON, **asked),
        "on": ON,
        "now": BOOKED_AT,
        "reason": REASON,
        "actor": ACTOR,
        "points": asked["points"],
    }


def answer_of(row: object) -> Mapping[str, Any]:
    """The answer of the database; raises ValueError when it is a no."""
    answer = row if isinstance(row, dict) else json.loads(str(row))
    if "refused" in answer:
        raise ValueError(f"refused: {answer}")
    return cast("Mapping[str, Any]", answer)
