"""Change the state of an order, with all that follows: points, stock, limits, history, audit, and a mail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from noren.audit import actions as audit
from noren.kit.actor import Actor
from noren.orders import labels, queries, rules
from noren.orders.actions import refusals, telling
from noren.orders.models import Order, Step, Stock, Taken
from noren.orders.rules import Effect, OrderState
from noren.spending import actions as spending


def held(number: str, *, account_id: str = "") -> Order:
    """The order (of that account), for us alone. Raises UnknownOrder."""
    whose = {"account_id": account_id} if account_id else {}
    found = Order.objects.select_for_update().filter(number=number, **whose).first()
    if found is None:
        raise queries.UnknownOrder(_("There is no order %(number)s."), number=number)
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """Into which state an order comes, by whom, when, and what is said of it."""

    state: OrderState
    actor: Actor
    now: datetime
    note: str = ""


def move(order: Order, change: Change) -> None:
    """Bring an order that is held (or new) into the state. Raises NotNext."""
    if order.state:
        before = OrderState(order.state)
        if change.state not in rules.NEXT[before]:
            message = _("Order %(number)s is %(state)s; that cannot follow.")
            refusal = refusals.WasCancelled if before is OrderState.CANCELLED else refusals.NotNext
            raise refusal(message, number=order.number, state=labels.STATES[before])
        _settle(order, rules.effect(before, change.state), change)
    order.state = change.state
    order.save()
    Step.objects.create(
        wallet_id=order.wallet_id,
        order_id=order.order_id,
        place=_place(order),
        state=change.state,
        at=change.now,
        actor=str(change.actor),
        note=change.note,
    )
    detail = {"number": order.number, "item": order.code, "quantity": order.quantity, "points": order.points}
    audit.record(
        actor=change.actor,
        act=f"order.{change.state}",
        subject=order.member_id,
        detail=detail,
        now=change.now,
        scope=order.corporation_id,
    )
    telling.tell([order], change.note, change.now)


def _place(order: Order) -> int:
    earlier = Step.objects.filter(wallet_id=order.wallet_id, order_id=order.order_id)
    return (earlier.aggregate(last=Max("place"))["last"] or 0) + 1


def _settle(order: Order, effect: Effect, change: Change) -> None:
    """What happens to the points, then to stock and limits: in the order in which an order takes them."""
    _settle_points(order, effect, change)
    if effect is Effect.VOID and order.stocked:
        Stock.objects.filter(code=order.code).update(available=F("available") + order.quantity)
    if effect in {Effect.VOID, Effect.GIVE_BACK}:
        for holder, code in order.taken:
            counted = Taken.objects.filter(holder=holder, code=code, year=order.year)
            counted.update(quantity=F("quantity") - order.quantity)


def _settle_points(order: Order, effect: Effect, change: Change) -> None:
    how: dict[str, Any] = {
        "wallet_id": order.wallet_id,
        "reservation_id": order.order_id,
        "actor": change.actor,
        "now": change.now,
    }
    if effect is Effect.CAPTURE:
        spending.capture(**how)
    elif effect is Effect.VOID:
        spending.void(**how)
    elif effect is Effect.GIVE_BACK:
        spending.give_back(**how, key=f"order/{order.order_id}", reason=change.note or change.state)
