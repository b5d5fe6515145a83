"""Offer something: type it, look at which points it would take, make the quote."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from noren.counter import actions
from noren.counter.queries import Customer
from noren.counter.rules import Kind
from noren.desk import kit
from noren.desk.access import Clerk, requires
from noren.desk.finding import open_customer
from noren.desk.forms import Offer
from noren.groups.rules import Permission
from noren.kit.errors import Refusal
from noren.points import queries as points
from noren.programme import labels as names


@require_http_methods(["GET", "POST"])
@requires(Permission.COUNTER_SELL, fresh=True)
def sell(request: HttpRequest, clerk: Clerk, uid: UUID) -> HttpResponse:
    """The offer, a look at it, and the quote of what was looked at."""
    customer = open_customer(request, uid)
    form = Offer(customer, request.POST if request.method == "POST" else None)
    preview = None
    if form.is_valid():
        if request.POST.get("looked_at") == form.mark:
            quote = _quoted(clerk, customer, form)
            if quote is not None:
                return redirect("desk_quote", quote)
        else:
            preview = _look(customer, form)
    today = timezone.localdate()
    usable = [(names.label(kind), points.usable(customer.wallet_id, kind, today)) for kind in Kind]
    return kit.page(request, clerk, "sell", customer=customer, form=form, preview=preview, usable=usable)


def _quoted(clerk: Clerk, customer: Customer, form: Offer) -> UUID | None:
    """The quote; None: the form says why there is none."""
    try:
        return actions.open_quote(
            quote_id=form.cleaned_data["key"],
            customer=customer,
            sale=form.sale,
            clerk=clerk.row,
            actor=clerk.actor,
            now=timezone.now(),
        ).quote_id
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return None


def _look(customer: Customer, form: Offer) -> dict[str, Any] | None:
    sale = form.sale
    if sale.points > sale.price:
        text = _("More points than the price are not used: %(price)s yen.")
        form.add_error("points", text % {"price": f"{sale.price:,}"})
        return None
    found = points.taking(customer.wallet_id, sale.points, sale.kind, timezone.localdate())
    if found is None:
        form.add_error("points", _("There are not as many points that can be used so."))
        return None
    parts = [(names.label(part.lot.kind), part.lot.lapses_on, part.points) for part in found.parts]
    return {"sale": sale, "rest": sale.price - sale.points, "parts": parts, "found": found, "mark": form.mark}
