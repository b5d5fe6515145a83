"""Random sequences of everything that can be done with the ledger; after each step it is what the model says."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from noren.kit.errors import Refusal
from noren.points import actions, queries, rules
from noren.points.actions import PooledIn, Receipt, SlicePosted
from noren.points.models import BudgetUse, Origin, ProgrammeEntry, Wallet
from noren.points.rules import Earned, LotKey, Movement
from tests import soak
from tests.cast import ENGINEER, NOW
from tests.points import books, model
from tests.points.books import AUGUST, FIRST_POOL, JULY, LIMITED, NORMAL, ON, SOONER, Door, wallet_id
from tests.points.model import Answer, Ledger, Spent

MEMBERS = (1, 2, 3)
POOLS = (FIRST_POOL, FIRST_POOL + 1)
UNIT, PERSON = "unit:1", "account:A1"
BEFORE, AFTER = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
"""Of the time at which wallets are given up."""
LAST_DAYS = [ON, SOONER.lapses_on, SOONER.lapses_on + timedelta(days=1)]

members = st.sampled_from(MEMBERS)
wallets = members | st.sampled_from((*MEMBERS, *POOLS))
pools = st.sampled_from((POOLS[0], *POOLS))
spenders = st.sampled_from([(), (), (UNIT,), (PERSON,), (UNIT, PERSON)])
lots = st.sampled_from([NORMAL, LIMITED, SOONER])
points = st.integers(1, 80)
pairs = st.permutations((*MEMBERS, *POOLS)).map(lambda some: (some[0], some[1]))
uses = st.sampled_from(["bill", "bill", "donation", "goods"])
gifts = st.lists(st.tuples(st.integers(50, 200), lots), min_size=2, max_size=3, unique_by=lambda gift: gift[1])
shares = st.integers(10, 110)
some_or_all = st.none() | shares | shares
days = st.sampled_from(LAST_DAYS).map(lambda on: Door(on=on))
expiry_days = st.sampled_from([*LAST_DAYS, NORMAL.lapses_on, NORMAL.lapses_on + timedelta(days=1)])
month_targets = st.dictionaries(members, points, max_size=3)

Use = tuple[UUID, Spent]
Key = TypeVar("Key")


@dataclass(frozen=True)
class Asked:
    """A request with its key, and the answer that it got."""

    number: int
    key: str
    again: Callable[[str], Receipt]
    answer: Answer


@dataclass(frozen=True)
class Joined:
    """A request by which many joined, and the answer that it got."""

    members: frozenset[int]
    pool: int
    key: str
    answer: PooledIn


def answer(attempt: Callable[[], Receipt]) -> Answer:
    """What the ledger says, in the model's words."""
    try:
        receipt = attempt()
    except Refusal as refusal:
        return refusal.code, dict(refusal.values)
    return receipt.points, receipt.balance


class Machine(RuleBasedStateMachine):
    """The ledger beside its model, from empty books."""

    spends: Bundle[Use] = Bundle("spends")

    def __init__(self) -> None:
        super().__init__()
        books.clear()
        self.ledger = Ledger()
        self.asked: list[Asked] = []
        self.joined: list[Joined] = []
        self.inside: dict[int, int] = {}
        self.runs = 0

    def same(self, number: int, attempt: Callable[[str], Receipt], expected: Answer) -> str:
        """The ledger answers as the model did; gives the key of the request."""
        key = books.new_key()
        got = answer(lambda: attempt(key))
        assert got == expected
        if expected != model.NO_SUCH_WALLET:
            self.asked.append(Asked(number, key, attempt, got))
        return key

    def wallet(self, number: int) -> model.Wallet:
        """As the model has it; empty when there is none."""
        return self.ledger.wallets.get(number, model.Wallet())

    def next_run(self) -> str:
        self.runs += 1
        return f"run-{self.runs}"

    @initialize(some=st.tuples(*[gifts for _member in MEMBERS]))
    def begin(self, some: tuple[list[tuple[int, LotKey]], ...]) -> None:
        for number, given in zip(MEMBERS, some, strict=True):
            for points, lot in given:
                self.grant(number, points, lot)

    @rule(number=members, points=points, lot=lots)
    def grant(self, number: int, points: int, lot: LotKey) -> None:
        expected = self.ledger.grant(number, points, lot, ON)
        self.same(number, lambda key: books.give(number, points, lot, key=key), expected)

    @rule(target=spends, number=wallets, share=shares, use=uses, budgets=spenders, when=st.tuples(days, st.booleans()))
    def spend(
        self, number: int, share: int, use: str, budgets: tuple[str, ...], when: tuple[Door, bool]
    ) -> Use | MultipleResults[Use]:
        door = replace(when[0], now=BEFORE if when[1] else AFTER)
        spent = Spent(number, use, (), budgets=budgets, early=when[1])
        points = part_of(self.wallet(number).usable(use, door.on), share)
        expected = self.ledger.spend(spent, points, door.on)

        def ask(key: str) -> Receipt:
            return books.use(number, points, use, budgets=budgets, key=key, door=door)

        key = self.same(number, ask, expected)
        return (rules.posting_id(f"{wallet_id(number)}/{key}"), spent) if spent.taken else multiple()

    @rule(spend=spends, share=some_or_all, door=days)
    def reverse(self, spend: Use, share: int | None, door: Door) -> None:
        spent = spend[1]
        self.give_back(spent.number, spend, share and part_of(spent.points - spent.returned, share), door)

    @rule(spend=spends, number=wallets)
    def reverse_what_perhaps_another_used(self, spend: Use, number: int) -> None:
        self.give_back(number, spend, None, Door())

    def give_back(self, number: int, spend: Use, points: int | None, door: Door) -> None:
        posting_id, spent = spend
        expected = self.ledger.reverse(number, spent, points, door.on)
        self.same(number, lambda key: books.back(number, posting_id, points, key=key, door=door), expected)

    @rule(number=wallets, points=points, lot=lots)
    def adjust_up(self, number: int, points: int, lot: LotKey) -> None:
        expected = self.ledger.adjust(number, points, lot, ON, allow_negative=False)
        self.same(number, lambda key: books.change(number, points, lot, key=key), expected)

    @rule(number=wallets, share=st.integers(10, 180), owe=st.booleans(), door=days)
    def adjust_down(self, number: int, share: int, *, owe: bool, door: Door) -> None:
        points = -part_of(model.total(self.wallet(number).parts), share)
        expected = self.ledger.adjust(number, points, NORMAL, door.on, allow_negative=owe)
        self.same(number, lambda key: books.change(number, points, allow_negative=owe, key=key, door=door), expected)

    @rule(number=members, door=days)
    def give_up(self, number: int, door: Door) -> None:
        expected = self.ledger.give_up(number, door.on)
        self.same(number, lambda key: books.give_up(number, key=key, door=door), expected)

    @rule(spend=spends, share=some_or_all, door=days)
    def give_up_and_get_back(self, spend: Use, share: int | None, door: Door) -> None:
        self.give_up(spend[1].number, door)
        self.reverse(spend, share, door)

    @rule(pair=pairs, share=some_or_all, door=days)
    def transfer(self, pair: tuple[int, int], share: int | None, door: Door) -> None:
        source, target = pair
        points = share and part_of(self.wallet(source).usable(None, door.on), share)
        expected = self.ledger.transfer(source, target, points, door.on)
        self.same(source, lambda key: books.move(source, target, points, key=key, door=door), expected)

    @rule(number=members, pool=pools, door=days)
    def join(self, number: int, pool: int, door: Door) -> None:
        self.inside[number] = pool
        expected = self.ledger.transfer(number, pool, None, door.on)
        self.same(number, lambda key: books.move(number, pool, key=key, door=door), expected)

    @rule(numbers=st.frozensets(members | st.just(4)), pool=pools, door=days)
    def join_together(self, numbers: frozenset[int], pool: int, door: Door) -> None:
        self.inside |= dict.fromkeys(numbers, pool)
        expected = self.ledger.pool_in(numbers, pool, door.on)
        key = books.new_key()
        assert books.pool(numbers, pool, key=key, door=door) == expected
        self.joined.append(Joined(numbers, pool, key, expected))

    @precondition(lambda self: self.joined)
    @rule(which=st.integers(0, 1_000))
    def join_together_once_more(self, which: int) -> None:
        before = self.joined[which % len(self.joined)]
        again = books.pool(before.members, before.pool, key=before.key)
        assert again == replace(before.answer, replayed=True)

    @rule(number=members)
    def leave(self, number: int) -> None:
        self.inside.pop(number, None)

    @rule(pool=pools, to=members, door=days)
    def dissolve(self, pool: int, to: int, door: Door) -> None:
        self.inside = {number: other for number, other in self.inside.items() if other != pool}
        expected = self.ledger.transfer(pool, to, None, door.on)
        self.same(pool, lambda key: books.move(pool, to, key=key, door=door), expected)

    @rule(number=wallets, spender=st.sampled_from([UNIT, PERSON]), monthly=st.none() | st.integers(0, 120))
    def limit(self, number: int, spender: str, monthly: int | None) -> None:
        self.ledger.limits.pop((number, spender), None)
        if monthly is not None:
            self.ledger.limits[number, spender] = monthly
        actions.set_budget(wallet_id=wallet_id(number), spender=spender, monthly=monthly, actor=ENGINEER, now=NOW)

    @rule(wanted=month_targets, lot=st.sampled_from([NORMAL, SOONER]), month=st.sampled_from([JULY, JULY, AUGUST]))
    def post(self, wanted: Mapping[int, int], lot: LotKey, month: date) -> None:
        expected = self.ledger.post(wanted, lot, month, ON, self.inside)
        assert books.post(self.next_run(), wanted, lot, usage_month=month, pools=self.inside) == expected
        assert books.post(self.next_run(), wanted, lot, usage_month=month, pools=self.inside) == SlicePosted(0, 0, 0)

    @rule(day=expiry_days, ended=st.just(set()) | st.sets(wallets, max_size=1))
    def expire(self, day: date, ended: set[int]) -> None:
        expected = self.ledger.expire(day, ended)
        assert books.expire(self.next_run(), day, tuple(ended)) == expected

    @precondition(lambda self: self.asked)
    @rule(which=st.integers(0, 1_000))
    def ask_again(self, which: int) -> None:
        asked = self.asked[which % len(self.asked)]
        assert answer(lambda: asked.again(asked.key)) == asked.answer

    @precondition(lambda self: self.asked)
    @rule(which=st.integers(0, 1_000))
    def ask_something_else_with_an_old_key(self, which: int) -> None:
        asked = self.asked[which % len(self.asked)]
        assert answer(lambda: books.use(asked.number, 1_000, key=asked.key)) == ("points.key_conflict", {})

    @invariant()
    def the_books_balance(self) -> None:
        assert queries.verify() == []

    @invariant()
    def wallets_are_as_in_the_model(self) -> None:
        found = {
            row.wallet_id.int >> 96: (row.points, row.arrears, lots_of(row.wallet_id)) for row in Wallet.objects.all()
        }
        assert found == {
            number: (wallet.points, wallet.arrears, wallet.lots) for number, wallet in self.ledger.wallets.items()
        }

    @invariant()
    def balances_are_as_in_the_model(self) -> None:
        for number, wallet in self.ledger.wallets.items():
            for day in LAST_DAYS:
                limited = model.total(part for part in wallet.parts if part.lot.is_limited)
                expected = queries.Balance(wallet.points, limited, wallet.usable(None, day))
                assert queries.balance(wallet_id(number), day) == expected

    @invariant()
    def accounts_and_limits_are_as_in_the_model(self) -> None:
        sums = ProgrammeEntry.objects.values_list("account").annotate(Sum("points"))
        assert {account: points for account, points in sums if points} == plain(self.ledger.accounts)
        used = {(row.wallet_id.int >> 96, row.spender, row.month): row.used for row in BudgetUse.objects.all()}
        assert plain(used) == plain(self.ledger.used)

    @invariant()
    def origins_are_as_in_the_model(self) -> None:
        origins: Counter[model.Origin] = Counter()
        for row in Origin.objects.all():
            lot = LotKey(row.kind, row.kind == LIMITED.kind, row.uses, row.lapses_on)
            earned = Earned(row.earned_by, row.usage_month, row.earned_on)
            origins[row.wallet_id.int >> 96, row.origin_wallet_id.int >> 96, Movement(row.movement), earned, lot] += (
                row.points
            )
        assert plain(origins) == plain(self.ledger.origins)

    @invariant()
    def what_lies_in_a_lot_was_earned_by_somebody(self) -> None:
        for wallet in self.ledger.wallets.values():
            for lot, held in wallet.lots.items():
                assert sum(wallet.earned[lot].values()) == held.granted


def part_of(points: int, share: int) -> int:
    """So many percent of the points, at least one."""
    return max(1, points * share // 100)


def lots_of(wallet_id: UUID) -> dict[LotKey, model.Lot]:
    return {
        LotKey(row.kind, row.is_limited, row.uses, row.lapses_on): model.Lot(row.granted, row.used, row.lapsed)
        for row in queries.lots(wallet_id)
    }


def plain(counts: Mapping[Key, int]) -> dict[Key, int]:
    return {name: count for name, count in counts.items() if count}


@pytest.mark.soak
@pytest.mark.usefixtures("place")
def test_whatever_is_done_the_ledger_is_as_its_model() -> None:
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=soak.many(40, 500),
            stateful_step_count=soak.many(25, 50),
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
