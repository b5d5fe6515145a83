"""Measure points for bills: a standing allocation for each member, reserved, handed over and answered."""

import json
import shutil
from collections.abc import Iterator

from benchmarks import carrier, floor, machine, place
from benchmarks.closing import MONTH, Result, Say
from benchmarks.options import Options, size_text
from benchmarks.place import Place

ITEMS_PER_MEMBER = 4
BYTES_PER_MEMBER = 8_000
SPARE_BYTES = 2 << 30
POINTS = 3
CLAIMS = "points_wallet", "points_lot"
RESERVED = {
    "points_entry": "SELECT * FROM points_entry WHERE movement = 'spend'",
    **{
        name: f"SELECT * FROM {name} WHERE wallet_id IN (SELECT wallet_id FROM spending_allocation WHERE points > 0)"
        for name in CLAIMS
    },
    "spending_allocation": "SELECT * FROM spending_allocation",
    "spending_item": "SELECT * FROM spending_item",
}
"""What the step writes: entries, allocations and items are new, wallets and lots are written anew."""
SETTLED = {name: RESERVED[name] for name in ("spending_allocation", "spending_item")}
"""What an answer writes anew."""


def measure(options: Options, say: Say) -> Iterator[Result]:
    """One result for each size and run."""
    for members in options.standing:
        with place.fresh(options.temp, needs_bytes=SPARE_BYTES + BYTES_PER_MEMBER * members) as here:
            say(f"{size_text(members)} standing allocations: write, import and close the files")
            items = members * ITEMS_PER_MEMBER
            files = carrier.bring(here, items=items, items_per_member=ITEMS_PER_MEMBER, seed=options.seed)
            here.noren("close", MONTH, "--bills", files.bills)
            _stand(here)
            here.remember()
            shutil.copytree(here.home / "archive", here.folder / "archive")
            facts = machine.facts(here.conninfo())
            for run in range(1, options.runs + 1):
                say(f"{size_text(members)} standing allocations: run {run} of {options.runs}")
                if run > 1:
                    here.restore()
                    shutil.copytree(here.folder / "archive", here.home / "archive")
                result = _result(here)
                yield {
                    "what": "allocations",
                    "run": run,
                    "seed": options.seed,
                    "machine": facts,
                    "items": members,
                    **result,
                }


def _stand(here: Place) -> None:
    """A standing allocation for each member; who may make one is not measured here."""
    here.execute(
        "INSERT INTO spending_standing"
        " (standing_id, wallet_id, uid, kind, member_id, points, since, made_by, made_at, ended_by)"
        f" SELECT gen_random_uuid(), uid, uid, 'line', line_id, {POINTS}, '2021-07-01', 'bench', now(), ''"
        " FROM members_line"
    )


def _result(here: Place) -> Result:
    """The step beside its floor, twice; then the answer of a billing system beside its own."""
    load = machine.load()
    here.settle()
    ran = here.noren("close", MONTH, "--json")
    [run] = json.loads(ran.output)["runs"]
    step = run["steps"]["allocate"]
    seconds, handover = step["seconds"], here.home / step["file"]
    reserving = _floor(here, RESERVED)
    answers = here.folder / "answers.csv"
    here.noren("demo", "billing", handover, "--out", answers)
    here.tidy()
    here.settle()
    answered = here.noren("allocation", "answer", answers, "--json")
    settling = _floor(here, SETTLED)
    told = json.loads(answered.output)
    return {
        "step": {name: step[name] for name in ("standing", "reserved", "items", "points")},
        "seconds": seconds,
        "peak_bytes": ran.peak_bytes,
        "floor": reserving,
        "ratio": round(seconds / reserving["seconds"], 3),
        "answer": {
            "seconds": answered.seconds,
            "peak_bytes": answered.peak_bytes,
            "floor": settling,
            "ratio": round(answered.seconds / settling["seconds"], 3),
            **{name: told[name] for name in ("read", "paid", "returned", "carried")},
        },
        "verify": here.noren("verify", "--json").seconds,
        "load": {"before": load, "after": machine.load()},
    }


def _floor(here: Place, rows: dict[str, str]) -> Result:
    """A bare COPY of the rows into fresh tables with the same keys, indexes, checks and partitions; mean of two."""
    floor.export(here, rows)
    copies = [floor.copy_rows(here, rows) for _ in range(2)]
    seconds = [copied.seconds for copied in copies]
    return {"copies": seconds, "rows": copies[0].rows, "seconds": round(sum(seconds) / len(seconds), 3)}
