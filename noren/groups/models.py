"""Management groups: their units, members and roles, and the steps of a cross-company group."""

import uuid

from django.db import models
from django.db.models import Q

from noren.groups.rules import GroupState, PoolView, Role, StaffRole, UnitKind


def _one_of(
    kinds: type[GroupState] | type[PoolView] | type[Role] | type[StaffRole] | type[UnitKind],
) -> list[tuple[str, str]]:
    return [(kind.value, kind.value) for kind in kinds]


class Group(models.Model):
    """Members whose users and points are managed together. Its id is its pool's wallet."""

    group_id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    corporation = models.ForeignKey("members.Corporation", on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    state = models.TextField(choices=_one_of(GroupState))
    pool_view = models.TextField(choices=_one_of(PoolView), default=PoolView.ALL.value)
    members_spend = models.BooleanField(default=False)
    """Whether plain members may spend from the pool, within their limits."""
    starts_on = models.DateField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    heir = models.TextField(blank=True)
    """The account to which the points went when the group was dissolved; what comes back later follows them."""

    class Meta:
        db_table = "groups_group"
        constraints = [
            models.UniqueConstraint(
                fields=["corporation", "name"], condition=Q(ended_at__isnull=True), name="groups_group_name_once"
            )
        ]


class Partner(models.Model):
    """A corporation that takes part in another's group, once it has consented."""

    pk = models.CompositePrimaryKey("group_id", "corporation_id")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, db_index=False)
    corporation = models.ForeignKey("members.Corporation", on_delete=models.PROTECT, related_name="+")
    capital_tie = models.TextField()
    consented_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, null=True, related_name="+")
    consented_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "groups_partner"


class Application(models.Model):
    """What a cross-company group was applied for with, and how the operator decided."""

    group = models.OneToOneField(Group, on_delete=models.PROTECT, primary_key=True)
    made_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    evidence_name = models.TextField()
    evidence_digest = models.TextField()
    evidence = models.BinaryField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.TextField(blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        db_table = "groups_application"


class Unit(models.Model):
    """A department or site of a group."""

    unit_id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, db_index=False)
    kind = models.TextField(choices=_one_of(UnitKind))
    name = models.TextField()

    class Meta:
        db_table = "groups_unit"
        constraints = [models.UniqueConstraint(fields=["group", "name"], name="groups_unit_name_once")]


class Member(models.Model):
    """A line or an account in a group; of the two, one group at a time. `account` manages it: itself, or the line's."""

    member_uid = models.UUIDField()
    group = models.ForeignKey(Group, on_delete=models.PROTECT)
    unit = models.ForeignKey(Unit, on_delete=models.SET_NULL, null=True)
    kind = models.TextField()
    member_id = models.TextField()
    is_pooled = models.BooleanField()
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "groups_member"
        constraints = [
            models.UniqueConstraint(
                fields=["member_uid"], condition=Q(left_at__isnull=True), name="groups_member_one_group"
            )
        ]
        indexes = [
            models.Index(fields=["group", "unit"], condition=Q(left_at__isnull=True), name="groups_member_of_group"),
            models.Index(fields=["kind", "member_id"], name="groups_member_id"),
        ]


class Holder(models.Model):
    """A role that an account holds: of its corporation, of a group, or (with rows in HolderUnit) of some units."""

    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.TextField(choices=_one_of(Role))
    corporation = models.ForeignKey(
        "members.Corporation", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True)
    given_at = models.DateTimeField()

    class Meta:
        db_table = "groups_holder"
        constraints = [
            models.CheckConstraint(
                condition=Q(role="administrator", corporation__isnull=False, group__isnull=True, unit__isnull=True)
                | (~Q(role="administrator") & Q(corporation__isnull=True, group__isnull=False)),
                name="groups_holder_in_its_place",
            ),
            models.UniqueConstraint(
                fields=["account", "role", "corporation", "group", "unit"],
                nulls_distinct=False,
                name="groups_holder_once",
            ),
            models.UniqueConstraint(
                fields=["group"], condition=Q(role="representative"), name="groups_holder_one_representative"
            ),
        ]
        indexes = [
            models.Index(fields=["group", "role"], name="groups_holder_of_group"),
            models.Index(fields=["corporation"], condition=Q(corporation__isnull=False), name="groups_holder_of_corp"),
        ]


class Staff(models.Model):
    """One of the operator's people, by the role that their account holds in a shop. Its name is printed on receipts."""

    account = models.OneToOneField("accounts.Account", on_delete=models.PROTECT, primary_key=True, related_name="+")
    role = models.TextField(choices=_one_of(StaffRole))
    shop = models.TextField()
    shop_name = models.TextField()
    given_at = models.DateTimeField()

    class Meta:
        db_table = "groups_staff"


class Policy(models.Model):
    """What a corporation or a group asks of its accounts from a moment on: the one in force, and one that is coming.

    `place` is its name towards `noren.accounts.policy`. What was in force before is in the audit.
    """

    place = models.TextField()
    corporation = models.ForeignKey("members.Corporation", on_delete=models.PROTECT, null=True, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True)
    from_at = models.DateTimeField()
    settings = models.JSONField()
    set_by = models.TextField()
    set_at = models.DateTimeField()

    class Meta:
        db_table = "groups_policy"
        constraints = [
            models.CheckConstraint(
                condition=Q(corporation__isnull=False, group__isnull=True)
                | Q(corporation__isnull=True, group__isnull=False),
                name="groups_policy_one_place",
            ),
            models.UniqueConstraint(fields=["place", "from_at"], name="groups_policy_once"),
        ]


class SavedView(models.Model):
    """A search of the directory that an administrator keeps."""

    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.TextField()
    query = models.TextField()

    class Meta:
        db_table = "groups_saved_view"
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="groups_saved_view_once")]


class DeniedService(models.Model):
    """A partner service that accounts of a place may not be linked to. `place` as in Policy."""

    place = models.TextField()
    client_id = models.TextField()

    class Meta:
        db_table = "groups_denied_service"
        constraints = [models.UniqueConstraint(fields=["place", "client_id"], name="groups_denied_service_once")]
