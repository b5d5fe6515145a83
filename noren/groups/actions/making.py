"""Make groups, change and dissolve them; apply for one across companies, consent, decide."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from noren.groups.actions import refusals
from noren.groups.actions.policies import end_policy, follow
from noren.groups.actions.rows import living, locked, record, tidy_name
from noren.groups.models import Application, Group, Holder, Member, Partner, Unit
from noren.groups.rules import (
    GROUPS_PER_CORPORATION,
    UNITS_PER_GROUP,
    GroupState,
    PoolView,
    Role,
    UnitKind,
)
from noren.kit.actor import Actor
from noren.members import queries as members

EVIDENCE_BYTES = 10 << 20


@transaction.atomic
def create(*, corporation_id: str, name: str, representative: str, actor: Actor, now: datetime) -> UUID:
    """A group of one corporation, led by an account of it; gives its id.

    Raises NeedsLine, BadName, TooMany, NotOurs, UnknownAccount.
    """
    row = _make(corporation_id, name, GroupState.ACTIVE, localtime(now).date(), now)
    _lead(row, representative, now)
    record(row, "create", actor=actor, now=now, detail={"name": row.name, "representative": representative})
    return row.group_id


@transaction.atomic
def apply(
    *,
    corporation_id: str,
    name: str,
    representative: str,
    partners: Mapping[str, str],
    evidence_name: str,
    evidence: bytes,
    starts_on: date,
    actor: Actor,
    now: datetime,
) -> UUID:
    """Apply for a group across companies. `partners`: corporation id -> its capital tie with ours, in words.

    Raises NeedsLine, BadName, TooMany, NotOurs, BadEvidence, UnknownCorporation, UnknownAccount.
    """
    if not evidence or len(evidence) > EVIDENCE_BYTES:
        raise refusals.BadEvidence(_("Add a document of at most 10 MB that shows how the companies are tied."))
    if not partners or corporation_id in partners or not all(tie.strip() for tie in partners.values()):
        raise refusals.NotOurs(_("Name at least one other corporation, and how it is tied to yours."))
    for partner in partners:
        members.corporation_name(partner)
    row = _make(corporation_id, name, GroupState.APPLIED, starts_on, now)
    _lead(row, representative, now)
    Partner.objects.bulk_create(
        Partner(group=row, corporation_id=partner, capital_tie=tie.strip()) for partner, tie in partners.items()
    )
    Application.objects.create(
        group=row,
        made_by_id=representative,
        evidence_name=evidence_name[-200:],
        evidence_digest=hashlib.sha256(evidence).hexdigest(),
        evidence=evidence,
    )
    detail = {"name": row.name, "partners": sorted(partners), "starts_on": str(starts_on)}
    record(row, "apply", actor=actor, now=now, detail=detail)
    return row.group_id


@transaction.atomic
def consent(group_id: UUID, corporation_id: str, *, account_id: str, actor: Actor, now: datetime) -> None:
    """An administrator of a corporation agrees that its members take part. Raises UnknownGroup, NotOurs."""
    row = locked(group_id, GroupState.APPLIED, GroupState.ACTIVE)
    asked = Partner.objects.filter(group=row, corporation_id=corporation_id)
    if not asked.exists():
        raise refusals.NotOurs(_("This corporation was not asked to take part."))
    asked.filter(consented_at__isnull=True).update(consented_by_id=account_id, consented_at=now)
    record(row, "consent", actor=actor, now=now, detail={"corporation": corporation_id})


@transaction.atomic
def withdraw_consent(group_id: UUID, corporation_id: str, *, actor: Actor, now: datetime) -> None:
    """A corporation takes part no more: its people's roles in the group end. They leave before; see lifecycle.

    Raises UnknownGroup, WrongState, NotOurs.
    """
    row = locked(group_id, GroupState.APPLIED, GroupState.ACTIVE)
    given = Partner.objects.filter(group=row, corporation_id=corporation_id, consented_at__isnull=False)
    if not given.update(consented_by=None, consented_at=None):
        raise refusals.NotOurs(_("This corporation does not take part in the group."))
    roles = Holder.objects.filter(group=row, account__corporation_id=corporation_id)
    holders = list(roles.values_list("account_id", flat=True).distinct())
    roles.delete()
    follow(holders)
    record(row, "withdraw_consent", actor=actor, now=now, detail={"corporation": corporation_id})


@transaction.atomic
def decide(group_id: UUID, *, approve: bool, reason: str = "", actor: Actor, now: datetime) -> None:
    """The operator approves an application that all have consented to, or refuses it.

    Raises UnknownGroup, WrongState, NotConsented.
    """
    row = locked(group_id, GroupState.APPLIED)
    if approve and Partner.objects.filter(group=row, consented_at__isnull=True).exists():
        raise refusals.NotConsented(_("Not every corporation has consented yet."))
    row.state = GroupState.ACTIVE if approve else GroupState.REFUSED
    row.ended_at = None if approve else now
    row.starts_on = max(row.starts_on, localtime(now).date())
    row.save(update_fields=["state", "ended_at", "starts_on"])
    Application.objects.filter(group=row).update(decided_at=now, decided_by=str(actor), reason=reason.strip())
    record(row, "approve" if approve else "refuse", actor=actor, now=now, reason=reason.strip())


@transaction.atomic
def change(group_id: UUID, *, name: str, pool_view: PoolView, members_spend: bool, actor: Actor, now: datetime) -> None:
    """Another name, and what plain members see of the pool and may do with it. Raises UnknownGroup, BadName."""
    row = locked(group_id)
    before = {"name": row.name, "pool_view": row.pool_view, "members_spend": row.members_spend}
    row.name, row.pool_view, row.members_spend = tidy_name(name), pool_view, members_spend
    _save(row, ["name", "pool_view", "members_spend"])
    after = {"name": row.name, "pool_view": str(row.pool_view), "members_spend": members_spend}
    changed = [field for field in after if before[field] != after[field]]
    old, new = ({field: facts[field] for field in changed} for facts in (before, after))
    record(row, "change", actor=actor, now=now, before=old, after=new)


def hold(group_id: UUID) -> None:
    """Nobody joins, leaves or dissolves the group until the transaction ends. Raises UnknownGroup, WrongState."""
    locked(group_id)


def keep_active(group_ids: Collection[UUID]) -> set[UUID]:
    """Those of the groups that have ended; nobody dissolves one of the others until the transaction ends."""
    rows = Group.objects.filter(group_id__in=group_ids).order_by("group_id").select_for_update()
    return {group_id for group_id, state in rows.values_list("group_id", "state") if state != GroupState.ACTIVE}


@transaction.atomic
def dissolve(group_id: UUID, *, heir: str, actor: Actor, now: datetime) -> None:
    """Everybody leaves, roles end. Points must have gone to the account `heir` before.

    Raises UnknownGroup, WrongState.
    """
    row = locked(group_id)
    end_policy(group_id)
    left = Member.objects.filter(group=row, left_at__isnull=True).update(left_at=now)
    Holder.objects.filter(group=row).delete()
    row.state, row.ended_at, row.heir = GroupState.DISSOLVED, now, heir
    row.save(update_fields=["state", "ended_at", "heir"])
    record(row, "dissolve", actor=actor, now=now, detail={"members": left})


@transaction.atomic
def add_unit(group_id: UUID, *, kind: UnitKind, name: str, actor: Actor, now: datetime) -> UUID:
    """A department or site. Raises UnknownGroup, BadName, TooMany."""
    row = locked(group_id)
    if Unit.objects.filter(group=row).count() >= UNITS_PER_GROUP:
        raise refusals.too_many_units()
    unit = Unit(group=row, kind=kind, name=tidy_name(name))
    try:
        with transaction.atomic():
            unit.save(force_insert=True)
    except IntegrityError as error:
        raise refusals.name_taken(unit.name) from error
    record(row, "unit_add", actor=actor, now=now, detail={"unit": str(unit.unit_id), "name": unit.name})
    return unit.unit_id


@transaction.atomic
def remove_unit(group_id: UUID, unit_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Its members stay in the group; permissions for it alone end. Raises UnknownGroup, NotOurs."""
    row = locked(group_id)
    unit = Unit.objects.filter(group=row, unit_id=unit_id).first()
    if unit is None:
        raise refusals.NotOurs(_("There is no such department or site in the group."))
    Member.objects.filter(unit=unit).update(unit=None)
    holders = list(Holder.objects.filter(unit=unit).values_list("account_id", flat=True))
    Holder.objects.filter(unit=unit).delete()
    unit.delete()
    follow(holders)
    record(row, "unit_remove", actor=actor, now=now, detail={"unit": str(unit_id), "name": unit.name})


def _make(corporation_id: str, name: str, state: GroupState, starts_on: date, now: datetime) -> Group:
    if not members.has_open_line(corporation_id):
        raise refusals.NeedsLine(_("A management group needs a line in the corporation's name."))
    if Group.objects.filter(corporation_id=corporation_id, ended_at__isnull=True).count() >= GROUPS_PER_CORPORATION:
        raise refusals.too_many_groups()
    row = Group(corporation_id=corporation_id, name=tidy_name(name), state=state, starts_on=starts_on, made_at=now)
    _save(row, None)
    return row


def _lead(row: Group, account_id: str, now: datetime) -> None:
    if living(account_id).corporation_id != row.corporation_id:
        raise refusals.NotOurs(_("The representative belongs to the corporation that makes the group."))
    Holder.objects.create(account_id=account_id, role=Role.REPRESENTATIVE, group=row, given_at=now)


def _save(row: Group, fields: list[str] | None) -> None:
    try:
        with transaction.atomic():
            row.save(update_fields=fields)
    except IntegrityError as error:
        raise refusals.name_taken(row.name) from error
