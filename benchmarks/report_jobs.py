"""Tables of bulk jobs."""

from collections.abc import Iterable

from benchmarks import report_sites
from benchmarks.report_sites import Goal, Result

MIB = 1 << 20
CHECK_GOAL, COMMIT_GOAL, PEAK_GOAL = 10.0, 15.0, 512 * MIB
OPERATIONS = {"issue": "issue, with invitations", "change": "change two fields", "lock": "lock"}


def jobs(result: Result) -> list[str]:
    """The parts of a page for one measurement: the table, the goals."""
    floor = result["floor"]
    rows = [
        ["bare COPY, INSERT … SELECT of an issue job (floors)", f"{floor['copy']:.2f}", f"{floor['insert']:.2f}", ""]
    ]
    for operation, text in OPERATIONS.items():
        cost = result[operation]
        peak = f"{cost['peak_bytes'] / MIB:,.0f}"
        rows.append([text, f"{cost['check']['seconds']:.2f}", f"{cost['commit']['seconds']:.2f}", peak])
    heads = ("", "read and check, seconds", "carry out, seconds", "peak memory, MiB")
    notes = (
        f"{result['items']:,} rows. Load average before and after:"
        f" {result['load']['before'][0]}, {result['load']['after'][0]}."
    )
    return ["### Bulk jobs", report_sites.lines(heads, rows), report_sites.goals(_goals(result)), notes]


def _goals(result: Result) -> Iterable[Goal]:
    check, commit = result["issue"]["check"]["seconds"], result["issue"]["commit"]["seconds"]
    yield f"{result['items']:,} rows read and checked in ≤ {CHECK_GOAL:g} s", f"{check:.2f} s", check <= CHECK_GOAL
    yield f"carried out in ≤ {COMMIT_GOAL:g} s", f"{commit:.2f} s", commit <= COMMIT_GOAL
    peak = max(result[operation]["peak_bytes"] for operation in OPERATIONS)
    yield "peak ≤ 512 MiB", f"{peak / MIB:,.0f} MiB", peak <= PEAK_GOAL
