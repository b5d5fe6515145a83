"""Corporations, their lines, accounts as members, and solution contracts.

A line or an account is a member by its `joined_on`. Each has a `uid` that never changes, whatever happens to
its phone number or login; it is computed from kind and id, so that two imports give the same.
"""

from django.db import models
from django.db.models import F, Q

from noren.members.rules import CorporationKind, Service


class Corporation(models.Model):
    """A corporate customer."""

    corporation_id = models.TextField(primary_key=True)
    corporate_number = models.TextField(blank=True)
    name = models.TextField()
    name_kana = models.TextField(blank=True)
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in CorporationKind])

    class Meta:
        db_table = "members_corporation"
        indexes = [
            models.Index(
                fields=["corporate_number"], condition=~Q(corporate_number=""), name="members_corporation_number"
            )
        ]


class Line(models.Model):
    """A line contract in a corporation's name."""

    line_id = models.TextField(primary_key=True)
    uid = models.UUIDField(unique=True)
    corporation = models.ForeignKey(Corporation, on_delete=models.PROTECT)
    phone_number = models.TextField(blank=True)
    service = models.TextField(choices=[(service.value, service.value) for service in Service])
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    joined_on = models.DateField(null=True)
    withdrawn_on = models.DateField(null=True)
    continued_by = models.ForeignKey("Account", on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    """After the line closed: the account that has its points now, and those that still come for its last months."""

    class Meta:
        db_table = "members_line"
        indexes = [
            models.Index(
                fields=["continued_by"], condition=Q(continued_by__isnull=False), name="members_line_continued"
            ),
            models.Index(
                fields=["phone_number"],
                condition=Q(closed_on__isnull=True) & ~Q(phone_number=""),
                name="members_line_number",
            ),
        ]


class Account(models.Model):
    """A business account as a member: it has no line and no tenure."""

    account_id = models.TextField(primary_key=True)
    uid = models.UUIDField(unique=True)
    corporation = models.ForeignKey(Corporation, on_delete=models.PROTECT)
    joined_on = models.DateField(null=True)
    withdrawn_on = models.DateField(null=True)

    class Meta:
        db_table = "members_account"


class Contract(models.Model):
    """A solution contract, tied to one line or one account. `ended_on` is the first day no longer in force."""

    contract_id = models.TextField(primary_key=True)
    corporation = models.ForeignKey(Corporation, on_delete=models.PROTECT)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True)
    solution = models.TextField()
    started_on = models.DateField()
    ended_on = models.DateField(null=True)

    class Meta:
        db_table = "members_contract"
        constraints = [
            models.CheckConstraint(
                condition=Q(line__isnull=False, account__isnull=True) | Q(line__isnull=True, account__isnull=False),
                name="members_contract_line_or_account",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="members_contract_ends_after_start",
            ),
        ]
