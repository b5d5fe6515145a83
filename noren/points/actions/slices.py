"""What postings of a run are made of: the posting itself, and points into and out of many wallets at once.

The caller opens one transaction for each slice. Every slice is one posting with one row on the programme's side; its
natural key makes a repeated run harmless. One slice is
posted at a time, and nothing else locks several wallets meanwhile, so slices and transfers cannot wait for each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from noren.kit import sql
from noren.kit.actor import Actor
from noren.points import rules
from noren.points.rules import LotKey, Movement

Bounds = Mapping[str, UUID | None]


@dataclass(frozen=True, slots=True)
class SlicePosted:
    """Wallets that changed, and by how many points up and down."""

    wallets: int
    granted: int
    taken: int


@dataclass(frozen=True, slots=True)
class Posting:
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
        """What the posting's id is computed from."""
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


def begin() -> None:
    """Be alone with many wallets until the transaction ends, and have empty scratch tables."""
    sql.value("points", "begin_slice.sql")
    sql.run("points", "scratch.sql")


def earlier(usage_month: date) -> dict[str, object]:
    """The usage month and the business days on which something was posted for it."""
    params = {"programme": rules.PROGRAMME, "usage_month": usage_month}
    return {"usage_month": usage_month, "days": sql.rows(lambda day: day, "points", "posted_days.sql", params)}


def credit(posting: Posting, lot: LotKey, bounds: Bounds, wallets: int) -> None:
    """Put the deltas above 0 into the lot. `wallets`: how many deltas there are."""
    columns = {"kind": lot.kind, "is_limited": lot.is_limited, "uses": lot.uses, "lapses_on": lot.lapses_on}
    params = {**posting.params, **columns, **bounds}
    [(locked, netted)] = sql.rows(lambda *counts: counts, "points", "post_wallets.sql", bounds)
    if locked < wallets:
        sql.run("points", "post_new_wallets.sql", bounds)
    credited = sql.run("points", "post_entries.sql", params)
    if sql.run("points", "post_lots.sql", params) < credited:
        sql.run("points", "post_new_lots.sql", params)
    if netted:
        sql.run("points", "net_entries.sql", params)
        sql.run("points", "net_wallets.sql")


def debit(posting: Posting, movement: Movement, bounds: Bounds) -> None:
    """Take what is noted as taken, of wallets within the bounds."""
    params = {**posting.params, **bounds, "movement": movement.value}
    sql.run("points", "taken_entries.sql", params)
    sql.run("points", "taken_lots.sql", params)
    sql.run("points", "taken_wallets.sql", bounds)
