"""Measure how fast points are used: spread over many wallets, and from one wallet alone."""

import random
import time
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import psycopg

from benchmarks import carrier, machine, place, spender, tpcb
from benchmarks.closing import MONTH, Result, Say
from benchmarks.options import Options
from benchmarks.place import Place
from benchmarks.spender import Spent, Task
from noren.kit import embedded, sql

ITEMS_PER_MEMBER = 10
SPARE_MEMBERS = 1.3
LEAST_POINTS = 20
HOT_POINTS = 1_000_000_000
HOT_LOT = {"kind": "normal", "is_limited": False, "uses": "*", "lapses_on": "2025-05-31"}
WINDOWS = 6
NEEDS_BYTES = 8 << 30
FLUSH_SECONDS = 2
TABLES = ("points_wallet", "points_lot")

Updates = dict[str, tuple[int, int]]


def measure(options: Options, say: Say) -> Iterator[Result]:
    """One result: both ways of spending between two measurements of the floor."""
    with place.fresh(options.temp, needs_bytes=NEEDS_BYTES) as here:
        say(f"spend: close a month so that {options.wallets:,} wallets hold points")
        _fill(here, options)
        say(f"spend: pgbench at scale {options.scale}")
        tpcb.prepare(here, scale=options.scale)
        yield {
            "what": "spend",
            "run": 1,
            "seed": options.seed,
            "machine": machine.facts(here.conninfo()),
            "clients": options.clients,
            **_result(here, options, say),
        }


def _fill(here: Place, options: Options) -> None:
    """Wallets with a lot each, made as they are made every month; a few more, as some have no points."""
    members = int(options.wallets * SPARE_MEMBERS)
    files = carrier.bring(here, items=members * ITEMS_PER_MEMBER, items_per_member=ITEMS_PER_MEMBER, seed=options.seed)
    here.noren("close", MONTH, "--bills", files.bills, "--json")
    here.tidy()
    here.execute(f"SELECT points_ensure_month('{spender.ON}')")


def _result(here: Place, options: Options, say: Say) -> Result:
    load = machine.load()
    wallet = _hot_wallet(here, options.seed)
    say("spend: floor")
    floors = [tpcb.rate(here, clients=options.clients, seconds=options.seconds)]
    say("spend: spread")
    spread = _spend(here, options, "spread", options.seconds, None)
    say("spend: hot")
    hot = _spend(here, options, "hot", options.hot_seconds, wallet)
    say("spend: floor again, then with prepared statements")
    floors.append(tpcb.rate(here, clients=options.clients, seconds=options.seconds))
    prepared = tpcb.rate(here, clients=options.clients, seconds=options.seconds, prepared=True)
    after = machine.load()
    floor = sum(floors) / len(floors)
    return {
        "load": {"before": load, "after": after},
        "wallets": _wallets(here, options),
        "floor": {"scale": options.scale, "rates": floors, "rate": round(floor, 1), "prepared_rate": prepared},
        "spread": spread,
        "hot": hot,
        "ratio_spread": round(spread["rate"] / floor, 3),
        "ratio_hot": round(hot["rate"] / floor, 3),
        "verify": here.noren("verify", "--json").seconds,
    }


def _hot_wallet(here: Place, seed: int) -> UUID:
    """A wallet with one lot that does not run dry."""
    wallet = UUID(int=random.Random(seed).getrandbits(128))
    statement = sql.text("points", "grant.sql")
    asked = spender.granting(wallet, "fill", HOT_POINTS, HOT_LOT)
    with psycopg.connect(here.conninfo(user=embedded.APP_ROLE), autocommit=True) as connection:
        row = connection.execute(statement, asked).fetchone()
    spender.answer_of(row[0] if row else None)
    return wallet


def _wallets(here: Place, options: Options) -> int:
    """How many wallets the spread is over."""
    with psycopg.connect(here.conninfo()) as connection:
        row = connection.execute("SELECT count(*) FROM points_lot WHERE granted >= %s", [LEAST_POINTS]).fetchone()
    return min(options.wallets, int(row[0]) if row else 0)


def _spend(here: Place, options: Options, name: str, seconds: int, wallet: UUID | None) -> Result:
    here.settle()
    task = Task(
        name=name,
        conninfo=here.conninfo(user=embedded.APP_ROLE),
        seconds=seconds,
        seed=options.seed,
        limit=options.wallets,
        least=LEAST_POINTS,
        wallet=wallet,
    )
    before = _updates(here)
    spent = spender.run(task, options.clients)
    return {**summary(spent, seconds), "hot_updates": _hot_shares(before, _updates(here))}


def summary(spent: Sequence[Spent], seconds: float) -> Result:
    """How many uses in a second, over all and in each sixth of the time, and how long they took."""
    waits = sorted(wait for one in spent for wait in one.waits)
    width = seconds / WINDOWS
    counts = [0] * WINDOWS
    for end in (end for one in spent for end in one.ends):
        if end < seconds:
            counts[int(end / width)] += 1
    windows = [round(count / width, 1) for count in counts]
    return {
        "seconds": seconds,
        "spends": len(waits),
        "refused": sum(one.refused for one in spent),
        "rate": round(sum(counts) / seconds, 1),
        "p50_ms": _percentile(waits, 50),
        "p99_ms": _percentile(waits, 99),
        "window_seconds": width,
        "windows": windows,
        "last_to_first": round(windows[-1] / windows[0], 3) if windows[0] else None,
        "client_cpu_share": round(sum(one.cpu_seconds for one in spent) / seconds, 3),
    }


def _percentile(values: Sequence[float], percent: int) -> float:
    return round(values[min(len(values) - 1, len(values) * percent // 100)] * 1000, 3) if values else 0.0


def _updates(here: Place) -> Updates:
    """Updates of the tables so far, and how many of them stayed in their page; ended connections have told theirs."""
    time.sleep(FLUSH_SECONDS)
    query = "SELECT relname, n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = ANY (%s)"
    with psycopg.connect(here.conninfo()) as connection:
        rows: list[tuple[Any, ...]] = connection.execute(query, [list(TABLES)]).fetchall()
    return {name: (every, hot) for name, every, hot in rows}


def _hot_shares(before: Updates, after: Updates) -> dict[str, float | None]:
    """Which share of the updates in between were heap-only."""
    shares: dict[str, float | None] = {}
    for name in TABLES:
        every, hot = (now - then for now, then in zip(after[name], before[name], strict=True))
        shares[name] = round(hot / every, 4) if every else None
    return shares
