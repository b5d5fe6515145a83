"""A look before points are used: which would be taken, and how many there are for a use."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from noren.points.queries.books import lots
from noren.points.rules import SOON, LotKey, Part, take


@dataclass(frozen=True, slots=True)
class Taking:
    """Parts that would be taken; how many points stay for the use; how many of those taken would lapse soon."""

    parts: tuple[Part, ...]
    stays: int
    soon: int


def taking(wallet_id: UUID, amount: int, use: str, on: date, kinds: Collection[str] = ()) -> Taking | None:
    """What using so many points (of these kinds) would take; None: there are not as many. One statement."""
    held = _held(wallet_id)
    taken = take(held, amount, use, on, kinds)
    if _sum(taken) < amount:
        return None
    soon = _sum(part for part in taken if part.lot.lapses_on <= on + SOON)
    return Taking(taken, _sum(take(held, _sum(held), use, on, kinds)) - amount, soon)


def usable(wallet_id: UUID, use: str, on: date, kinds: Collection[str] = ()) -> int:
    """How many points of the wallet (of these kinds) the use may take on the day. One statement."""
    held = _held(wallet_id)
    return _sum(take(held, _sum(held), use, on, kinds))


def _held(wallet_id: UUID) -> list[Part]:
    return [Part(LotKey(lot.kind, lot.is_limited, lot.uses, lot.lapses_on), lot.remaining) for lot in lots(wallet_id)]


def _sum(parts: Iterable[Part]) -> int:
    return sum(part.points for part in parts)
