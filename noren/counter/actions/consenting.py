"""The customer says yes, and with that the points are taken: one transaction, all of it or nothing.

The row of the quote is locked first, so whoever comes second finds it paid and gets the same receipt. They are spent at
once and not reserved: when the consent is there, nothing is left to wait for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from noren.accounts import actions as accounts
from noren.counter import queries, rules
from noren.counter.actions import refusals
from noren.counter.actions.rows import locked, must_be_open, payer, record, told
from noren.counter.models import Quote, Receipt
from noren.counter.queries import Customer, QuoteRow
from noren.counter.rules import Consent, ReceiptKind, Signature, State
from noren.groups import queries as groups
from noren.groups.queries import StaffRow
from noren.kit.actor import Actor
from noren.kit.errors import Refusal
from noren.members.rules import MemberKind
from noren.outbox import actions as outbox
from noren.points import actions as points

PURPOSE = "counter"
"""What the security codes are for."""


@dataclass(frozen=True, slots=True)
class Given:
    """How the customer consents: the code or PIN they told, or the strokes (JSON) and name of a signature."""

    consent: Consent
    text: str
    name: str = ""


@transaction.atomic
def send_code(quote_id: UUID, *, clerk: StaffRow, actor: Actor, now: datetime) -> None:
    """Send a code to who must consent, in their language. Raises UnknownQuote, QuoteOver, NoWay, CodeTooSoon."""
    quote = queries.row(locked(quote_id, clerk.shop))
    must_be_open(quote, now)
    person = payer(quote, now).person(quote.consent_of)
    if person is None or person.way is None:
        raise refusals.NoWay(_("There is no contact to which a code could be sent. Let the customer sign."))
    with translation.override(person.language):
        text = _(
            "%(shop)s: %(price)s yen, of which %(points)s are paid with points. If you agree, tell the shop the code"
            " %(code)s. It can be used until %(until)s."
        )
        accounts.send_code(
            purpose=PURPOSE,
            subject=str(quote_id),
            channel=person.way.channel,
            destination=person.way.destination,
            text=text,
            values=told(quote),
            now=now,
        )
    record(quote, "code", actor=actor, now=now)


def settle(quote_id: UUID, given: Given, *, clerk: StaffRow, actor: Actor, now: datetime) -> int:
    """Take the points of a quote to which the customer consents; gives the number of the receipt.

    A quote that is paid gives its receipt again. A wrong code or PIN stays counted, so no transaction may be open.
    Raises UnknownQuote, QuoteOver, MayNotConsent, NotFound, CodeWrong, CodeExpired, NotConsented, BadSignature, NoWay,
    points.InsufficientPoints, OverBudget.
    """
    with transaction.atomic(durable=True):
        row = locked(quote_id, clerk.shop)
        quote = queries.row(row)
        if quote.state is State.PAID:
            return Receipt.objects.get(quote=row, kind=ReceiptKind.SALE).number
        must_be_open(quote, now)
        customer = payer(quote, now)
        refusal = WAYS[given.consent](quote, customer, given, row, now)
        if refusal is None:
            return _pay(row, quote, customer, consent=given.consent, actor=actor, now=now)
    raise refusal


def _by_code(quote: QuoteRow, customer: Customer, given: Given, row: Quote, now: datetime) -> Refusal | None:
    del customer, row
    return accounts.try_code(purpose=PURPOSE, subject=str(quote.quote_id), code=given.text, now=now).refusal


def _by_pin(quote: QuoteRow, customer: Customer, given: Given, row: Quote, now: datetime) -> Refusal | None:
    del row, now
    if quote.member_kind != MemberKind.LINE or not customer.holder_consents:
        return refusals.NoWay(_("The PIN of a line is for lines without an account."))
    if accounts.try_pin(quote.member_id, given.text):
        return None
    return refusals.NotConsented(_("The PIN is not right, or it was tried too often. Let the customer sign."))


def _by_signature(quote: QuoteRow, customer: Customer, given: Given, row: Quote, now: datetime) -> Refusal | None:
    del now
    person = customer.person(quote.consent_of)
    try:
        strokes: Signature = rules.signature(given.text)
    except ValueError:
        return refusals.BadSignature(_("This is no signature. Let the customer sign once more."))
    row.signature, row.signed_name = strokes, person.name if person else given.name.strip()
    if not row.signed_name or len(row.signed_name) > rules.DESCRIPTION_LENGTH:
        return refusals.BadSignature(_("Write the name of the person who signs."))
    return None


Way = Callable[[QuoteRow, Customer, Given, Quote, datetime], Refusal | None]
WAYS: dict[Consent, Way] = {Consent.CODE: _by_code, Consent.PIN: _by_pin, Consent.SIGNATURE: _by_signature}
"""Each way looks at what was given, and says why it is no consent."""


def _pay(row: Quote, quote: QuoteRow, customer: Customer, *, consent: Consent, actor: Actor, now: datetime) -> int:
    day = localtime(now).date()
    booked = points.spend(
        wallet_id=quote.wallet_id,
        points=quote.points,
        use=quote.kind,
        budgets=_spenders(quote),
        on=day,
        actor=actor,
        now=now,
        key=f"counter/{quote.quote_id}",
        reason=quote.member,
    )
    row.state, row.consent, row.ended_at = State.PAID, consent, now
    row.save(update_fields=["state", "consent", "ended_at", "signature", "signed_name"])
    made = Receipt.objects.create(
        quote=row,
        kind=ReceiptKind.SALE,
        key=quote.quote_id,
        yen=quote.price,
        points=quote.points,
        posting_id=booked.posting_id,
        effective_on=day,
        shop_name=quote.shop_name,
        made_by=str(actor),
        made_at=now,
    )
    record(quote, "pay", actor=actor, now=now, points=quote.points, receipt=made.number, consent=consent)
    _tell(quote, customer, now)
    return made.number


def _spenders(quote: QuoteRow) -> tuple[str, ...]:
    """On whose limits of the month the use of a pool counts: the person who consents, and their unit."""
    if not quote.is_pooled:
        return ()
    unit = groups.place_of(quote.consent_of).unit_id
    return (f"account:{quote.consent_of}", *([f"unit:{unit}"] if unit else []))


def _tell(quote: QuoteRow, customer: Customer, now: datetime) -> None:
    """A mail, so that nobody's points go without their knowing it."""
    person = customer.person(quote.consent_of)
    if person is None or not person.mail:
        return
    with translation.override(person.language):
        body = _(
            "Dear %(name)s,\n\n%(points)s points were used at %(shop)s, for a price of %(price)s yen. The receipt is"
            " among your receipts.\n\nIf you know nothing of this, tell the operator at once.\n"
        )
        outbox.mail(to=person.mail, subject=_("Points were used"), body=body % told(quote, name=person.name), now=now)
