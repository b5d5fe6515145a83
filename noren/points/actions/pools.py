"""Pools: many members' points go into one at once, a month is posted to them, and their spenders have limits."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.db import transaction

from noren.audit import actions as audit
from noren.kit import db, sql
from noren.kit.actor import Actor
from noren.points import rules
from noren.points.actions import refusals, slices
from noren.points.actions.months import ensure_month
from noren.points.actions.slices import Bounds, Posting, SlicePosted
from noren.points.models import Budget, Wallet
from noren.points.rules import LotKey, Movement, WalletKey

EVERYWHERE: Bounds = {"lower": UUID(int=0), "upper": None}

CREDIT_LINES = 4
"""So many lines the credit of a slice may take in a wallet; what is taken back comes after them."""


@dataclass(frozen=True, slots=True)
class PooledIn:
    """What went into a pool: wallets and points of them, who was left out, the pool's balance then.

    Left out are wallets that owe points (and how many), and those without usable points, unknown ones among them.
    """

    wallets: int
    points: int
    in_arrears: int
    arrears: int
    without: int
    balance: int
    replayed: bool


def pool_in(
    *, pool: WalletKey, members: Iterable[UUID], on: date, actor: Actor, now: datetime, key: str, reason: str
) -> PooledIn:
    """Move all that these members can use on the day into the pool, whatever their number, in one statement.

    Kinds, uses and last days stay, and the pool keeps who earned the points, and for which month. It is alone with
    other slices and transfers until the transaction ends, so let it be the first of the transaction that moves points.
    Raises SameWallet, KeyConflict.
    """
    joining = sorted(set(members))
    if pool.wallet_id in joining:
        raise refusals.refusal(refusals.SameWallet)
    ensure_month(on)
    everybody = hashlib.sha256(b"".join(member.bytes for member in joining)).hexdigest()
    owner = {"owner_kind": pool.owner_kind, "owner_id": pool.owner_id}
    params = {
        "wallet_id": pool.wallet_id,
        "posting_id": rules.posting_id(f"{pool.wallet_id}/{key}"),
        "key": key,
        "request_hash": rules.request_hash("pool_in", reason=reason, members=everybody, **owner),
        "on": on,
        "now": now,
        "reason": reason,
        "actor": str(actor),
        "members": joining,
        **owner,
    }
    answer = json.loads(sql.value("points", "pool_in.sql", params))
    if "refused" in answer:
        raise refusals.of_answer(answer)
    return PooledIn(**{"replayed": False, **answer})


def post_pools(
    *,
    run: str,
    slice_no: int,
    earners: Path,
    lot: LotKey,
    usage_month: date,
    on: date,
    actor: Actor,
    now: datetime,
) -> SlicePosted:
    """Bring members whom pools concern to what the usage month should have given them, wherever that was posted.

    `earners`: CSV without header, wallet_id,owner_kind,owner_id,points,pool_id,pool_owner_id, a member once; the last
    two are empty for one that is in no pool now. See rules.settle for what is posted where; a pool gets one entry for
    each lot, and an origin for each member. The result counts members.
    Raises AlreadyPosted when the slice was posted before, to another result.
    """
    posting = Posting(run, f"post/{slice_no:04}", Movement.GRANT, usage_month, on, actor, now)
    ensure_month(on)
    slices.begin()
    earlier = slices.earlier(usage_month)
    db.copy_in(earners, sql.text("points", "copy_earners.sql"))
    sql.run("points", "analyze_earners.sql")
    sql.run("points", "pool_shares.sql", earlier)
    [posted] = sql.rows(SlicePosted, "points", "pool_totals.sql")
    if not posted.wallets:
        return posted
    net = posted.granted - posted.taken
    if not posting.book(net, **{f"clearing/{run}": -net}):
        raise refusals.refusal(refusals.AlreadyPosted, natural_key=posting.natural_key)
    sql.run("points", "pool_wallets.sql")
    if posted.granted:
        slices.credit(posting, lot, EVERYWHERE, _deltas(1))
    if posted.taken:
        _take_back(posting, earlier)
    columns = {"kind": lot.kind, "uses": lot.uses, "lapses_on": lot.lapses_on}
    sql.run("points", "pool_shares_origins.sql", posting.params | columns)
    return posted


def _deltas(sign: int) -> int:
    """Let the deltas be the sums of the shares above (1) or below (-1) 0, by wallet; how many."""
    sql.run("points", "clear_deltas.sql")
    count = sql.run("points", "pool_deltas.sql", {"sign": sign})
    sql.run("points", "analyze_deltas.sql")
    return count


def _take_back(posting: Posting, earlier: dict[str, object]) -> None:
    _deltas(-1)
    sql.value("points", "post_wallets.sql", EVERYWHERE)
    sql.run("points", "filled_by_entries.sql", earlier)
    sql.run("points", "filled_by_origins.sql", earlier)
    sql.run("points", "correct_taken.sql", {"lines": CREDIT_LINES})
    slices.debit(posting, Movement.CORRECT, EVERYWHERE)


@transaction.atomic
def set_budget(*, wallet_id: UUID, spender: str, monthly: int | None, actor: Actor, now: datetime) -> None:
    """Let the spender use so many points of the wallet in a month, or (None) as many as there are.

    It counts at once, also for what was used in the month before. Raises NegativeBudget.
    """
    if monthly is not None and monthly < 0:
        raise refusals.refusal(refusals.NegativeBudget)
    list(Wallet.objects.select_for_update().filter(wallet_id=wallet_id))
    limit = Budget.objects.filter(wallet_id=wallet_id, spender=spender)
    before = limit.values_list("monthly", flat=True).first()
    limit.delete()
    if monthly is not None:
        Budget.objects.create(wallet_id=wallet_id, spender=spender, monthly=monthly)
    detail = {"spender": spender, "before": before, "monthly": monthly}
    audit.record(actor=actor, act="points.budget", subject=str(wallet_id), detail=detail, now=now)
