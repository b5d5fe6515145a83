"""Points lie in lots, and lots are used in one full order.

A *wallet* belongs to a member or to a management group. Its points lie in *lots*: points of one kind, with one
list of uses and one last day. A grant adds to a lot, so a wallet has a handful of them, however many bills fed it.

Points that would lapse first are taken first; of two lots with the same last day the limited one goes first, then
by kind and uses, so that no two lots are ever equal. A lot serves a use if its list names it, up to its last day.

What was taken is recorded lot by lot. A return unwinds that record backwards: the lot taken last is filled first.

A *pool* is the wallet of a group. It knows of every part of its lots who earned it, and for which month: its *origins*.

Points owed (a correction that found the lots empty) are *arrears*. A wallet in arrears keeps no open lot: every
credit is netted at once.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate
from uuid import UUID

PROGRAMME = UUID(int=0)
"""The wallet to which batch postings belong: the programme itself."""

ARREARS = "arrears"
"""The kind of entries that say what a wallet owes; with no use and no last day."""

GROUP = "group"
"""The kind of owner of a pool: a wallet into which the points of many members go."""

NEVER = date(9999, 12, 31)

SOON = timedelta(days=60)
"""Points that lapse within this span are told where points are seen or used."""

EVERY_USE = "*"


class Movement(StrEnum):
    """What an entry does to its lot. Grants are what the rest (but use and lapse) adds to or takes from."""

    GRANT = "grant"
    CORRECT = "correct"
    SPEND = "spend"
    REVERSE = "reverse"
    EXPIRE = "expire"
    ADJUST = "adjust"
    TRANSFER = "transfer"
    NET = "net"


@dataclass(frozen=True, slots=True)
class WalletKey:
    """A wallet and whose it is. A member's wallet has the member's uid."""

    wallet_id: UUID
    owner_kind: str
    owner_id: str


@dataclass(frozen=True, slots=True)
class LotKey:
    """Which points are one: kind, uses (`*`, or codes in order with a space between) and last day of use."""

    kind: str
    is_limited: bool
    uses: str
    lapses_on: date

    @property
    def order(self) -> tuple[date, bool, str, str]:
        """Sorts lots into the order of use."""
        return (self.lapses_on, not self.is_limited, self.kind, self.uses)

    def allows(self, use: str | None, kinds: Collection[str] = ()) -> bool:
        """Whether the points may be used so; None asks for no use in particular, no kinds for any of them."""
        of_kind = not kinds or self.kind in kinds
        return of_kind and (use is None or self.uses == EVERY_USE or use in self.uses.split(" "))


@dataclass(frozen=True, slots=True)
class Part:
    """So many points of one lot: what is left in it, or what was taken from it."""

    lot: LotKey
    points: int


def take(lots: Iterable[Part], points: int, use: str | None, on: date, kinds: Collection[str] = ()) -> tuple[Part, ...]:
    """Parts that make up the points, in the order of use; fewer points when the lots (of these kinds) hold fewer."""
    usable = (part for part in lots if part.points > 0 and part.lot.lapses_on >= on and part.lot.allows(use, kinds))
    taken = []
    for part in sorted(usable, key=lambda part: part.lot.order):
        if points == 0:
            break
        taken.append(Part(part.lot, min(part.points, points)))
        points -= taken[-1].points
    return tuple(taken)


def unwind(taken: Sequence[Part], returned: int, points: int) -> tuple[Part, ...]:
    """Parts to give back, the last taken first, when `returned` points of these were given back before."""
    back = []
    for part in reversed(taken):
        before = min(part.points, returned)
        now = min(part.points - before, points)
        returned, points = returned - before, points - now
        if now:
            back.append(Part(part.lot, now))
    return tuple(back)


def share_out(lots: Iterable[Part], wishes: Sequence[int | None], use: str, on: date) -> tuple[tuple[Part, ...], ...]:
    """What each wish gets of a wallet's lots, one after the other, in the order of use, as far as they go.

    A wish of None (the last) asks for what the others leave of the lots that lapse first.
    """
    held = sorted(take(lots, sum(part.points for part in lots), use, on), key=lambda part: part.lot.order)
    day = min((part.lot.lapses_on for part in held), default=on)
    first = sum(part.points for part in held if part.lot.lapses_on == day)
    told, shares = sum(wish or 0 for wish in wishes), []
    for wish in wishes:
        share = take(held, max(first - told, 0) if wish is None else wish, use, on)
        taken = {part.lot: part.points for part in share}
        held = [Part(part.lot, part.points - taken.get(part.lot, 0)) for part in held]
        shares.append(share)
    return tuple(shares)


def reserved(use: str) -> str:
    """The programme's account on which points wait that are taken for the use and not yet confirmed."""
    return f"reserved/{use}"


def used(use: str) -> str:
    """The programme's account of points that were used so."""
    return f"used/{use}"


def posting_id(natural_key: str) -> UUID:
    """The id of the posting with that natural key: the same key, the same id, on every machine."""
    return UUID(bytes=hashlib.sha256(natural_key.encode()).digest()[:16])


def request_hash(operation: str, **asked: object) -> bytes:
    """What was asked for, as a digest. When and by whom it is asked is no part of it: a retry may be later."""
    return hashlib.sha256(json.dumps([operation, asked], default=str, sort_keys=True).encode()).digest()


@dataclass(frozen=True, slots=True)
class Earned:
    """Whose points a part of a lot is: the wallet that earned them, the usage month, or (None) the day they came."""

    earned_by: UUID
    usage_month: date | None
    earned_on: date

    @property
    def order(self) -> tuple[date, bool, UUID]:
        """Sorts the parts of a lot: what was earned first goes first."""
        return (self.earned_on, self.usage_month is None, self.earned_by)


def oldest(filled: Mapping[Earned, int], held: int, points: int) -> dict[Earned, int]:
    """Whose points go when so many of the `held` ones leave a lot.

    `filled`: what each brought into the lot, less what was taken back of it and what has left before. What is held
    no more was the earliest; of the rest the earliest go. What fell below zero took from others.
    """
    parts = sorted((part for part in filled.items() if part[1] > 0), key=lambda part: part[0].order)
    used = sum(part for _earned, part in parts) - held
    gone = {}
    for earned, part in parts:
        before = min(part, used)
        now = min(part - before, points)
        used, points = used - before, points - now
        if now:
            gone[earned] = now
    return gone


@dataclass(frozen=True, slots=True)
class InPool:
    """What a member's month did in a pool: points that closes posted there, and points that the member brought."""

    posted: int
    brought: int


def settle(target: int, own: int, pools: Mapping[UUID, InPool], home: UUID) -> dict[UUID, int]:
    """What a close changes, by wallet, for a member whose month should have given `target` points.

    `own`: what closes posted to its own wallet. More goes `home`: to the pool of which it is a member now, or to its
    own wallet. Less is taken back from the pools to which the month was posted, then from those to which it was
    brought, by their ids; the rest at home.
    """
    change = target - own - sum(pool.posted for pool in pools.values())
    if change >= 0:
        return {home: change} if change else {}
    posted = {wallet_id: max(pool.posted, 0) for wallet_id, pool in pools.items()}
    brought = {wallet_id: max(pool.posted + pool.brought, 0) - posted[wallet_id] for wallet_id, pool in pools.items()}
    taken, rest = Counter[UUID](), -change
    for there in (posted, brought):
        for wallet_id in sorted(there):
            part = min(there[wallet_id], rest)
            taken[wallet_id] += part
            rest -= part
    taken[home] += rest
    return {wallet_id: -points for wallet_id, points in taken.items() if points}


def apportion(owed: Mapping[UUID, int], taken: Sequence[Part]) -> Counter[tuple[UUID, LotKey]]:
    """From which lots a pool pays for whom: members by their ids, lots as they were taken. Both have the same sum."""
    ends = list(accumulate(part.points for part in taken))
    shares: Counter[tuple[UUID, LotKey]] = Counter()
    since = 0
    for member in sorted(owed):
        until = since + owed[member]
        for part, end in zip(taken, ends, strict=True):
            shares[member, part.lot] += max(min(until, end) - max(since, end - part.points), 0)
        since = until
    return +shares
