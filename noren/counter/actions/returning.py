"""What was bought comes back: its points go back to the lots from which they came."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from noren.counter import queries, rules
from noren.counter.actions import refusals
from noren.counter.actions.rows import locked, record
from noren.counter.models import Receipt
from noren.counter.queries import QuoteRow
from noren.counter.rules import ReceiptKind, State
from noren.groups import queries as groups
from noren.groups.queries import StaffRow
from noren.groups.rules import GroupState
from noren.kit.actor import Actor
from noren.points import actions as points


@transaction.atomic
def give_back(quote_id: UUID, *, key: UUID, yen: int, reason: str, clerk: StaffRow, actor: Actor, now: datetime) -> int:
    """Take so many yen of the price back; its share of points is given back. Gives the number of the credit receipt.

    The same key again is the same receipt. Raises UnknownQuote, QuoteOver, TooMuchBack, NoReason, PoolGone.
    """
    row = locked(quote_id, clerk.shop)
    quote = queries.row(row)
    known = Receipt.objects.filter(key=key).first()
    if known is not None and (known.quote_id, known.yen, known.reason) == (quote_id, yen, reason.strip()):
        return known.number
    if known is not None:
        raise refusals.QuoteKnown(_("This form was sent before, with something else in it. Begin anew."))
    before = queries.returned(quote_id)
    _must_be_returnable(quote, yen, before, reason)
    back = rules.points_back(quote.points, quote.price, before, yen)
    made = Receipt.objects.create(
        quote=row,
        kind=ReceiptKind.CREDIT,
        key=key,
        yen=yen,
        points=back,
        posting_id=_book(quote, key, back, reason=reason, actor=actor, now=now) if back else None,
        effective_on=localtime(now).date(),
        shop_name=clerk.shop_name,
        reason=reason.strip(),
        made_by=str(actor),
        made_at=now,
    )
    record(quote, "give_back", actor=actor, now=now, reason=reason, yen=yen, points=back, receipt=made.number)
    return made.number


def _must_be_returnable(quote: QuoteRow, yen: int, before: int, reason: str) -> None:
    if quote.state is not State.PAID:
        raise refusals.QuoteOver(_("Nothing was paid for this quote."))
    if not 1 <= yen <= quote.price - before:
        raise refusals.TooMuchBack(_("Between 1 and %(most)s yen can come back."), most=f"{quote.price - before:,}")
    if not 1 <= len(reason.strip()) <= rules.REASON_LENGTH:
        raise refusals.NoReason(_("Say why, in 1 to %(most)d characters."), most=rules.REASON_LENGTH)
    if quote.is_pooled and groups.group(quote.wallet_id).state is not GroupState.ACTIVE:
        raise refusals.PoolGone(_("The group whose points they were is no more. Ask the operator for an adjustment."))


def _book(quote: QuoteRow, key: UUID, back: int, *, reason: str, actor: Actor, now: datetime) -> UUID:
    sale = Receipt.objects.get(quote_id=quote.quote_id, kind=ReceiptKind.SALE)
    assert sale.posting_id is not None  # noqa: S101  (a sale takes points: the table has a check for it)
    return points.reverse(
        wallet_id=quote.wallet_id,
        posting_id=sale.posting_id,
        points=back,
        on=localtime(now).date(),
        actor=actor,
        now=now,
        key=f"counter/{key}",
        reason=reason.strip(),
    ).posting_id
