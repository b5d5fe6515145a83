"""The catalogue word for word, stock, what counts for limits, orders and their history.

Keys that grow begin with the wallet, so that the tables distribute beside the ledger's.
"""

from datetime import timedelta

from django.db import models
from django.db.models import Q

from noren.orders.rules import OrderState


class Catalogue(models.Model):
    """A catalogue, word for word as its file had it; the newest is in force."""

    number = models.PositiveIntegerField(primary_key=True)
    source = models.TextField()
    digest = models.TextField()
    loaded_by = models.TextField()
    loaded_at = models.DateTimeField()

    class Meta:
        db_table = "orders_catalogue"


class Picture(models.Model):
    """A picture that a catalogue names."""

    name = models.TextField(primary_key=True)
    content = models.BinaryField()
    digest = models.TextField()

    class Meta:
        db_table = "orders_picture"


class Stock(models.Model):
    """How many of a stocked item can still be ordered; its row is the lock."""

    code = models.TextField(primary_key=True)
    available = models.PositiveIntegerField()

    class Meta:
        db_table = "orders_stock"


class Taken(models.Model):
    """How many were ordered in a programme year for a holder: `member:UID`, `group:ID`, `corporation:ID`.

    `code`: an item, or the use of items that count together.
    """

    pk = models.CompositePrimaryKey("holder", "code", "year")
    holder = models.TextField()
    code = models.TextField()
    year = models.PositiveSmallIntegerField()
    quantity = models.PositiveIntegerField()

    class Meta:
        db_table = "orders_taken"


class Order(models.Model):
    """An order of one item. Its id is that of its reservation. `asked`: what was asked for under the key, as a digest.

    `taken`: for whom it counted, and as what (holder, code).
    """

    pk = models.CompositePrimaryKey("wallet_id", "order_id")
    wallet_id = models.UUIDField()
    order_id = models.UUIDField()
    number = models.TextField()
    key = models.TextField()
    asked = models.BinaryField()
    uid = models.UUIDField()
    kind = models.TextField()
    member_id = models.TextField()
    corporation_id = models.TextField()
    code = models.TextField()
    title = models.JSONField()
    use = models.TextField()
    partner = models.TextField()
    final = models.BooleanField()
    stocked = models.BooleanField()
    quantity = models.PositiveIntegerField()
    points = models.BigIntegerField()
    year = models.PositiveSmallIntegerField()
    taken = models.JSONField()
    phone_model = models.TextField(blank=True)
    address_name = models.TextField(blank=True)
    postal_code = models.TextField(blank=True)
    prefecture = models.TextField(blank=True)
    city = models.TextField(blank=True)
    street = models.TextField(blank=True)
    phone = models.TextField(blank=True)
    state = models.TextField(choices=[(one.value, one.value) for one in OrderState])
    handover = models.PositiveIntegerField(null=True)
    answer_within = models.DurationField(db_default=timedelta(days=14))
    """How long the partner may take, from the handover on."""
    tracking = models.TextField(blank=True)
    account_id = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "orders_order"
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0, points__gt=0), name="orders_order_amounts"),
            models.CheckConstraint(
                condition=Q(state="ordered", handover__isnull=True)
                | Q(state="cancelled")
                | (~Q(state__in=["ordered", "cancelled"]) & Q(handover__isnull=False)),
                name="orders_order_handed_over",
            ),
            models.UniqueConstraint(fields=["wallet_id", "key"], name="orders_order_once"),
        ]
        indexes = [
            models.Index(fields=["made_at"], condition=~Q(address_name=""), name="orders_order_addressed"),
            models.Index(fields=["number"], name="orders_order_number"),
            models.Index(fields=["account_id", "-made_at"], name="orders_order_account"),
            models.Index(fields=["partner", "made_at"], condition=Q(state="ordered"), name="orders_order_waiting"),
            models.Index(fields=["handover"], condition=Q(handover__isnull=False), name="orders_order_handover"),
            models.Index(fields=["handover"], condition=Q(state="sent"), name="orders_order_sent"),
        ]


class Step(models.Model):
    """A change of an order's state: when, by whom, and what was said."""

    pk = models.CompositePrimaryKey("wallet_id", "order_id", "place")
    wallet_id = models.UUIDField()
    order_id = models.UUIDField()
    place = models.PositiveSmallIntegerField()
    state = models.TextField(choices=[(one.value, one.value) for one in OrderState])
    at = models.DateTimeField()
    actor = models.TextField()
    note = models.TextField(blank=True)

    class Meta:
        db_table = "orders_step"


class Handover(models.Model):
    """Orders that were handed to a partner in one file with a number."""

    number = models.PositiveIntegerField(primary_key=True)
    partner = models.TextField()
    orders = models.PositiveIntegerField()
    made_by = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "orders_handover"
