"""Give roles and take them. Whether the actor may give them is the door's question, by `rules.may_grant`."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from noren.accounts import queries as accounts
from noren.audit import actions as audit
from noren.groups.actions import refusals
from noren.groups.actions.policies import follow
from noren.groups.actions.rows import corporations, living, locked, record, unit_of
from noren.groups.models import Holder, Staff
from noren.groups.rules import HOLDERS_PER_GROUP, OF_CORPORATION, OF_UNITS, Role
from noren.kit.actor import Actor


@transaction.atomic
def grant(
    group_id: UUID, account_id: str, role: Role, *, units: Collection[UUID] = (), actor: Actor, now: datetime
) -> None:
    """A role in the group, for all of it or (manage_users, manage_points) for some units. It replaces what was held.

    Raises UnknownGroup, NotOurs, TooMany, WrongState, UnknownAccount.
    """
    row = locked(group_id)
    if role in OF_CORPORATION or role is Role.REPRESENTATIVE or (units and role not in OF_UNITS):
        raise refusals.not_for_role(role)
    if living(account_id).corporation_id not in corporations(row):
        raise refusals.NotOurs(_("%(member_id)s belongs to another corporation."), member_id=account_id)
    others = Holder.objects.filter(group=row).exclude(account_id=account_id)
    if others.values("account_id").distinct().count() >= HOLDERS_PER_GROUP:
        raise refusals.too_many_holders()
    Holder.objects.filter(group=row, account_id=account_id, role=role).delete()
    places = [unit_of(row, unit_id) for unit_id in units] or [None]
    Holder.objects.bulk_create(
        Holder(account_id=account_id, role=role, group=row, unit=unit, given_at=now) for unit in places
    )
    follow([account_id])
    detail = {"group": str(group_id), "role": role, "units": sorted(map(str, units))}
    _record(account_id, "grant", actor, now, detail)


@transaction.atomic
def revoke(group_id: UUID, account_id: str, role: Role, *, actor: Actor, now: datetime) -> bool:
    """Take the role; False: it was not held. Raises UnknownGroup, StillRepresents."""
    row = locked(group_id)
    if role is Role.REPRESENTATIVE:
        raise refusals.StillRepresents(_("Name another representative instead."))
    gone, _rows = Holder.objects.filter(group=row, account_id=account_id, role=role).delete()
    if gone:
        follow([account_id])
        _record(account_id, "revoke", actor, now, {"group": str(group_id), "role": role})
    return bool(gone)


@transaction.atomic
def replace_representative(group_id: UUID, account_id: str, *, actor: Actor, now: datetime) -> None:
    """Another account of the group's corporation leads it; the one before stays a managing user.

    Raises UnknownGroup, NotOurs, UnknownAccount.
    """
    row = locked(group_id)
    if living(account_id).corporation_id != row.corporation_id:
        raise refusals.NotOurs(_("The representative belongs to the corporation that makes the group."))
    before = Holder.objects.get(group=row, role=Role.REPRESENTATIVE)
    if before.account_id == account_id:
        return
    Holder.objects.filter(group=row, account_id=account_id).delete()
    former = before.account_id
    before.account_id = account_id
    before.given_at = now
    before.save()
    Holder.objects.get_or_create(
        account_id=former, role=Role.MANAGING_USER, group=row, unit=None, defaults={"given_at": now}
    )
    follow([former, account_id])
    record(row, "representative", actor=actor, now=now, detail={"before": former, "after": account_id})


@transaction.atomic
def make_administrator(account_id: str, *, actor: Actor, now: datetime) -> bool:
    """The account administers its corporation; False: it does already. Raises UnknownAccount."""
    corporation = living(account_id).corporation_id
    _row, is_new = Holder.objects.get_or_create(
        account_id=account_id, role=Role.ADMINISTRATOR, corporation_id=corporation, defaults={"given_at": now}
    )
    if is_new:
        _record(account_id, "administrator_add", actor, now)
    return is_new


@transaction.atomic
def end_administrator(account_id: str, *, actor: Actor, now: datetime) -> None:
    """It administers no more. Raises LastAdministrator, NotInGroup."""
    corporation = accounts.account(account_id).corporation_id
    rows = Holder.objects.select_for_update().filter(role=Role.ADMINISTRATOR, corporation_id=corporation)
    held = list(rows.order_by("pk"))
    mine = [row for row in held if row.account_id == account_id]
    if not mine:
        raise refusals.NotInGroup(_("This account does not administer its corporation."))
    if len(held) == 1:
        raise refusals.LastAdministrator(_("A corporation keeps at least one administrator. Name another one first."))
    mine[0].delete()
    _record(account_id, "administrator_remove", actor, now)


@transaction.atomic
def end_roles(account_id: str, *, actor: Actor, now: datetime) -> None:
    """All roles of an account that ends or goes to another corporation. Raises StillRepresents, LastAdministrator."""
    rows = Holder.objects.filter(account_id=account_id)
    if rows.filter(role=Role.REPRESENTATIVE).exists():
        raise refusals.StillRepresents(
            _("The account represents a group. Name another representative first, or dissolve the group.")
        )
    if rows.filter(role=Role.ADMINISTRATOR).exists():
        end_administrator(account_id, actor=actor, now=now)
    gone = rows.delete()[0] + Staff.objects.filter(account_id=account_id).delete()[0]
    if gone:
        follow([account_id])
        _record(account_id, "roles_end", actor, now)


def _record(account_id: str, act: str, actor: Actor, now: datetime, detail: Mapping[str, object] | None = None) -> None:
    """One audit row about the account: its person sees what they may do."""
    scope = accounts.corporation_of(account_id)
    audit.record(actor=actor, act=f"group.{act}", subject=account_id, detail=detail, now=now, scope=scope)
