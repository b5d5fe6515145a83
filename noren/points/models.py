"""The ledger's tables.

Postings, entries and what belongs to them are only ever added: the application's role may not change them. Wallets
and lots are sums of entries, kept for speed and for their locks; `queries.verify` proves that they are.

Every key contains the wallet, so that the tables distribute by wallet. There are no foreign keys between them and
no triggers: a check per row would double the time of a bulk posting, and `verify` finds what it would find.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


def code() -> "models.TextField[str, str]":
    """A text that is compared byte by byte, so that its order is the same in SQL and in Python."""
    return models.TextField(db_collation="C")


class Wallet(models.Model):
    """The balance of a member or a management group. Its row is the lock of everything in the wallet."""

    wallet_id = models.UUIDField(primary_key=True)
    owner_kind = code()
    owner_id = models.TextField()
    points = models.BigIntegerField()
    arrears = models.BigIntegerField(db_default=0)
    given_up_at = models.DateTimeField(null=True)
    """What was used until then lapses when it comes back."""

    class Meta:
        db_table = "points_wallet"
        constraints = [
            models.CheckConstraint(condition=Q(arrears__gte=0), name="points_wallet_arrears_not_negative"),
            models.CheckConstraint(condition=Q(points__gte=-F("arrears")), name="points_wallet_not_below_its_arrears"),
        ]
        indexes = [
            models.Index(fields=["wallet_id"], condition=Q(owner_kind="group"), name="points_wallet_pool"),
            models.Index(fields=["wallet_id"], condition=Q(given_up_at__isnull=False), name="points_wallet_given_up"),
        ]


class Lot(models.Model):
    """Points of one kind, use list and last day in a wallet. granted = used + lapsed + remaining, always."""

    pk = models.CompositePrimaryKey("wallet_id", "kind", "uses", "lapses_on")
    wallet_id = models.UUIDField()
    kind = code()
    uses = code()
    lapses_on = models.DateField()
    is_limited = models.BooleanField()
    granted = models.BigIntegerField()
    used = models.BigIntegerField(db_default=0)
    lapsed = models.BigIntegerField(db_default=0)
    remaining = models.BigIntegerField()
    is_open = models.BooleanField()

    class Meta:
        db_table = "points_lot"
        indexes = [
            # The predicate is a flag: with `remaining > 0` no update of a lot could stay in its page.
            models.Index(fields=["lapses_on"], condition=Q(is_open=True), name="points_lot_open"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(granted__gte=0, used__gte=0, lapsed__gte=0, remaining__gte=0),
                name="points_lot_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(granted=F("used") + F("lapsed") + F("remaining")), name="points_lot_adds_up"
            ),
            models.CheckConstraint(
                condition=Q(is_open=True, remaining__gt=0) | Q(is_open=False, remaining=0),
                name="points_lot_open_while_points_remain",
            ),
        ]


class Posting(models.Model):
    """One event in the books: a single operation of its wallet, or a slice of a run (of the programme)."""

    pk = models.CompositePrimaryKey("wallet_id", "posting_id")
    wallet_id = models.UUIDField()
    posting_id = models.UUIDField()
    natural_key = models.TextField()
    movement = code()
    effective_on = models.DateField()
    booked_at = models.DateTimeField()
    usage_month = models.DateField(null=True)
    use = models.TextField(db_default="")
    corrects = models.UUIDField(null=True)
    run = models.TextField(db_default="")
    reason = models.TextField()
    actor = models.TextField()
    points = models.BigIntegerField()
    spenders = ArrayField(models.TextField(), db_default=[])

    class Meta:
        db_table = "points_posting"
        indexes = [
            models.Index(
                fields=["wallet_id", "corrects"], condition=Q(corrects__isnull=False), name="points_posting_corrects"
            ),
        ]


class Entry(models.Model):
    """So many points into or out of one lot. The entries of a debit are its allocation to lots.

    Partitioned by month of `effective_on`; the function points_ensure_month adds the months.
    """

    pk = models.CompositePrimaryKey("wallet_id", "posting_id", "line", "effective_on")
    wallet_id = models.UUIDField()
    posting_id = models.UUIDField()
    line = models.SmallIntegerField()
    effective_on = models.DateField()
    kind = code()
    uses = code()
    lapses_on = models.DateField()
    points = models.BigIntegerField()
    movement = code()
    usage_month = models.DateField(null=True)
    booked_at = models.DateTimeField()

    class Meta:
        db_table = "points_entry"
        constraints = [models.CheckConstraint(condition=~Q(points=0), name="points_entry_moves_points")]


class ProgrammeEntry(models.Model):
    """The programme's side of a posting: one row per posting and account, never one per member of a batch."""

    pk = models.CompositePrimaryKey("wallet_id", "posting_id", "account")
    wallet_id = models.UUIDField()
    posting_id = models.UUIDField()
    account = code()
    points = models.BigIntegerField()
    effective_on = models.DateField()
    booked_at = models.DateTimeField()

    class Meta:
        db_table = "points_programme_entry"


class Origin(models.Model):
    """From whose wallet, or in whose stead, points came into a wallet or were taken back; who earned them, and when.

    Most are those of pools: `transfer` for what members bring, `grant` and `correct` for what a close posts there in
    their stead. `earned_by`: the wallet that earned them, which is another than the origin when they came through it.
    `earned_on`: the usage month or, without one, the business day on which they came; of a lot the earliest go first.
    """

    pk = models.CompositePrimaryKey("wallet_id", "posting_id", "line")
    wallet_id = models.UUIDField()
    posting_id = models.UUIDField()
    line = models.IntegerField()
    origin_wallet_id = models.UUIDField()
    movement = code()
    earned_by = models.UUIDField()
    usage_month = models.DateField(null=True)
    earned_on = models.DateField()
    kind = code()
    uses = code()
    lapses_on = models.DateField()
    points = models.BigIntegerField()

    class Meta:
        db_table = "points_origin"
        indexes = [
            models.Index(fields=["origin_wallet_id"], name="points_origin_from"),
            models.Index(
                fields=["usage_month", "origin_wallet_id"],
                condition=Q(usage_month__isnull=False),
                name="points_origin_month",
            ),
        ]


class Budget(models.Model):
    """How many points of a wallet a spender (`unit:ID`, `account:ID`) may use in a month. A setting."""

    pk = models.CompositePrimaryKey("wallet_id", "spender")
    wallet_id = models.UUIDField()
    spender = code()
    monthly = models.BigIntegerField()

    class Meta:
        db_table = "points_budget"
        constraints = [models.CheckConstraint(condition=Q(monthly__gte=0), name="points_budget_not_negative")]


class BudgetUse(models.Model):
    """How many points of a wallet a spender has used in a month, returns taken off: a sum of postings."""

    pk = models.CompositePrimaryKey("wallet_id", "spender", "month")
    wallet_id = models.UUIDField()
    spender = code()
    month = models.DateField()
    used = models.BigIntegerField()

    class Meta:
        db_table = "points_budget_use"
        constraints = [models.CheckConstraint(condition=Q(used__gte=0), name="points_budget_use_not_negative")]


class Idempotency(models.Model):
    """The answer given to a key, kept so that the same question gets the same answer."""

    pk = models.CompositePrimaryKey("wallet_id", "key")
    wallet_id = models.UUIDField()
    key = models.TextField()
    request_hash = models.BinaryField()
    answer = models.JSONField()
    booked_at = models.DateTimeField()

    class Meta:
        db_table = "points_idempotency"
