"""Measure the member site's first page, for people whose points come from years of closed months."""

from collections.abc import Iterator
from typing import Any

from benchmarks import crowd, loader, machine, pinned, place
from benchmarks.closing import Result, Say
from benchmarks.flows import Page
from benchmarks.options import Options
from benchmarks.place import Place

NEEDS_BYTES = 2 << 30
MASTERS = ("corporations", "lines", "contracts")
PATH = "/"
WARM_SHARE = 0.2
PAUSE_SECONDS = 1.0
"""How long somebody looks at the page, at least half of it."""


def measure(options: Options, say: Say) -> Iterator[Result]:
    """One result: one reader, so many who look at each page for a second, and as many who never pause."""
    with place.fresh(options.temp, needs_bytes=NEEDS_BYTES) as here:
        say(f"home: close {options.months} months of {options.lines:,} lines for {options.readers} readers")
        made = _carrier(here, options)
        here.tidy()
        yield {
            "what": "home",
            "run": 1,
            "seed": options.seed,
            "machine": machine.facts(here.conninfo()),
            "clients": options.readers,
            "seconds": options.site_seconds,
            "months": options.months,
            "lines": options.lines,
            **_result(here, made, options, say),
        }


def _carrier(here: Place, options: Options) -> dict[str, Any]:
    folder = here.folder / "files"
    crowd.make(here, "files", folder, options.lines, options.months, options.seed)
    for name in MASTERS:
        here.noren("import", name, folder / f"{name}.csv")
    return crowd.make(here, "readers", folder, options.readers)


def _result(here: Place, made: dict[str, Any], options: Options, say: Say) -> Result:
    load = machine.load()
    with pinned.noren(here, pinned.free_port()) as server:
        pages = [Page(PATH, person["session"]) for person in made["persons"]]
        say("home: one reader, all with pauses, all without")
        with pinned.on(pinned.REST):
            loader.load(server.port, pages, seconds=options.site_seconds * WARM_SHARE)
            alone = loader.load(server.port, pages[:1], seconds=options.site_seconds / 2)
            paced = loader.load(server.port, pages, seconds=options.site_seconds, pause=PAUSE_SECONDS)
            before = pinned.cpu_seconds(server.pid)
            loaded = loader.load(server.port, pages, seconds=options.site_seconds)
            used = pinned.cpu_seconds(server.pid) - before
    return {
        "pages": len(loaded.waits),
        "rate": round(loaded.rate, 1),
        "alone_p50_ms": round(alone.percentile(50), 2),
        "paced_p50_ms": round(paced.percentile(50), 2),
        "paced_p95_ms": round(paced.percentile(95), 2),
        "p50_ms": round(loaded.percentile(50), 2),
        "p95_ms": round(loaded.percentile(95), 2),
        "cpu_ms": round(used / len(loaded.waits) * 1000, 3),
        "load": {"before": load, "after": machine.load()},
    }
