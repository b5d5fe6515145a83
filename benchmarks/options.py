"""What is measured, and how much of it."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
KINDS = ("close", "spend", "signon", "home", "audit", "pools", "jobs", "directory", "allocations", "reserve")
UNITS = {"k": 1_000, "m": 1_000_000}
SEED = 20210701


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for. `session` names this call, `out` holds results/ and README.md."""

    kinds: tuple[str, ...]
    items: tuple[int, ...]
    items_per_member: int
    runs: int
    seconds: int
    hot_seconds: int
    wallets: int
    clients: int
    scale: int
    connections: int
    readers: int
    months: int
    lines: int
    records: int
    rows: int
    pool_members: int
    standing: tuple[int, ...]
    site_seconds: float
    seed: int
    watch: bool
    temp: Path
    out: Path
    session: str


def read(arguments: Sequence[str], session: str) -> Options:
    """Read the command line; prints what is wrong and exits when it is wrong."""
    parser = argparse.ArgumentParser("benchmarks", description=__doc__)
    parser.add_argument("kinds", nargs="*", choices=[*KINDS, []], metavar="|".join(KINDS), help="default: all")
    parser.add_argument("--items", type=sizes, default=sizes("1m,5m,20m"), help="bill items (default 1m,5m,20m)")
    parser.add_argument("--items-per-member", type=int, default=10)
    parser.add_argument("--runs", type=int, default=1, help="closes of each size; the table shows medians")
    parser.add_argument("--seconds", type=int, default=60, help="of spending and of pgbench, each")
    parser.add_argument("--hot-seconds", type=int, default=60, help="of spending from one wallet")
    parser.add_argument("--wallets", type=int, default=200_000)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--scale", type=int, default=50, help="of pgbench: 100,000 accounts each")
    parser.add_argument("--connections", type=int, default=16, help="at a time, of signing on")
    parser.add_argument("--readers", type=int, default=20, help="at a time, of the member home")
    parser.add_argument("--months", type=int, default=60, help="of history behind the member home")
    parser.add_argument("--lines", type=int, default=1_000, help="of the carrier behind the member home")
    parser.add_argument("--rows", type=_size, default=100_000, help="of a bulk job")
    parser.add_argument("--records", type=_size, default=100_000, help="of the audit, written and linked")
    parser.add_argument("--pool-members", type=_size, default=50_000, help="of the pool; a fifth of them joins at once")
    parser.add_argument("--standing", type=sizes, default=sizes("100k,2m"), help="allocations, one for each member")
    parser.add_argument("--site-seconds", type=float, default=10, help="of each unit of signing on, and of the home")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--no-watch", dest="watch", action="store_false", help="leave out the close that is watched")
    parser.add_argument("--temp", type=Path, default=Path("/var/tmp"), help="where data directories are made")  # noqa: S108
    parser.add_argument("--out", type=Path, default=HERE, help="where results/ and README.md are")
    given = vars(parser.parse_args(arguments))
    given["kinds"] = tuple(given["kinds"]) or KINDS
    return Options(session=session, **given)


def sizes(text: str) -> tuple[int, ...]:
    """`1m,500k,20` as numbers."""
    return tuple(sorted(_size(word.strip().lower()) for word in text.split(",")))


def _size(word: str) -> int:
    number, unit = (word[:-1], UNITS[word[-1]]) if word[-1:] in UNITS else (word, 1)
    return int(number) * unit


def size_text(items: int) -> str:
    """5,000,000 as `5 M`."""
    for letter, unit in (("M", 1_000_000), ("k", 1_000)):
        if items % unit == 0:
            return f"{items // unit:,} {letter}"
    return f"{items:,}"
