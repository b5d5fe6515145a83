"""What was ordered with a group's points: listed by state, as a file, and what became of each order.

Where something is delivered to is known to who ordered it, and is not shown here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from noren.admin_site import kit, points_pages
from noren.admin_site.access import Manager, requires
from noren.admin_site.searching import ANY
from noren.groups.queries import insiders
from noren.groups.queries.insiders import Within
from noren.groups.rules import Permission
from noren.kit import sheet
from noren.orders import labels, queries
from noren.orders.queries import OrderRow, StepRow
from noren.orders.rules import OrderState
from noren.programme import labels as names
from noren.web import paging

PAGE = 50
FILE_PAGE = 1_000
VIEW = Permission.POINTS_VIEW


class Filter(forms.Form):
    """In which state they are."""

    state = forms.ChoiceField(label=gettext_lazy("State"), choices=[ANY, *labels.STATES.items()], required=False)

    @property
    def asked(self) -> str:
        """The state; of a filter that cannot be read, any."""
        return str(self.cleaned_data["state"]) if self.is_valid() else ""


@dataclass(frozen=True, slots=True)
class Shown:
    """An order, for whom it is by the name that people know, and its state in words."""

    row: OrderRow
    called: str
    state: str


@require_GET
@requires(VIEW)
def orders(request: HttpRequest, manager: Manager, group_id: UUID) -> HttpResponse:
    """The newest first."""
    group, place = manager.part(group_id, VIEW)
    form = Filter(request.GET)
    found = queries.paid_by(
        group_id, uids=insiders.uids(place), state=form.asked, below=kit.behind(request), most=PAGE + 1
    )
    return kit.page(
        request,
        manager,
        "orders",
        group=group,
        form=form,
        rows=_shown(place, found[:PAGE]),
        asked=kit.asked(request),
        older=paging.place(found[PAGE - 1].made_at, found[PAGE - 1].order_id) if len(found) > PAGE else "",
        newest="behind" in request.GET,
        whole=place.units is None,
    )


@require_GET
@requires(VIEW)
def orders_csv(request: HttpRequest, manager: Manager, group_id: UUID) -> HttpResponseBase:
    """All of them as a file."""
    _group, place = manager.part(group_id, VIEW)
    answer = StreamingHttpResponse(_lines(place, Filter(request.GET).asked), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="orders-{localtime():%Y-%m-%d}.csv"'
    return answer


@require_GET
@requires(VIEW)
def order(request: HttpRequest, manager: Manager, group_id: UUID, number: str) -> HttpResponse:
    """One of them and what became of it."""
    group, place = manager.part(group_id, VIEW)
    row = _order(place, number)
    [shown] = _shown(place, [row])
    people = points_pages.names(manager, [row.account_id] if row.account_id else [])
    return kit.page(
        request,
        manager,
        "order",
        group=group,
        shown=shown,
        use=names.label(row.use),
        person=people.get(
            row.account_id, _("Somebody who is not in your scope") if row.account_id else _("The operator")
        ),
        steps=[(step, labels.STATES[step.state], _why(step)) for step in queries.steps(row.wallet_id, row.order_id)],
    )


def _why(step: StepRow) -> str:
    """Why the order was cancelled. What partners write may name to whom something was delivered."""
    return step.note if step.state is OrderState.CANCELLED else ""


def _order(place: Within, number: str) -> OrderRow:
    """The order, if the group's points paid it for somebody whom the manager sees. Raises Http404."""
    try:
        row = queries.named(number)
    except queries.UnknownOrder as error:
        raise Http404 from error
    inside = place.units is None or insiders.chosen(place, [row.uid])
    if row.wallet_id != place.group_id or not inside:
        raise Http404
    return row


def _shown(place: Within, rows: Sequence[OrderRow]) -> list[Shown]:
    called = {one.uid: one.called for one in insiders.chosen(place, {row.uid for row in rows})}
    gone = _("No longer in the group")
    return [Shown(row, called.get(row.uid, gone), str(labels.STATES[row.state])) for row in rows]


def _lines(place: Within, state: str) -> Iterator[str]:
    heads = (_("Time"), _("Number"), _("Line or account"), _("Ordered item"), _("Quantity"), _("Points"), _("State"))
    yield sheet.MARK + sheet.line(heads)
    asked: dict[str, Any] = {"uids": insiders.uids(place), "state": state, "most": FILE_PAGE}
    while found := queries.paid_by(place.group_id, **asked):
        for one in _shown(place, found):
            row = one.row
            time = f"{localtime(row.made_at):%Y-%m-%d %H:%M:%S}"
            yield sheet.line([time, row.number, one.called, row.title, row.quantity, row.points, one.state])
        asked["below"] = (found[-1].made_at, found[-1].order_id)
