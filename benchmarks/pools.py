"""Measure pools: a month posted to members of a pool and to others, many who join one, and points used from one."""

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from benchmarks import carrier, machine, place, spender, spending, tpcb
from benchmarks.carrier import Carrier
from benchmarks.closing import MONTH, Result, Say
from benchmarks.options import Options
from benchmarks.place import Place
from benchmarks.spender import Task
from noren.kit import db, embedded, sql

ITEMS_PER_MEMBER = 10
JOIN_SHARE = 5
"""A fifth of the members joins at once."""
POOL = UUID(int=7 << 100)
OWNER = {"owner_kind": "group", "owner_id": str(POOL)}
LIMIT = 1_000_000_000
SPENDERS = ["unit:1", "account:1"]
NEEDS_BYTES = 4 << 30
JOINED_TABLES = ("points_entry", "points_posting", "points_origin")


def measure(options: Options, say: Say) -> Iterator[Result]:
    """One result: closes of members in no pool and in one, the join, uses between two measurements of the floor."""
    members = options.pool_members
    with place.fresh(options.temp, needs_bytes=NEEDS_BYTES) as here:
        say(f"pools: write and import the files of {members:,} members")
        files = carrier.bring(
            here, items=members * ITEMS_PER_MEMBER, items_per_member=ITEMS_PER_MEMBER, seed=options.seed
        )
        here.remember()
        facts, load = machine.facts(here.conninfo()), machine.load()
        say("pools: close for members of no pool, then let some of them join one")
        plain = _close(here, files)
        joined = _join(here, members // JOIN_SHARE)
        here.restore()
        say("pools: close for members of one pool")
        _group(here)
        pooled = _close(here, files)
        say("pools: use points of the pool, beside pgbench")
        used = _use(here, options)
        yield {
            "what": "pools",
            "run": 1,
            "seed": options.seed,
            "machine": facts,
            "items": members,
            "plain": plain,
            "pooled": pooled,
            "joined": joined,
            **used,
            "verify": here.noren("verify", "--json").seconds,
            "load": {"before": load, "after": machine.load()},
        }


def _close(here: Place, files: Carrier) -> Result:
    """The step post of a close, of the same close again, and of one in which a hundredth is corrected."""
    here.settle()
    steps = {}
    for name, bills in (("first", files.bills), ("again", files.bills), ("corrected", files.corrected)):
        ran = here.noren("close", MONTH, "--bills", bills, "--json")
        steps[name] = json.loads(ran.output)["runs"][-1]["steps"]["post"]["seconds"]
    here.tidy()
    return steps


def _group(here: Place) -> None:
    """Everybody in one group; who may be in it is not measured here."""
    here.execute(
        "INSERT INTO groups_group (group_id, corporation_id, name, state, pool_view, members_spend, starts_on, made_at)"
        f" SELECT '{POOL}', min(corporation_id), 'all', 'active', 'all', false, '2021-07-01', '2021-07-01'"
        " FROM members_corporation",
        "INSERT INTO groups_member (member_uid, group_id, kind, member_id, is_pooled, joined_at)"
        f" SELECT uid, '{POOL}', 'line', line_id, true, '2021-07-01' FROM members_line",
    )
    here.tidy()


def _join(here: Place, count: int) -> Result:
    """So many wallets into a new pool, beside a bare COPY of the rows that it wrote."""
    with psycopg.connect(here.conninfo(user=embedded.APP_ROLE), autocommit=True) as connection:
        query = "SELECT wallet_id FROM points_wallet WHERE points > 0 ORDER BY owner_id LIMIT %s"
        members = [row[0] for row in connection.execute(query, [count])]
        connection.execute(f"SELECT points_ensure_month('{spender.ON}')".encode())
        here.settle()
        asked = {**spender.order("pool_in", POOL, "join", points=count), **OWNER, "members": members}
        statement: Any = sql.text("points", "pool_in.sql")
        began = time.perf_counter()
        row = connection.execute(statement, asked).fetchone()
        seconds = time.perf_counter() - began
    answer = spender.answer_of(row[0] if row else None)
    floors = [_copy_seconds(here) for _ in range(2)]
    floor = sum(floors) / len(floors)
    return {
        "members": answer["wallets"],
        "points": answer["points"],
        "seconds": round(seconds, 3),
        "floor": floors,
        "ratio": round(seconds / floor, 2),
    }


def _copy_seconds(here: Place) -> float:
    """The rows of the join, as prepared files, by COPY into fresh tables with the same keys, indexes and checks."""
    posting = spender.order("pool_in", POOL, "join", points=0)["posting_id"]
    paths = {table: here.folder / f"{table}.copy" for table in JOINED_TABLES}
    with psycopg.connect(here.conninfo(), autocommit=True) as connection:
        connection.execute("CREATE SCHEMA floor")
        for table, path in paths.items():
            connection.execute(f"CREATE TABLE floor.{table} (LIKE public.{table} INCLUDING ALL)".encode())
            _copy_out(connection, f"COPY (SELECT * FROM {table} WHERE posting_id = '{posting}') TO STDOUT", path)
        here.settle()
        began = time.perf_counter()
        for table, path in paths.items():
            _copy_in(connection, f"COPY floor.{table} FROM STDIN", path)
        seconds = time.perf_counter() - began
        connection.execute("DROP SCHEMA floor CASCADE")
    return round(seconds, 3)


def _copy_out(connection: "psycopg.Connection[tuple[Any, ...]]", statement: str, path: Path) -> None:
    with path.open("wb") as file, connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for block in copy:
            file.write(block)


def _copy_in(connection: "psycopg.Connection[tuple[Any, ...]]", statement: str, path: Path) -> None:
    with path.open("rb") as file, connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        while block := file.read(db.BLOCK_BYTES):
            copy.write(block)


def _use(here: Place, options: Options) -> Result:
    """A point each time from the pool, all clients for one unit and person with a limit of the month."""
    tpcb.prepare(here, scale=options.scale)
    lot = spender.granting(POOL, "fill", spending.HOT_POINTS, spending.HOT_LOT)
    with psycopg.connect(here.conninfo(user=embedded.APP_ROLE), autocommit=True) as connection:
        statement: Any = sql.text("points", "grant.sql")
        connection.execute(statement, {**lot, **OWNER})
        limits = [(POOL, name, LIMIT) for name in SPENDERS]
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO points_budget (wallet_id, spender, monthly) VALUES (%s, %s, %s)", limits)
    rates: list[float] = []
    used: dict[str, Result] = {}
    for name, spenders in (("bare", ()), ("limited", SPENDERS)):
        rates.append(tpcb.rate(here, clients=options.clients, seconds=options.seconds))
        used[name] = _spend(here, options, name, spenders)
    rates.append(tpcb.rate(here, clients=options.clients, seconds=options.seconds))
    floor = round(sum(rates) / len(rates), 1)
    ratio = round(used["limited"]["rate"] / floor, 3)
    return {"clients": options.clients, "used": used, "floor": {"rates": rates, "rate": floor}, "ratio": ratio}


def _spend(here: Place, options: Options, name: str, spenders: Sequence[str]) -> Result:
    here.settle()
    task = Task(
        name=f"pool-{name}",
        conninfo=here.conninfo(user=embedded.APP_ROLE),
        seconds=options.hot_seconds,
        seed=options.seed,
        limit=1,
        least=1,
        wallet=POOL,
        spenders=tuple(spenders),
    )
    return spending.summary(spender.run(task, options.clients), options.hot_seconds)
