"""A carrier with points, and the billing system that answers."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from noren.kit import duck, intake
from noren.kit.progress import silent
from noren.members import queries as members
from noren.members.rules import MemberKind, uid_of
from noren.points import actions as points
from noren.points import queries as books
from noren.points.rules import LotKey, WalletKey
from noren.spending import actions, queries
from noren.spending.actions import Answered, OverdueImported
from noren.spending.queries import AllocationRow
from tests.cast import ENGINEER
from tests.members.desk import Desk

NOW = datetime(2021, 7, 20, 3, 0, tzinfo=UTC)
CLOSED = datetime(2021, 8, 10, 3, 0, tzinfo=UTC)
SOON = LotKey("normal", False, "*", date(2022, 5, 31))
LATE = LotKey("normal", False, "*", date(2025, 5, 31))


def uid(line_id: str) -> UUID:
    """The wallet of a line."""
    return uid_of(MemberKind.LINE, line_id)


def give(line_id: str, amount: int, lot: LotKey = LATE, *, key: str = "") -> None:
    """Points for a line."""
    points.grant(
        wallet=WalletKey(uid(line_id), "line", line_id),
        lot=lot,
        points=amount,
        on=date(2021, 7, 1),
        actor=ENGINEER,
        now=NOW,
        key=key or f"gift/{lot.lapses_on}",
        reason="gift",
    )


def held(line_id: str) -> dict[LotKey, int]:
    """What the open lots of a line hold."""
    rows = books.lots(uid(line_id))
    return {LotKey(one.kind, one.is_limited, one.uses, one.lapses_on): one.remaining for one in rows if one.remaining}


def apply(line_id: str, amount: int, *, payer: UUID | None = None, key: str = "a", now: datetime = NOW) -> UUID:
    """Points of a line for its own bill, or of another wallet."""
    [target] = members.lines([line_id])
    return actions.allocate(
        wallet_id=payer or target.uid, target=target, amount=amount, key=key, actor=ENGINEER, now=now
    )


def standing(line_id: str, amount: int | None, *, payer: UUID | None = None, until: date | None = None) -> UUID:
    """Points of a line for its bills from July on."""
    [target] = members.lines([line_id])
    wallet_id = payer or target.uid
    since = date(2021, 7, 1)
    return actions.set_standing(
        wallet_id=wallet_id, target=target, amount=amount, since=since, until=until, actor=ENGINEER, now=NOW
    )


def of(line_id: str) -> list[AllocationRow]:
    """The allocations from a line's wallet, the newest first."""
    return queries.allocations([uid(line_id)])


@dataclass(frozen=True)
class Billing:
    """The billing system: it reads what is handed over and answers by a file."""

    desk: Desk

    def handed(self, month: str, number: int = 1) -> dict[str, int]:
        """What a handover asks of each member."""
        return {row["member_id"]: int(row["points"]) for row in self.rows(month, number)}

    def rows(self, month: str, number: int = 1) -> list[dict[str, str]]:
        """The rows of a handover."""
        path = self.desk.place.home / "allocations" / f"allocations-{month}-{number:04}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def answers(self, month: str, told: Mapping[str, tuple[str, int]], number: int = 1) -> Iterator[Sequence[object]]:
        """A row for each member named: state and points."""
        items = {row["member_id"]: row["item_id"] for row in self.rows(month, number)}
        for member_id, (state, amount) in told.items():
            yield items[member_id], state, amount, ""

    def answer(self, *rows: Sequence[object], now: datetime = CLOSED) -> Answered:
        """Take in a file with these rows."""
        path = self.desk.folder / "answer.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("item_id", "state", "points", "reason"), *rows])
        return self.take(path, now=now)

    def take(self, path: Path, *, now: datetime = CLOSED, encoding: intake.Encoding = "auto") -> Answered:
        """Take in a file."""
        home = self.desk.place.home
        with duck.connect(home / "scratch") as (connection, folder):
            return actions.take_answer(
                connection, folder, path=path, home=home, actor=ENGINEER, now=now, progress=silent, encoding=encoding
            )


def overdue(desk: Desk, *rows: str) -> OverdueImported:
    """The billing system says whose bills are overdue: corporation, line or account."""
    path = desk.folder / "overdue.csv"
    path.write_text("\n".join(["corporation_id,line_id,account_id", *rows, ""]))
    home = desk.place.home
    with duck.connect(home / "scratch") as (connection, folder):
        return actions.import_overdue(
            connection, folder, path=path, home=home, actor=ENGINEER, now=CLOSED, progress=silent
        )


def stands(account: str) -> int:
    """What stands on an account of the programme."""
    return books.stands(account).get(account, 0)
