"""Quotes at the counter, and the receipts for what came of them."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from noren.counter.rules import MOST_YEN, Consent, Kind, ReceiptKind, State


def _one_of(kinds: Any) -> list[tuple[str, str]]:
    return [(one.value, one.value) for one in kinds]


class Quote(models.Model):
    """What is offered to a member in a shop, with what everybody was called then: receipts say so for ever.

    `consent_of`: the account whose person says yes; empty: the holder of a line without one.
    """

    quote_id = models.UUIDField(primary_key=True)
    kind = models.TextField(choices=_one_of(Kind))
    shop = models.TextField()
    shop_name = models.TextField()
    wallet_id = models.UUIDField()
    uid = models.UUIDField()
    member_kind = models.TextField()
    member_id = models.TextField()
    called = models.TextField()
    corporation_id = models.TextField()
    corporation_name = models.TextField()
    items = models.JSONField()
    price = models.BigIntegerField()
    points = models.BigIntegerField()
    consent_of = models.TextField(blank=True)
    state = models.TextField(choices=_one_of(State), default=State.OPEN.value)
    consent = models.TextField(choices=_one_of(Consent), blank=True)
    signed_name = models.TextField(blank=True)
    signature = models.JSONField(null=True)
    made_by = models.TextField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "counter_quote"
        constraints = [
            models.CheckConstraint(
                condition=Q(points__gt=0, points__lte=F("price"), price__lte=MOST_YEN), name="counter_quote_amounts"
            ),
            models.CheckConstraint(
                condition=Q(state=State.PAID.value, ended_at__isnull=False) & ~Q(consent="")
                | Q(state=State.CANCELLED.value, consent="", ended_at__isnull=False)
                | Q(state=State.OPEN.value, consent="", ended_at__isnull=True),
                name="counter_quote_paid_by_consent",
            ),
            models.CheckConstraint(
                condition=Q(consent=Consent.SIGNATURE.value, signature__isnull=False)
                | ~Q(consent=Consent.SIGNATURE.value) & Q(signature__isnull=True),
                name="counter_quote_signature",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "made_at"], name="counter_quote_of_shop"),
            models.Index(fields=["wallet_id"], name="counter_quote_of_wallet"),
            models.Index(fields=["consent_of"], condition=~Q(consent_of=""), name="counter_quote_of_person"),
            models.Index(fields=["made_at"], condition=~Q(state=State.PAID.value), name="counter_quote_unpaid"),
        ]


class Receipt(models.Model):
    """Points that were used for a quote, or given back of it. Rows are added and never changed.

    `yen`: the price, or what of it came back. `key`: the same request is the same receipt.
    """

    number = models.BigAutoField(primary_key=True)
    quote = models.ForeignKey(Quote, on_delete=models.PROTECT)
    kind = models.TextField(choices=_one_of(ReceiptKind))
    key = models.UUIDField(unique=True)
    yen = models.BigIntegerField()
    points = models.BigIntegerField()
    posting_id = models.UUIDField(null=True)
    effective_on = models.DateField()
    shop_name = models.TextField()
    reason = models.TextField(blank=True)
    made_by = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "counter_receipt"
        constraints = [
            models.CheckConstraint(
                condition=Q(points__gt=0, posting_id__isnull=False)
                | Q(points=0, posting_id__isnull=True, kind=ReceiptKind.CREDIT.value),
                name="counter_receipt_moves_points",
            ),
            models.CheckConstraint(condition=Q(yen__gt=0, yen__gte=F("points")), name="counter_receipt_yen"),
            models.UniqueConstraint(
                fields=["quote"], condition=Q(kind=ReceiptKind.SALE.value), name="counter_receipt_one_sale"
            ),
        ]
