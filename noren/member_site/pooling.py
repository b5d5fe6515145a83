"""The person's management group: its points, as far as the group lets its members see them."""

from dataclasses import dataclass

from noren.groups import queries as groups
from noren.groups.rules import PoolView
from noren.member_site.people import Person
from noren.points import queries as points

MOST_SOURCES = 10_000
"""Members and months that are added up for one person."""


@dataclass(frozen=True, slots=True)
class Pool:
    """What is shown of a group: its points and what the person's members brought; None: that is not shown."""

    name: str
    points: int | None
    own: int | None


def pool(person: Person) -> Pool | None:
    """The pool into which the person's members earn; None: into none. One statement, or four."""
    inside = groups.groups_of(person.wallets)
    if not inside:
        return None
    group = groups.group(next(iter(inside.values())))
    held = points.holdings([group.group_id])
    sources = points.pool_origins(group.group_id, origins=person.wallets, limit=MOST_SOURCES)
    return Pool(
        group.name,
        sum(one.points for one in held) if group.pool_view is PoolView.ALL else None,
        sum(one.brought + one.posted for one in sources) if group.pool_view is not PoolView.NOTHING else None,
    )
