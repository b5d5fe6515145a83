"""Reserve points for a use, then capture or void them; give back what was captured.

Payments name these steps so: reserve (authorise), capture, void, give back (refund). Each is all or nothing, and each
asked again in the same words changes nothing.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from noren.audit import actions as audit
from noren.kit import sql
from noren.kit.actor import Actor
from noren.points import actions as points
from noren.points import rules as ledger
from noren.spending import queries, rules
from noren.spending.actions import refusals
from noren.spending.models import Reservation
from noren.spending.queries import ReservationRow
from noren.spending.rules import HoldState


@transaction.atomic(savepoint=False)
def reserve(
    *,
    wallet_id: UUID,
    use: str,
    amount: int,
    kinds: tuple[str, ...] = (),
    spenders: tuple[str, ...] = (),
    reference: str,
    expires_at: datetime | None = None,
    scope: str = "",
    key: str,
    actor: Actor,
    now: datetime,
) -> ReservationRow:
    """Take points for a use and let them wait. The same key again is the same reservation.

    A refusal undoes the whole transaction in which it was asked for: what cannot be paid for leaves nothing.
    `kinds`: only points of these. `reference`: what it is for, in the words of who asks. `expires_at`: it is voided
    then unless it was captured. `scope`: the corporation in whose audit it stands.
    Raises ReservedForBills, TooMany, points.NotPositive, NoUse, InsufficientPoints, OverBudget, NoSuchWallet,
    KeyConflict.
    """
    if use == rules.BILL:
        raise refusals.ReservedForBills(_("Points for bills are allocated, not reserved."))
    refusals.must_be_sensible(amount)
    receipt = points.spend(
        wallet_id=wallet_id,
        points=amount,
        use=use,
        kinds=kinds,
        budgets=spenders,
        against=ledger.reserved(use),
        on=localtime(now).date(),
        actor=actor,
        now=now,
        key=f"reservation/{key}",
        reason=reference,
    )
    if receipt.replayed:
        return _made_before(wallet_id, receipt.posting_id)
    made = ReservationRow(
        wallet_id=wallet_id,
        reservation_id=receipt.posting_id,
        use=use,
        reference=reference,
        scope=scope,
        points=amount,
        expires_at=expires_at,
        made_by=str(actor),
        made_at=now,
    )
    sql.run("spending", "reserve.sql", {name: getattr(made, name) for name in ReservationRow.__slots__})
    _record("reservation.reserve", made, amount, actor=actor, now=now)
    return made


@transaction.atomic
def capture(*, wallet_id: UUID, reservation_id: UUID, amount: int | None = None, actor: Actor, now: datetime) -> None:
    """The use happened: so many points of it, or (None) all; the rest goes back to the lots it came from.

    Raises UnknownReservation, NotWaiting, Expired, TooMuch, points.NotPositive.
    """
    found = _held(wallet_id, reservation_id)
    amount = found.points if amount is None else amount
    if found.state == HoldState.CAPTURED and found.captured == amount:
        return
    _must_wait(found)
    if found.expires_at is not None and found.expires_at <= now:
        raise refusals.Expired(_("The time in which this could be captured is over."))
    if amount <= 0:
        raise points.not_positive()
    if amount > found.points:
        raise refusals.TooMuch(_("No more than %(points)s points were reserved."), points=f"{found.points:,}")
    points.move(
        run=f"reservation/{reservation_id}",
        part="capture",
        on=localtime(now).date(),
        actor=actor,
        now=now,
        accounts={ledger.reserved(found.use): -amount, ledger.used(found.use): amount},
    )
    _release(found, found.points - amount, actor, now)
    _settle(found, HoldState.CAPTURED, amount, now)
    _record("reservation.capture", found, amount, actor=actor, now=now)


@transaction.atomic
def void(*, wallet_id: UUID, reservation_id: UUID, actor: Actor, now: datetime) -> None:
    """The use will not happen: all goes back to the lots it came from. Raises UnknownReservation, NotWaiting."""
    found = _held(wallet_id, reservation_id)
    if found.state != HoldState.VOIDED:
        _must_wait(found)
        _void(found, actor, now)


@transaction.atomic
def give_back(
    *,
    wallet_id: UUID,
    reservation_id: UUID,
    amount: int | None = None,
    key: str,
    actor: Actor,
    now: datetime,
    reason: str,
) -> None:
    """Reverse what was captured: so many points, or (None) all that is left, to the lots they came from.

    The same key again changes nothing. What comes back to a lapsed lot lapses with the next expiry.
    Raises UnknownReservation, NotWaiting (it was never captured), points.NotPositive, AlreadyReversed, KeyConflict.
    """
    found = _held(wallet_id, reservation_id)
    if found.state != HoldState.CAPTURED:
        raise refusals.NotWaiting(_("This was not captured."))
    receipt = points.reverse(
        wallet_id=wallet_id,
        posting_id=reservation_id,
        points=amount,
        on=localtime(now).date(),
        actor=actor,
        now=now,
        key=f"give_back/{key}",
        reason=reason,
    )
    if not receipt.replayed:
        found.given_back += receipt.points
        found.save(update_fields=["given_back"])
        _record("reservation.give_back", found, receipt.points, actor=replace(actor, reason=reason), now=now)


def expire_reservations(*, actor: Actor, now: datetime) -> int:
    """Void those whose time is over; gives how many.

    Each in a transaction of its own: a wallet is held no longer than for itself, so nobody who uses points waits.
    """
    voided = 0
    while _expire_one(actor, now):
        voided += 1
    return voided


@transaction.atomic
def _expire_one(actor: Actor, now: datetime) -> bool:
    over = Reservation.objects.filter(state=HoldState.WAITING, expires_at__lte=now).order_by("expires_at")
    found = over.select_for_update(skip_locked=True).first()
    if found is not None:
        _void(found, actor, now)
    return found is not None


def _made_before(wallet_id: UUID, reservation_id: UUID) -> ReservationRow:
    found = queries.reservation([wallet_id], reservation_id)
    if found is None:
        raise _unknown()
    return found


def _held(wallet_id: UUID, reservation_id: UUID) -> Reservation:
    """The reservation, for us alone."""
    held = Reservation.objects.select_for_update()
    found = held.filter(wallet_id=wallet_id, reservation_id=reservation_id).first()
    if found is None:
        raise _unknown()
    return found


def _unknown() -> refusals.UnknownReservation:
    return refusals.UnknownReservation(_("There is no such reservation."))


def _must_wait(found: Reservation) -> None:
    if found.state != HoldState.WAITING:
        raise refusals.NotWaiting(_("This was captured or voided before."))


def _void(found: Reservation, actor: Actor, now: datetime) -> None:
    _release(found, found.points, actor, now)
    _settle(found, HoldState.VOIDED, 0, now)
    _record("reservation.void", found, found.points, actor=actor, now=now)


def _release(found: Reservation, amount: int, actor: Actor, now: datetime) -> None:
    if amount:
        points.reverse(
            wallet_id=found.wallet_id,
            posting_id=found.reservation_id,
            points=amount,
            against=ledger.reserved(found.use),
            on=localtime(now).date(),
            actor=actor,
            now=now,
            key=f"reservation/{found.reservation_id}/release",
            reason=found.reference,
        )


def _settle(found: Reservation, state: HoldState, captured: int, now: datetime) -> None:
    found.state, found.captured, found.settled_at = state, captured, now
    found.save(update_fields=["state", "captured", "settled_at"])


def _record(act: str, found: Reservation | ReservationRow, amount: int, *, actor: Actor, now: datetime) -> None:
    detail = {"points": amount, "use": found.use, "reference": found.reference}
    audit.record(actor=actor, act=act, subject=str(found.wallet_id), detail=detail, now=now, scope=found.scope)
