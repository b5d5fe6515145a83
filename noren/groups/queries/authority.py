"""Who holds which role where, and what that lets them touch."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from noren.groups.models import Holder, Member, Staff
from noren.groups.rules import GroupState, Held, Permission, Role, Scope, scope_of
from noren.kit import sql
from noren.kit.actor import Actor, ActorKind
from noren.members.rules import MemberKind

NOBODY = Scope(frozenset(), frozenset(), frozenset())


def held(account_id: str) -> tuple[Held, ...]:
    """The roles of an account, those of groups that have ended left out: one statement."""
    return held_by([account_id]).get(account_id, ())


def held_by(account_ids: Iterable[str]) -> dict[str, tuple[Held, ...]]:
    """The roles of each of the accounts; one without any is left out: one statement."""
    found: dict[str, tuple[Held, ...]] = {}
    asked = {"account_ids": list(account_ids)}
    for one, role, corporation, group, units in sql.rows(lambda *columns: columns, "groups", "held.sql", asked):
        found[one] = (*found.get(one, ()), Held(Role(role), corporation, group, frozenset(units)))
    return found


def scope(actor: Actor, permission: Permission) -> Scope:
    """What the actor may touch with the permission. Nobody but members of the programme has a scope."""
    return scope_of(held(actor.name), permission) if actor.kind is ActorKind.MEMBER else NOBODY


@dataclass(frozen=True, slots=True)
class Place:
    """Where an account stands: in no group and no unit when these are empty."""

    group_id: str
    unit_id: str


def place_of(account_id: str) -> Place:
    """The group and unit of an account."""
    found = Member.objects.filter(kind=MemberKind.ACCOUNT, member_id=account_id, left_at__isnull=True).first()
    if found is None:
        return Place("", "")
    return Place(str(found.group_id), str(found.unit_id or ""))


@dataclass(frozen=True, slots=True)
class HolderRow:
    """An account with a role in a group, for all of it or for one unit."""

    account_id: str
    login_id: str
    name: str
    role: Role
    unit_id: UUID | None
    unit: str


def holders(group_id: UUID) -> tuple[HolderRow, ...]:
    """Who holds roles in the group, the highest first."""
    rows = Holder.objects.filter(group_id=group_id).select_related("account", "unit")
    found = [
        HolderRow(
            row.account_id,
            row.account.login_id,
            row.account.name,
            Role(row.role),
            row.unit_id,
            row.unit.name if row.unit else "",
        )
        for row in rows
    ]
    order = list(Role)
    return tuple(sorted(found, key=lambda row: (order.index(row.role), row.login_id, row.unit)))


def holding(account_ids: Collection[str]) -> list[str]:
    """Those of the accounts that hold a role anywhere, at a customer or at the operator."""
    held = Holder.objects.filter(account_id__in=list(account_ids)).values_list("account_id", flat=True)
    staff = Staff.objects.filter(account_id__in=list(account_ids)).values_list("account_id", flat=True)
    return sorted({*held, *staff})


def administrators(corporation_id: str) -> tuple[HolderRow, ...]:
    """The administrators of a corporation."""
    rows = Holder.objects.filter(corporation_id=corporation_id).select_related("account").order_by("account__login_id")
    return tuple(
        HolderRow(row.account_id, row.account.login_id, row.account.name, Role(row.role), None, "") for row in rows
    )


def roles_of(account_ids: Iterable[str]) -> dict[str, set[Role]]:
    """The roles that each of the accounts holds, wherever; an account without any is left out: one statement."""
    rows = Holder.objects.filter(account_id__in=list(account_ids)).exclude(group__state=GroupState.DISSOLVED)
    found: dict[str, set[Role]] = {}
    for account_id, role in rows.values_list("account_id", "role"):
        found.setdefault(account_id, set()).add(Role(role))
    return found
