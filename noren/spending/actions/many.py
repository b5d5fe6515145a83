"""Points of one wallet for the bills of many members: looked at, then taken, each by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.timezone import localtime

from noren.kit.actor import Actor
from noren.kit.errors import Refusal
from noren.members.queries import Member
from noren.points import queries as points
from noren.points.queries import LotRow
from noren.points.rules import LotKey
from noren.spending import rules
from noren.spending.actions.applying import allocate

MOST = 1_000
"""More members are not paid for at a time."""


@dataclass(frozen=True, slots=True)
class Wish:
    """So many points for the bill of a member. `spenders`: for whom they count against limits."""

    target: Member
    points: int
    spenders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a wish; `code` is empty when the points were taken, else `why` tells."""

    wish: Wish
    code: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What would come of the wishes: of each, from which lots how many points would be taken, how many would stay."""

    outcomes: tuple[Outcome, ...]
    parts: tuple[tuple[LotRow, int], ...]
    stays: int

    @property
    def points(self) -> int:
        """All that would be taken."""
        return sum(count for _lot, count in self.parts)


@transaction.atomic
def allocate_many(
    *, wallet_id: UUID, wishes: Sequence[Wish], key: str, actor: Actor, now: datetime
) -> tuple[Outcome, ...]:
    """Take points for each of the bills; what is refused for one hinders no other. The same key takes nothing twice.

    All are taken together or, when the process dies, none.
    """
    return tuple(_outcome(wallet_id, wish, f"{key}/{wish.target.uid}", actor, now) for wish in wishes)


def look_at_many(*, wallet_id: UUID, wishes: Sequence[Wish], actor: Actor, now: datetime) -> Look:
    """What `allocate_many` would do now. It is done and undone, so that a look says exactly what a use would."""
    with transaction.atomic():
        before = points.lots(wallet_id)
        outcomes = allocate_many(wallet_id=wallet_id, wishes=wishes, key=f"look/{uuid4()}", actor=actor, now=now)
        left = {_key(lot): lot.remaining for lot in points.lots(wallet_id)}
        transaction.set_rollback(True)
    parts = tuple((lot, lot.remaining - left[_key(lot)]) for lot in before)
    today = localtime(now).date()
    usable = [_key(lot) for lot in before if lot.lapses_on >= today and _key(lot).allows(rules.BILL)]
    return Look(outcomes, tuple((lot, count) for lot, count in parts if count), sum(left[key] for key in usable))


def _outcome(wallet_id: UUID, wish: Wish, key: str, actor: Actor, now: datetime) -> Outcome:
    try:
        allocate(
            wallet_id=wallet_id,
            target=wish.target,
            amount=wish.points,
            spenders=wish.spenders,
            key=key,
            actor=actor,
            now=now,
        )
    except Refusal as refusal:
        return Outcome(wish, refusal.code, str(refusal))
    return Outcome(wish)


def _key(lot: LotRow) -> LotKey:
    return LotKey(lot.kind, lot.is_limited, lot.uses, lot.lapses_on)
