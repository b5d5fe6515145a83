"""Tables of pools."""

from collections.abc import Iterable

from benchmarks import report_sites
from benchmarks.report_sites import Goal, Result

SPENDS_GOAL, FLAT_GOAL, JOIN_GOAL = 1_000, 0.1, 5.0
STEPS = {"first": "closed", "again": "closed again, nothing new", "corrected": "1 % of the items corrected"}
WAYS = {"bare": "points of the pool used", "limited": "… for a unit and a person with limits"}


def pools(result: Result) -> list[str]:
    """The parts of a page for one measurement: the tables, the goals."""
    heads = ("step post, s", "members of no pool (floor)", "members of one pool", "×")
    posts = [
        [text, f"{plain:.2f}", f"**{pooled:.2f}**", f"{pooled / plain:.2f}"]
        for name, text in STEPS.items()
        for plain, pooled in [(result["plain"][name], result["pooled"][name])]
    ]
    uses = [["pgbench TPC-B-like (floor)", f"{result['floor']['rate']:,.0f}", "", "1"]]
    uses += [
        [text, f"**{used['rate']:,.0f}**", ", ".join(f"{one:,.0f}" for one in used["windows"]), _times(result, used)]
        for name, text in WAYS.items()
        for used in [result["used"][name]]
    ]
    joined = result["joined"]
    notes = (
        f"{result['items']:,} members. {joined['members']:,} of them join a pool in {joined['seconds']:.2f} s,"
        f" bare COPY of the rows {sum(joined['floor']) / len(joined['floor']):.2f} s, × {joined['ratio']:.2f}."
        f" `noren verify` {result['verify']:.2f} s; {result['clients']} clients. Load average before and after:"
        f" {result['load']['before'][0]}, {result['load']['after'][0]}."
    )
    return [
        "### Pools",
        report_sites.lines(heads, posts),
        report_sites.lines(("", "per second", "in each sixth of the time", "× floor"), uses),
        report_sites.goals(_goals(result)),
        notes,
    ]


def _times(result: Result, used: Result) -> str:
    return f"{used['rate'] / result['floor']['rate']:.2f}"


def _goals(result: Result) -> Iterable[Goal]:
    used, joined = result["used"]["limited"], result["joined"]
    slope = used["last_to_first"] or 0.0
    yield f"pool: ≥ {SPENDS_GOAL:,} uses a second, with limits", f"{used['rate']:,.0f}", used["rate"] >= SPENDS_GOAL
    yield "pool: flat, last sixth to first within 10 %", f"{slope:.2f}", abs(slope - 1) <= FLAT_GOAL
    text, fast = f"{joined['seconds']:.2f} s", joined["seconds"] <= JOIN_GOAL
    yield f"{joined['members']:,} join in ≤ {JOIN_GOAL:g} s", text, fast
