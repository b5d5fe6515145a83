"""What people call the states of an order."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from noren.orders.rules import OrderState

STATES = {
    OrderState.ORDERED: _("Received"),
    OrderState.CANCELLED: _("Cancelled"),
    OrderState.SENT: _("Being prepared"),
    OrderState.REFUSED: _("Could not be fulfilled"),
    OrderState.SHIPPED: _("Shipped"),
    OrderState.DELIVERED: _("Complete"),
    OrderState.RETURNED: _("Returned"),
}


def came_back(made_at: datetime, ended: datetime | None) -> str:
    """What became of the points of an order that is over. `ended`: until when its wallet was given up, if it was."""
    if ended is not None and made_at <= ended:
        return str(_("The points came back and have lapsed, because the contract has gone to another name."))
    return str(_("The points were given back."))


def state(state: OrderState, *, is_handed_over: bool) -> str:
    """What the operator calls it: whether a partner had what was cancelled makes a difference."""
    cancelled_late = state is OrderState.CANCELLED and is_handed_over
    return str(_("Cancelled after handover") if cancelled_late else STATES[state])
