"""Remove from orders what nobody needs any more."""

from datetime import datetime
from pathlib import Path

from noren.orders.actions.fulfilling import FOLDER, KEPT
from noren.orders.models import Order
from noren.orders.rules import OrderState

OVER = (OrderState.CANCELLED, OrderState.REFUSED, OrderState.SHIPPED, OrderState.DELIVERED, OrderState.RETURNED)
NOBODY = dict.fromkeys(("address_name", "postal_code", "prefecture", "city", "street", "phone"), "")


def tidy(home: Path, now: datetime) -> None:
    """Wipe names and addresses of orders that left or ended long ago, and remove the files that had them."""
    Order.objects.filter(state__in=OVER, made_at__lt=now - KEPT).exclude(address_name="").update(**NOBODY)
    for path in (home / FOLDER).glob("orders-*.csv"):
        if path.stat().st_mtime < (now - KEPT).timestamp():
            path.unlink(missing_ok=True)
