"""Every read on groups and on what administrators may see."""

from noren.groups.queries.authority import administrators, held, holders, place_of, roles_of, scope
from noren.groups.queries.directory import saved_views
from noren.groups.queries.groups import (
    GroupRow,
    UnitRow,
    UnknownGroup,
    consents,
    group,
    group_of,
    groups,
    groups_of,
    pool_of,
    pools,
    units,
)

__all__ = [
    "GroupRow",
    "UnitRow",
    "UnknownGroup",
    "administrators",
    "consents",
    "group",
    "group_of",
    "groups",
    "groups_of",
    "held",
    "holders",
    "place_of",
    "pool_of",
    "pools",
    "roles_of",
    "saved_views",
    "scope",
    "units",
]
