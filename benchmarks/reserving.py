"""Measure how fast points are reserved over HTTP, with the whole stack, beside the same statements by pgbench."""

import json
import random
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import crowd, loader, machine, pinned, place, tpcb
from benchmarks.closing import Result, Say
from benchmarks.loader import Connection, UnexpectedError
from benchmarks.options import Options
from benchmarks.place import Place
from noren.kit import embedded, sql

NEEDS_BYTES = 2 << 30
BUYERS = 200
CORPORATION = "C1"
WISH = json.dumps({"points": 1, "use": "goods", "reference": "benchmark"})
OPEN = {"NOREN_API_CALLS_PER_MINUTE": "100000000"}
CREATED = 201
ROUNDS = 3
WARM_SHARE = 0.2

STATEMENTS = (
    sql.text("sso", "person.sql"),
    sql.text("groups", "own_members.sql"),
    "BEGIN",
    sql.text("sso", "begin_call.sql"),
    sql.text("points", "spend.sql"),
    sql.text("spending", "reserve.sql"),
    sql.text("audit", "record.sql"),
    sql.text("sso", "end_call.sql"),
    "COMMIT",
)
"""What a reservation asks of the database at the least, in its order: the statements of the application."""

DRAWN = """
\\set n random(1, :buyers)
SELECT client_id, grant_id, account_id, wallet_id FROM bench_buyer WHERE n = :n \\gset
SELECT id::text AS posting_id, id::text AS reservation_id, gen_random_uuid()::text AS key,
    gen_random_uuid()::text AS record_id, md5(random()::text) || md5(random()::text) AS key_hash,
    current_date::text AS on, now()::text AS now, now()::text AS made_at,
    (now() + interval '7 days')::text AS expires_at
FROM gen_random_uuid() AS id \\gset
"""
"""pgbench draws a buyer and the ids: two small statements that the application does not need."""

FIXED = {
    "points": "1", "use": "goods", "budgets": "{}", "against": "reserved/goods", "kinds": "{}", "reason": "benchmark",
    "actor": "partner", "asked_hash": "x", "status": "201", "body": "{}", "revoked": "x",
    "reference": "benchmark", "made_by": "partner",
    "act": "reservation.reserve", "subject": "x", "detail": "{}", "scope": CORPORATION, "before": "{}", "after": "{}",
    "request_hash": "00",
}  # fmt: skip


@dataclass(slots=True)
class Reserve:
    """A partner that reserves a point of a buyer after the other."""

    buyers: Sequence[Mapping[str, str]]
    draw: random.Random = field(default_factory=random.Random)

    async def __call__(self, connection: Connection) -> None:
        """One reservation."""
        buyer = self.draw.choice(self.buyers)
        headers = {
            "Authorization": f"Bearer {buyer['token']}",
            "Idempotency-Key": secrets.token_hex(12),
            "Accept": "application/json",
        }
        path = f"/api/v1/members/{buyer['wallet_id']}/reservations"
        answer = await connection.send("POST", path, headers, WISH, kind="application/json")
        if answer.status != CREATED:
            raise UnexpectedError(f"{answer.status} {answer.headers!r} {answer.body[:500]!r}")


def measure(options: Options, say: Say) -> Iterator[Result]:
    """One result: rounds of the API, and of pgbench before and after."""
    with place.fresh(options.temp, needs_bytes=NEEDS_BYTES) as here:
        port = pinned.free_port()
        say(f"reserve: {BUYERS:,} buyers")
        here.noren("import", "corporations", _corporations(here))
        buyers = crowd.make(here, "buyers", CORPORATION, BUYERS, NOREN_URL=f"http://localhost:{port}")["buyers"]
        here.tidy()
        script = _script(here, buyers)
        load = machine.load()
        floors = [_floor(here, script, options, say)]
        rounds = _rounds(here, port, buyers, options, say)
        floors.append(_floor(here, script, options, say))
        rate = sorted(one["rate"] for one in rounds)[ROUNDS // 2]
        yield {
            "what": "reserve",
            "run": 1,
            "seed": options.seed,
            "machine": machine.facts(here.conninfo()),
            "clients": options.connections,
            "seconds": options.site_seconds,
            "rate": rate,
            "p50_ms": sorted(one["p50_ms"] for one in rounds)[ROUNDS // 2],
            "p99_ms": sorted(one["p99_ms"] for one in rounds)[ROUNDS // 2],
            "rounds": {f"{number}": one for number, one in enumerate(rounds, start=1)},
            "floor": round(sum(floors) / len(floors), 1),
            "floors": floors,
            "load": {"before": load, "after": machine.load()},
            "verify": here.noren("verify", "--json").seconds,
        }


def _corporations(here: Place) -> Path:
    path = here.folder / "corporations.csv"
    path.write_text(f"corporation_id,corporate_number,name,name_kana,kind\n{CORPORATION},,Kita,,corporation\n")
    return path


def _rounds(
    here: Place, port: int, buyers: Sequence[Mapping[str, str]], options: Options, say: Say
) -> list[dict[str, float]]:
    """`noren serve` with a worker for each core; nobody is pinned to one."""
    steps = [Reserve(buyers) for _number in range(options.connections)]
    with pinned.free(here, port, workers=len(pinned.CORES), **OPEN) as server:
        say(f"reserve: over HTTP, {ROUNDS} rounds")
        return [_round(server, steps, here, options.site_seconds) for _number in range(ROUNDS)]


def _round(server: pinned.Server, steps: Sequence[Reserve], here: Place, seconds: float) -> dict[str, float]:
    before = pinned.cpu_seconds(server.pid), pinned.database_seconds(here)
    loaded = loader.load(server.port, steps, seconds=seconds, warm=seconds * WARM_SHARE)
    after = pinned.cpu_seconds(server.pid), pinned.database_seconds(here)
    return {
        "rate": round(loaded.rate, 1),
        "p50_ms": round(loaded.percentile(50), 2),
        "p99_ms": round(loaded.percentile(99), 2),
        "cpu_ms": round((after[0] - before[0]) / loaded.units * 1000, 3),
        "database_ms": round((after[1] - before[1]) / loaded.units * 1000, 3),
    }


def _floor(here: Place, script: Path, options: Options, say: Say) -> float:
    """The same statements, sent by pgbench: as many clients, prepared, no HTTP and no Python."""
    say("reserve: floor, the same SQL by pgbench")
    return tpcb.rate_of(here, script, clients=options.connections, seconds=max(1, int(options.site_seconds)))


def _script(here: Place, buyers: Sequence[Mapping[str, str]]) -> Path:
    """pgbench's script, and the table it draws from."""
    here.execute(
        "CREATE TABLE bench_buyer (n int PRIMARY KEY, client_id text, grant_id uuid, account_id text, wallet_id uuid)",
        f"GRANT SELECT ON bench_buyer TO {embedded.APP_ROLE}",
        *(
            f"INSERT INTO bench_buyer VALUES ({n}, '{one['client_id']}', '{one['grant_id']}', '{one['account_id']}',"
            f" '{one['wallet_id']}')"
            for n, one in enumerate(buyers, start=1)
        ),
    )
    path = here.folder / "reserve.pgbench"
    texts = [_as_script(statement) for statement in STATEMENTS]
    path.write_text("\n".join([f"\\set buyers {len(buyers)}", DRAWN.strip(), *texts, ""]))
    return path


def _as_script(statement: str) -> str:
    """A statement of the application with pgbench's variables instead of the driver's; fixed texts stand in it."""
    for name, value in FIXED.items():
        statement = statement.replace(f"%({name})s", f"'{value}'")
    words = statement.replace("%%", "%").replace("%(", ":").replace(")s", "")
    return f"{words.strip()};"
