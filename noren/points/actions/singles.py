"""Single operations: each is one function in the database, so one statement, one round trip, all or nothing.

They open no transaction. A refusal is an answer of the database too: it is kept under its key and raised here, so the
same request gets the same no.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from noren.kit import sql
from noren.kit.actor import Actor
from noren.points import rules
from noren.points.actions import refusals
from noren.points.actions.months import ensure_month
from noren.points.rules import LotKey, WalletKey

NOTHING_IN_PARTICULAR = LotKey(kind="", is_limited=False, uses="", lapses_on=rules.NEVER)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was booked: the change of the wallet (below 0: taken) and its balance then; `replayed`: it was before."""

    posting_id: UUID
    points: int
    balance: int
    replayed: bool


@dataclass(frozen=True, slots=True)
class _Order:
    """What every operation is told: whose wallet, business day, who, when, key of the request, and why."""

    wallet_id: UUID
    on: date
    actor: Actor
    now: datetime
    key: str
    reason: str


def grant(
    *, wallet: WalletKey, lot: LotKey, points: int, on: date, actor: Actor, now: datetime, key: str, reason: str
) -> Receipt:
    """Give points into a lot; the wallet is made when it is the first time. Raises NotPositive, KeyConflict."""
    _must_be_positive(points)
    owner = {"owner_kind": wallet.owner_kind, "owner_id": wallet.owner_id}
    order = _Order(wallet.wallet_id, on, actor, now, key, reason)
    return _perform("grant", order, points=points, **owner, **_columns(lot))


def spend(
    *,
    wallet_id: UUID,
    points: int,
    use: str,
    kinds: tuple[str, ...] = (),
    budgets: tuple[str, ...] = (),
    against: str | None = None,
    on: date,
    actor: Actor,
    now: datetime,
    key: str,
    reason: str,
) -> Receipt:
    """Use points, those first that lapse first.

    `kinds`: only points of these; none named: of any.
    `budgets`: spenders (`unit:ID`, `account:ID`) for which it counts in the month of the day, limited or not.
    `against`: the programme's account on which the use waits (`rules.reserved`); None: it is used at once.
    Raises NotPositive, NoUse, NoSuchWallet, OverBudget, InsufficientPoints, KeyConflict.
    """
    _must_be_positive(points)
    if not use:
        raise refusals.refusal(refusals.NoUse)
    order = _Order(wallet_id, on, actor, now, key, reason)
    named = {"budgets": sorted(set(budgets)), "kinds": sorted(set(kinds))}
    return _perform("spend", order, points=points, use=use, against=against, **named)


def reverse(
    *,
    wallet_id: UUID,
    posting_id: UUID,
    points: int | None = None,
    against: str | None = None,
    on: date,
    actor: Actor,
    now: datetime,
    key: str,
    reason: str,
) -> Receipt:
    """Give back what the posting used, a part or (None) all that is left, to the lots from which it came.

    `against`: the programme's account on which the use still waits; None: it was used.
    A lot keeps its last day: what comes back to a lapsed lot lapses with the next expiry. What was used before the
    wallet was given up lapses at once.
    Raises NotPositive, NoSuchWallet, NoSuchPosting, AlreadyReversed, KeyConflict.
    """
    _must_be_positive(1 if points is None else points)
    order = _Order(wallet_id, on, actor, now, key, reason)
    return _perform("reverse", order, points=points, reversed=posting_id, against=against)


def adjust(
    *,
    wallet_id: UUID,
    points: int,
    lot: LotKey | None = None,
    allow_negative: bool = False,
    on: date,
    actor: Actor,
    now: datetime,
    key: str,
    reason: str,
) -> Receipt:
    """Add points to the lot, or (below 0) take them in the order of use; if allowed, what is short is owed.

    Raises NotPositive (for 0), NoLot, NoSuchWallet, InsufficientPoints, KeyConflict.
    """
    _must_be_positive(abs(points))
    if points > 0 and lot is None:
        raise refusals.refusal(refusals.NoLot)
    order = _Order(wallet_id, on, actor, now, key, reason)
    columns = _columns(lot or NOTHING_IN_PARTICULAR)
    return _perform("adjust", order, points=points, allow_negative=allow_negative, **columns)


def give_up(*, wallet_id: UUID, on: date, actor: Actor, now: datetime, key: str, reason: str) -> Receipt:
    """Take all points that are in the lots; what was used until now lapses when it comes back. Raises NoSuchWallet."""
    return _perform("give_up", _Order(wallet_id, on, actor, now, key, reason))


def transfer(
    *,
    source_id: UUID,
    target: WalletKey,
    points: int | None = None,
    on: date,
    actor: Actor,
    now: datetime,
    key: str,
    reason: str,
) -> Receipt:
    """Move points to another wallet, so many in the order of use or (None) all that can be used on the day.

    Kind, uses and last day stay, and the target keeps from whom they came. The receipt is the source's.
    Raises NotPositive, SameWallet, NoSuchWallet, InArrears, InsufficientPoints, KeyConflict.
    """
    _must_be_positive(1 if points is None else points)
    if source_id == target.wallet_id:
        raise refusals.refusal(refusals.SameWallet)
    owner = {"owner_kind": target.owner_kind, "owner_id": target.owner_id}
    order = _Order(source_id, on, actor, now, key, reason)
    return _perform("transfer", order, points=points, target_id=target.wallet_id, **owner)


def _perform(operation: str, order: _Order, **asked: object) -> Receipt:
    ensure_month(order.on)
    # What is not asked for is no part of it: keys of the time before it could be asked for get their answers.
    told = {name: value for name, value in asked.items() if value != [] and (name, value) != ("against", None)}
    params = {
        "wallet_id": order.wallet_id,
        "posting_id": rules.posting_id(f"{order.wallet_id}/{order.key}"),
        "key": order.key,
        "request_hash": rules.request_hash(operation, reason=order.reason, **told),
        "on": order.on,
        "now": order.now,
        "reason": order.reason,
        "actor": str(order.actor),
        **asked,
    }
    answer = json.loads(sql.value("points", f"{operation}.sql", params))
    if "refused" in answer:
        raise refusals.of_answer(answer)
    return Receipt(UUID(answer["posting_id"]), answer["points"], answer["balance"], "replayed" in answer)


def _columns(lot: LotKey) -> dict[str, object]:
    return {"kind": lot.kind, "is_limited": lot.is_limited, "uses": lot.uses, "lapses_on": lot.lapses_on}


def _must_be_positive(points: int) -> None:
    if points <= 0:
        raise refusals.refusal(refusals.NotPositive)
