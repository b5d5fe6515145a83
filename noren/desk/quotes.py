"""A quote: the customer consents to it, or it is taken back."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from noren.accounts import limits
from noren.accounts import queries as accounts
from noren.accounts.limits import Limit
from noren.accounts.rules import Way, way
from noren.counter import actions, queries, rules
from noren.counter.actions import Given
from noren.counter.labels import CONSENTS, RECEIPTS, STATES
from noren.counter.queries import QuoteRow
from noren.counter.receipts import number
from noren.counter.rules import Consent, State
from noren.desk import kit
from noren.desk.access import Clerk, requires
from noren.desk.forms import Code, Pin, Signature
from noren.groups.rules import Permission
from noren.kit.errors import Overloaded, Refusal
from noren.members.rules import MemberKind
from noren.programme import labels as names


@require_http_methods(["GET"])
@requires(Permission.COUNTER_SELL)
def quote(request: HttpRequest, clerk: Clerk, quote_id: UUID) -> HttpResponse:
    """What is offered, and the ways to say yes; or what came of it."""
    found = of_shop(clerk, quote_id)
    return _page(request, clerk, found, _forms(found))


@require_POST
@requires(Permission.COUNTER_SELL, fresh=True)
def send_code(request: HttpRequest, clerk: Clerk, quote_id: UUID) -> HttpResponse:
    """Send a code to the customer."""
    found, now = of_shop(clerk, quote_id), timezone.now()
    limits.count([Limit("desk.code", found.consent_of, 10, 3_600)], now=now)
    try:
        actions.send_code(quote_id, clerk=clerk.row, actor=clerk.actor, now=now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The code is on its way. It can be used for ten minutes."))
    return redirect("desk_quote", quote_id)


@require_POST
@requires(Permission.COUNTER_SELL, fresh=True)
def consent(request: HttpRequest, clerk: Clerk, quote_id: UUID, by: str) -> HttpResponse:
    """Take the points, if the customer says yes."""
    found = of_shop(clerk, quote_id)
    asked = _forms(found, by, request.POST)
    form = asked.get(by)
    if form is None:
        raise Http404
    if form.is_valid():
        now, given = timezone.now(), form.cleaned_data
        counted = [Limit("desk.try", str(quote_id), 20, 3_600), Limit("desk.tries", clerk.row.account_id, 60, 3_600)]
        limits.count(counted, now=now)
        try:
            said = Given(Consent(by), given["text"], given.get("name", ""))
            actions.settle(quote_id, said, clerk=clerk.row, actor=clerk.actor, now=now)
        except Overloaded:
            raise
        except actions.QuoteOver as refusal:
            messages.error(request, str(refusal))  # its page has no forms any more
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return _page(request, clerk, found, asked)
        return redirect("desk_quote", quote_id)
    return _page(request, clerk, found, asked)


@require_POST
@requires(Permission.COUNTER_SELL, fresh=True)
def cancel(request: HttpRequest, clerk: Clerk, quote_id: UUID) -> HttpResponse:
    """The customer does not want it."""
    of_shop(clerk, quote_id)
    actions.cancel(quote_id, clerk=clerk.row, actor=clerk.actor, now=timezone.now())
    messages.success(request, _("The quote was cancelled. No points were taken."))
    return redirect("desk_home")


def of_shop(clerk: Clerk, quote_id: UUID) -> QuoteRow:
    """The quote, if it is one of the clerk's shop. Raises Http404."""
    try:
        return queries.quote(quote_id, clerk.row.shop)
    except queries.UnknownQuote as error:
        raise Http404 from error


def _forms(found: QuoteRow, by: str = "", data: Any = None) -> dict[str, forms.Form]:
    """The ways that are open for this quote: a code to an account, the PIN of a line without one, a signature."""
    asked: dict[str, forms.Form] = {}
    if found.consent_of:
        asked["code"] = Code(data if by == "code" else None, prefix="code")
    elif found.member_kind == MemberKind.LINE:
        asked["pin"] = Pin(data if by == "pin" else None, prefix="pin")
    asked["signature"] = Signature(asks_name=not found.consent_of, data=data if by == "signature" else None)
    return asked


def _page(request: HttpRequest, clerk: Clerk, found: QuoteRow, asked: dict[str, forms.Form]) -> HttpResponse:
    now = timezone.now()
    person = accounts.account(found.consent_of) if found.consent_of else None
    receipts = queries.receipts_of(found.quote_id)
    left = found.price - queries.returned(found.quote_id)
    context = {
        "quote": found,
        "kind": names.label(found.kind),
        "state": STATES[found.state],
        "consent": CONSENTS[found.consent] if found.consent else "",
        "is_open": found.state is State.OPEN and not found.has_lapsed(now),
        "lapsed": found.has_lapsed(now),
        "person": person,
        "way": _way(person),
        "forms": asked,
        "drawn": list(rules.drawn(found.signature)),
        "width": rules.WIDTH,
        "height": rules.HEIGHT,
        "receipts": [{"row": one, "number": number(one), "label": RECEIPTS[one.kind]} for one in receipts],
        "may_return": found.state is State.PAID and left > 0 and clerk.row.may(Permission.COUNTER_REVERSE),
    }
    return kit.page(request, clerk, "quote", **context)


def _way(person: accounts.AccountRow | None) -> Way | None:
    if person is None:
        return None
    return way(mail=person.contact_mail, mobile=person.contact_mobile, mobile_verified_at=person.mobile_verified_at)
