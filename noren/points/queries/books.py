"""Reads on the books: balances on either time axis, lots, history, the accounting of a month, and the proof of all.

Each entry has a business day (`effective_on`) and an instant at which it was booked (`booked_at`). What was true on
a day is a question about the first; what was known of it at some instant is a question about both.
"""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

from noren.kit import db, sql
from noren.kit.duck import PARQUET, Connection, csv_of, literal
from noren.points import rules
from noren.points.models import Wallet
from noren.points.rules import Movement

MAX_FAULTS = 100
"""Rows that one finding shows."""

INVARIANTS = (
    "posting_not_balanced",
    "posting_not_its_entries",
    "wallet_not_its_entries",
    "wallet_not_its_lots",
    "arrears_not_their_entries",
    "arrears_beside_open_lots",
    "lot_not_its_entries",
    "lot_does_not_add_up",
    "entry_without_posting",
    "clearing_not_zero",
    "origins_not_their_entries",
    "budget_use_not_its_postings",
)
"""Each is a file `verify_….sql` that returns the rows which break it."""


@dataclass(frozen=True, slots=True)
class Balance:
    """What a wallet has (below 0: owes), how much of it is limited, how much can be used on the day."""

    total: int
    limited: int
    spendable: int


@dataclass(frozen=True, slots=True)
class LotRow:
    """A lot as it is now."""

    kind: str
    is_limited: bool
    uses: str
    lapses_on: date
    granted: int
    used: int
    lapsed: int
    remaining: int


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry."""

    posting_id: UUID
    line: int
    effective_on: date
    booked_at: datetime
    movement: Movement
    usage_month: date | None
    kind: str
    uses: str
    lapses_on: date
    points: int


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One posting as the wallet sees it: its change, the balance after it, and the entries behind."""

    posting_id: UUID
    effective_on: date
    booked_at: datetime
    movement: Movement
    points: int
    balance: int
    use: str
    reason: str
    actor: str
    corrects: UUID | None
    entries: tuple[EntryRow, ...]


@dataclass(frozen=True, slots=True)
class LapsingRow:
    """Points that lapse after a day."""

    lapses_on: date
    kind: str
    points: int


@dataclass(frozen=True, slots=True)
class OpenLot:
    """Points that are left of one kind, use list and last day."""

    kind: str
    is_limited: bool
    uses: str
    lapses_on: date
    remaining: int


@dataclass(frozen=True, slots=True)
class Holding:
    """What a wallet has (below 0: owes), and its open lots in the order of use."""

    wallet_id: UUID
    points: int
    lots: tuple[OpenLot, ...]


@dataclass(frozen=True, slots=True)
class MonthRow:
    """Points of a wallet for a usage month, corrections included, wherever they were posted."""

    usage_month: date
    wallet_id: UUID
    points: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a posting stands in the statement of some wallets: the order of business, then of booking."""

    effective_on: date
    booked_at: datetime
    posting_id: UUID
    wallet_id: UUID


@dataclass(frozen=True, slots=True)
class Asked:
    """Which postings a statement shows: of a span of business days, of one movement, below a place, so many."""

    since: date = date.min
    until: date = date.max
    movement: Movement | None = None
    below: Place | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A posting in one of the wallets, and the balance of all of them after it.

    `kinds`: with a space between; `lapses_on`: last day of what came in, None when nothing did.
    """

    place: Place
    movement: Movement
    usage_month: date | None
    kinds: str
    lapses_on: date | None
    points: int
    balance: int
    use: str


@dataclass(frozen=True, slots=True)
class Cohort:
    """A span of days of one kind and last day: opening + granted - used - lapsed + adjusted = closing."""

    kind: str
    lapses_on: date
    opening: int
    granted: int
    used: int
    lapsed: int
    adjusted: int
    closing: int


@dataclass(frozen=True, slots=True)
class Finding:
    """An invariant that does not hold, and (the first) rows that break it."""

    code: str
    rows: tuple[dict[str, object], ...]


def balance(wallet_id: UUID, on: date) -> Balance:
    """The balance now; `spendable` counts lots whose day is not past on the day. A wallet unknown has nothing."""
    [row] = sql.rows(Balance, "points", "balance.sql", {"wallet_id": wallet_id, "on": on})
    return row


def balance_as_of(wallet_id: UUID, on: date, known_at: datetime | None = None) -> int:
    """The balance at the end of a business day, from what is booked now or was booked by an instant."""
    params = {"wallet_id": wallet_id, "on": on, "known_at": known_at}
    return int(sql.value("points", "balance_as_of.sql", params))


def lots(wallet_id: UUID) -> list[LotRow]:
    """Lots of the wallet in the order of use, also empty ones."""
    return sql.rows(LotRow, "points", "lots.sql", {"wallet_id": wallet_id})


def lapsing(wallet_id: UUID, since: date, until: date) -> list[LapsingRow]:
    """Open lots whose last day is in the span, `until` not included: what lapses if it is not used."""
    params = {"wallet_id": wallet_id, "since": since, "until": until}
    return sql.rows(LapsingRow, "points", "lapsing.sql", params)


def history(wallet_id: UUID) -> list[HistoryRow]:
    """Postings of the wallet with their entries and the running balance, the oldest business day first."""
    params = {"wallet_id": wallet_id, "programme": rules.PROGRAMME}
    found = sql.rows(_with_posting, "points", "history.sql", params)
    rows: list[HistoryRow] = []
    for _id, group in groupby(found, key=lambda pair: pair[0].posting_id):
        pairs = list(group)
        rows.append(_history_row(pairs, rows[-1].balance if rows else 0))
    return rows


def holdings(wallets: Iterable[UUID]) -> list[Holding]:
    """What each of the wallets has and the open lots behind it: one statement. A wallet unknown is left out."""
    found = sql.rows(lambda *columns: columns, "points", "holdings.sql", {"wallets": list(wallets)})
    held = []
    for (wallet_id, points), group in groupby(found, key=lambda row: row[:2]):
        held.append(Holding(wallet_id, points, tuple(OpenLot(*row[2:]) for row in group if row[2] is not None)))
    return held


def by_month(wallets: Iterable[UUID], since: date) -> list[MonthRow]:
    """Points of the wallets for each usage month from `since` on, by month and wallet: one statement.

    What was posted to a pool in their stead counts as theirs.
    """
    return sql.rows(MonthRow, "points", "by_month.sql", {"wallets": list(wallets), "since": since})


def statement(wallets: Iterable[UUID], asked: Asked) -> list[StatementRow]:
    """What happened in the wallets, the newest business day first, at most `asked.limit` rows: one statement.

    The balance is that of all the wallets together, whatever the movement asked for.
    """
    below = asked.below
    params = {
        "wallets": list(wallets),
        "since": asked.since,
        "until": asked.until,
        "movement": asked.movement or "",
        "day": below and below.effective_on,
        "at": below and below.booked_at,
        "posting": below and below.posting_id,
        "wallet": below and below.wallet_id,
        "limit": asked.limit,
        "programme": rules.PROGRAMME,
    }
    return sql.rows(_statement_row, "points", "statement.sql", params)


def entries_for(wallet_id: UUID, usage_month: date) -> list[EntryRow]:
    """Entries of the wallet for one usage month, in the order in which they were booked."""
    params = {"wallet_id": wallet_id, "usage_month": usage_month, "programme": rules.PROGRAMME}
    return sql.rows(_entry, "points", "entries_for.sql", params)


def entries_of(wallet_id: UUID, posting_id: UUID, on: date) -> list[EntryRow]:
    """The entries of one posting of that business day: the lots behind it, in the order in which they were taken."""
    params = {"wallet_id": wallet_id, "posting_id": posting_id, "on": on}
    return sql.rows(_entry, "points", "entries_of.sql", params)


def posted(usage_month: date) -> int:
    """Points that runs have posted for a usage month so far."""
    params = {"programme": rules.PROGRAMME, "usage_month": usage_month}
    return int(sql.value("points", "posted.sql", params))


def with_points(wallet_ids: Iterable[UUID]) -> list[UUID]:
    """Those of the wallets that have points, in their order."""
    wanted = Wallet.objects.filter(wallet_id__in=list(wallet_ids), points__gt=0)
    return list(wanted.order_by("wallet_id").values_list("wallet_id", flat=True))


def given_up(wallet_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """Of these wallets those that were given up: what they used until then lapses when it comes back."""
    found = Wallet.objects.filter(wallet_id__in=list(wallet_ids)).values_list("wallet_id", "given_up_at")
    return {wallet_id: moment for wallet_id, moment in found if moment is not None}


def wallet_count() -> int:
    """How many wallets there are."""
    return Wallet.objects.count()


def report(since: date, on: date) -> list[Cohort]:
    """The accounting from a day to a day, both included, by kind and last day; arrears are a kind of their own.

    Closing is what the lots hold, less what became effective after the day; movements are read from the partitions of
    the span; opening follows. So the cost is that of the span, however long the history.
    """
    return sql.rows(Cohort, "points", "report.sql", {"since": since, "on": on})


def given(on: date) -> int:
    """Points that the programme's accounts say the wallets hold at the end of a business day."""
    return int(sql.value("points", "given.sql", {"on": on}))


def stands(*beginnings: str) -> dict[str, int]:
    """What stands on the programme's accounts with these beginnings (`reserved/`, `clearing/RUN`): one statement."""
    asked = {"beginnings": [f"{one}%" for one in beginnings]}
    return dict(sql.rows(lambda account, points: (str(account), int(points)), "points", "stands.sql", asked))


def lapsed_by(run: str) -> int:
    """Points that the programme's accounts say a run let lapse."""
    return int(sql.value("points", "lapsed_by.sql", {"programme": rules.PROGRAMME, "run": run}))


def export_balances(connection: Connection, folder: Path, target: Path, *, as_parquet: bool) -> int:
    """Write what every lot holds, and what is owed, sorted by wallet, kind and last day; gives the number of rows.

    Columns: wallet_id, member_id, kind, lapses_on, points. `folder` is for scratch files.
    """
    if not as_parquet:
        return db.copy_out(sql.text("points", "export_balances.sql"), target)
    plain = folder / "balances.csv"
    rows = db.copy_out(sql.text("points", "export_balances.sql"), plain)
    columns = {"wallet_id": "UUID", "member_id": "VARCHAR", "kind": "VARCHAR", "lapses_on": "DATE", "points": "BIGINT"}
    connection.execute(f"COPY (SELECT * FROM {csv_of(plain, columns, header=True)}) TO {literal(target)} {PARQUET}")
    plain.unlink()
    return rows


def verify(running: AbstractSet[str] = frozenset()) -> list[Finding]:
    """Check every invariant; no finding means that the books balance. `running`: runs that are still under way."""
    findings = []
    for code in INVARIANTS:
        params = {"programme": rules.PROGRAMME, "running": sorted(running), "limit": MAX_FAULTS}
        faults = sql.mappings("points", f"verify_{code}.sql", params)
        if faults:
            findings.append(Finding(f"points.{code}", tuple(faults)))
    return findings


ENTRY_COLUMNS = len(fields(EntryRow))


def _entry(*columns: object) -> EntryRow:
    make: Callable[..., EntryRow] = EntryRow
    entry = dict(zip((field.name for field in fields(EntryRow)), columns, strict=True))
    return make(**entry | {"movement": Movement(str(entry["movement"]))})


def _statement_row(*columns: Any) -> StatementRow:
    day, at, posting, wallet, movement, *rest = columns
    return StatementRow(Place(day, at, posting, wallet), Movement(movement), *rest)


def _with_posting(*columns: object) -> tuple[EntryRow, tuple[object, ...]]:
    return _entry(*columns[:ENTRY_COLUMNS]), columns[ENTRY_COLUMNS:]


def _history_row(pairs: list[tuple[EntryRow, tuple[object, ...]]], before: int) -> HistoryRow:
    entries = tuple(entry for entry, _posting in pairs)
    first, posting = pairs[0]
    points = sum(entry.points for entry in entries)
    make: Callable[..., HistoryRow] = HistoryRow
    return make(
        first.posting_id,
        first.effective_on,
        first.booked_at,
        first.movement,
        points,
        before + points,
        *posting,
        entries,
    )
