"""Uses that wait: points are taken at once, and stand on an account of the programme until somebody else has answered.

What is confirmed moves to the account of the use; what is not goes back to the lots it came from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from noren.kit import db, sql
from noren.kit.actor import Actor
from noren.points import rules
from noren.points.actions import refusals, slices
from noren.points.actions.months import ensure_month
from noren.points.actions.slices import Posting
from noren.points.rules import Movement

WISHES_PER_SLICE = 20_000
"""At most so many of one call, so that the lines of a posting can be numbered, whatever a pool is asked for."""

FEW = 1_000
"""So many may be looked for one by one; more are joined with all wallets between the first and the last."""


@dataclass(frozen=True, slots=True)
class SliceReserved:
    """Wishes, how many points they got together, and the first and the last of their wallets."""

    wishes: int
    points: int
    lower: UUID
    upper: UUID


def reserve_slice(
    *,
    run: str,
    slice_no: int,
    wishes: Path,
    use: str,
    against: str,
    on: date,
    actor: Actor,
    now: datetime,
) -> SliceReserved:
    """Take what is wished, or as much as there is, and let it wait on the account.

    `wishes`: CSV without header, item_id,wallet_id,place,points: within a wallet in the order of `place`; without
    points: what is left of the lots that lapse first, once in a wallet and last. Left for statements of the caller's
    transaction: points_wish as wished, and points_part, what they got: item_id, points, line (of this slice's posting).
    Raises AlreadyPosted when the slice was reserved before.
    """
    posting = Posting(run, f"reserve/{slice_no:04}", Movement.SPEND, None, on, actor, now)
    ensure_month(on)
    slices.begin()
    wished = db.copy_in(wishes, sql.text("points", "copy_wishes.sql"))
    if wished > FEW:
        sql.value("points", "join_by_hash.sql")
    [bounds] = sql.mappings("points", "wish_bounds.sql")
    sql.value("points", "lock_wishing.sql", bounds)
    sql.run("points", "reserve_parts.sql", {**bounds, "on": on, "use": use})
    sql.run("points", "part_taken.sql")
    [taken] = sql.rows(lambda _lots, points: points, "points", "taken_totals.sql")
    if taken:
        if not posting.book(-taken, **{against: taken}):
            raise refusals.refusal(refusals.AlreadyPosted, natural_key=posting.natural_key)
        params = {**posting.params, **bounds, "movement": Movement.SPEND.value}
        sql.run("points", "part_entries.sql", params)
        sql.run("points", "taken_lots.sql", params)
        sql.run("points", "taken_wallets.sql", bounds)
    return SliceReserved(wished, taken, **bounds)


def return_slice(
    *, run: str, returns: Path, use: str, against: str, on: date, actor: Actor, now: datetime, reason: str
) -> int:
    """Give back, from the account to the lots it came from, what is listed; gives how many items.

    `returns`: CSV without header, the columns of copy_returns.sql: the posting that is made, and the posting, day and
    lines that it takes back, of which `before` points came back before. At most WISHES_PER_SLICE.
    What was used before its wallet was given up lapses at once. A posting that is there already is an IntegrityError.
    """
    ensure_month(on)
    slices.begin()
    count = db.copy_in(returns, sql.text("points", "copy_returns.sql"))
    params = {"on": on, "now": now, "use": use, "run": run, "reason": reason, "actor": str(actor), "against": against}
    sql.value("points", "lock_returning.sql")
    sql.run("points", "return_parts.sql")
    sql.run("points", "return_postings.sql", params)
    sql.run("points", "return_entries.sql", params)
    for statement in ("return_lots.sql", "return_wallets.sql", "return_budgets.sql"):
        sql.run("points", statement)
    sql.run("points", "return_given_up.sql", {**params, "programme": rules.PROGRAMME})
    return count


def move(*, run: str, part: str, on: date, actor: Actor, now: datetime, accounts: Mapping[str, int]) -> bool:
    """Move points between accounts of the programme, in one posting whose changes sum to zero. False: all are 0.

    Raises ValueError when they do not sum to zero, AlreadyPosted when that part of the run was posted before.
    """
    if sum(accounts.values()) != 0:
        raise ValueError(f"{dict(accounts)} does not sum to zero")
    if not any(accounts.values()):
        return False
    posting = Posting(run, part, Movement.SPEND, None, on, actor, now)
    if not posting.book(0, **accounts):
        raise refusals.refusal(refusals.AlreadyPosted, natural_key=posting.natural_key)
    return True
