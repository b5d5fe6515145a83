"""With whose points a person may pay: their own, and those of their group where it lets them; and a look at which.

Own points are those of a member that is in no pool. A group's are used by who holds `points:spend` there, and by every
member where the group says so (domain: permission `manage_points`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from noren.groups import queries as groups
from noren.groups.rules import Permission, scope_of
from noren.member_site.people import Person, name_of
from noren.members.queries import Member, Profile
from noren.points import queries as points
from noren.programme import labels as names


@dataclass(frozen=True, slots=True)
class Payer:
    """A wallet, what the person calls it, and on whose limits its points count."""

    wallet_id: UUID
    name: str
    spenders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taking:
    """Which points would be taken: kind, last day and number; what stays for the use; how many would lapse soon."""

    parts: tuple[tuple[str, date, int], ...]
    stays: int
    soon: int


def staying(person: Person) -> tuple[Profile, ...]:
    """The person's members that have not withdrawn."""
    return tuple(one for one in person.profiles if one.withdrawn_on is None)


def own(person: Person) -> tuple[Profile, ...]:
    """Of these those whose points are their own."""
    pooled = groups.pools_of(person.wallets)
    return tuple(one for one in staying(person) if one.uid not in pooled)


def payers(person: Person) -> tuple[Payer, ...]:
    """The wallets that the person may use: two statements, and three more for a group."""
    mine = [Payer(one.uid, name_of(one)) for one in own(person)]
    inside = groups.groups_of(one.uid for one in staying(person))
    theirs = [_pool(person, group_id) for group_id in sorted(set(inside.values()))]
    return (*mine, *(pool for pool in theirs if pool is not None))


def fullest(found: Iterable[Payer]) -> Payer | None:
    """The one that has the most points, which is offered first: one statement where there is a choice."""
    choice = tuple(found)
    if len(choice) < 2:
        return next(iter(choice), None)
    held = {one.wallet_id: one.points for one in points.holdings([one.wallet_id for one in choice])}
    return max(choice, key=lambda one: held.get(one.wallet_id, 0))


def target(profile: Profile) -> Member:
    """The member for whom something is paid."""
    return Member(profile.kind, profile.member_id, profile.uid, profile.corporation_id, profile.corporation_name)


def look(wallet_id: UUID, amount: int, use: str, today: date, kinds: tuple[str, ...] = ()) -> Taking | None:
    """Which points (of these kinds) the use would take; None: there are not as many. One statement."""
    found = points.taking(wallet_id, amount, use, today, kinds)
    if found is None:
        return None
    parts = tuple((names.label(part.lot.kind), part.lot.lapses_on, part.points) for part in found.parts)
    return Taking(parts, found.stays, found.soon)


def _pool(person: Person, group_id: UUID) -> Payer | None:
    group = groups.group(group_id)
    units = groups.units_of(group_id, person.wallets)
    scope = scope_of(groups.held(person.account_id), Permission.POINTS_SPEND)
    covers = any(scope.covers(group_id=str(group_id), unit_id=unit) for unit in units or [""])
    if not (group.members_spend or covers):
        return None
    name = _("Points of the group %(group)s") % {"group": group.name}
    return Payer(group_id, name, (f"account:{person.account_id}", *(f"unit:{unit}" for unit in units)))
