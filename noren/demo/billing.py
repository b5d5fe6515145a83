"""A billing system that answers: most bills take the points that they are offered, some take fewer, a few none."""

from collections import Counter
from pathlib import Path

from noren.demo import answering
from noren.kit.duck import Connection
from noren.spending import layouts

REFUSED, REDUCED = 0.02, 0.10
"""How often."""


def answer(connection: Connection, folder: Path, *, handover: Path, out: Path, seed: int) -> Counter[str]:
    """Answer a handover, written to `out`; gives how many items of each state. The same seed, the same answer.

    Raises the refusals of `kit.intake`.
    """
    columns = "item_id, points::BIGINT"
    asked = answering.read(connection, folder, handover=handover, layout=layouts.HANDOVERS, columns=columns)
    return answering.write(out, layouts.ANSWERS, asked, _decide, seed=seed)


def _decide(drawn: float, points: int) -> tuple[str, int, str]:
    if drawn < REFUSED:
        return "refused", 0, "no bill was made"
    if drawn < REFUSED + REDUCED:
        return "reduced", points // 2, "the bill was smaller"
    return "confirmed", points, ""
