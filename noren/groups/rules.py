"""Who may do what, and where: the one vocabulary of permissions. Management groups, their sizes and states. Pure.

A permission is held through a role, and a role is held somewhere: for a corporation, for a group, or for some units of
a group. What a person may touch is the union of the places in which their roles give the permission.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

MEMBERS_PER_GROUP = 50_000
GROUPS_PER_CORPORATION = 1_000
HOLDERS_PER_GROUP = 100
UNITS_PER_GROUP = 1_000
NAME_LENGTH = 100
SHOP_CODE_LENGTH = 32


class Permission(StrEnum):
    """`resource:verb`. What the resources are is in docs/rules/permissions.md."""

    ACCOUNTS_VIEW = "accounts:view"
    ACCOUNTS_ISSUE = "accounts:issue"
    ACCOUNTS_CHANGE = "accounts:change"
    ACCOUNTS_SECURE = "accounts:secure"
    ACCOUNTS_ABOLISH = "accounts:abolish"
    SERVICES_MANAGE = "services:manage"
    USAGE_VIEW = "usage:view"
    AUDIT_VIEW = "audit:view"
    POLICY_MANAGE = "policy:manage"
    GROUPS_CREATE = "groups:create"
    GROUPS_VIEW = "groups:view"
    GROUPS_MANAGE = "groups:manage"
    GROUPS_GRANT = "groups:grant"
    GROUPS_DISSOLVE = "groups:dissolve"
    POINTS_VIEW = "points:view"
    POINTS_SPEND = "points:spend"
    LIMITS_MANAGE = "limits:manage"
    COUNTER_SELL = "counter:sell"
    COUNTER_REVERSE = "counter:reverse"


class Role(StrEnum):
    """In the order of their rank, the highest first."""

    ADMINISTRATOR = "administrator"
    REPRESENTATIVE = "representative"
    MANAGING_USER = "managing_user"
    MANAGE_USERS = "manage_users"
    MANAGE_POINTS = "manage_points"


class StaffRole(StrEnum):
    """Of the operator's people; held in a shop, not at a customer."""

    CLERK = "clerk"
    SALES = "sales"


STAFF_GRANTS: Mapping[StaffRole, frozenset[Permission]] = {
    StaffRole.CLERK: frozenset({Permission.COUNTER_SELL, Permission.COUNTER_REVERSE}),
    StaffRole.SALES: frozenset({Permission.COUNTER_SELL}),
}
"""What each role may do at the counter. What was bought comes back to a shop."""

OF_STAFF = frozenset[Permission]().union(*STAFF_GRANTS.values())
"""Permissions that no customer has."""

_USERS = frozenset(
    {
        Permission.ACCOUNTS_VIEW,
        Permission.ACCOUNTS_CHANGE,
        Permission.ACCOUNTS_SECURE,
        Permission.SERVICES_MANAGE,
        Permission.USAGE_VIEW,
        Permission.GROUPS_VIEW,
    }
)
_POINTS = frozenset({Permission.GROUPS_VIEW, Permission.POINTS_VIEW, Permission.POINTS_SPEND})
_GROUP = (
    _USERS
    | _POINTS
    | {
        Permission.ACCOUNTS_ISSUE,
        Permission.ACCOUNTS_ABOLISH,
        Permission.AUDIT_VIEW,
        Permission.POLICY_MANAGE,
        Permission.GROUPS_MANAGE,
        Permission.GROUPS_GRANT,
        Permission.LIMITS_MANAGE,
    }
)

GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(Permission) - OF_STAFF,
    Role.REPRESENTATIVE: _GROUP | {Permission.GROUPS_DISSOLVE},
    Role.MANAGING_USER: _GROUP,
    Role.MANAGE_USERS: _USERS,
    Role.MANAGE_POINTS: _POINTS,
}
"""What each role may do in its place. The press release names the roles; what each comes to is our default."""

OF_CORPORATION = frozenset({Role.ADMINISTRATOR})
OF_UNITS = frozenset({Role.MANAGE_USERS, Role.MANAGE_POINTS})
"""Roles that may be held for some units of a group instead of all of it."""


@dataclass(frozen=True, slots=True)
class Held:
    """A role in its place: a corporation, a group (no units), or some units of a group."""

    role: Role
    corporation_id: str = ""
    group_id: str = ""
    units: frozenset[str] = frozenset()


RANKS = {role: rank for rank, role in enumerate(reversed(Role), start=1)}


def may_act_on(mine: Iterable[Held], theirs: Iterable[Held], *, corporation_id: str) -> bool:
    """Whether holders of the first roles may touch an account of that corporation that holds the others.

    Administrators of its own corporation may. Anybody else needs, in each group in which it holds a role, a higher one
    that gives all that the other gives. So nobody rises by resetting the password of somebody who may more elsewhere.
    """
    held = list(mine)
    at_home = any(one.role is Role.ADMINISTRATOR and one.corporation_id == corporation_id for one in held)
    return at_home or all(any(_is_above(one, their) for one in held) for their in theirs)


def _is_above(one: Held, their: Held) -> bool:
    in_its_place = bool(their.group_id) and one.group_id == their.group_id and not one.units
    return in_its_place and RANKS[one.role] > RANKS[their.role] and GRANTS[one.role] >= GRANTS[their.role]


def may_grant(mine: Iterable[Role], role: Role) -> bool:
    """Whether holders of the first roles, over the whole of a group, may give or take the role in it."""
    return max((RANKS[one] for one in mine), default=0) > RANKS[role]


class GroupState(StrEnum):
    """applied -> active -> dissolved; a cross-company group is applied for, all others begin active."""

    APPLIED = "applied"
    REFUSED = "refused"
    ACTIVE = "active"
    DISSOLVED = "dissolved"


class UnitKind(StrEnum):
    """What a unit of a group is to the customer."""

    DEPARTMENT = "department"
    SITE = "site"
    OTHER = "other"


class PoolView(StrEnum):
    """What plain members see of the pool."""

    ALL = "all"
    OWN = "own"
    NOTHING = "nothing"


def is_pooled(kind: str, *, carrier_free: bool, pool_carrier_free: bool) -> bool:
    """Whether a member's points go into the pool: lines always, accounts with a line, others by the switch."""
    return kind == "line" or not carrier_free or pool_carrier_free


@dataclass(frozen=True, slots=True)
class Scope:
    """What somebody may touch: all of these corporations, of these groups, of these units. Made by `scope_of` alone."""

    corporations: frozenset[str]
    groups: frozenset[str]
    units: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.corporations or self.groups or self.units)

    def covers(self, *, corporation_id: str = "", group_id: str = "", unit_id: str = "") -> bool:
        """Whether what stands in that corporation, group and unit (empty: in none) is within."""
        return corporation_id in self.corporations or group_id in self.groups or unit_id in self.units


def scope_of(held: Iterable[Held], permission: Permission) -> Scope:
    """The union of the places in which the roles give the permission."""
    giving = [one for one in held if permission in GRANTS[one.role]]
    whole = [one for one in giving if not one.units]
    return Scope(
        corporations=frozenset(one.corporation_id for one in whole if one.corporation_id),
        groups=frozenset(one.group_id for one in whole if one.group_id),
        units=frozenset(unit for one in giving for unit in one.units),
    )


def roles_at(held: Iterable[Held], *, corporation_id: str = "", group_id: str = "", unit_id: str = "") -> set[Role]:
    """The roles that cover what stands in that corporation, group and unit."""
    return {
        one.role
        for one in held
        if (one.units and unit_id in one.units)
        or (not one.units and (one.corporation_id or None) == corporation_id)
        or (not one.units and (one.group_id or None) == group_id)
    }


@dataclass(frozen=True, slots=True)
class PolicyPlace:
    """Where a security policy is set: for a corporation, or for a group. One of the two is empty."""

    corporation_id: str = ""
    group_id: str = ""

    @property
    def name(self) -> str:
        """By which `noren.accounts` knows it."""
        return f"corporation:{self.corporation_id}" if self.corporation_id else f"group:{self.group_id}"

    @classmethod
    def named(cls, name: str) -> "PolicyPlace":
        """The place of that name."""
        kind, _colon, identity = name.partition(":")
        return cls(corporation_id=identity) if kind == "corporation" else cls(group_id=identity)


def candidates(corporation_id: str) -> Scope:
    """Where those may look for people who put them into a group: in their corporation, by name alone."""
    return Scope(frozenset({corporation_id}), frozenset(), frozenset())
