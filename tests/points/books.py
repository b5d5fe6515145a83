"""Short words for what the tests of the ledger do: wallets by number, points in, points out, and what is there then."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from django.db import connections, transaction

from noren.kit.actor import Actor
from noren.points import actions, queries
from noren.points.actions import Receipt, SliceExpired, SlicePosted
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


def wallet(number: int) -> WalletKey:
    return WalletKey(UUID(int=number << 96), "line", f"L{number:04}")


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


def use(number: int, points: int, name: str = "bill", *, key: str | None = None, door: Door = Door()) -> Receipt:
    return actions.spend(
        wallet_id=wallet_id(number),
        points=points,
        use=name,
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


def post(
    run: str,
    targets: Mapping[int, int],
    lot: LotKey = NORMAL,
    *,
    usage_month: date = JULY,
    bounds: tuple[UUID, UUID | None] = (UUID(int=0), None),
    slice_no: int = 0,
    clearing: bool = True,
    door: Door = Door(),
) -> SlicePosted:
    """Post the targets (points by wallet number) as a run of one slice."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "target.csv"
        path.write_text(
            "".join(f"{wallet_id(number)},line,L{number:04},{targets[number]}\n" for number in sorted(targets))
        )
        if clearing:
            points = sum(targets.values()) - queries.posted(usage_month)
            actions.open_clearing(
                run=run, points=points, usage_month=usage_month, on=door.on, actor=door.actor, now=door.now
            )
        with transaction.atomic():
            return actions.post_slice(
                run=run,
                slice_no=slice_no,
                lower=bounds[0],
                upper=bounds[1],
                target=path,
                lot=lot,
                usage_month=usage_month,
                on=door.on,
                actor=door.actor,
                now=door.now,
            )


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


LEDGER = ("wallet", "lot", "posting", "entry", "programme_entry", "origin", "idempotency")


def clear() -> None:
    """Begin again with empty books."""
    for table in LEDGER:
        as_owner(f"DELETE FROM points_{table}")
