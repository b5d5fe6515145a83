"""The desk's first page: find a customer. Whoever was found stays open for half an hour."""

from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from noren.accounts import limits
from noren.accounts.limits import Limit
from noren.counter import actions, queries
from noren.counter.labels import STATES
from noren.counter.queries import Customer
from noren.desk import kit
from noren.desk.access import Clerk, requires
from noren.desk.forms import Find, FindPerson
from noren.groups.rules import Permission
from noren.kit.errors import Overloaded, Refusal

FOUND = "desk_found"
"""Key in the session: the members that were found, and when."""

OPEN = timedelta(minutes=30)
MOST_OPEN = 30
SHOWN = 50
DAY = timedelta(days=1)

TIMES, SECONDS = 30, 600
A_DAY = 300
"""So often somebody may look members up: nobody reads their way through the customers."""


@require_http_methods(["GET", "POST"])
@requires(Permission.COUNTER_SELL)
def home(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Ask for a customer; show those who answer, and what the shop has offered in the last day."""
    by_text = Find(request.POST if "text" in request.POST else None)
    by_name = FindPerson(request.POST if "name" in request.POST else None)
    found: tuple[Customer, ...] = ()
    for form in (by_text, by_name):
        if form.is_bound and form.is_valid():
            found = _found(request, clerk, form)
    if len(found) == 1:
        return redirect("desk_sell", found[0].profile.uid)
    now = timezone.now()
    rows = [_row(one, now) for one in queries.quotes(clerk.row.shop, now - DAY, most=SHOWN)]
    return kit.page(request, clerk, "home", by_text=by_text, by_name=by_name, found=found, rows=rows)


def open_customer(request: HttpRequest, uid: object) -> Customer:
    """The member, if it was found a moment ago. Raises Http404, NotFound."""
    found = _open(request).get(str(uid))
    if found is None:
        raise Http404
    return queries.customer(found["member"], timezone.localdate())


def _found(request: HttpRequest, clerk: Clerk, form: Any) -> tuple[Customer, ...]:
    now, given = timezone.now(), form.cleaned_data
    who = clerk.row.account_id
    limits.count([Limit("desk.look_up", who, TIMES, SECONDS), Limit("desk.look_up.day", who, A_DAY, 86_400)], now=now)
    day = timezone.localdate(now)
    try:
        found = (
            queries.find(given["text"], day)
            if "text" in given
            else queries.find_person(given["corporation"], given["name"], day)
        )
    except Overloaded:
        raise
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return ()
    actions.look_up(found, actor=clerk.actor, now=now)
    fresh = {
        str(one.profile.uid): {"member": f"{one.profile.kind}:{one.profile.member_id}", "at": now.isoformat()}
        for one in found
    }
    request.session[FOUND] = dict([*_open(request).items(), *fresh.items()][-MOST_OPEN:])
    return found


def _open(request: HttpRequest) -> dict[str, dict[str, str]]:
    since = timezone.now() - OPEN
    kept: dict[str, dict[str, str]] = request.session.get(FOUND, {})
    return {uid: one for uid, one in kept.items() if datetime.fromisoformat(one["at"]) > since}


def _row(quote: queries.QuoteRow, now: datetime) -> dict[str, Any]:
    return {"quote": quote, "lapsed": quote.has_lapsed(now), "state": STATES[quote.state]}
