"""What the other modules of this package share: a locked quote, an audit row, a mail to the person concerned."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from noren.audit import actions as audit
from noren.counter import queries
from noren.counter.actions import refusals
from noren.counter.models import Quote
from noren.counter.queries import Customer, QuoteRow
from noren.counter.rules import State
from noren.kit.actor import Actor


def locked(quote_id: UUID, shop: str) -> Quote:
    """The row, kept from everybody else until the transaction ends. Raises UnknownQuote."""
    found = Quote.objects.select_for_update().filter(quote_id=quote_id, shop=shop).first()
    if found is None:
        raise queries.unknown()
    return found


def must_be_open(quote: QuoteRow, now: datetime) -> None:
    """Raises QuoteOver."""
    if quote.state is not State.OPEN or quote.has_lapsed(now):
        raise refusals.QuoteOver(_("This quote has lapsed or was ended. Make another one."))


def payer(quote: QuoteRow, now: datetime) -> Customer:
    """The customer as they are now. Raises NotFound, MayNotConsent when others would have to consent by now."""
    found = queries.customer(quote.member, localtime(now).date())
    allowed = found.holder_consents if not quote.consent_of else found.person(quote.consent_of) is not None
    if found.wallet_id != quote.wallet_id or not allowed:
        raise refusals.MayNotConsent(_("This person may not consent to the use of these points."))
    return found


def record(quote: QuoteRow, act: str, *, actor: Actor, now: datetime, reason: str = "", **detail: object) -> None:
    """One audit row about the person who consents, so that they see it; without an account, about the line."""
    audit.record(
        actor=actor,
        act=f"counter.{act}",
        subject=quote.consent_of or quote.member_id,
        scope=quote.corporation_id,
        detail={"quote": str(quote.quote_id), "shop": quote.shop, "kind": quote.kind, **detail},
        reason=reason,
        now=now,
    )


def told(quote: QuoteRow, **more: object) -> Mapping[str, object]:
    """The figures of a quote as messages have them."""
    return {"shop": quote.shop_name, "price": f"{quote.price:,}", "points": f"{quote.points:,}", **more}
