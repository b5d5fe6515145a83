"""Where who asks for a job may do it, as the judgement of rows needs it."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from noren.bulk.rules import NEEDS, OF_GROUP, Operation
from noren.groups import queries as groups
from noren.groups.rules import GRANTS, RANKS, Held, Permission, Scope
from noren.kit.actor import Actor, ActorKind
from noren.kit.errors import Refusal

OPERATOR = max(RANKS.values()) + 1
"""The rank of the operator's own people: above every role."""


class NotAllowed(Refusal):
    """The asker has no such permission there."""

    code = "job.not_allowed"


@dataclass(frozen=True, slots=True)
class Place:
    """A corporation (`c:`), group (`g:`) or unit (`u:`): the asker's highest rank, and whether the permission holds."""

    place: str
    rank: int
    covers: bool


Authority = tuple[Place, ...]


def of(actor: Actor, operation: Operation, corporation_id: str) -> Authority:
    """The places in which the actor holds roles. The operator's people stand above a corporation and its groups."""
    if actor.kind is not ActorKind.MEMBER:
        its = groups.groups(Scope(frozenset({corporation_id}), frozenset(), frozenset()))
        places = [f"c:{corporation_id}", *(f"g:{one.group_id}" for one in its)]
        return tuple(Place(place, OPERATOR, covers=True) for place in places)
    return merged(groups.held(actor.name), NEEDS[operation])


def merged(held: Iterable[Held], permission: Permission) -> Authority:
    """Each place once. Must equal: groups.rules.roles_at and scope_of."""
    found: dict[str, Place] = {}
    for one in held:
        for place in _places(one):
            before = found.get(place, Place(place, 0, covers=False))
            covers = before.covers or permission in GRANTS[one.role]
            found[place] = Place(place, max(before.rank, RANKS[one.role]), covers)
    return tuple(found.values())


def _places(one: Held) -> list[str]:
    if one.units:
        return [f"u:{unit}" for unit in one.units]
    return [f"c:{one.corporation_id}"] if one.corporation_id else [f"g:{one.group_id}"]


def must_cover(authority: Authority, operation: Operation, corporation_id: str, group_id: UUID | None) -> None:
    """See that the job can be asked for at all. Raises NotAllowed."""
    covered = {place.place for place in authority if place.covers}
    if operation in OF_GROUP:
        allowed = f"g:{group_id}" in covered
    elif operation is Operation.ISSUE:
        allowed = f"c:{corporation_id}" in covered or f"g:{group_id}" in covered
    else:
        allowed = bool(covered)
    if not allowed:
        raise NotAllowed(_("You have no permission for this here."))
