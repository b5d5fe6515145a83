"""Every read on groups and on what administrators may see."""

from noren.groups.queries.authority import administrators, held, holders, place_of, scope
from noren.groups.queries.groups import (
    GroupRow,
    UnitRow,
    UnknownGroup,
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
    "group",
    "group_of",
    "groups",
    "groups_of",
    "held",
    "holders",
    "place_of",
    "pool_of",
    "pools",
    "scope",
    "units",
]
