"""Remove from orders what nobody needs any more."""

from datetime import datetime, timedelta

from noren.orders.models import Order
from noren.orders.rules import OrderState

KEPT = timedelta(days=180)
"""How long an order keeps where it was delivered to: as long as somebody may still ask after it."""

OVER = (OrderState.CANCELLED, OrderState.REFUSED, OrderState.DELIVERED, OrderState.RETURNED)
NOBODY = dict.fromkeys(("address_name", "postal_code", "prefecture", "city", "street", "phone"), "")


def tidy(now: datetime) -> None:
    """Wipe names and addresses of orders that ended long ago."""
    Order.objects.filter(state__in=OVER, made_at__lt=now - KEPT).exclude(address_name="").update(**NOBODY)
