"""Reads on allocations and handovers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from noren.kit import db, sql
from noren.kit.duck import Connection, csv_of
from noren.kit.errors import Refusal
from noren.kit.months import month_text
from noren.members.queries import Member
from noren.points import queries as points
from noren.points.queries import Finding, UsedRow
from noren.points.rules import reserved as reserved_for
from noren.spending import rules
from noren.spending.models import Allocation, Handover, Item, Overdue, Reservation, Standing
from noren.spending.rules import HoldState, ItemState, Origin


class UnknownHandover(Refusal):
    """No handover of the month has that number."""

    code = "allocation.unknown_handover"


CLEARING = "clearing/allocation/"


@dataclass(frozen=True, slots=True)
class AllocationRow:
    """An allocation: points = paid + returned + lost + open. `month`: the first usage month it is for."""

    allocation_id: UUID
    wallet_id: UUID
    uid: UUID
    kind: str
    member_id: str
    month: date
    origin: Origin
    points: int
    paid: int
    returned: int
    lost: int
    made_by: str
    made_at: datetime

    @property
    def open_points(self) -> int:
        """What is neither paid nor given back nor lost."""
        return self.points - self.paid - self.returned - self.lost


@dataclass(frozen=True, slots=True)
class StandingRow:
    """A standing allocation. `points` None: all that lapses next."""

    standing_id: UUID
    wallet_id: UUID
    uid: UUID
    kind: str
    member_id: str
    points: int | None
    since: date
    until: date | None
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class HandoverRow:
    """What was handed over in one file, and how many of its items and points wait for an answer."""

    month: date
    number: int
    items: int
    points: int
    made_at: datetime
    waiting_items: int
    waiting_points: int


@dataclass(frozen=True, slots=True)
class ReservationRow:
    """A reservation: points reserved, captured of them, given back of those. The rest of a settled one went back."""

    reservation_id: UUID
    wallet_id: UUID
    use: str
    reference: str
    scope: str
    points: int
    made_by: str
    made_at: datetime
    expires_at: datetime | None = None
    captured: int = 0
    given_back: int = 0
    state: HoldState = HoldState.WAITING
    settled_at: datetime | None = None


def allocations(
    wallet_ids: Iterable[UUID], *, uids: Iterable[UUID] | None = None, offset: int = 0, size: int | None = None
) -> list[AllocationRow]:
    """The allocations of these wallets (for the bills of these members), the newest first: one statement."""
    names = list(AllocationRow.__dataclass_fields__)
    these = {} if uids is None else {"uid__in": list(uids)}
    every = Allocation.objects.filter(wallet_id__in=list(wallet_ids), **these).order_by("-made_at", "allocation_id")
    found = every[offset : None if size is None else offset + size]
    return [AllocationRow(**{**row, "origin": Origin(row["origin"])}) for row in found.values(*names)]


def standing(wallet_ids: Iterable[UUID]) -> list[StandingRow]:
    """The standing allocations of these wallets that have not ended, the oldest first: one statement."""
    names = list(StandingRow.__dataclass_fields__)
    found = Standing.objects.filter(wallet_id__in=list(wallet_ids), ended_at=None).order_by("made_at", "standing_id")
    return [StandingRow(**row) for row in found.values(*names)]


def reservations(
    wallet_ids: Iterable[UUID], *, made_by: str = "", below: tuple[datetime, UUID] | None = None, most: int
) -> list[ReservationRow]:
    """The reservations of these wallets, the newest first, `most` of them; `below`: those that come after that one.

    `made_by`: only those of that actor.
    """
    found = Reservation.objects.filter(wallet_id__in=list(wallet_ids), **({"made_by": made_by} if made_by else {}))
    if below is not None:
        made_at, reservation_id = below
        found = found.filter(Q(made_at__lt=made_at) | Q(made_at=made_at, reservation_id__gt=reservation_id))
    return _reservations(found.order_by("-made_at", "reservation_id")[:most])


def reservation(wallet_ids: Iterable[UUID], reservation_id: UUID) -> ReservationRow | None:
    """One of them; None: these wallets have none of that id."""
    found = _reservations(Reservation.objects.filter(wallet_id__in=list(wallet_ids), reservation_id=reservation_id))
    return found[0] if found else None


def _reservations(found: QuerySet[Reservation]) -> list[ReservationRow]:
    rows = found.values(*ReservationRow.__dataclass_fields__)
    return [ReservationRow(**{**row, "state": HoldState(row["state"])}) for row in rows]


def waiting(rows: Iterable[AllocationRow]) -> set[UUID]:
    """Those of the allocations of which points wait for the billing system's answer: one statement."""
    ids = {row.allocation_id: row.wallet_id for row in rows}
    sent = Item.objects.filter(
        wallet_id__in=set(ids.values()), allocation_id__in=ids, state=ItemState.SENT
    ).values_list("allocation_id", flat=True)
    return set(sent)


def standing_used(wallet_id: UUID, since: date, until: date) -> list[UsedRow]:
    """What standing allocations took of the wallet from `since` up to (not with) `until`: one statement."""
    asked = {"wallet_id": wallet_id, "since": since, "until": until}
    return sql.rows(UsedRow, "spending", "standing_used.sql", asked)


def handovers(month: date | None = None) -> list[HandoverRow]:
    """What was handed over (for one month), in order, with what waits for an answer."""
    these = {} if month is None else {"month": month}
    made = Handover.objects.filter(**these)
    sent = Item.objects.filter(state=ItemState.SENT, **these).values("month", "number")
    waiting = {
        (row["month"], row["number"]): (row["items"], row["sum"])
        for row in sent.annotate(items=Count("*"), sum=Sum("points"))
    }
    return [
        HandoverRow(
            row.month, row.number, row.items, row.points, row.made_at, *waiting.get((row.month, row.number), (0, 0))
        )
        for row in made.order_by("month", "number")
    ]


def handover(month: date, number: int) -> HandoverRow:
    """One of them. Raises UnknownHandover."""
    found = [row for row in handovers(month) if row.number == number]
    if not found:
        raise UnknownHandover(
            _("Nothing was handed over for %(month)s under the number %(number)s."),
            month=month_text(month),
            number=number,
        )
    return found[0]


def paid_view(connection: Connection, folder: Path, month: date) -> None:
    """Make the view `paid` (uid, paid_yen): what points have paid of the bills of the month. The file stays."""
    path = folder / "paid.csv"
    db.copy_out(sql.text("spending", "paid.sql"), path, {"month": month})
    columns = {"uid": "UUID", "paid_yen": "BIGINT"}
    connection.execute(f"CREATE OR REPLACE VIEW paid AS SELECT * FROM {csv_of(path, columns)}")


def waiting_runs() -> frozenset[str]:
    """The clearing accounts (without `clearing/`) of handovers that wait for an answer."""
    return frozenset(
        rules.clearing(row.month, row.number).removeprefix("clearing/") for row in handovers() if row.waiting_items
    )


def open_points() -> int:
    """Points that wait: not handed over, or handed over and not answered."""
    found = Allocation.objects.filter(is_open=True).aggregate(
        points=Sum("points"), paid=Sum("paid"), returned=Sum("returned"), lost=Sum("lost")
    )
    return (found["points"] or 0) - (found["paid"] or 0) - (found["returned"] or 0) - (found["lost"] or 0)


def findings() -> list[Finding]:
    """What `noren verify` says of allocations: what waits in them is what stands on the programme's accounts."""
    waiting = sum(row.waiting_points for row in handovers())
    reserved = reserved_for(rules.BILL)
    stands = points.stands(reserved, CLEARING)
    theirs = {"reserved": stands.pop(reserved, 0), "handed over": sum(stands.values())}
    ours = {"reserved": open_points() - waiting, "handed over": waiting}
    wrong = [
        {"what": what, "allocations": ours[what], "accounts": theirs[what]}
        for what in ours
        if ours[what] != theirs[what]
    ]
    names = ("allocation_id", "open", "waiting")
    more = sql.rows(lambda *row: dict(zip(names, row, strict=True)), "spending", "more_waits.sql")
    found = {
        "allocation.not_its_accounts": wrong,
        "allocation.more_waits": more,
        "reservation.not_its_accounts": _reservations_astray(),
    }
    return [Finding(code, tuple(rows)) for code, rows in found.items() if rows]


def _reservations_astray() -> list[dict[str, object]]:
    """Uses of which more or fewer points wait in reservations than on the programme's account."""
    waiting = Reservation.objects.filter(state=HoldState.WAITING).values_list("use").annotate(sum=Sum("points"))
    ours = dict(waiting)
    beginning = reserved_for("")
    theirs = {account.removeprefix(beginning): sum_ for account, sum_ in points.stands(beginning).items()}
    return [
        {"use": use, "reservations": ours.get(use, 0), "accounts": theirs.get(use, 0)}
        for use in sorted((ours.keys() | theirs.keys()) - {rules.BILL})
        if ours.get(use, 0) != theirs.get(use, 0)
    ]


def waits(wallet_id: UUID) -> bool:
    """Whether points of the wallet wait for bills or for another use."""
    waiting = Reservation.objects.filter(wallet_id=wallet_id, state=HoldState.WAITING)
    return Allocation.objects.filter(wallet_id=wallet_id, is_open=True).exists() or waiting.exists()


def is_overdue(target: Member) -> bool:
    """Whether bills of the member or of its corporation are overdue, as the billing system said last."""
    member = Q(kind=target.kind.value, id=target.member_id)
    return Overdue.objects.filter(member | Q(kind="corporation", id=target.corporation_id)).exists()
