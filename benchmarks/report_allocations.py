"""Tables of points for bills."""

from collections.abc import Iterable
from typing import Any

from benchmarks import report_sites
from benchmarks.options import size_text
from benchmarks.report_sites import Goal, Result

MIB = 1 << 20
SECONDS_GOAL = 60.0


def allocations(result: Result) -> list[str]:
    """The parts of a page for one measurement: the table, the goals."""
    answer = result["answer"]
    rows = [
        _row("step *allocate*: reserved, handed over, files written", result, result["step"]["standing"]),
        _row("answer taken in (whole command)", answer, answer["read"]),
    ]
    heads = ("", "seconds", "bare COPY of the rows (floor), s", "× floor", "µs for each", "peak memory, MiB")
    notes = (
        f"{size_text(result['items'])} standing allocations; {result['step']['items']:,} bills take"
        f" {result['step']['points']:,} points. `noren verify` {result['verify']:.2f} s."
        f" Load average before and after: {result['load']['before'][0]}, {result['load']['after'][0]}."
    )
    title = f"### Points for bills, {size_text(result['items'])}"
    return [title, report_sites.lines(heads, rows), report_sites.goals(_goals(result)), notes]


def _row(text: str, cost: dict[str, Any], count: int) -> list[str]:
    return [
        text,
        f"**{cost['seconds']:.2f}**",
        f"{cost['floor']['seconds']:.2f}",
        f"**{cost['ratio']:.2f}**",
        f"{cost['seconds'] / count * 1e6:.1f}",
        f"{cost['peak_bytes'] / MIB:,.0f}",
    ]


def _goals(result: Result) -> Iterable[Goal]:
    """The goals are for two million; a smaller number has its share of the time."""
    share = SECONDS_GOAL * result["items"] / 2_000_000
    for text, cost in (("step", result), ("answer", result["answer"])):
        yield f"{text} ≤ {share:g} s (2 M in {SECONDS_GOAL:g} s)", f"{cost['seconds']:.1f} s", cost["seconds"] <= share
