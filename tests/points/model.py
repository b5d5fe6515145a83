"""The ledger once more, in plain Python on the rules alone: what every answer, lot and balance must be.

Written from docs/rules/ledger.md, not from the SQL. An answer is what a door sees: the points and the balance, or the
code of the refusal with its figures.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from noren.points.actions import PooledIn, SliceExpired, SlicePosted
from noren.points.rules import (
    ARREARS,
    NEVER,
    Earned,
    InPool,
    LotKey,
    Movement,
    Part,
    apportion,
    oldest,
    settle,
    take,
    unwind,
)
from tests.points.books import FIRST_POOL, NORMAL, wallet_id

Answer = tuple[int, int] | tuple[str, Mapping[str, object]]
Origin = tuple[int, int, Movement, Earned, LotKey]
"""In which wallet, from or instead of which one, how, who earned it and when, which lot."""

OWED = LotKey(ARREARS, is_limited=False, uses="", lapses_on=NEVER)


@dataclass
class Lot:
    """granted = used + lapsed + remaining."""

    granted: int = 0
    used: int = 0
    lapsed: int = 0

    @property
    def remaining(self) -> int:
        return self.granted - self.used - self.lapsed


@dataclass
class Spent:
    """A use of points: from which lots, and how many of them were given back. `early`: before wallets are given up."""

    number: int
    use: str
    taken: tuple[Part, ...]
    returned: int = 0
    budgets: tuple[str, ...] = ()
    month: date = date.min
    early: bool = False

    @property
    def points(self) -> int:
        return total(self.taken)


@dataclass
class Wallet:
    """Lots, who earned what is in them, and what is owed; the latest business day.

    Of each usage month: what it gave to this wallet's own member, and which lots it filled.
    """

    lots: dict[LotKey, Lot] = field(default_factory=dict)
    earned: dict[LotKey, Counter[Earned]] = field(default_factory=dict)
    arrears: int = 0
    given: Counter[date] = field(default_factory=Counter)
    filled: dict[date, set[LotKey]] = field(default_factory=dict)
    latest: date = date.min
    late: bool = False
    """Whether something was booked by a clock that is ahead."""
    given_up: bool = False
    given_up_late: bool = False

    @property
    def points(self) -> int:
        return total(self.parts) - self.arrears

    @property
    def parts(self) -> list[Part]:
        return [Part(lot, held.remaining) for lot, held in self.lots.items() if held.remaining]

    def usable(self, use: str | None, on: date) -> int:
        return total(part for part in self.parts if part.lot.allows(use) and part.lot.lapses_on >= on)

    def seen(self, on: date) -> None:
        """Something was booked for that day."""
        self.latest = max(self.latest, on)

    def credit(self, lot: LotKey, parts: Mapping[Earned, int], netting: Earned) -> None:
        """Fill the lot with what these earned, and pay what is owed from it."""
        points = sum(parts.values())
        netted = min(self.arrears, points)
        self.arrears -= netted
        self.lots.setdefault(lot, Lot()).granted += points - netted
        self.earned.setdefault(lot, Counter()).update(parts)
        self.earned[lot][netting] -= netted

    def debit(self, part: Part, parts: Mapping[Earned, int]) -> None:
        """Take from the lot what these earned."""
        self.lots[part.lot].granted -= part.points
        self.earned.setdefault(part.lot, Counter()).subtract(parts)

    def leave(self, part: Part) -> Mapping[Earned, int]:
        """Move points out of the lot; gives who earned them."""
        gone = oldest(self.earned[part.lot], self.lots[part.lot].remaining, part.points)
        self.debit(part, gone)
        return gone


@dataclass
class Ledger:
    """All wallets by number, the accounts of the programme, who earned the points of whom, limits and their use."""

    wallets: dict[int, Wallet] = field(default_factory=dict)
    accounts: Counter[str] = field(default_factory=Counter)
    origins: Counter[Origin] = field(default_factory=Counter)
    limits: dict[tuple[int, str], int] = field(default_factory=dict)
    used: Counter[tuple[int, str, date]] = field(default_factory=Counter)

    def grant(self, number: int, points: int, lot: LotKey, on: date) -> Answer:
        wallet = self.wallets.setdefault(number, Wallet())
        wallet.seen(on)
        wallet.credit(lot, {by_hand(number, on): points}, by_hand(number, on))
        self.accounts["issued"] -= points
        return points, wallet.points

    def spend(self, spent: Spent, points: int, on: date) -> Answer:
        """Notes in `spent` from which lots the points were taken."""
        if (wallet := self.wallets.get(spent.number)) is None:
            return NO_SUCH_WALLET
        month = on.replace(day=1)
        for spender in sorted(spent.budgets):
            limit, used = self.limits.get((spent.number, spender)), self.used[spent.number, spender, month]
            if limit is not None and used + points > limit:
                figures = {"spender": spender, "limit": limit, "used": used, "asked": points}
                return "points.over_budget", figures
        if (usable := wallet.usable(spent.use, on)) < points:
            return insufficient(points, usable)
        spent.taken, spent.month = take(wallet.parts, points, spent.use, on), month
        wallet.seen(on)
        for part in spent.taken:
            wallet.lots[part.lot].used += part.points
        wallet.late = wallet.late or not spent.early
        self.accounts[f"used/{spent.use}"] += points
        self._count(spent, points)
        return -points, wallet.points

    def reverse(self, number: int, spent: Spent, wanted: int | None, on: date) -> Answer:
        if (wallet := self.wallets.get(number)) is None:
            return NO_SUCH_WALLET
        if number != spent.number:
            return "points.no_such_posting", {}
        left = spent.points - spent.returned
        points = left if wanted is None else wanted
        if points == 0 or points > left:
            return "points.already_reversed", {"spent": spent.points, "returned": spent.returned}
        wallet.seen(on)
        for part in unwind(spent.taken, spent.returned, points):
            lot = wallet.lots[part.lot]
            before = lot.remaining
            lot.used -= part.points
            wallet.debit(part, {})
            wallet.credit(part.lot, {by_hand(number, on): part.points}, by_hand(number, on))
            wallet.earned[part.lot][by_hand(number, on)] -= part.points
            if wallet.given_up and (spent.early or wallet.given_up_late):
                back = lot.remaining - before
                lot.lapsed += back
                self.accounts["lapsed"] += back
        spent.returned += points
        self.accounts[f"used/{spent.use}"] -= points
        self._count(spent, -points)
        return points, wallet.points

    def _count(self, spent: Spent, points: int) -> None:
        for spender in spent.budgets:
            self.used[spent.number, spender, spent.month] += points

    def adjust(self, number: int, points: int, lot: LotKey, on: date, *, allow_negative: bool) -> Answer:
        if (wallet := self.wallets.get(number)) is None:
            return NO_SUCH_WALLET
        held = total(wallet.parts)
        if -points > held and not allow_negative:
            return insufficient(-points, held)
        wallet.seen(on)
        if points > 0:
            wallet.credit(lot, {by_hand(number, on): points}, by_hand(number, on))
        else:
            for part in take(wallet.parts, -points, None, date.min):
                wallet.debit(part, {by_hand(number, on): part.points})
            wallet.arrears += max(-points - held, 0)
        self.accounts["adjusted"] -= points
        return points, wallet.points

    def give_up(self, number: int, on: date) -> Answer:
        if (wallet := self.wallets.get(number)) is None:
            return NO_SUCH_WALLET
        wallet.given_up, wallet.given_up_late = True, wallet.late
        held = total(wallet.parts)
        self.adjust(number, -held, NORMAL, on, allow_negative=False)
        return -held, wallet.points

    def transfer(self, source: int, target: int, wanted: int | None, on: date) -> Answer:
        if (giving := self.wallets.get(source)) is None:
            return NO_SUCH_WALLET
        # Both are locked before anything is decided, so a transfer that is refused has made the target, too.
        self.wallets.setdefault(target, Wallet())
        if giving.arrears:
            return "points.in_arrears", {"arrears": giving.arrears}
        usable = giving.usable(None, on)
        points = usable if wanted is None else wanted
        if points == 0 or points > usable:
            return insufficient(points, usable)
        self._move([source], target, points, on)
        return -points, giving.points

    def pool_in(self, members: Collection[int], pool: int, on: date) -> PooledIn:
        taking = self.wallets.setdefault(pool, Wallet())
        owing = [self.wallets[number].arrears for number in members if number in self.wallets]
        owing = [arrears for arrears in owing if arrears]
        usable = {number: wallet.usable(None, on) for number in members if (wallet := self.wallets.get(number))}
        giving = [number for number, points in usable.items() if points]
        self._move(sorted(giving), pool, None, on)
        without = len(members) - len(giving) - len(owing)
        return PooledIn(len(giving), sum(usable.values()), len(owing), sum(owing), without, taking.points, False)

    def _move(self, sources: Iterable[int], target: int, points: int | None, on: date) -> None:
        """Move the points, or all that can be used; who earned them is noted, and what is owed is paid lot by lot."""
        moved: dict[LotKey, Counter[Earned]] = {}
        for source in sources:
            giving = self.wallets[source]
            giving.seen(on)
            for part in take(giving.parts, giving.usable(None, on) if points is None else points, None, on):
                gone = giving.leave(part)
                moved.setdefault(part.lot, Counter()).update(gone)
                for earned, share in gone.items():
                    self.origins[target, source, Movement.TRANSFER, earned, part.lot] += share
        taking = self.wallets[target]
        for lot in sorted(moved, key=lambda lot: lot.order):
            taking.seen(on)
            taking.credit(lot, moved[lot], by_hand(target, on))
            for earned in moved[lot]:
                if earned.usage_month and target >= FIRST_POOL:
                    taking.filled.setdefault(earned.usage_month, set()).add(lot)

    def post(
        self, targets: Mapping[int, int], lot: LotKey, month: date, on: date, pools: Mapping[int, int]
    ) -> SlicePosted:
        """Bring every member to its target for the month; who has none should have nothing. `pools`: of whom now."""
        had = {number for number, wallet in self.wallets.items() if wallet.given[month]}
        had |= {origin for _pool, origin, movement, earned, _lot in self.origins if earned.usage_month == month}
        shares: dict[int, dict[int, int]] = {}
        for number in {one for one in had if one < FIRST_POOL} | set(targets):
            for place, points in self._settled(number, targets.get(number, 0), month, pools.get(number)).items():
                shares.setdefault(place, {})[number] = points
        for place, changes in shares.items():
            self._post(place, changes, lot, month, on)
        ups = sum(points for changes in shares.values() for points in changes.values() if points > 0)
        downs = -sum(points for changes in shares.values() for points in changes.values() if points < 0)
        self.accounts["issued"] -= ups - downs
        return SlicePosted(len({number for changes in shares.values() for number in changes}), ups, downs)

    def _settled(self, number: int, target: int, month: date, pool: int | None) -> dict[int, int]:
        """What changes in which wallet for the member."""
        own = self.wallets[number].given[month] if number in self.wallets else 0
        there: dict[int, Counter[bool]] = {}
        for (place, origin, movement, earned, _lot), points in self.origins.items():
            if place >= FIRST_POOL and origin == number and earned == of_month(number, month):
                there.setdefault(place, Counter())[movement is Movement.TRANSFER] += points
        pools = {wallet_id(place): InPool(points[False], points[True]) for place, points in there.items()}
        changes = settle(target, own, pools, wallet_id(number if pool is None else pool))
        return {place.int >> 96: points for place, points in changes.items()}

    def _post(self, place: int, changes: Mapping[int, int], lot: LotKey, month: date, on: date) -> None:
        """What members get first, then what is taken back of others."""
        wallet = self.wallets.setdefault(place, Wallet())
        wallet.seen(on)
        ups = {of_month(number, month): points for number, points in changes.items() if points > 0}
        downs = {wallet_id(number): -points for number, points in changes.items() if points < 0}
        if ups:
            wallet.credit(lot, ups, of_month(place, month))
            wallet.filled.setdefault(month, set()).add(lot)
        taken = taken_back(wallet.parts, sum(downs.values()), wallet.filled.get(month, set()))
        parts = apportion(downs, taken)
        for (member, part_lot), points in parts.items():
            if part_lot == OWED:
                wallet.arrears += points
            else:
                wallet.debit(Part(part_lot, points), {Earned(member, month, month): points})
        if place < FIRST_POOL:
            wallet.given[month] += sum(changes.values())
            return
        for earned, points in ups.items():
            self.origins[place, number_of(earned.earned_by), Movement.GRANT, earned, lot] += points
        for (member, part_lot), points in parts.items():
            self.origins[place, number_of(member), Movement.CORRECT, Earned(member, month, month), part_lot] -= points

    def expire(self, as_of: date, ended: Iterable[int]) -> SliceExpired:
        due = [
            (wallet, wallet.lots[part.lot], part.points)
            for number, wallet in self.wallets.items()
            for part in wallet.parts
            if part.lot.lapses_on < as_of or (number in ended and wallet.latest <= as_of)
        ]
        for wallet, lot, points in due:
            wallet.seen(as_of)
            lot.lapsed += points
            self.accounts["lapsed"] += points
        return SliceExpired(len(due), sum(points for _wallet, _lot, points in due))


NO_SUCH_WALLET: Answer = ("points.no_such_wallet", {})


def insufficient(points: int, usable: int) -> Answer:
    return "points.insufficient", {"points": points, "usable": usable}


def total(parts: Iterable[Part]) -> int:
    return sum(part.points for part in parts)


def taken_back(parts: list[Part], points: int, filled: set[LotKey]) -> tuple[Part, ...]:
    """What is taken back: from the lots that the month filled, from the others, and then it is owed."""
    own = take([part for part in parts if part.lot in filled], points, None, date.min)
    others = [part for part in parts if part.lot not in filled]
    rest = take(others, points - total(own), None, date.min)
    owed = points - total(own) - total(rest)
    return own + rest + ((Part(OWED, owed),) if owed else ())


def number_of(wallet_id: UUID) -> int:
    return wallet_id.int >> 96


def by_hand(number: int, on: date) -> Earned:
    """What came to the wallet on that day, and for no month."""
    return Earned(wallet_id(number), None, on)


def of_month(number: int, month: date) -> Earned:
    return Earned(wallet_id(number), month, month)
