"""A billing system that answers: most bills take the points that they are offered, some take fewer, a few none."""

import csv
import random
from pathlib import Path

from noren.kit import files

REFUSED, REDUCED = 0.02, 0.10
"""How often."""


def answer(handover: Path, out: Path, *, seed: int) -> dict[str, int]:
    """Answer a handover (CSV), written to `out`; gives how many items of each state. The same seed, the same answer."""
    chance = random.Random(seed)  # noqa: S311  (a demo)
    with handover.open(encoding="utf-8", newline="") as asked:
        answers = [(row["item_id"], *_decide(chance.random(), int(row["points"]))) for row in csv.DictReader(asked)]
    with files.whole(out) as target, target.open("w", encoding="utf-8", newline="") as told:
        csv.writer(told).writerows([("item_id", "state", "points", "reason"), *answers])
    return {state: sum(one[1] == state for one in answers) for state in ("confirmed", "reduced", "refused")}


def _decide(drawn: float, points: int) -> tuple[str, int, str]:
    if drawn < REFUSED:
        return "refused", 0, "no bill was made"
    if drawn < REFUSED + REDUCED:
        return "reduced", points // 2, "the bill was smaller"
    return "confirmed", points, ""
