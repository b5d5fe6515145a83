"""A billing system that answers: most bills take the points that they are offered, some take fewer, a few none."""

import csv
import random
from pathlib import Path

from noren.kit import files, intake
from noren.kit.duck import Connection
from noren.kit.progress import silent
from noren.spending import layouts

REFUSED, REDUCED = 0.02, 0.10
"""How often."""


def answer(connection: Connection, folder: Path, *, handover: Path, out: Path, seed: int) -> dict[str, int]:
    """Answer a handover, written to `out`; gives how many items of each state. The same seed, the same answer.

    Raises the refusals of `kit.intake`.
    """
    raw = intake.open_file(connection, folder, handover, layouts.HANDOVERS, encoding="auto", progress=silent)
    result = intake.split(connection, raw)
    if result.rejected.rows:
        raise intake.strict_refusal(handover, result, intake.REASONS)
    chance = random.Random(seed)  # noqa: S311  (a demo)
    asked = connection.execute('SELECT item_id, points::BIGINT FROM accepted ORDER BY "row"').fetchall()
    answers = [(item_id, *_decide(chance.random(), points)) for item_id, points in asked]
    with files.whole(out) as target, target.open("w", encoding="utf-8", newline="") as told:
        csv.writer(told).writerows([layouts.ANSWERS.columns, *answers])
    return {state: sum(one[1] == state for one in answers) for state in ("confirmed", "reduced", "refused")}


def _decide(drawn: float, points: int) -> tuple[str, int, str]:
    if drawn < REFUSED:
        return "refused", 0, "no bill was made"
    if drawn < REFUSED + REDUCED:
        return "reduced", points // 2, "the bill was smaller"
    return "confirmed", points, ""
