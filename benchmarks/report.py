"""Tables out of results: for the terminal, and between the markers in README.md.

For each size the results of the last call that measured it count; of several runs the medians.
"""

import json
import re
import statistics
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import report_allocations, report_audit, report_directory, report_jobs, report_pools, report_sites
from benchmarks.options import size_text
from benchmarks.report_sites import goals as _goals

Result = dict[str, Any]
Cell = Callable[[Result], str]

MIB = 1 << 20
RATIO_GOAL = 2.0
SECONDS_GOAL, SECONDS_ITEMS = 60.0, 20_000_000
PEAK_GOAL = 1536 * MIB
LINEAR_GOAL = 0.2
SPREAD_GOAL, HOT_GOAL, HEAP_ONLY_GOAL, FLAT_GOAL = 1.0, 0.6, 0.95, 0.1
FIXED_ITEMS = 1_000
TOLD = {
    "signon": report_sites.signon,
    "home": report_sites.home,
    "reserve": report_sites.reserve,
    "audit": report_audit.audit,
    "jobs": report_jobs.jobs,
    "pools": report_pools.pools,
    "directory": report_directory.directory,
    "allocations": report_allocations.allocations,
}


def read(folder: Path) -> list[Result]:
    """All results in the folder."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]


def text(results: Sequence[Result]) -> str:
    """Every table, with the machine and the goals."""
    closes = [_median(runs) for runs in _latest([r for r in results if r["what"] == "close"])]
    spends = [_median(runs) for runs in _latest([r for r in results if r["what"] == "spend"])]
    parts = [_close_part(closes) if closes else "", *[_spend_part(spend) for spend in spends]]
    for what, told in TOLD.items():
        found = [_median(runs) for runs in _latest([r for r in results if r["what"] == what])]
        parts += ["\n\n".join([*told(one), _about([one])]) for one in found]
    return "\n\n".join(part for part in parts if part)


def write(readme: Path, table: str) -> None:
    """Put the tables between the markers of the page, if it is there."""
    if not readme.is_file():
        return
    page = readme.read_text(encoding="utf-8")
    between = re.compile(r"(?<=<!-- results -->\n).*(?=<!-- end of results -->)", re.DOTALL)
    readme.write_text(between.sub(lambda _: f"\n{table}\n\n", page), encoding="utf-8")


def _latest(results: Sequence[Result]) -> list[list[Result]]:
    """The runs of each size's last call, the smallest size first."""
    groups: dict[int, list[Result]] = {}
    for result in results:
        groups.setdefault(result.get("items", 0), []).append(result)
    return [
        [one for one in group if one["session"] == max(other["session"] for other in group)]
        for _, group in sorted(groups.items())
    ]


def _median(runs: Sequence[Result]) -> Result:
    """One result with the median of every number; what is no number is the last run's."""
    return {key: _middle([run.get(key) for run in runs]) for key in runs[-1]} | {"runs": len(runs)}


def _middle(values: Sequence[Any]) -> Any:
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, dict) for value in known):
        return {key: _middle([value.get(key) for value in known]) for key in known[-1]}
    if known and all(isinstance(value, int | float) and not isinstance(value, bool) for value in known):
        return statistics.median(known)
    return known[-1] if known else None


def _close_part(closes: Sequence[Result]) -> str:
    last = closes[-1]
    steps = [(f"step {name}, s", lambda r, name=name: f"{r['steps'][name]:.2f}") for name in last["steps"]]
    body = _table(
        closes, "Close of … bill items", lambda r: size_text(r["items"]), [*CLOSE_ROWS[:7], *steps, *CLOSE_ROWS[7:]]
    )
    goals = _goals([*_close_goals([r for r in closes if r["items"] != FIXED_ITEMS], closes)])
    return "\n\n".join(part for part in ("### Close of a month", body, goals, _slowest(last), _about(closes)) if part)


def _mib(value: float | None) -> str:
    return "–" if value is None else f"{value / MIB:,.0f}"


def _watched(name: str) -> Cell:
    return lambda r: _mib(r["watched"][name]) if r["watched"] else "–"


CLOSE_ROWS: list[tuple[str, Cell]] = [
    ("members", lambda r: f"{r['members']:,}"),
    ("**whole command, s**", lambda r: f"**{r['close']['seconds']:.2f}**"),
    ("floor: CSV to Parquet sorted by member, s", lambda r: f"{_mean(r['floor']['sort']):.2f}"),
    ("floor: COPY of entries, lots, balances, s", lambda r: f"{_mean(r['floor']['copy']):.2f}"),
    ("**close / floor**", lambda r: f"**{r['ratio']:.2f}**"),
    ("items per second", lambda r: f"{r['items_per_second']:,.0f}"),
    ("µs per item", lambda r: f"{_per_item(r):.2f}"),
    ("start, end and between the steps, s", lambda r: f"{r['outside_steps']:.2f}"),
    ("processor time of the command, s", lambda r: f"{r['close']['cpu_seconds']:.2f}"),
    ("peak memory of the process, MiB", lambda r: _mib(r["close"]["peak_bytes"])),
    ("peak of DuckDB's buffers, MiB", _watched("buffer_bytes")),
    ("peak of what DuckDB put aside, MiB", lambda r: _mib(r["close"]["spill_bytes"])),
    ("peak of all scratch files, MiB", lambda r: _mib(r["close"]["scratch_bytes"])),
    ("closed again, nothing new, s", lambda r: f"{r['again']['seconds']:.2f}"),
    ("1 % of the items corrected, s", lambda r: f"{r['corrected']['seconds']:.2f}"),
    ("`noren verify`, s", lambda r: f"{r['verify']:.2f}"),
    ("not counted: imports before, s", lambda r: f"{sum(r['not_counted']['import'].values()):.1f}"),
    ("load average before, after", lambda r: f"{r['load']['before'][0]}, {r['load']['after'][0]}"),
]


def _per_item(result: Result, fixed: float = 0.0) -> float:
    return float(result["close"]["seconds"] - fixed) / float(result["items"]) * 1e6


def _close_goals(closes: Sequence[Result], every: Sequence[Result]) -> Iterable[tuple[str, str, bool]]:
    for r in closes:
        yield f"{size_text(r['items'])}: close ≤ {RATIO_GOAL:g} × floor", f"{r['ratio']:.2f}", r["ratio"] <= RATIO_GOAL
    for r in closes:
        if r["items"] == SECONDS_ITEMS:
            seconds = r["close"]["seconds"]
            yield f"{size_text(r['items'])} in ≤ {SECONDS_GOAL:g} s", f"{seconds:.1f} s", seconds <= SECONDS_GOAL
    if closes:
        peak = max(r["close"]["peak_bytes"] for r in closes)
        yield "peak of the process ≤ 1.5 GiB at every size", f"{peak / MIB:,.0f} MiB", peak <= PEAK_GOAL
    yield from _linear(closes, every)


def _linear(closes: Sequence[Result], every: Sequence[Result]) -> Iterable[tuple[str, str, bool]]:
    """Time per item of the largest beside the smaller ones, as it is and less what every close costs."""
    fixed = next((r["close"]["seconds"] for r in every if r["items"] == FIXED_ITEMS), 0.0)
    for r in closes[:-1]:
        plain = _per_item(closes[-1]) / _per_item(r)
        less = _per_item(closes[-1], fixed) / _per_item(r, fixed)
        name = f"time per item, {size_text(closes[-1]['items'])} to {size_text(r['items'])}, within 20 %"
        yield name, f"{plain:.2f}; {less:.2f} without the fixed {fixed:.1f} s", abs(plain - 1) <= LINEAR_GOAL


def _slowest(result: Result) -> str:
    """The statements of the largest close that took longest."""
    watched = result["watched"]
    if not watched:
        return ""
    rows = [
        f"| {one['begun']:.2f} | {one['seconds']:.2f} | {one['engine']} | `{one['text'][:110].replace('|', '/')}` |"
        for one in watched["slowest"]
    ]
    head = f"Slowest statements of the close of {size_text(result['items'])} items, in their order:"
    return "\n".join([head, "", "| at, s | took, s | engine | statement |", "| ---: | ---: | --- | --- |", *rows])


def _spend_part(spend: Result) -> str:
    rows: list[tuple[str, ...]] = [
        ("per second", f"{spend['floor']['rate']:,.0f}", *(f"**{spend[k]['rate']:,.0f}**" for k in ("spread", "hot"))),
        ("× floor", "1", f"**{spend['ratio_spread']:.2f}**", f"**{spend['ratio_hot']:.2f}**"),
        ("half are answered in, ms", "", *(f"{spend[k]['p50_ms']:.2f}" for k in ("spread", "hot"))),
        ("99 of 100 are answered in, ms", "", *(f"{spend[k]['p99_ms']:.2f}" for k in ("spread", "hot"))),
        ("heap-only updates of wallets", "", *(_share(spend[k], "points_wallet") for k in ("spread", "hot"))),
        ("heap-only updates of lots", "", *(_share(spend[k], "points_lot") for k in ("spread", "hot"))),
        ("per second in each sixth of the time", "", *(_windows(spend[k]) for k in ("spread", "hot"))),
        ("refused", "", *(f"{spend[k]['refused']:,.0f}" for k in ("spread", "hot"))),
        ("processors that the clients used", "", *(f"{spend[k]['client_cpu_share']:.2f}" for k in ("spread", "hot"))),
    ]
    head = ["| | pgbench TPC-B-like | spread | one wallet |", "| --- | ---: | ---: | ---: |"]
    floor = spend["floor"]
    notes = (
        f"{spend['clients']} clients; {spend['wallets']:,} wallets; pgbench at scale {floor['scale']} before and after:"
        f" {', '.join(f'{rate:,.0f}' for rate in floor['rates'])} per second, mean {floor['rate']:,.0f};"
        f" with prepared statements {floor['prepared_rate']:,.0f}."
        f" Load average before and after: {spend['load']['before'][0]}, {spend['load']['after'][0]}."
    )
    body = "\n".join([*head, *(f"| {' | '.join(row)} |" for row in rows)])
    return "\n\n".join(("### Spending", body, _goals(_spend_goals(spend)), notes, _about([spend])))


def _share(spent: Result, table: str) -> str:
    share = spent["hot_updates"][table]
    return "–" if share is None else f"{share:.1%}"


def _windows(spent: Result) -> str:
    return ", ".join(f"{rate:,.0f}" for rate in spent["windows"])


def _spend_goals(spend: Result) -> Iterable[tuple[str, str, bool]]:
    yield f"spread ≥ {SPREAD_GOAL} × floor", f"{spend['ratio_spread']:.2f}", spend["ratio_spread"] >= SPREAD_GOAL
    yield f"one wallet ≥ {HOT_GOAL} × floor", f"{spend['ratio_hot']:.2f}", spend["ratio_hot"] >= HOT_GOAL
    slope = spend["hot"]["last_to_first"] or 0.0
    yield "one wallet: flat, last sixth to first within 10 %", f"{slope:.2f}", abs(slope - 1) <= FLAT_GOAL
    shares = [share for way in ("spread", "hot") for share in spend[way]["hot_updates"].values() if share is not None]
    least = min(shares, default=0.0)
    yield "heap-only updates ≥ 95 %", f"{least:.1%} at least", least >= HEAP_ONLY_GOAL


def _about(results: Sequence[Result]) -> str:
    """Where and when the figures come from, once for all that share it."""
    told: dict[str, list[str]] = {}
    for r in results:
        m = r["machine"]
        line = (
            f"{m['cores']} cores {m['cpu']}, {m['memory_gib']} GiB, {m['system']}; PostgreSQL {m['postgresql']},"
            f" DuckDB {m['duckdb']} (memory limit {m['duckdb_memory_limit']}), Python {m['python']};"
            f" commit {m['commit']}, seed {r['seed']}, {r['session'][:10]}, runs: {r['runs']}"
        )
        told.setdefault(line, []).append(size_text(r["items"]) if "items" in r else "")
    return "\n".join(f"- {', '.join(sizes)}: {line}.".replace("- : ", "- ") for line, sizes in told.items())


def _table(results: Sequence[Result], title: str, head: Cell, rows: Iterable[tuple[str, Cell]]) -> str:
    lines = [
        f"| {title} | {' | '.join(map(head, results))} |",
        f"| --- |{' ---: |' * len(results)}",
        *(f"| {name} | {' | '.join(map(cell, results))} |" for name, cell in rows),
    ]
    return "\n".join(lines)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
