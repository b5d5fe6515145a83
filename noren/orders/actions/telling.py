"""Tell whose orders they are what became of them, by mail, in their language."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from noren.accounts import queries as accounts
from noren.accounts.queries import AccountRow
from noren.orders import labels, queries
from noren.orders.models import Order
from noren.orders.rules import OrderState
from noren.outbox import actions as outbox
from noren.outbox.rules import Channel
from noren.points import queries as points

SUBJECTS = {
    OrderState.ORDERED: _("Your order was received"),
    OrderState.CANCELLED: _("Your order was cancelled"),
    OrderState.SENT: _("Your order is being prepared"),
    OrderState.REFUSED: _("Your order could not be fulfilled"),
    OrderState.SHIPPED: _("Your order was shipped"),
    OrderState.DELIVERED: _("Your order is complete"),
    OrderState.RETURNED: _("Your order was returned"),
}
RETURNING = OrderState.CANCELLED, OrderState.REFUSED, OrderState.RETURNED


def tell(orders: Sequence[Order], note: str, now: datetime) -> None:
    """A mail for each to its account's contact address; to nobody where there is none. At most three statements."""
    found = accounts.accounts({order.account_id for order in orders} - {""})
    people = {person.account_id: person for person in found if person.contact_mail}
    ended = points.given_up({order.wallet_id for order in orders if order.state in RETURNING})
    told = [
        _letter(order, people[order.account_id], note, ended.get(order.wallet_id))
        for order in orders
        if order.account_id in people
    ]
    if told:
        outbox.letters(told, now=now)


def _letter(order: Order, person: AccountRow, note: str, ended: datetime | None) -> tuple[Channel, str, str, str]:
    with translation.override(person.language):
        subject = str(SUBJECTS[OrderState(order.state)])
        return Channel.MAIL, person.contact_mail, subject, _body(order, person.name, note, ended)


def _body(order: Order, name: str, note: str, ended: datetime | None) -> str:
    """What became of the order. `ended`: until when what its wallet used lapses when it comes back."""
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
    if state in RETURNING:
        told.append(labels.came_back(order.made_at, ended))
    return "\n\n".join([*told, f"{settings.NOREN_URL}/orders/{order.number}/"]) + "\n"
