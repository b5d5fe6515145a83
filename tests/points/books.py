"""Short words for what the tests of the ledger do: wallets by number, points in, points out, and what is there then."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from uuid import UUID

from django.db import connections, transaction

from noren.kit.actor import Actor
from noren.points import actions, queries, rules
from noren.points.actions import PooledIn, Receipt, SliceExpired, SlicePosted
from noren.points.rules import LotKey, WalletKey
from tests.cast import ENGINEER, NOW

JULY = date(2021, 7, 1)
AUGUST = date(2021, 8, 1)
ON = date(2021, 8, 10)
NORMAL = LotKey(kind="normal", is_limited=False, uses="*", lapses_on=date(2025, 5, 31))
SOONER = LotKey(kind="normal", is_limited=False, uses="*", lapses_on=date(2024, 5, 31))
LIMITED = LotKey(kind="limited", is_limited=True, uses="bill donation", lapses_on=date(2024, 5, 31))

_keys = itertools.count()


@dataclass(frozen=True)
class Door:
    """What a door gives every action."""

    on: date = ON
    actor: Actor = ENGINEER
    now: datetime = NOW


FIRST_POOL = 1_000_000_001
"""Wallets with a number from here on are pools."""


def wallet(number: int) -> WalletKey:
    wallet_id = UUID(int=number << 96)
    if number >= FIRST_POOL:
        return WalletKey(wallet_id, rules.GROUP, str(wallet_id))
    return WalletKey(wallet_id, "line", f"L{number:04}")


def wallet_id(number: int) -> UUID:
    return wallet(number).wallet_id


def new_key() -> str:
    return f"key-{next(_keys)}"


def give(number: int, points: int, lot: LotKey = NORMAL, *, key: str | None = None, door: Door = Door()) -> Receipt:
    return actions.grant(
        wallet=wallet(number),
        lot=lot,
        points=points,
        on=door.on,
        actor=door.actor,
        now=door.now,
        key=key or new_key(),
        reason="campaign",
    )


def use(
    number: int,
    points: int,
    name: str = "bill",
    *,
    kinds: tuple[str, ...] = (),
    budgets: tuple[str, ...] = (),
    key: str | None = None,
    door: Door = Door(),
) -> Receipt:
    return actions.spend(
        wallet_id=wallet_id(number),
        points=points,
        use=name,
        kinds=kinds,
        budgets=budgets,
        on=door.on,
        actor=door.actor,
        now=door.now,
        key=key or new_key(),
        reason="application",
    )


def back(
    number: int, posting_id: UUID, points: int | None = None, *, key: str | None = None, door: Door = Door()
) -> Receipt:
    return actions.reverse(
        wallet_id=wallet_id(number),
        posting_id=posting_id,
        points=points,
        on=door.on,
        actor=door.actor,
        now=door.now,
        key=key or new_key(),
        reason="returned",
    )


def change(
    number: int,
    points: int,
    lot: LotKey | None = None,
    *,
    allow_negative: bool = False,
    key: str | None = None,
    door: Door = Door(),
) -> Receipt:
    return actions.adjust(
        wallet_id=wallet_id(number),
        points=points,
        lot=lot,
        allow_negative=allow_negative,
        on=door.on,
        actor=door.actor,
        now=door.now,
        key=key or new_key(),
        reason="mistake",
    )


def give_up(number: int, *, key: str | None = None, door: Door = Door()) -> Receipt:
    return actions.give_up(
        wallet_id=wallet_id(number),
        on=door.on,
        actor=door.actor,
        now=door.now,
        key=key or new_key(),
        reason="name change",
    )


def move(
    source: int, target: int, points: int | None = None, *, key: str | None = None, door: Door = Door()
) -> Receipt:
    return actions.transfer(
        source_id=wallet_id(source),
        target=wallet(target),
        points=points,
        on=door.on,
        actor=door.actor,
        now=door.now,
        key=key or new_key(),
        reason="joined the group",
    )


def pool(members: Iterable[int], into: int, *, key: str | None = None, door: Door = Door()) -> PooledIn:
    return actions.pool_in(
        pool=wallet(into),
        members=[wallet_id(number) for number in members],
        on=door.on,
        actor=door.actor,
        now=door.now,
        key=key or new_key(),
        reason="joined the group",
    )


def post(
    run: str,
    targets: Mapping[int, int],
    lot: LotKey = NORMAL,
    *,
    pools: Mapping[int, int] = MappingProxyType({}),
    usage_month: date = JULY,
    bounds: tuple[UUID, UUID | None] = (UUID(int=0), None),
    slice_no: int = 0,
    clearing: bool = True,
    door: Door = Door(),
) -> SlicePosted:
    """Post the targets (points by wallet number) as a run of one slice, and one more for those whom pools concern.

    `pools`: the pool of each member that is in one now.
    """
    plain = {number: points for number, points in targets.items() if number not in pools}
    if clearing:
        points = sum(targets.values()) - queries.posted(usage_month)
        actions.open_clearing(
            run=run, points=points, usage_month=usage_month, on=door.on, actor=door.actor, now=door.now
        )
    common = {"run": run, "lot": lot, "usage_month": usage_month, "on": door.on, "actor": door.actor, "now": door.now}
    with TemporaryDirectory() as folder, transaction.atomic():
        lines = [f"{wallet_id(number)},line,L{number:04},{plain[number]}" for number in sorted(plain)]
        target, aside = _file(folder, lines), _file(folder, [str(wallet_id(number)) for number in pools])
        rest = {"lower": bounds[0], "upper": bounds[1], "target": target, "aside": aside if pools else None}
        first = actions.post_slice(slice_no=slice_no, **rest, **common)  # type: ignore[arg-type]
    with TemporaryDirectory() as folder, transaction.atomic():
        earners = _file(folder, _earners(Path(folder), targets, pools, usage_month, bounds))
        if not earners.stat().st_size:
            return first
        second = actions.post_pools(slice_no=slice_no + 1, earners=earners, **common)  # type: ignore[arg-type]
    return SlicePosted(first.wallets + second.wallets, first.granted + second.granted, first.taken + second.taken)


def _earners(
    folder: Path,
    targets: Mapping[int, int],
    pools: Mapping[int, int],
    usage_month: date,
    bounds: tuple[UUID, UUID | None],
) -> Iterator[str]:
    """Who is in a pool, and who was."""
    listed = folder / "listed.csv"
    queries.origin_members(usage_month, *bounds, listed)
    others = {UUID(line).int >> 96 for line in listed.read_text().split()} - set(pools)
    for number in [*pools, *others]:
        its = f"{wallet_id(pools[number])},{wallet_id(pools[number])}" if number in pools else ","
        yield f"{wallet_id(number)},line,L{number:04},{targets.get(number, 0)},{its}"


def _file(folder: str, lines: Iterable[str]) -> Path:
    path = Path(folder) / f"{new_key()}.csv"
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def expire(
    run: str,
    as_of: date,
    ended: tuple[int, ...] = (),
    *,
    bounds: tuple[UUID, UUID | None] = (UUID(int=0), None),
    slice_no: int = 0,
) -> SliceExpired:
    with TemporaryDirectory() as folder, transaction.atomic():
        path = Path(folder) / "ended.csv"
        path.write_text("".join(f"{wallet_id(number)}\n" for number in ended))
        return actions.expire_slice(
            run=run,
            slice_no=slice_no,
            lower=bounds[0],
            upper=bounds[1],
            as_of=as_of,
            ended=path if ended else None,
            actor=ENGINEER,
            now=NOW,
        )


def held(number: int) -> dict[LotKey, int]:
    """What the open lots of the wallet hold."""
    return {
        LotKey(row.kind, row.is_limited, row.uses, row.lapses_on): row.remaining
        for row in queries.lots(wallet_id(number))
        if row.remaining
    }


def total(number: int) -> int:
    return queries.balance(wallet_id(number), ON).total


def as_owner(statement: str, *values: str | int | None) -> None:
    """Change the books as nobody else can."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, values or None)


LEDGER = ("wallet", "lot", "posting", "entry", "programme_entry", "origin", "idempotency", "budget", "budget_use")


def clear() -> None:
    """Begin again with empty books."""
    for table in LEDGER:
        as_owner(f"DELETE FROM points_{table}")
