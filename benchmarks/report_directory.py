"""Tables of the directory of people."""

from collections.abc import Iterable, Sequence

from benchmarks import report_sites
from benchmarks.report_sites import Goal, Result

P95_GOAL = 100.0
NOT_LISTS = ("floor", "overview", "uses of a month", "uses by day")


def directory(result: Result) -> list[str]:
    """The parts of a page for one measurement: the table, the goal."""
    floor = percentile(result["searches"]["floor"], 50)
    rows = [
        [
            name,
            f"{percentile(found, 50):.0f}",
            f"**{percentile(found, 95):.0f}**",
            f"{percentile(found, 50) / floor:.1f}",
        ]
        for name, found in result["searches"].items()
    ]
    notes = (
        f"{result['items']:,} accounts of one corporation among four times as many; {len(result['searches']['all'])}"
        f" searches of each kind. Load average before and after: {result['load']['before'][0]},"
        f" {result['load']['after'][0]}."
    )
    heads = ("search", "p50, ms", "p95, ms", "× floor")
    return ["### List of accounts", report_sites.lines(heads, rows), report_sites.goals(_goals(result)), notes]


def percentile(found: Sequence[float], percent: int) -> float:
    """The value below which so many percent lie."""
    ordered = sorted(found)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def _goals(result: Result) -> Iterable[Goal]:
    lists = {name: percentile(found, 95) for name, found in result["searches"].items() if name not in NOT_LISTS}
    name, worst = max(lists.items(), key=lambda one: one[1])
    yield f"p95 of any search ≤ {P95_GOAL:g} ms", f"{worst:.0f} ms ({name})", worst <= P95_GOAL
