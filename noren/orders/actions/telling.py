"""Tell whose order it is what became of it, by mail, in their language."""

from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from noren.accounts import queries as accounts
from noren.orders import queries
from noren.orders.models import Order
from noren.orders.rules import OrderState
from noren.outbox import actions as outbox

SUBJECTS = {
    OrderState.ORDERED: _("Your order was received"),
    OrderState.CANCELLED: _("Your order was cancelled"),
    OrderState.SENT: _("Your order is being prepared"),
    OrderState.REFUSED: _("Your order could not be fulfilled"),
    OrderState.SHIPPED: _("Your order was shipped"),
    OrderState.DELIVERED: _("Your order is complete"),
    OrderState.RETURNED: _("Your order was returned"),
}
BACK = _("The points were given back.")


def tell(order: Order, note: str, now: datetime) -> None:
    """A mail to the account's contact address; to nobody where there is none."""
    account = accounts.account(order.account_id) if order.account_id else None
    if account is None or not account.contact_mail:
        return
    with translation.override(account.language):
        subject = str(SUBJECTS[OrderState(order.state)])
        outbox.mail(to=account.contact_mail, subject=subject, body=_body(order, account.name, note), now=now)


def _body(order: Order, name: str, note: str) -> str:
    state = OrderState(order.state)
    told = [
        _("Dear %(name)s,") % {"name": name},
        str(SUBJECTS[state]) + "\n" + _("Order %(number)s") % {"number": order.number},
        _("%(title)s × %(quantity)s: %(points)s points")
        % {
            "title": queries.told(order.title),
            "quantity": f"{order.quantity:,}",
            "points": f"{order.points:,}",
        },
    ]
    if order.tracking:
        told.append(_("Tracking number: %(tracking)s") % {"tracking": order.tracking})
    if note:
        told.append(note)
    if state in {OrderState.CANCELLED, OrderState.REFUSED, OrderState.RETURNED}:
        told.append(str(BACK))
    return "\n\n".join([*told, f"{settings.NOREN_URL}/orders/{order.number}/"]) + "\n"
