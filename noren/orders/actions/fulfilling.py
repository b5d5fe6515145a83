"""Hand orders to the partner who fulfils them, and take in what the partner says of them."""

import csv
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from noren.audit import actions as audit
from noren.kit import db, files, intake, sql
from noren.kit.actor import Actor
from noren.kit.duck import Connection, csv_of, literal
from noren.kit.intake import Reason
from noren.kit.progress import Progress
from noren.orders import layouts, queries
from noren.orders.actions import telling
from noren.orders.actions.refusals import NotNext, WasCancelled
from noren.orders.actions.states import Change, held, move
from noren.orders.models import Handover, Order
from noren.orders.queries import HandoverRow
from noren.orders.rules import OrderState

REASONS = {
    **intake.REASONS,
    "unknown_order": _("%(field)s names no order."),
    "order_cancelled": _("%(field)s is told of an order that was cancelled: its points went back."),
    "not_next": _("%(field)s cannot follow the state in which the order is."),
}
"""What is wrong with a field, by code."""

FOLDER = "orders"
"""Where handovers are, below the data directory."""

KEPT = timedelta(days=180)
"""How long orders and files keep where something was delivered to: as long as somebody may ask after it."""

KNOWN = {"number": "VARCHAR"}


@dataclass(frozen=True, slots=True)
class Call:
    """Who takes a file in, when, and who watches."""

    actor: Actor
    now: datetime
    progress: Progress


@dataclass(frozen=True, slots=True)
class Fulfilled:
    """What came of a partner's file. `again`: rows that say what was said before."""

    file_name: str
    read: int
    rejected: int
    again: int
    changed: int
    rejects: str = ""
    reasons: tuple[Reason, ...] = ()


@transaction.atomic
def hand_over(partner: str, *, actor: Actor, now: datetime) -> HandoverRow | None:
    """All orders of the partner that nobody has: they are sent from now on. None: there are none.

    As many statements for thousands as for one.
    """
    sql.value("orders", "alone.sql")
    number = (Handover.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    told = {"partner": partner, "number": number, "now": now, "actor": str(actor), "reason": actor.reason}
    orders = sql.run("orders", "hand_over.sql", told)
    if not orders:
        return None
    Handover.objects.create(number=number, partner=partner, orders=orders, made_by=str(actor), made_at=now)
    detail = {"partner": partner, "orders": orders}
    audit.record(actor=actor, act="order.hand_over", subject=str(number), detail=detail, now=now)
    telling.tell(list(Order.objects.filter(handover=number).order_by("made_at", "number")), "", now)
    return HandoverRow(number, partner, orders, now)


def write_missing(partner: str, *, home: Path, now: datetime) -> list[Path]:
    """Write the files of the partner's handovers that are not there: of a process that was killed, or lost.

    Those that were removed because they are old stay away.
    """
    recent = [row for row in queries.handovers(partner) if row.made_at > now - KEPT]
    return [write_file(row, home=home) for row in recent if not _file_of(row, home).exists()]


def write_file(handover: HandoverRow, *, home: Path) -> Path:
    """Write the handover's file; it has its name when it is whole."""
    target = _file_of(handover, home)
    with files.whole(target) as scratch:
        queries.handed_over(handover.number, scratch)
    return target


def take_answer(
    connection: Connection,
    folder: Path,
    *,
    partner: str,
    path: Path,
    home: Path,
    actor: Actor,
    now: datetime,
    progress: Progress,
    encoding: intake.Encoding = "auto",
    rejects: Path | None = None,
) -> Fulfilled:
    """Bring each order of the partner into the state that the file tells, row by row; again, nothing changes.

    Raises the refusals of `kit.intake`.
    """
    raw = intake.open_file(connection, folder, path, layouts.FULFILMENTS, encoding=encoding, progress=progress)
    _know_orders(connection, folder, partner)
    result = intake.split(connection, raw, lookups=(layouts.KNOWN,), progress=progress)
    changed, late = _apply(connection, folder / "fulfilled.csv", Call(actor, now, progress), result.accepted.rows)
    for code, rows in late.items():
        result = intake.put_aside(connection, raw, rows, "state", code)
    told = intake.keep_rejects(connection, raw, result, rejects, REASONS, home=home, now=now)
    return Fulfilled(
        file_name=path.name,
        read=result.read.rows,
        rejected=result.rejected.rows,
        again=result.accepted.rows - changed,
        changed=changed,
        rejects=told,
        reasons=result.reasons,
    )


def _apply(connection: Connection, accepted: Path, call: Call, rows: int) -> tuple[int, dict[str, list[int]]]:
    """How many rows changed something, and by code those that could not follow when it was their turn.

    No sooner, because what a row says may follow what an earlier one has said.
    """
    changed, late = 0, dict[str, list[int]]()
    connection.execute(
        "COPY (SELECT \"row\", order_number, state, coalesce(tracking, ''), coalesce(note, '') FROM accepted"
        f' ORDER BY "row") TO {literal(accepted)} (FORMAT csv, HEADER false)'
    )
    with accepted.open(encoding="utf-8", newline="") as lines:
        for done, (row, number, state, tracking, note) in enumerate(csv.reader(lines)):
            call.progress("fulfil", done, rows)
            try:
                changed += _bring(number, tracking, Change(OrderState(state), call.actor, call.now, note))
            except NotNext as refusal:
                code = "order_cancelled" if isinstance(refusal, WasCancelled) else "not_next"
                late.setdefault(code, []).append(int(row))
    call.progress("fulfil", rows, rows)
    return changed, late


@transaction.atomic
def _bring(number: str, tracking: str, change: Change) -> bool:
    """Whether something was changed."""
    order = held(number)
    before = (order.state, order.tracking)
    order.tracking = tracking or order.tracking
    if order.state != change.state:
        move(order, change)
    elif order.tracking != before[1]:
        order.save(update_fields=["tracking"])
    return (order.state, order.tracking) != before


def _know_orders(connection: Connection, folder: Path, partner: str) -> None:
    """The table known_orders: those of the partner that the file names."""
    named = connection.execute("SELECT DISTINCT order_number FROM raw WHERE order_number IS NOT NULL").fetchall()
    known = folder / "known-orders.csv"
    asked = {"numbers": [number for (number,) in named], "partner": partner}
    db.copy_out(sql.text("orders", "known_orders.sql"), known, asked)
    connection.execute(f"CREATE OR REPLACE TABLE known_orders AS SELECT * FROM {csv_of(known, KNOWN)}")


def _file_of(handover: HandoverRow, home: Path) -> Path:
    return home / FOLDER / f"orders-{handover.partner}-{handover.number:06}.csv"
