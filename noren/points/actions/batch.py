"""Postings of a run, set-based: a slice of wallets in a handful of statements, whatever its size."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from noren.kit import db, sql
from noren.kit.actor import Actor
from noren.points.actions import refusals, slices
from noren.points.actions.months import ensure_month
from noren.points.actions.slices import Bounds, Posting, SlicePosted
from noren.points.rules import LotKey, Movement


@dataclass(frozen=True, slots=True)
class SliceExpired:
    """Lots that lapsed, and the points in them."""

    lots: int
    points: int


def open_clearing(*, run: str, points: int, usage_month: date, on: date, actor: Actor, now: datetime) -> None:
    """Issue the points that the run will post to its clearing account; nothing for 0, or when it was done before.

    The run's slices take them from there, so the account is zero when the run has posted what it said.
    """
    if points:
        posting = Posting(run, "open", Movement.GRANT, usage_month, on, actor, now)
        posting.book(0, **{"issued": -points, f"clearing/{run}": points})


def post_slice(
    *,
    run: str,
    slice_no: int,
    lower: UUID,
    upper: UUID | None,
    target: Path,
    aside: Path | None = None,
    lot: LotKey,
    usage_month: date,
    on: date,
    actor: Actor,
    now: datetime,
) -> SlicePosted:
    """Bring the wallets from `lower` up to (not with) `upper` to what the usage month should have given them.

    `target`: CSV without header, wallet_id,owner_kind,owner_id,points, points above 0, sorted by wallet_id, a wallet
    once. What is posted already is taken off; a wallet that is not in the file should have nothing. More goes into
    `lot`, less is taken from the lots that the usage month filled, then in the order of use, then owed.
    Left as they are, for `post_pools`: wallets that are listed in `aside` (CSV without header), pools, and wallets of
    which points of the month went elsewhere.
    Raises AlreadyPosted when the slice was posted before, to another result.
    """
    posting = Posting(run, f"post/{slice_no:04}", Movement.GRANT, usage_month, on, actor, now)
    ensure_month(on)
    slices.begin()
    sql.value("points", "join_by_hash.sql")
    bounds: Bounds = {"lower": lower, "upper": upper}
    earlier = slices.earlier(usage_month)
    others = _set_aside(aside, {**bounds, **earlier})
    posted = _find_deltas(target, bounds, {**bounds, **earlier}, others=others)
    if not posted.wallets:
        return posted
    net = posted.granted - posted.taken
    if not posting.book(net, **{f"clearing/{run}": -net}):
        raise refusals.refusal(refusals.AlreadyPosted, natural_key=posting.natural_key)
    slices.credit(posting, lot, bounds, posted.wallets)
    if posted.taken:
        sql.run("points", "filled_by_entries.sql", earlier)
        sql.run("points", "correct_taken.sql", {"lines": 0})
        slices.debit(posting, Movement.CORRECT, bounds)
    return posted


def expire_slice(
    *,
    run: str,
    slice_no: int,
    lower: UUID,
    upper: UUID | None,
    as_of: date,
    ended: Path | None,
    actor: Actor,
    now: datetime,
) -> SliceExpired:
    """Let lapse, in the wallets from `lower` up to (not with) `upper`, lots whose last day is before `as_of`.

    `ended`: CSV without header of wallet ids whose open lots lapse whatever their last day.
    Raises AlreadyPosted when the slice was expired before and there is more to expire now.
    """
    posting = Posting(run, f"expire/{slice_no:04}", Movement.EXPIRE, None, as_of, actor, now)
    ensure_month(as_of)
    slices.begin()
    if ended is not None:
        db.copy_in(ended, sql.text("points", "copy_ended.sql"))
    bounds: Bounds = {"lower": lower, "upper": upper}
    due = {"as_of": as_of, **bounds}
    sql.run("points", "expire_lock.sql", due)
    sql.run("points", "expire_taken.sql", due)
    [expired] = sql.rows(SliceExpired, "points", "taken_totals.sql")
    if not expired.lots:
        return expired
    if not posting.book(-expired.points, lapsed=expired.points):
        raise refusals.refusal(refusals.AlreadyPosted, natural_key=posting.natural_key)
    slices.debit(posting, Movement.EXPIRE, bounds)
    return expired


def _set_aside(aside: Path | None, earlier: Mapping[str, object]) -> bool:
    """Note the wallets that are left to post_pools; whether there are any."""
    listed = db.copy_in(aside, sql.text("points", "copy_aside.sql")) if aside is not None else 0
    return sql.run("points", "post_aside.sql", earlier) + listed > 0


def _find_deltas(target: Path, bounds: Bounds, earlier: Mapping[str, object], *, others: bool) -> SlicePosted:
    """Note each wallet's delta and give their totals. The first time for a month, the file is the deltas."""
    seen = sql.value("points", "post_seen.sql", earlier)
    db.copy_in(target, sql.text("points", "copy_target.sql" if seen else "copy_delta.sql"))
    if seen:
        sql.run("points", "post_delta.sql", earlier)
    if others:
        sql.run("points", "post_without_aside.sql")
    [(posted, outside)] = sql.rows(_totals, "points", "post_totals.sql", bounds)
    if outside or (posted.taken and not seen):
        raise ValueError(f"{target} is no list of points above 0 for the wallets of its slice")
    return posted


def _totals(wallets: int, granted: int, taken: int, outside: int) -> tuple[SlicePosted, int]:
    return SlicePosted(wallets, granted, taken), outside
