"""What those who answer a handover share: it is read strictly, and answered by chance that can be repeated."""

import csv
import random
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from noren.kit import files, intake
from noren.kit.duck import Connection
from noren.kit.intake import Layout
from noren.kit.progress import silent

Told = tuple[object, ...]
"""The state of an item, and what else is said of it: the columns of an answer after the first."""


def read(connection: Connection, folder: Path, *, handover: Path, layout: Layout, columns: str) -> list[Any]:
    """The rows of a handover, in order: these columns, the first names the item.

    Raises the refusals of `kit.intake`.
    """
    raw = intake.open_file(connection, folder, handover, layout, encoding="auto", progress=silent)
    result = intake.split(connection, raw)
    if result.rejected.rows:
        raise intake.strict_refusal(handover, result, intake.REASONS)
    return connection.execute(f'SELECT {columns} FROM accepted ORDER BY "row"').fetchall()


def write(out: Path, layout: Layout, asked: Sequence[Any], decide: Callable[..., Told], *, seed: int) -> Counter[str]:
    """Write to `out` what is decided of each item by what is drawn and asked; gives how many items of each state."""
    chance = random.Random(seed)  # noqa: S311  (a demo)
    answers = [(item, *decide(chance.random(), more)) for item, more in asked]
    with files.whole(out) as target, target.open("w", encoding="utf-8", newline="") as told:
        csv.writer(told).writerows([layout.columns, *answers])
    return Counter(str(one[1]) for one in answers)
