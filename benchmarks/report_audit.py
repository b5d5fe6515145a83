"""Tables of the audit."""

from collections.abc import Iterable
from typing import Any

from benchmarks import report_sites
from benchmarks.report_sites import Goal, Result

MIB = 1 << 20
RATIO_GOAL, SECONDS_GOAL, PEAK_GOAL = 3.0, 5.0, 256 * MIB
WAYS = {"statement": "written by one statement", "sent": "computed outside and sent"}


def audit(result: Result) -> list[str]:
    """The parts of a page for one measurement: the table, the goals."""
    floor = result["floor"]
    mean = sum(floor["seconds"]) / len(floor["seconds"])
    rows = [["bare COPY into the same table (floor)", f"{mean:.2f}", f"{floor['rate']:,}", "1", ""]]
    for way, text in WAYS.items():
        rows.append(_row(text, result[way]["write"], mean))
        rows.append(_row("… and linked", result[way]["seal"], mean))
    rows.append(_row("all of it verified", result["verify"], None))
    heads = ("", "seconds", "rows per second", "× floor", "peak memory, MiB")
    notes = (
        f"{result['items']:,} rows, each way. Load average before and after:"
        f" {result['load']['before'][0]}, {result['load']['after'][0]}."
    )
    return ["### Audit", report_sites.lines(heads, rows), report_sites.goals(_goals(result)), notes]


def _row(text: str, cost: dict[str, Any], floor: float | None) -> list[str]:
    times = f"{cost['seconds'] / floor:.2f}" if floor else ""
    return [text, f"{cost['seconds']:.2f}", f"**{cost['rate']:,}**", times, f"{cost['peak_bytes'] / MIB:,.0f}"]


def _goals(result: Result) -> Iterable[Goal]:
    ratio, seconds = result["ratio"], result["statement"]["seal"]["seconds"]
    yield f"written by one statement and linked ≤ {RATIO_GOAL:g} × floor", f"{ratio:.2f}", ratio <= RATIO_GOAL
    yield f"{result['items']:,} rows linked in ≤ {SECONDS_GOAL:g} s", f"{seconds:.2f} s", seconds <= SECONDS_GOAL
    peak = max(result["statement"]["seal"]["peak_bytes"], result["verify"]["peak_bytes"])
    yield "peak of linking and verifying ≤ 256 MiB", f"{peak / MIB:,.0f} MiB", peak <= PEAK_GOAL
