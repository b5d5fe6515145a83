"""Tables of signing on and of the member home."""

from collections.abc import Iterable, Sequence
from typing import Any

Result = dict[str, Any]
Goal = tuple[str, str, bool]

UNITS = {
    "refresh": "refreshes",
    "code": "code flows",
    "client": "client credentials",
    "introspect": "introspections",
    "password": "password sign-ins",
}
GOALS = {"refresh": 600, "code": 300, "client": 1_200, "introspect": 1_000, "password": 40}
FLOORS: dict[str, dict[str, int]] = {
    "refresh": {"es256": 2},
    "code": {"es256": 2},
    "client": {"es256": 1},
    "introspect": {"verify": 1},
    "password": {"argon2id": 1},
}
"""What of the primitives a unit cannot do without."""

PRIMITIVES = {
    "es256": "one ES256 signature",
    "rs256": "one RS256 signature",
    "verify": "one ES256 verification",
    "argon2id": "one argon2id",
}
HOME_GOAL_MS, HOME_READERS = 50, 20
RESERVE_GOAL, RESERVE_GOAL_MS = 250, 100


def signon(result: Result) -> list[str]:
    """The parts of a page for one measurement of signing on: what was measured, the table, the goals."""
    rows = [_row(name, result) for name in UNITS]
    heads = ("unit", "per second", "p50, ms", "p95, ms", "core's ms", "per core", "floor's ms", "× floor")
    more = ("database's ms", "oidc-provider per second", "its ms", "ours / its")
    told = ", ".join(f"{text} {result['primitives_ms'][name]:.3f} ms" for name, text in PRIMITIVES.items())
    other = result["rival"]
    against = f"npm oidc-provider {other['version']}, in memory" if other else "npm oidc-provider was not installed"
    notes = (
        f"{result['clients']} connections, {result['seconds']:g} s each. Of processor time: {told}. Beside: {against}."
        f" Load average before and after: {result['load']['before'][0]}, {result['load']['after'][0]}."
    )
    return ["### Signing on", lines([*heads, *more], rows), goals(_signon_goals(result)), notes]


def _row(name: str, result: Result) -> list[str]:
    own, other = result["ours"][name], (result["rival"] or {}).get(name)
    floor = _floor(name, result)
    return [
        UNITS[name],
        f"**{own['rate']:,.0f}**",
        f"{own['p50_ms']:.1f}",
        f"{own['p95_ms']:.1f}",
        f"{own['cpu_ms']:.2f}",
        f"{own['per_core']:,.0f}",
        f"{floor:.2f}",
        f"{own['cpu_ms'] / floor:.1f}",
        f"{own['database_ms']:.2f}",
        f"{other['rate']:,.0f}" if other else "–",
        f"{other['cpu_ms']:.2f}" if other else "–",
        f"{own['rate'] / other['rate']:.2f}" if other else "–",
    ]


def _floor(name: str, result: Result) -> float:
    return sum(times * float(result["primitives_ms"][one]) for one, times in FLOORS[name].items())


def _signon_goals(result: Result) -> Iterable[Goal]:
    for name, goal in GOALS.items():
        rate = result["ours"][name]["rate"]
        yield f"{UNITS[name]} ≥ {goal:,} per second", f"{rate:,.0f}", rate >= goal


def home(result: Result) -> list[str]:
    """The parts of a page for one measurement of the member home."""
    heads = ("readers", "p50, ms", "p95, ms", "pages per second", "core's ms a page")
    rate, cost, every = f"{result['rate']:,.0f}", f"{result['cpu_ms']:.2f}", f"{result['clients']}"
    rows = [
        ("one", f"{result['alone_p50_ms']:.1f}", "", "", ""),
        (
            f"{every}, a second on each page",
            *(f"{result[name]:.1f}" for name in ("paced_p50_ms", "paced_p95_ms")),
            "",
            "",
        ),
        (f"{every}, without a pause", f"{result['p50_ms']:.1f}", f"{result['p95_ms']:.1f}", rate, cost),
    ]
    notes = (
        f"{result['months']} closed months of {result['lines']:,} lines, five of them each reader's;"
        f" {result['seconds']:g} s each."
        f" Load average before and after: {result['load']['before'][0]}, {result['load']['after'][0]}."
    )
    return ["### Member home", lines(heads, rows), goals(_home_goals(result)), notes]


def _home_goals(result: Result) -> Iterable[Goal]:
    for name, how in (("paced_p95_ms", "a second on each page"), ("p95_ms", "without a pause")):
        wait = result[name]
        yield f"p95 ≤ {HOME_GOAL_MS} ms at {HOME_READERS} readers, {how}", f"{wait:.1f} ms", wait <= HOME_GOAL_MS


def reserve(result: Result) -> list[str]:
    """The parts of a page for one measurement of reserving over HTTP."""
    heads = ("round", "per second", "p50, ms", "p99, ms", "server's ms", "database's ms")
    rows = [
        (
            name,
            *(f"{one[what]:,.0f}" for what in ("rate",)),
            *(f"{one[what]:.1f}" for what in ("p50_ms", "p99_ms")),
            *(f"{one[what]:.2f}" for what in ("cpu_ms", "database_ms")),
        )
        for name, one in result["rounds"].items()
    ]
    notes = (
        f"{result['clients']} connections, {result['seconds']:g} s each round."
        f" Floor, the same SQL by pgbench: {result['floor']:,.0f} per second; ours / floor:"
        f" {result['rate'] / result['floor']:.2f}."
        f" Load average before and after: {result['load']['before'][0]}, {result['load']['after'][0]}."
    )
    return ["### Reserving over HTTP", lines(heads, rows), goals(_reserve_goals(result)), notes]


def _reserve_goals(result: Result) -> Iterable[Goal]:
    rate, wait = result["rate"], result["p99_ms"]
    yield f"median of the rounds ≥ {RESERVE_GOAL} per second", f"{rate:,.0f}", rate >= RESERVE_GOAL
    yield f"p99 ≤ {RESERVE_GOAL_MS} ms", f"{wait:.1f} ms", wait <= RESERVE_GOAL_MS


def goals(rows: Iterable[Goal]) -> str:
    """The goals, and whether they are met."""
    told = [[name, figure, "met" if met else "**missed**"] for name, figure, met in rows]
    body = [f"| {' | '.join(row)} |" for row in told]
    return "\n".join(["| Goal | Figure | |", "| --- | ---: | --- |", *body]) if told else ""


def lines(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table."""
    marks = ["---", *["---:"] * (len(heads) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, marks, *rows))
