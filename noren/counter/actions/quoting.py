"""Look a customer up, offer them something, take the offer back."""

import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from noren.audit import actions as audit
from noren.counter import queries, rules
from noren.counter.actions import refusals
from noren.counter.actions.rows import locked, must_be_open, record
from noren.counter.models import Quote
from noren.counter.queries import Customer, QuoteRow
from noren.counter.rules import Item, Kind, State
from noren.groups.queries import StaffRow
from noren.kit.actor import Actor
from noren.points import actions as points
from noren.points import queries as books
from noren.programme import queries as programme


@dataclass(frozen=True, slots=True)
class Sale:
    """What is offered: items with their prices, how many points pay, who consents (empty: the holder)."""

    kind: Kind
    items: tuple[Item, ...]
    points: int
    consent_of: str

    @property
    def price(self) -> int:
        """In yen, tax included."""
        return sum(item.price for item in self.items)


def look_up(found: Sequence[Customer], *, actor: Actor, now: datetime) -> None:
    """Write down that these members were looked at."""
    entries = [
        audit.Entry("counter.look_up", one.owner or one.profile.member_id, scope=one.profile.corporation_id)
        for one in found
    ]
    audit.record_many(entries, actor=actor, now=now)


@transaction.atomic
def open_quote(
    *, quote_id: UUID, customer: Customer, sale: Sale, clerk: StaffRow, actor: Actor, now: datetime
) -> QuoteRow:
    """Offer the sale for half an hour; no points are taken. The same id again is the same quote.

    Raises BadSale, NotOffered, OwnSale, MayNotConsent, QuoteKnown, points.InsufficientPoints.
    """
    sale = replace(sale, items=tuple(map(_tidy, sale.items)))
    known = Quote.objects.filter(quote_id=quote_id).first()
    if known is not None:
        return _same(queries.row(known), customer, sale, clerk)
    _must_be_sensible(sale)
    _must_be_allowed(customer, sale, clerk)
    _must_be_there(customer, sale, now)
    made, is_new = Quote.objects.get_or_create(quote_id=quote_id, defaults=_columns(customer, sale, clerk, actor, now))
    quote = queries.row(made)
    if not is_new:
        return _same(quote, customer, sale, clerk)
    record(quote, "quote", actor=actor, now=now, price=quote.price, points=quote.points)
    return quote


@transaction.atomic
def cancel(quote_id: UUID, *, clerk: StaffRow, actor: Actor, now: datetime) -> None:
    """End an open quote; one that was cancelled stays so. Raises UnknownQuote, QuoteOver."""
    row = locked(quote_id, clerk.shop)
    quote = queries.row(row)
    if quote.state is State.CANCELLED:
        return
    must_be_open(quote, now)
    row.state, row.ended_at = State.CANCELLED, now
    row.save(update_fields=["state", "ended_at"])
    record(quote, "cancel", actor=actor, now=now)


def _tidy(item: Item) -> Item:
    return Item(unicodedata.normalize("NFKC", item.description).strip(), item.price)


def _must_be_sensible(sale: Sale) -> None:
    if not 1 <= len(sale.items) <= rules.MOST_ITEMS:
        raise refusals.BadSale(_("Name 1 to %(most)d items."), most=rules.MOST_ITEMS)
    for item in sale.items:
        if not 1 <= len(item.description) <= rules.DESCRIPTION_LENGTH or not item.description.isprintable():
            raise refusals.BadSale(_("Describe each item in 1 to %(most)d characters."), most=rules.DESCRIPTION_LENGTH)
        if item.price <= 0:
            raise refusals.BadSale(_("A price is 1 yen or more."))
    if sale.price > rules.MOST_YEN:
        raise refusals.BadSale(_("The price is at most %(most)s yen."), most=f"{rules.MOST_YEN:,}")
    if sale.points <= 0:
        raise points.not_positive()
    if sale.points > sale.price:
        raise refusals.BadSale(_("More points than the price are not used: %(price)s yen."), price=f"{sale.price:,}")


def _must_be_allowed(customer: Customer, sale: Sale, clerk: StaffRow) -> None:
    if clerk.account_id in (customer.owner, sale.consent_of):
        raise refusals.OwnSale(_("Nobody sells to themselves. Let somebody else serve you."))
    allowed = customer.holder_consents if not sale.consent_of else customer.person(sale.consent_of) is not None
    if not allowed:
        raise refusals.MayNotConsent(_("This person may not consent to the use of these points."))


def _must_be_there(customer: Customer, sale: Sale, now: datetime) -> None:
    today = localtime(now).date()
    if sale.kind not in programme.in_force(today).uses:
        raise refusals.NotOffered(_("The programme offers no such use of points."))
    usable = books.usable(customer.wallet_id, sale.kind, today)
    if usable < sale.points:
        raise points.insufficient(sale.points, usable)


def _same(quote: QuoteRow, customer: Customer, sale: Sale, clerk: StaffRow) -> QuoteRow:
    kept = (quote.shop, quote.wallet_id, quote.uid, quote.kind, quote.items, quote.points, quote.consent_of)
    told = (clerk.shop, customer.wallet_id, customer.profile.uid, sale.kind, sale.items, sale.points, sale.consent_of)
    if kept != told:
        raise refusals.QuoteKnown(_("This form was sent before, with something else in it. Begin anew."))
    return quote


def _columns(customer: Customer, sale: Sale, clerk: StaffRow, actor: Actor, now: datetime) -> dict[str, object]:
    profile = customer.profile
    return {
        "kind": sale.kind,
        "shop": clerk.shop,
        "shop_name": clerk.shop_name,
        "wallet_id": customer.wallet_id,
        "uid": profile.uid,
        "member_kind": profile.kind,
        "member_id": profile.member_id,
        "called": customer.called,
        "corporation_id": profile.corporation_id,
        "corporation_name": profile.corporation_name,
        "items": [asdict(item) for item in sale.items],
        "price": sale.price,
        "points": sale.points,
        "consent_of": sale.consent_of,
        "made_by": str(actor),
        "made_at": now,
        "expires_at": now + rules.LIFE,
    }
