"""Quotes, receipts, and which points a quote would take."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from noren.counter import rules
from noren.counter.models import Quote, Receipt
from noren.counter.rules import Consent, Item, Kind, ReceiptKind, Signature, State
from noren.kit.errors import Refusal
from noren.points import queries as points
from noren.points.rules import LotKey, Part


class UnknownQuote(Refusal):
    """There is no such quote, or none of this shop."""

    code = "counter.unknown_quote"


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """A quote as it is now. `consent` None: nobody has consented."""

    quote_id: UUID
    shop: str
    shop_name: str
    wallet_id: UUID
    uid: UUID
    member_kind: str
    member_id: str
    called: str
    corporation_id: str
    corporation_name: str
    price: int
    points: int
    consent_of: str
    signed_name: str
    made_by: str
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    kind: Kind
    state: State
    items: tuple[Item, ...]
    consent: Consent | None
    signature: Signature

    @property
    def member(self) -> str:
        """The member as `customer` takes it."""
        return f"{self.member_kind}:{self.member_id}"

    @property
    def is_pooled(self) -> bool:
        """Whether the points are those of a group."""
        return self.wallet_id != self.uid

    @property
    def rest(self) -> int:
        """What is to be paid in yen."""
        return self.price - self.points

    def has_lapsed(self, now: datetime) -> bool:
        """Whether it is too late to consent."""
        return rules.has_lapsed(self.state, self.expires_at, now)


READ = {"kind", "state", "items", "consent", "signature"}
"""Columns of a quote that are not taken as they are."""

PLAIN = [name for name in QuoteRow.__dataclass_fields__ if name not in READ]


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A receipt and the quote it is for. `yen`: the price, or what of it came back."""

    number: int
    quote: QuoteRow
    kind: ReceiptKind
    yen: int
    points: int
    posting_id: UUID | None
    effective_on: date
    shop_name: str
    reason: str
    made_at: datetime

    @property
    def rest(self) -> int:
        """What was to be paid in yen, or given back in yen."""
        return self.yen - self.points


def quote(quote_id: UUID, shop: str) -> QuoteRow:
    """The quote of that shop. Raises UnknownQuote."""
    found = Quote.objects.filter(quote_id=quote_id, shop=shop).first()
    if found is None:
        raise unknown()
    return row(found)


def unknown() -> UnknownQuote:
    """One answer for what is not there and what is another shop's."""
    return UnknownQuote(_("There is no such quote in this shop."))


def quotes(shop: str, since: datetime, *, most: int) -> list[QuoteRow]:
    """The quotes of a shop from that moment on, the newest first: one statement."""
    found = Quote.objects.filter(shop=shop, made_at__gte=since).order_by("-made_at", "quote_id")
    return [row(one) for one in found[:most]]


def receipts_of(quote_id: UUID) -> list[ReceiptRow]:
    """What came of a quote, in order: one statement."""
    return _receipts(Q(quote_id=quote_id))


def receipts_for(
    wallet_ids: Iterable[UUID], account_id: str, *, below: int | None = None, most: int
) -> list[ReceiptRow]:
    """Receipts for the points of these wallets and for what the account consented to, the newest first.

    `below`: those before the receipt of that number. One statement.
    """
    these = _theirs(wallet_ids, account_id)
    return _receipts(these if below is None else these & Q(number__lt=below), order="-number", most=most)


def receipt_for(number: int, wallet_ids: Iterable[UUID], account_id: str) -> ReceiptRow | None:
    """The one of them of that number; None: it is somebody else's, or there is none."""
    return next(iter(_receipts(_theirs(wallet_ids, account_id) & Q(number=number))), None)


def _theirs(wallet_ids: Iterable[UUID], account_id: str) -> Q:
    return Q(quote__wallet_id__in=list(wallet_ids)) | Q(quote__consent_of=account_id)


def returned(quote_id: UUID) -> int:
    """How many yen of a quote's price came back."""
    found = Receipt.objects.filter(quote_id=quote_id, kind=ReceiptKind.CREDIT).aggregate(yen=Sum("yen"))
    return found["yen"] or 0


def lots(receipt: ReceiptRow) -> list[Part]:
    """The lots from which a receipt's points were taken, or to which they went back."""
    if receipt.posting_id is None:
        return []
    found = points.entries_of(receipt.quote.wallet_id, receipt.posting_id, receipt.effective_on)
    return [Part(LotKey(one.kind, False, one.uses, one.lapses_on), abs(one.points)) for one in found]


def row(found: Quote) -> QuoteRow:
    """The model's row as a value."""
    return QuoteRow(
        **{name: getattr(found, name) for name in PLAIN},
        kind=Kind(found.kind),
        state=State(found.state),
        items=tuple(Item(**one) for one in found.items),
        consent=Consent(found.consent) if found.consent else None,
        signature=tuple(tuple((x, y) for x, y in stroke) for stroke in found.signature or ()),
    )


def _receipts(these: Q, *, order: str = "number", most: int | None = None) -> list[ReceiptRow]:
    found = Receipt.objects.filter(these).select_related("quote").order_by(order)[:most]
    return [
        ReceiptRow(
            one.number,
            row(one.quote),
            ReceiptKind(one.kind),
            one.yen,
            one.points,
            one.posting_id,
            one.effective_on,
            one.shop_name,
            one.reason,
            one.made_at,
        )
        for one in found
    ]
