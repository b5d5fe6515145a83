"""The catalogue and orders on the member site."""

from csp.constants import HEADER
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from noren.accounts import actions as accounts
from noren.kit.errors import Refusal
from noren.member_site import clock, payers, shopping
from noren.member_site.people import Person, acting, members_only
from noren.orders import actions, labels, queries
from noren.orders.definition import Item
from noren.orders.queries import OrderRow
from noren.points import queries as points
from noren.programme import labels as names
from noren.web import paging

KINDS = {"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}
PAGE = 30


@members_only
def shop(request: HttpRequest, person: Person) -> HttpResponse:
    """What points buy."""
    found = {"shelves": shopping.shelves(person), "offered": bool(payers.payers(person))}
    return render(request, "member_site/shop.html", found)


@acting
def order(request: HttpRequest, person: Person, code: str) -> HttpResponse:
    """Ask how many for whom, show which points they take, then order."""
    item = _item(code)
    if item.delivered and "area" in request.POST:
        return _page(request, shopping.filled_in(person, item, request.POST), item)
    form = shopping.Basket(person, item, request.POST if request.method == "POST" else None)
    if form.is_valid():
        # What was ordered already is ordered again without effect, so it is not looked at again.
        if request.POST.get("looked_at") == form.mark:
            number = _bought(request, form)
            if number:
                return redirect("member_order", number)
        else:
            return _page(request, form, item, look=True)
    return _page(request, form, item)


@require_GET
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """A picture of the catalogue, for everybody who is signed in. A drawing may hold code: it is never run."""
    del request
    found = queries.picture(name) if "\0" not in name else None
    if found is None:
        raise Http404
    content, digest = found
    answer = HttpResponse(content, content_type=KINDS[name.rpartition(".")[2]])
    answer[HEADER] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    answer["ETag"], answer["Cache-Control"] = f'"{digest}"', "private, max-age=3600"
    return answer


@members_only
def orders(request: HttpRequest, person: Person) -> HttpResponse:
    """What was ordered, the newest first."""
    below = paging.read(request.GET.get("below", ""))
    found = queries.orders(account_id=person.account_id, below=below, most=PAGE + 1)
    rows = [(row, labels.STATES[row.state]) for row in found[:PAGE]]
    earlier = paging.place(rows[-1][0].made_at, rows[-1][0].order_id) if len(found) > PAGE else ""
    return render(request, "member_site/orders.html", {"rows": rows, "earlier": earlier})


@members_only
def ordered(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """One order and what became of it."""
    row = _order(person, number)
    steps = [(step, labels.STATES[step.state]) for step in queries.steps(row.wallet_id, row.order_id)]
    found = {"row": row, "steps": steps, "state": labels.STATES[row.state], "use": names.label(row.use)}
    return render(request, "member_site/ordered.html", found)


@acting
def cancel(request: HttpRequest, person: Person, number: str) -> HttpResponse:
    """Ask once more, then take the order back."""
    row = _order(person, number)
    if request.method == "POST":
        try:
            herself = accounts.herself(person.account_id)
            actions.cancel(row.number, account_id=person.account_id, actor=herself, now=clock.now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            ended = points.given_up([row.wallet_id]).get(row.wallet_id)
            messages.success(request, _("The order is cancelled."))
            messages.success(request, labels.came_back(row.made_at, ended))
        return redirect("member_order", row.number)
    return render(request, "member_site/cancel.html", {"row": row})


def _page(request: HttpRequest, form: shopping.Basket, item: Item, *, look: bool = False) -> HttpResponse:
    taking = None
    if look:
        try:
            taking = shopping.look(form)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    found = {"form": form, "item": item, "card": shopping.card(item), "taking": taking}
    told = {"use": names.label(item.use), "kinds": names.listed(item.kinds)}
    return render(request, "member_site/order.html", {**found, **told})


def _bought(request: HttpRequest, form: shopping.Basket) -> str:
    """The order's number; empty: it was refused, and the form says why."""
    account_id = str(request.user.pk)
    try:
        number = shopping.buy(form, account_id, accounts.herself(account_id))
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return ""
    messages.success(request, _("Your order was received."))
    return number


def _item(code: str) -> Item:
    try:
        return queries.item(code, clock.today())
    except queries.UnknownItem as error:
        raise Http404 from error


def _order(person: Person, number: str) -> OrderRow:
    found = queries.order(number, account_id=person.account_id) if "\0" not in number else None
    if found is None:
        raise Http404
    return found
