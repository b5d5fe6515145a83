"""Groups and the points in them: who joins brings their points, who leaves leaves them, at the end all go to one."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from noren.accounts import queries as accounts
from noren.groups import actions as groups
from noren.groups import queries
from noren.groups.rules import Role
from noren.kit.actor import Actor
from noren.members import queries as members
from noren.members.queries import Member
from noren.members.rules import MemberKind
from noren.points import actions as points
from noren.points import queries as balances
from noren.points.rules import WalletKey
from noren.spending import actions as spending
from noren.spending import queries as spending_queries

POOL = "group"
"""The kind of owner of a pool's wallet."""


@transaction.atomic
def create_group(*, corporation_id: str, name: str, representative: str, actor: Actor, now: datetime) -> UUID:
    """A group with its representative as the first member. Raises the refusals of groups.create and groups.add."""
    group_id = groups.create(
        corporation_id=corporation_id, name=name, representative=representative, actor=actor, now=now
    )
    join_group(group_id, account_ids=[representative], actor=actor, now=now)
    return group_id


@transaction.atomic
def join_group(
    group_id: UUID,
    *,
    account_ids: Sequence[str] = (),
    line_ids: Sequence[str] = (),
    unit_id: UUID | None = None,
    actor: Actor,
    now: datetime,
) -> int:
    """Put accounts with their linked lines, and other lines, into the group; their points go to its pool. How many.

    Raises the refusals of groups.add.
    """
    joining = _together(account_ids, line_ids)
    pooled = groups.add(group_id, joining, unit_id=unit_id, actor=actor, now=now)
    pool_points(group_id, [one.uid for one in pooled], actor, now, reason="joined a group")
    return len(joining)


@transaction.atomic
def leave_group(
    group_id: UUID, *, account_ids: Sequence[str] = (), line_ids: Sequence[str] = (), actor: Actor, now: datetime
) -> int:
    """Take accounts with their linked lines, and other lines, out; pooled points stay. How many.

    Raises the refusals of groups.remove.
    """
    leaving = _together(account_ids, line_ids)
    inside = queries.groups_of(one.uid for one in leaving)
    ours = [one for one in leaving if inside.get(one.uid) == group_id or one.member_id in {*account_ids, *line_ids}]
    groups.remove(group_id, ours, actor=actor, now=now)
    return len(ours)


@transaction.atomic
def move_in_group(group_id: UUID, account_id: str, unit_id: UUID | None, *, actor: Actor, now: datetime) -> None:
    """Put an account with its linked lines into another department or site, or (None) into none.

    Raises UnknownGroup, NotOurs, NotInGroup.
    """
    found = _together([account_id], ())
    inside = queries.groups_of(one.uid for one in found)
    groups.set_unit(group_id, [one for one in found if one.uid in inside], unit_id, actor=actor, now=now)


@transaction.atomic
def dissolve_group(group_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Everybody leaves; the points go to the representative. Raises UnknownGroup, WrongState, InArrears, PointsWait."""
    groups.hold(group_id)
    [leader] = [one.account_id for one in queries.holders(group_id) if one.role is Role.REPRESENTATIVE]
    today = localtime(now).date()
    held = balances.balance(group_id, today)
    if held.spendable > 0 or held.total < 0:  # what is owed is refused there
        [target] = members.accounts([leader])
        points.transfer(
            source_id=group_id,
            target=WalletKey(target.uid, MemberKind.ACCOUNT, leader),
            on=today,
            actor=actor,
            now=now,
            key=f"group.dissolve/{group_id}",
            reason="group dissolved",
        )
    # Now that the wallet is empty nobody takes points any more; who took some before is seen.
    if spending_queries.waits(group_id):
        message = _(
            "Points of this group wait for bills or other uses. They are settled first; then it can be dissolved."
        )
        raise spending.PointsWait(message)
    groups.dissolve(group_id, heir=leader, actor=actor, now=now)


@transaction.atomic
def withdraw_consent(group_id: UUID, corporation_id: str, *, actor: Actor, now: datetime) -> int:
    """A corporation takes part in a group across companies no more: its people leave, pooled points stay. How many.

    Raises UnknownGroup, WrongState, NotOurs.
    """
    groups.withdraw_consent(group_id, corporation_id, actor=actor, now=now)
    leaving = [one for one in queries.members_of(group_id) if one.corporation_id == corporation_id]
    if leaving:
        groups.remove(group_id, leaving, actor=actor, now=now)
    return len(leaving)


def leave_any_group(leaving: Iterable[Member], *, actor: Actor, now: datetime) -> None:
    """Members that end or go to another corporation leave the groups in which they are. Raises StillRepresents."""
    found = list(leaving)
    inside = queries.groups_of(one.uid for one in found)
    for group_id in sorted(set(inside.values())):
        groups.remove(group_id, [one for one in found if inside.get(one.uid) == group_id], actor=actor, now=now)


def follow_account(account_id: str, line_id: str, *, actor: Actor, now: datetime) -> None:
    """A line that was linked to an account goes where the account is, unless it is in a group already."""
    group = queries.group_of(account_id)
    [line] = members.lines([line_id])
    if group is not None and line.uid not in queries.groups_of([line.uid]):
        pooled = groups.add(group.group_id, [line], actor=actor, now=now)
        pool_points(group.group_id, [one.uid for one in pooled], actor, now, reason="joined a group")


def _together(account_ids: Sequence[str], line_ids: Sequence[str]) -> list[Member]:
    """Accounts, their linked lines and other lines, each once."""
    linked = accounts.lines_of(account_ids)
    return [*members.accounts(account_ids), *members.lines({*line_ids, *linked})]


def pool_points(group_id: UUID, pooled: Sequence[UUID], actor: Actor, now: datetime, *, reason: str) -> None:
    """Move what they have into the pool; nobody joins twice at the same instant, so the key is theirs alone."""
    if not pooled:
        return
    points.pool_in(
        pool=WalletKey(group_id, POOL, str(group_id)),
        members=pooled,
        on=localtime(now).date(),
        actor=actor,
        now=now,
        key=f"{reason}/{now.isoformat()}/{min(pooled)}",
        reason=reason,
    )
