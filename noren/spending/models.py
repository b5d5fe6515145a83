"""Allocations of points to bills, what passes between us and the billing system, and reservations for other uses.

Keys that grow begin with the wallet, so that the tables distribute beside the ledger's.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from noren.spending.rules import MOST, HoldState, ItemState, Origin


class Standing(models.Model):
    """A wish for every month: so many points, or (null) all that lapses next, for the bills of one member."""

    standing_id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    wallet_id = models.UUIDField()
    uid = models.UUIDField()
    kind = models.TextField()
    member_id = models.TextField()
    points = models.BigIntegerField(null=True)
    since = models.DateField()
    until = models.DateField(null=True)
    spenders = ArrayField(models.TextField(), db_default=[])
    """For whom it counts against limits."""
    made_by = models.TextField()
    made_at = models.DateTimeField()
    ended_by = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "spending_standing"
        constraints = [
            models.CheckConstraint(
                condition=Q(points__isnull=True) | Q(points__gt=0, points__lte=MOST), name="spending_standing_points"
            ),
            models.UniqueConstraint(
                fields=["uid"], condition=Q(ended_at__isnull=True), name="spending_standing_one_for_a_member"
            ),
            models.UniqueConstraint(
                fields=["wallet_id"],
                condition=Q(ended_at__isnull=True, points__isnull=True),
                name="spending_standing_one_of_what_lapses",
            ),
        ]
        indexes = [
            models.Index(fields=["wallet_id"], name="spending_standing_wallet"),
        ]


class Allocation(models.Model):
    """Points that left a wallet for the bills of one member, and what became of them so far.

    points = paid + returned + lost + what is open. The lots they came from are the lines of the posting. A standing one
    that got no points has 0; its id is made of the standing allocation and the month, so that there is one.
    """

    pk = models.CompositePrimaryKey("wallet_id", "allocation_id")
    wallet_id = models.UUIDField()
    allocation_id = models.UUIDField(default=uuid.uuid4)
    uid = models.UUIDField()
    kind = models.TextField()
    member_id = models.TextField()
    month = models.DateField()
    origin = models.TextField(choices=[(one.value, one.value) for one in Origin])
    standing_id = models.UUIDField(null=True)
    points = models.BigIntegerField()
    paid = models.BigIntegerField(default=0)
    returned = models.BigIntegerField(default=0)
    lost = models.BigIntegerField(default=0)
    is_open = models.BooleanField(default=True)
    posting_id = models.UUIDField()
    effective_on = models.DateField()
    first_line = models.SmallIntegerField()
    lines = models.SmallIntegerField()
    made_by = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "spending_allocation"
        constraints = [
            models.CheckConstraint(
                condition=Q(points__gte=0, paid__gte=0, returned__gte=0, lost__gte=0),
                name="spending_allocation_amounts",
            ),
            models.CheckConstraint(
                condition=Q(is_open=True, points__gt=F("paid") + F("returned") + F("lost"))
                | Q(is_open=False, points=F("paid") + F("returned") + F("lost")),
                name="spending_allocation_open_while_points_remain",
            ),
        ]
        indexes = [
            models.Index(fields=["month"], condition=Q(is_open=True), name="spending_allocation_open"),
        ]


class Handover(models.Model):
    """What was handed to the billing system for the bills of a month, in one file with a number."""

    pk = models.CompositePrimaryKey("month", "number")
    month = models.DateField()
    number = models.PositiveIntegerField()
    run = models.TextField()
    items = models.PositiveIntegerField()
    points = models.BigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "spending_handover"


class Item(models.Model):
    """Points of one allocation that were handed over, and what the billing system has answered.

    They lie in the order of the wallets, as the allocations do, so that many are settled quickly.
    """

    pk = models.CompositePrimaryKey("month", "number", "wallet_id", "allocation_id")
    month = models.DateField()
    number = models.PositiveIntegerField()
    wallet_id = models.UUIDField()
    allocation_id = models.UUIDField()
    uid = models.UUIDField()
    kind = models.TextField()
    member_id = models.TextField()
    points = models.BigIntegerField()
    state = models.TextField(choices=[(one.value, one.value) for one in ItemState])
    paid = models.BigIntegerField(default=0)
    reason = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "spending_item"
        constraints = [
            models.CheckConstraint(
                condition=Q(points__gt=0, paid__gte=0, paid__lte=F("points")), name="spending_item_paid"
            ),
        ]
        indexes = [
            models.Index(
                fields=["wallet_id", "allocation_id"], condition=Q(state="sent"), name="spending_item_waiting"
            ),
        ]


class Answer(models.Model):
    """A file in which the billing system has answered, each time that it was taken in."""

    number = models.PositiveIntegerField(primary_key=True)
    sha256 = models.TextField()
    file_name = models.TextField()
    rows = models.PositiveIntegerField()
    rejected = models.PositiveIntegerField()
    again = models.PositiveIntegerField()
    paid = models.BigIntegerField()
    returned = models.BigIntegerField()
    carried = models.BigIntegerField()
    taken_by = models.TextField()
    taken_at = models.DateTimeField()

    class Meta:
        db_table = "spending_answer"


class Reservation(models.Model):
    """Points taken for a use that waits: captured (all or less, the rest went back), or voided.

    The lots they came from are the lines of the posting, whose id it has. Nothing is changed after it is settled but
    `given_back`: what was captured and came back later.
    """

    pk = models.CompositePrimaryKey("wallet_id", "reservation_id")
    wallet_id = models.UUIDField()
    reservation_id = models.UUIDField()
    use = models.TextField()
    reference = models.TextField()
    scope = models.TextField(blank=True)
    points = models.BigIntegerField()
    captured = models.BigIntegerField(default=0)
    given_back = models.BigIntegerField(default=0)
    state = models.TextField(choices=[(one.value, one.value) for one in HoldState], default=HoldState.WAITING.value)
    expires_at = models.DateTimeField(null=True)
    made_by = models.TextField()
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "spending_reservation"
        constraints = [
            models.CheckConstraint(
                condition=Q(points__gt=0, captured__gte=0, captured__lte=F("points"))
                & Q(given_back__gte=0, given_back__lte=F("captured")),
                name="spending_reservation_amounts",
            ),
            models.CheckConstraint(
                condition=Q(state="captured", captured__gt=0, settled_at__isnull=False)
                | Q(state="voided", captured=0, settled_at__isnull=False)
                | Q(state="waiting", captured=0, settled_at__isnull=True),
                name="spending_reservation_settled_once",
            ),
        ]
        indexes = [
            models.Index(fields=["wallet_id", "-made_at", "reservation_id"], name="spending_reservation_newest"),
            models.Index(fields=["expires_at"], condition=Q(state="waiting"), name="spending_reservation_waiting"),
        ]


class Overdue(models.Model):
    """A corporation, line or account whose bills the billing system says are overdue."""

    pk = models.CompositePrimaryKey("kind", "id")
    kind = models.TextField()
    id = models.TextField()

    class Meta:
        db_table = "spending_overdue"
