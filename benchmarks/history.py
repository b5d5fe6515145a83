"""A carrier whose last months were closed one after the other, and people who look at their points."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from benchmarks import persons
from noren.closing import actions as closing
from noren.demo.generate import Size, generate
from noren.kit.months import add_months, first_day, parse_month
from noren.kit.progress import silent
from noren.lifecycle import actions as lifecycle

LINES_PER_CORPORATION = 20
LINES_PER_PERSON = 5
ITEMS_PER_LINE = 10


def write(folder: Path, lines: int, months: int, seed: int) -> dict[str, Any]:
    """The files of a carrier whose lines all have a bill in each of the last months."""
    present = first_day(persons.now().date())
    span = [add_months(present, -number) for number in range(months, 0, -1)]
    corporations = max(1, lines // LINES_PER_CORPORATION)
    size = Size(corporations=corporations, lines=lines, items_per_line=ITEMS_PER_LINE, plain=True)
    generate(folder, size=size, seed=seed, months=span)
    return {"months": len(span)}


def readers(folder: Path, count: int) -> dict[str, Any]:
    """Close the months of the files; gives a browser of each of so many persons, who have five lines each."""
    door = closing.Door(Path(settings.NOREN_HOME), persons.ACTOR, persons.now, silent, settings.NOREN_SLICE_WALLETS)
    bills = {parse_month(path.stem.removeprefix("bills-")): path for path in sorted(folder.glob("bills-*.csv"))}
    owned = _owned(folder / "lines.csv")
    accounts = [_reader(number, *next(owned)) for number in range(count)]
    for month, path in bills.items():
        closing.close(door=door, month=month, bills=[path])
    return {"persons": [{"session": persons.session(account_id)} for account_id in accounts]}


def _reader(number: int, corporation_id: str, lines: list[str]) -> str:
    return lifecycle.issue(
        corporation_id=corporation_id,
        login_id=f"reader-{number}",
        name="見本花子",
        active=True,
        lines=lines,
        actor=persons.ACTOR,
        now=persons.now(),
    )


def _owned(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Corporations with lines that one person may have, again and again until there are no more."""
    lines: dict[str, list[str]] = {}
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            mine = lines.setdefault(row["corporation_id"], [])
            mine.append(row["line_id"])
            if len(mine) == LINES_PER_PERSON:
                yield row["corporation_id"], lines.pop(row["corporation_id"])
