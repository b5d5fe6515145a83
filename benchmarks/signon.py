"""Measure signing on: one provider process on one core, beside npm oidc-provider and what the cryptography costs."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks import crowd, loader, machine, pinned, place, rival
from benchmarks.closing import Result, Say
from benchmarks.flows import ClientCredentials, Code, Introspection, Provider, Refresh, SignIn
from benchmarks.loader import Step
from benchmarks.options import Options
from benchmarks.pinned import Server
from benchmarks.place import Place
from benchmarks.rival import Rival

NEEDS_BYTES = 2 << 30
CORPORATION = "C1"
COMMON = ("refresh", "code", "client", "introspect")
"""What both providers can do; the other one has no passwords."""

OPEN = {"NOREN_SIGN_INS_PER_MINUTE": "1000000"}
"""All persons of the benchmark come from one address."""

PASSWORDS_AT_ONCE = 8
"""More are told to come again."""

PERSONS_PER_SECOND = 10
"""One person may try 30 passwords in ten minutes."""

WARM_SHARE = 0.2
Steps = Mapping[str, Sequence[Step]]


def measure(options: Options, say: Say) -> Iterator[Result]:
    """One result: primitives, every unit of Noren, every unit of the other provider that it has."""
    with place.fresh(options.temp, needs_bytes=NEEDS_BYTES) as here:
        count = max(2 * options.connections, int(PERSONS_PER_SECOND * options.site_seconds))
        say(f"signon: {count} persons, a partner, their consents")
        made = crowd.make(here, "persons", _corporation(here), count)
        here.tidy()
        yield {
            "what": "signon",
            "run": 1,
            "seed": options.seed,
            "machine": machine.facts(here.conninfo()),
            "clients": options.connections,
            "seconds": options.site_seconds,
            **_result(here, made, options, say),
        }


def _corporation(here: Place) -> str:
    path = here.folder / "corporations.csv"
    path.write_text(f"corporation_id,corporate_number,name,name_kana,kind\n{CORPORATION},,Kita,,corporation\n")
    here.noren("import", "corporations", path)
    return CORPORATION


def _result(here: Place, made: dict[str, Any], options: Options, say: Say) -> Result:
    load = machine.load()
    say("signon: primitives")
    with pinned.on(pinned.PROVIDER):
        primitives = crowd.make(here, "primitives", options.site_seconds)
    port = pinned.free_port()
    with pinned.noren(here, port, **OPEN) as server:
        ours = {}
        for name, steps in _steps(server, made, options.connections).items():
            say(f"signon: {name}")
            ours[name] = _measured(server, steps, options, here)
    return {
        "primitives_ms": primitives,
        "ours": ours,
        "rival": _rival(here, options, say),
        "load": {"before": load, "after": machine.load()},
    }


def _steps(server: Server, made: dict[str, Any], connections: int) -> Steps:
    provider = Provider("/oidc/authorize", "/oidc/token", "/oidc/introspect", **made["partner"])
    persons = itertools.cycle(made["persons"])
    browsers = [next(persons)["session"] for _ in range(connections)]
    sign_ins = [SignIn(server.url, made["password"], persons) for _ in browsers[:PASSWORDS_AT_ONCE]]
    return {**_common(provider, browsers), "password": sign_ins}


def _common(provider: Provider, browsers: Sequence[str]) -> Steps:
    codes = [Code(provider, browser) for browser in browsers]
    return {
        "refresh": [Refresh(code) for code in codes],
        "code": codes,
        "client": [ClientCredentials(provider) for _ in codes],
        "introspect": [Introspection(code) for code in codes],
    }


def _rival(here: Place, options: Options, say: Say) -> Result | None:
    if not rival.installed():
        say("signon: npm oidc-provider is not installed (make needs); left out")
        return None
    with rival.running(here.folder) as other:
        return {"version": rival.version(), **{name: _of_rival(other, name, options, say) for name in COMMON}}


def _of_rival(other: Rival, name: str, options: Options, say: Say) -> dict[str, float]:
    """Signed in anew for each unit: its memory holds a thousand things, and forgets the oldest."""
    browsers = [other.browser(f"person-{number}") for number in range(options.connections)]
    say(f"signon: oidc-provider, {name}")
    return _measured(other.server, _common(other.provider, browsers)[name], options)


def _measured(server: Server, steps: Sequence[Step], options: Options, here: Place | None = None) -> dict[str, float]:
    """Rate, waits, and the processor time that a unit took of the provider, and of its database where it has one."""

    def used() -> tuple[float, float]:
        return pinned.cpu_seconds(server.pid), pinned.database_seconds(here) if here else 0.0

    with pinned.on(pinned.REST):
        loader.load(server.port, steps, seconds=options.site_seconds * WARM_SHARE)
        before = used()
        loaded = loader.load(server.port, steps, seconds=options.site_seconds)
        own, database = (after - then for after, then in zip(used(), before, strict=True))
    count = len(loaded.waits)
    return {
        "units": count,
        "rate": round(loaded.rate, 1),
        "p50_ms": round(loaded.percentile(50), 2),
        "p95_ms": round(loaded.percentile(95), 2),
        "cpu_ms": round(own / count * 1000, 3),
        "per_core": round(count / own, 1) if own else 0.0,
        "busy": round(own / loaded.seconds, 3),
        "database_ms": round(database / count * 1000, 3),
    }
