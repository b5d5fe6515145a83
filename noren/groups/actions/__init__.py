"""Every change of groups, units, memberships and roles, each of them atomic."""

from noren.groups.actions.making import add_unit, apply, change, consent, create, decide, dissolve, hold, remove_unit
from noren.groups.actions.membership import add, remove, set_unit
from noren.groups.actions.policies import clear_policy, follow, set_policy, tidy_policy
from noren.groups.actions.refusals import (
    BadEvidence,
    BadName,
    BadPolicy,
    InAnotherGroup,
    LastAdministrator,
    NeedsLine,
    NotConsented,
    NotInGroup,
    NotOurs,
    OwnNetwork,
    StillRepresents,
    TooMany,
    WrongState,
)
from noren.groups.actions.roles import (
    end_administrator,
    end_roles,
    grant,
    make_administrator,
    replace_representative,
    revoke,
)
from noren.groups.actions.services import allow_service, deny_service
from noren.groups.actions.views import forget_view, save_view

__all__ = [
    "BadEvidence",
    "BadName",
    "BadPolicy",
    "InAnotherGroup",
    "LastAdministrator",
    "NeedsLine",
    "NotConsented",
    "NotInGroup",
    "NotOurs",
    "OwnNetwork",
    "StillRepresents",
    "TooMany",
    "WrongState",
    "add",
    "add_unit",
    "allow_service",
    "apply",
    "change",
    "clear_policy",
    "consent",
    "create",
    "decide",
    "deny_service",
    "dissolve",
    "end_administrator",
    "end_roles",
    "follow",
    "forget_view",
    "grant",
    "hold",
    "make_administrator",
    "remove",
    "remove_unit",
    "replace_representative",
    "revoke",
    "save_view",
    "set_policy",
    "set_unit",
    "tidy_policy",
]
