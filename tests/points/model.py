"""The ledger once more, in plain Python on the rules alone: what every answer, lot and balance must be.

Written from docs/rules/ledger.md, not from the SQL. An answer is what a door sees: the points and the balance, or the
code of the refusal with its figures.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from noren.points.actions import SliceExpired, SlicePosted
from noren.points.rules import LotKey, Part, take, unwind

Answer = tuple[int, int] | tuple[str, Mapping[str, object]]


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
    """A use of points: from which lots, and how many of them were given back."""

    number: int
    use: str
    taken: tuple[Part, ...]
    returned: int = 0

    @property
    def points(self) -> int:
        return total(self.taken)


@dataclass
class Wallet:
    """Lots and what is owed; of each usage month, what it gave and which lots it filled; the latest business day."""

    lots: dict[LotKey, Lot] = field(default_factory=dict)
    arrears: int = 0
    given: Counter[date] = field(default_factory=Counter)
    filled: dict[date, set[LotKey]] = field(default_factory=dict)
    latest: date = date.min

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

    def credit(self, lot: LotKey, points: int) -> None:
        """Fill the lot and pay what is owed from it."""
        netted = min(self.arrears, points)
        self.arrears -= netted
        self.lots.setdefault(lot, Lot()).granted += points - netted

    def debit(self, parts: Iterable[Part]) -> None:
        for part in parts:
            self.lots[part.lot].granted -= part.points

    def owe(self, points: int) -> None:
        """Take the points in the order of use, and owe what no lot holds."""
        taken = take(self.parts, points, None, date.min)
        self.debit(taken)
        self.arrears += points - total(taken)


@dataclass
class Ledger:
    """All wallets by number, the accounts of the programme, and who brought the points of whom."""

    wallets: dict[int, Wallet] = field(default_factory=dict)
    accounts: Counter[str] = field(default_factory=Counter)
    origins: Counter[tuple[int, int, LotKey]] = field(default_factory=Counter)

    def grant(self, number: int, points: int, lot: LotKey, on: date) -> Answer:
        wallet = self.wallets.setdefault(number, Wallet())
        wallet.seen(on)
        wallet.credit(lot, points)
        self.accounts["issued"] -= points
        return points, wallet.points

    def spend(self, spent: Spent, points: int, on: date) -> Answer:
        """Notes in `spent` from which lots the points were taken."""
        if (wallet := self.wallets.get(spent.number)) is None:
            return NO_SUCH_WALLET
        if (usable := wallet.usable(spent.use, on)) < points:
            return insufficient(points, usable)
        spent.taken = take(wallet.parts, points, spent.use, on)
        wallet.seen(on)
        for part in spent.taken:
            wallet.lots[part.lot].used += part.points
        self.accounts[f"used/{spent.use}"] += points
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
            wallet.lots[part.lot].used -= part.points
            wallet.debit([part])
            wallet.credit(part.lot, part.points)
        spent.returned += points
        self.accounts[f"used/{spent.use}"] -= points
        return points, wallet.points

    def adjust(self, number: int, points: int, lot: LotKey, on: date, *, allow_negative: bool) -> Answer:
        if (wallet := self.wallets.get(number)) is None:
            return NO_SUCH_WALLET
        held = total(wallet.parts)
        if -points > held and not allow_negative:
            return insufficient(-points, held)
        wallet.seen(on)
        if points > 0:
            wallet.credit(lot, points)
        else:
            wallet.owe(-points)
        self.accounts["adjusted"] -= points
        return points, wallet.points

    def transfer(self, source: int, target: int, wanted: int | None, on: date) -> Answer:
        if (giving := self.wallets.get(source)) is None:
            return NO_SUCH_WALLET
        # Both are locked before anything is decided, so a transfer that is refused has made the target, too.
        taking = self.wallets.setdefault(target, Wallet())
        if giving.arrears:
            return "points.in_arrears", {"arrears": giving.arrears}
        usable = giving.usable(None, on)
        points = usable if wanted is None else wanted
        if points == 0 or points > usable:
            return insufficient(points, usable)
        giving.seen(on)
        taking.seen(on)
        for part in take(giving.parts, points, None, on):
            giving.debit([part])
            taking.credit(part.lot, part.points)
            self.origins[target, source, part.lot] += part.points
        return -points, giving.points

    def post(self, targets: Mapping[int, int], lot: LotKey, month: date, on: date) -> SlicePosted:
        """Bring every wallet to its target for the month; who has none should have nothing."""
        had = {number for number, wallet in self.wallets.items() if wallet.given[month]}
        changes = []
        for number in had | set(targets):
            wallet = self.wallets.setdefault(number, Wallet())
            change = targets.get(number, 0) - wallet.given[month]
            if change:
                wallet.seen(on)
            if change > 0:
                wallet.credit(lot, change)
                wallet.filled.setdefault(month, set()).add(lot)
            else:
                _take_back(wallet, -change, wallet.filled.get(month, set()))
            wallet.given[month] += change
            changes.append(change)
        self.accounts["issued"] -= sum(changes)
        ups, downs = [change for change in changes if change > 0], [-change for change in changes if change < 0]
        return SlicePosted(len(ups) + len(downs), sum(ups), sum(downs))

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


def _take_back(wallet: Wallet, points: int, filled: set[LotKey]) -> None:
    own = take([part for part in wallet.parts if part.lot in filled], points, None, date.min)
    wallet.debit(own)
    wallet.owe(points - total(own))
