"""Every read on groups and on what administrators may see."""

from noren.groups.queries.authority import administrators, held, holders, holding, place_of, roles_of, scope
from noren.groups.queries.directory import saved_views, subjects
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
from noren.groups.queries.policies import (
    EffectiveRow,
    Fulfilment,
    PolicyRow,
    effective,
    fulfilment,
    policy,
    requires_approval,
)

__all__ = [
    "EffectiveRow",
    "Fulfilment",
    "GroupRow",
    "PolicyRow",
    "UnitRow",
    "UnknownGroup",
    "administrators",
    "consents",
    "effective",
    "fulfilment",
    "group",
    "group_of",
    "groups",
    "groups_of",
    "held",
    "holders",
    "holding",
    "place_of",
    "policy",
    "pool_of",
    "pools",
    "requires_approval",
    "roles_of",
    "saved_views",
    "scope",
    "subjects",
    "units",
]
