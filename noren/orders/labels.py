"""What people call the states of an order."""

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


def state(state: OrderState, *, is_handed_over: bool) -> str:
    """What the operator calls it: whether a partner had what was cancelled makes a difference."""
    cancelled_late = state is OrderState.CANCELLED and is_handed_over
    return str(_("Cancelled after handover") if cancelled_late else STATES[state])
