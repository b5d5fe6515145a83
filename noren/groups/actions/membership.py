"""Put lines and accounts into a group and take them out. Where their points go is told; moving them is lifecycle's."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from noren.accounts import queries as accounts
from noren.audit import actions as audit
from noren.groups.actions import refusals
from noren.groups.actions.policies import follow
from noren.groups.actions.rows import corporations, locked, unit_of
from noren.groups.models import Group, Holder, Member
from noren.groups.rules import MEMBERS_PER_GROUP, Role, is_pooled
from noren.kit.actor import Actor
from noren.members.queries import Member as Someone
from noren.members.rules import MemberKind


@transaction.atomic
def add(
    group_id: UUID, members: Sequence[Someone], *, unit_id: UUID | None = None, actor: Actor, now: datetime
) -> tuple[Someone, ...]:
    """Put members into the group; gives those of them whose points belong to its pool from now on.

    Raises UnknownGroup, WrongState, TooMany, NotOurs, InAnotherGroup.
    """
    row = locked(group_id)
    unit = unit_of(row, unit_id)
    _check(row, members, localtime(now).date())
    carrier_free = accounts.carrier_free(one.member_id for one in members if one.kind is MemberKind.ACCOUNT)
    pooled = {one.uid for one in members if _is_pooled(one, carrier_free)}
    rows = [
        Member(
            member_uid=one.uid,
            group=row,
            unit=unit,
            kind=one.kind,
            member_id=one.member_id,
            is_pooled=one.uid in pooled,
            joined_at=now,
        )
        for one in members
    ]
    try:
        Member.objects.bulk_create(rows, batch_size=5_000)
    except IntegrityError as error:
        raise refusals.InAnotherGroup(_("Somebody of these has just been put into a group.")) from error
    follow([one.member_id for one in members if one.kind is MemberKind.ACCOUNT])
    _record(row, "join", members, actor, now, unit=str(unit_id or ""))
    return tuple(one for one in members if one.uid in pooled)


@transaction.atomic
def remove(group_id: UUID, members: Sequence[Someone], *, actor: Actor, now: datetime) -> None:
    """Take members out; what was pooled stays. Permissions of the accounts in this group end.

    Raises UnknownGroup, WrongState, NotInGroup, StillRepresents.
    """
    row = locked(group_id)
    account_ids = [one.member_id for one in members if one.kind is MemberKind.ACCOUNT]
    roles = Holder.objects.filter(group=row, account_id__in=account_ids)
    if roles.filter(role=Role.REPRESENTATIVE).exists():
        raise refusals.StillRepresents(
            _("The representative cannot leave. Name another one first, or dissolve the group.")
        )
    staying = Member.objects.filter(group=row, left_at__isnull=True, member_uid__in=[one.uid for one in members])
    if staying.update(left_at=now) != len(members):
        raise refusals.NotInGroup(_("Somebody of these is not in the group any more."))
    roles.delete()
    follow(account_ids)
    _record(row, "leave", members, actor, now)


@transaction.atomic
def set_unit(group_id: UUID, members: Sequence[Someone], unit_id: UUID | None, *, actor: Actor, now: datetime) -> None:
    """Into another department or site, or (None) into none. Raises UnknownGroup, NotOurs, NotInGroup."""
    row = locked(group_id)
    unit = unit_of(row, unit_id)
    staying = Member.objects.filter(group=row, left_at__isnull=True, member_uid__in=[one.uid for one in members])
    if staying.update(unit=unit) != len(members):
        raise refusals.NotInGroup(_("Somebody of these is not in the group any more."))
    _record(row, "unit", members, actor, now, unit=str(unit_id or ""))


def _check(row: Group, members: Sequence[Someone], today: date) -> None:
    if row.starts_on > today:
        message = _("The group %(name)s begins on %(day)s. Members are added from then on.")
        raise refusals.WrongState(message, name=row.name, day=row.starts_on)
    ended = accounts.ended(one.member_id for one in members if one.kind is MemberKind.ACCOUNT)
    if ended:
        raise refusals.WrongState(_("The account %(login_id)s has ended."), login_id=ended[0])
    ours = corporations(row)
    stranger = next((one for one in members if one.corporation_id not in ours), None)
    if stranger is not None:
        message = _("%(member_id)s belongs to another corporation.")
        raise refusals.NotOurs(message, member_id=stranger.member_id)
    taken = Member.objects.filter(left_at__isnull=True, member_uid__in=[one.uid for one in members])
    somebody = taken.values_list("member_id", flat=True).first()
    if somebody is not None:
        message = _("%(member_id)s is in a group already. One group at a time: take it out of that one first.")
        raise refusals.InAnotherGroup(message, member_id=somebody)
    if Member.objects.filter(group=row, left_at__isnull=True).count() + len(members) > MEMBERS_PER_GROUP:
        raise refusals.too_many_members()


def _is_pooled(one: Someone, carrier_free: set[str]) -> bool:
    return is_pooled(
        one.kind, carrier_free=one.member_id in carrier_free, pool_carrier_free=settings.NOREN_POOL_CARRIER_FREE
    )


def _record(row: Group, act: str, members: Iterable[Someone], actor: Actor, now: datetime, **detail: str) -> None:
    """One audit row for each member."""
    about = {"group": str(row.group_id), **detail}
    entries = (
        audit.Entry(f"group.{act}", one.member_id, {**about, "kind": str(one.kind)}, scope=one.corporation_id)
        for one in members
    )
    audit.record_many(entries, actor=actor, now=now)
