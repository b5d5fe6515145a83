"""Postings of a run, set-based: a slice of wallets in a handful of statements, whatever its size.

The caller opens one transaction for each slice. Every slice is one posting with one row on the programme's side; its
natural key makes a repeated run harmless. One slice is
posted at a time, and nothing else locks several wallets meanwhile, so slices and transfers cannot wait for each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from noren.kit import db, sql
from noren.kit.actor import Actor
from noren.points import rules
from noren.points.actions import refusals
from noren.points.actions.months import ensure_month
from noren.points.rules import LotKey, Movement

_Bounds = Mapping[str, UUID | None]


@dataclass(frozen=True, slots=True)
class SlicePosted:
    """Wallets that changed, and by how many points up and down."""

    wallets: int
    granted: int
    taken: int


@dataclass(frozen=True, slots=True)
class SliceExpired:
    """Lots that lapsed, and the points in them."""

    lots: int
    points: int


@dataclass(frozen=True, slots=True)
class _Posting:
    """A posting of a run and the figures of its programme side."""

    run: str
    part: str
    movement: Movement
    usage_month: date | None
    on: date
    actor: Actor
    now: datetime

    @property
    def natural_key(self) -> str:
        return f"{self.run}/{self.part}"

    @property
    def params(self) -> dict[str, object]:
        """What its statements have in common."""
        return {
            "programme": rules.PROGRAMME,
            "posting_id": rules.posting_id(self.natural_key),
            "movement": self.movement.value,
            "usage_month": self.usage_month,
            "on": self.on,
            "now": self.now,
        }

    def book(self, points: int, **accounts: int) -> bool:
        """Write the posting with the wallets' net change; False when it was there before."""
        header = {"natural_key": self.natural_key, "run": self.run, "reason": self.natural_key}
        who = {"actor": str(self.actor), "points": points}
        if not sql.run("points", "book_posting.sql", self.params | header | who):
            return False
        for account, change in accounts.items():
            if change:
                sql.run("points", "book_account.sql", self.params | {"account": account, "points": change})
        return True


def open_clearing(*, run: str, points: int, usage_month: date, on: date, actor: Actor, now: datetime) -> None:
    """Issue the points that the run will post to its clearing account; nothing for 0, or when it was done before.

    The run's slices take them from there, so the account is zero when the run has posted what it said.
    """
    if points:
        posting = _Posting(run, "open", Movement.GRANT, usage_month, on, actor, now)
        posting.book(0, **{"issued": -points, f"clearing/{run}": points})


def post_slice(
    *,
    run: str,
    slice_no: int,
    lower: UUID,
    upper: UUID | None,
    target: Path,
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
    Raises AlreadyPosted when the slice was posted before, to another result.
    """
    posting = _Posting(run, f"post/{slice_no:04}", Movement.GRANT, usage_month, on, actor, now)
    ensure_month(on)
    _begin_slice()
    sql.value("points", "join_by_hash.sql")
    bounds: _Bounds = {"lower": lower, "upper": upper}
    earlier = {"usage_month": usage_month, "days": _days_posted(usage_month)}
    posted = _find_deltas(target, bounds, {**bounds, **earlier})
    if not posted.wallets:
        return posted
    net = posted.granted - posted.taken
    if not posting.book(net, **{f"clearing/{run}": -net}):
        raise refusals.refusal(refusals.AlreadyPosted, natural_key=posting.natural_key)
    _credit(posting, lot, bounds, posted)
    if posted.taken:
        sql.run("points", "correct_taken.sql", earlier)
        _debit(posting, Movement.CORRECT)
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
    posting = _Posting(run, f"expire/{slice_no:04}", Movement.EXPIRE, None, as_of, actor, now)
    ensure_month(as_of)
    _begin_slice()
    if ended is not None:
        db.copy_in(ended, sql.text("points", "copy_ended.sql"))
    due = {"as_of": as_of, "lower": lower, "upper": upper}
    sql.run("points", "expire_lock.sql", due)
    sql.run("points", "expire_taken.sql", due)
    [expired] = sql.rows(SliceExpired, "points", "taken_totals.sql")
    if not expired.lots:
        return expired
    if not posting.book(-expired.points, lapsed=expired.points):
        raise refusals.refusal(refusals.AlreadyPosted, natural_key=posting.natural_key)
    _debit(posting, Movement.EXPIRE)
    return expired


def _begin_slice() -> None:
    sql.value("points", "begin_slice.sql")
    sql.run("points", "scratch.sql")


def _days_posted(usage_month: date) -> list[date]:
    params = {"programme": rules.PROGRAMME, "usage_month": usage_month}
    return sql.rows(lambda day: day, "points", "posted_days.sql", params)


def _find_deltas(target: Path, bounds: _Bounds, earlier: Mapping[str, object]) -> SlicePosted:
    """Note each wallet's delta and give their totals. The first time for a month, the file is the deltas."""
    seen = sql.value("points", "post_seen.sql", earlier)
    db.copy_in(target, sql.text("points", "copy_target.sql" if seen else "copy_delta.sql"))
    if seen:
        sql.run("points", "post_delta.sql", earlier)
    [(posted, outside)] = sql.rows(_totals, "points", "post_totals.sql", bounds)
    if outside or (posted.taken and not seen):
        raise ValueError(f"{target} is no list of points above 0 for the wallets of its slice")
    return posted


def _totals(wallets: int, granted: int, taken: int, outside: int) -> tuple[SlicePosted, int]:
    return SlicePosted(wallets, granted, taken), outside


def _credit(posting: _Posting, lot: LotKey, bounds: _Bounds, posted: SlicePosted) -> None:
    columns = {"kind": lot.kind, "is_limited": lot.is_limited, "uses": lot.uses, "lapses_on": lot.lapses_on}
    params = {**posting.params, **columns, **bounds}
    [(locked, netted)] = sql.rows(lambda *counts: counts, "points", "post_wallets.sql", bounds)
    if locked < posted.wallets:
        sql.run("points", "post_new_wallets.sql", bounds)
    credited = sql.run("points", "post_entries.sql", params)
    if sql.run("points", "post_lots.sql", params) < credited:
        sql.run("points", "post_new_lots.sql", params)
    if netted:
        sql.run("points", "net_entries.sql", params)
        sql.run("points", "net_wallets.sql")


def _debit(posting: _Posting, movement: Movement) -> None:
    params = posting.params | {"movement": movement.value}
    sql.run("points", "taken_entries.sql", params)
    sql.run("points", "taken_lots.sql", params)
    sql.run("points", "taken_wallets.sql")
