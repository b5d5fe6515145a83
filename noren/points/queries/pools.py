"""Reads on pools: who earned what lies in them, what a member has brought, limits and what was used of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from noren.kit import db, sql
from noren.kit.months import first_day
from noren.points.rules import PROGRAMME, Movement


@dataclass(frozen=True, slots=True)
class OriginRow:
    """Points that came into a pool through one wallet, by who earned them (mostly the same) and for which month.

    `brought` came with the member, `posted` by closes in its stead, corrections taken off.
    """

    origin_wallet_id: UUID
    earned_by: UUID
    usage_month: date | None
    brought: int
    posted: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where a list of origins goes on: after this row."""

    origin_wallet_id: UUID
    earned_by: UUID
    usage_month: date | None


@dataclass(frozen=True, slots=True)
class BroughtRow:
    """One posting by which points of a member went into another wallet (above 0), or were taken back there (below)."""

    wallet_id: UUID
    posting_id: UUID
    effective_on: date
    movement: Movement
    earned_by: UUID
    usage_month: date | None
    points: int


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """What a spender may use of a wallet in a month (None: as much as there is), and has used."""

    spender: str
    monthly: int | None
    used: int


def pool_origins(
    wallet_id: UUID, *, after: Source | None = None, origins: Iterable[UUID] | None = None, limit: int = 50
) -> list[OriginRow]:
    """From whom the points came that ever came into the wallet, by member and month; a page of at most `limit` rows.

    `origins`: only what came through these wallets. What was used since is not taken off.
    """
    params = {
        "wallet_id": wallet_id,
        "origins": None if origins is None else list(origins),
        "origin": after and after.origin_wallet_id,
        "earned_by": after and after.earned_by,
        "month": (after and after.usage_month) or date.max,
        "limit": limit,
    }
    return sql.rows(OriginRow, "points", "pool_origins.sql", params)


def brought(origin_wallet_id: UUID, *, usage_month: date | None = None) -> list[BroughtRow]:
    """What a member's points did outside its own wallet, the oldest first; of one usage month, or (None) of all."""
    params = {"origin_wallet_id": origin_wallet_id, "usage_month": usage_month, "programme": PROGRAMME}
    return sql.rows(_brought, "points", "brought.sql", params)


def origin_members(usage_month: date, lower: UUID, upper: UUID | None, target: Path) -> int:
    """Write the wallets from `lower` up to (not with) `upper` whose points of the month went elsewhere; how many.

    CSV without header: wallet_id. Pools are left out.
    """
    params = {"usage_month": usage_month, "lower": lower, "upper": upper}
    return db.copy_out(sql.text("points", "origin_members.sql"), target, params)


def budgets(wallet_id: UUID, month: date) -> list[BudgetRow]:
    """Limits of the wallet and what was used in the month of that day, by spender; also of spenders without a limit."""
    params = {"wallet_id": wallet_id, "month": first_day(month)}
    return sql.rows(BudgetRow, "points", "budgets.sql", params)


@dataclass(frozen=True, slots=True)
class UsedRow:
    """Points of a wallet used in a month, less what came back: for what, counted for whom, and who used them."""

    month: date
    use: str
    spenders: list[str]
    actor: str
    points: int


def used_by(wallet_id: UUID, since: date, until: date) -> list[UsedRow]:
    """What was used of the wallet from `since` up to (not with) `until`: one statement. Without what runs took."""
    return sql.rows(UsedRow, "points", "used_by.sql", {"wallet_id": wallet_id, "since": since, "until": until})


def _brought(*columns: Any) -> BroughtRow:
    make: Callable[..., BroughtRow] = BroughtRow
    wallet, posting, day, movement, *rest = columns
    return make(wallet, posting, day, Movement(movement), *rest)
