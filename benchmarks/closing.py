"""Measure the close of a month of a given size, beside its floor."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks import carrier, floor, machine, place, watch
from benchmarks.carrier import Carrier
from benchmarks.options import Options, size_text
from benchmarks.place import Place

MONTH = "2021-07"
FIXED_ITEMS = 1_000
BYTES_PER_ITEM = 600
SPARE_BYTES = 2 << 30
SLOWEST_STATEMENTS = 15

Say = Callable[[str], None]
Result = dict[str, Any]


def measure(options: Options, say: Say) -> Iterator[Result]:
    """One result for each size and run, the smallest first: a thousand items show what every close costs."""
    for items in sorted({FIXED_ITEMS, *options.items}):
        with place.fresh(options.temp, needs_bytes=SPARE_BYTES + BYTES_PER_ITEM * items) as here:
            say(f"close of {size_text(items)} items: write and import the files")
            files = carrier.bring(here, items=items, items_per_member=options.items_per_member, seed=options.seed)
            here.remember()
            facts = machine.facts(here.conninfo())
            for run in range(1, options.runs + 1):
                say(f"close of {size_text(items)} items: run {run} of {options.runs}")
                first, last = run == 1, run == options.runs
                if not first:
                    here.restore()
                result = _result(here, files, watched=options.watch and last)
                yield {"what": "close", "run": run, "seed": options.seed, "machine": facts, **result}


def _result(here: Place, files: Carrier, *, watched: bool) -> Result:
    """The floor's first part before and after the close, its second part twice after it; means of both."""
    load = machine.load()
    sorting = [floor.sort_seconds(here, files.bills)]
    here.settle()
    close = here.noren("close", MONTH, "--bills", files.bills, "--json")
    after = machine.load()
    sorting.append(floor.sort_seconds(here, files.bills))
    floor.export(here)
    copies = [floor.copy_rows(here) for _ in range(2)]
    sort, copy = _mean(sorting), _mean([copied.seconds for copied in copies])
    steps = _steps(close.output)
    return {
        "items": files.items,
        "members": files.members,
        "load": {"before": load, "after": after},
        "file_bytes": files.bills.stat().st_size,
        "not_counted": {"generate": files.generate_seconds, "import": files.import_seconds},
        "close": _cost(close),
        "steps": steps,
        "outside_steps": round(close.seconds - sum(steps.values()), 3),
        "items_per_second": round(files.items / close.seconds),
        "floor": {
            "sort": sorting,
            "copy": [copied.seconds for copied in copies],
            "copied_rows": copies[0].rows,
            "copied_bytes": copies[0].file_bytes,
            "seconds": round(sort + copy, 3),
        },
        "ratio": round(close.seconds / (sort + copy), 3),
        "again": _cost(here.noren("close", MONTH, "--bills", files.bills, "--json")),
        "corrected": _cost(here.noren("close", MONTH, "--bills", files.corrected, "--json")),
        "verify": here.noren("verify", "--json").seconds,
        "watched": _watched(here, files) if watched else None,
    }


def _watched(here: Place, files: Carrier) -> Result:
    """The same close once more, with DuckDB's buffers and every statement watched."""
    here.restore()
    here.settle()
    target = here.folder / "statements.json"
    ran = here.python("benchmarks.statements", target, "close", MONTH, "--bills", files.bills, "--json")
    notes = json.loads(target.read_text(encoding="utf-8"))
    slowest = sorted(notes["statements"], key=lambda statement: -statement["seconds"])[:SLOWEST_STATEMENTS]
    return {
        **_cost(ran),
        "buffer_bytes": notes["buffer_bytes"],
        "buffer_spill_bytes": notes["spill_bytes"],
        "statements": len(notes["statements"]),
        "slowest": sorted(slowest, key=lambda statement: statement["begun"]),
    }


def _cost(ran: watch.Ran) -> Result:
    names = ("seconds", "cpu_seconds", "peak_bytes", "scratch_bytes", "spill_bytes")
    return {name: getattr(ran, name) for name in names}


def _steps(output: str) -> dict[str, float]:
    [run] = json.loads(output)["runs"]
    return {name: step["seconds"] for name, step in run["steps"].items()}


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
