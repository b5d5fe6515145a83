"""The places for which a manager sets rules: the whole corporation, and groups. `corporation` or a group's id."""

from uuid import UUID

from django.http import Http404

from noren.admin_site.access import Manager
from noren.groups import queries as groups
from noren.groups.rules import Permission, PolicyPlace
from noren.members import queries as members

CORPORATION = "corporation"


def places(manager: Manager) -> list[str]:
    """Theirs, the corporation first."""
    scope = manager.scope(Permission.POLICY_MANAGE)
    own = [CORPORATION] if manager.corporation_id in scope.corporations else []
    found = groups.groups(scope)
    return own + [
        str(row.group_id)
        for row in found
        if scope.covers(corporation_id=row.corporation_id, group_id=str(row.group_id))
    ]


def place_at(manager: Manager, where: str) -> PolicyPlace:
    """The place of that name. Raises Http404 for one that is not theirs to set."""
    if where not in places(manager):
        raise Http404
    if where == CORPORATION:
        return PolicyPlace(corporation_id=manager.corporation_id)
    return PolicyPlace(group_id=where)


def name_of(manager: Manager, where: str) -> str:
    """What people call it."""
    if where == CORPORATION:
        return members.corporation_name(manager.corporation_id)
    return groups.group(UUID(where)).name
