"""Groups, their units and members, and where a member's points go."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from noren.groups.models import Application, Group, Member, Partner, Unit
from noren.groups.rules import GroupState, PoolView, Scope, UnitKind
from noren.kit import db, sql
from noren.kit.errors import Refusal
from noren.members import queries as members
from noren.members.rules import MemberKind


class UnknownGroup(Refusal):
    """No such group, or none that the asker may know of."""

    code = "group.unknown"


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A management group as it is now. `members` counts lines and accounts."""

    group_id: UUID
    corporation_id: str
    corporation_name: str
    name: str
    state: GroupState
    pool_view: PoolView
    members_spend: bool
    starts_on: date
    members: int


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A department or site; `members` counts lines and accounts."""

    unit_id: UUID
    kind: UnitKind
    name: str
    members: int


STAYING = Count("member", filter=Q(member__left_at__isnull=True))


@dataclass(frozen=True, slots=True)
class OwnMember:
    """A member of a person, since when and until when; `pool`: the wallet that its points go to, None: its own."""

    member: members.Member
    joined_on: date
    withdrawn_on: date | None
    pool: UUID | None


def groups(scope: Scope) -> tuple[GroupRow, ...]:
    """The groups within the scope that have not ended, also those of which only a unit is in it."""
    within = Q(corporation__in=scope.corporations) | Q(group_id__in=scope.groups) | Q(unit__in=scope.units)
    rows = Group.objects.filter(within, ended_at__isnull=True).values_list("group_id", flat=True)
    found = Group.objects.filter(group_id__in=rows).annotate(size=STAYING).select_related("corporation")
    return tuple(_group(row) for row in found.order_by("name", "group_id"))


def group(group_id: UUID) -> GroupRow:
    """The group. Raises UnknownGroup."""
    found = Group.objects.filter(group_id=group_id).annotate(size=STAYING).select_related("corporation").first()
    if found is None:
        raise UnknownGroup(_("There is no such group."))
    return _group(found)


def group_of(account_id: str) -> GroupRow | None:
    """The group in which the account is; None: in none."""
    place = Member.objects.filter(kind=MemberKind.ACCOUNT, member_id=account_id, left_at__isnull=True).first()
    return None if place is None else group(place.group_id)


def units(group_id: UUID) -> tuple[UnitRow, ...]:
    """The units of the group by name."""
    rows = Unit.objects.filter(group_id=group_id).annotate(size=STAYING).order_by("name")
    return tuple(UnitRow(row.unit_id, UnitKind(row.kind), row.name, row.size) for row in rows)


def groups_of(uids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Of these members those that are in a group, and in which."""
    rows = Member.objects.filter(member_uid__in=list(uids), left_at__isnull=True)
    return dict(rows.values_list("member_uid", "group_id"))


def units_of(group_id: UUID, uids: Iterable[UUID]) -> list[str]:
    """The units of the group in which any of these members is: one statement."""
    found = Member.objects.filter(
        group_id=group_id, member_uid__in=list(uids), left_at__isnull=True, unit__isnull=False
    )
    return sorted({str(unit_id) for unit_id in found.values_list("unit_id", flat=True)})


def pool_of(member_uid: UUID) -> UUID | None:
    """The wallet to which the member's grants go; None: to its own."""
    return pools_of([member_uid]).get(member_uid)


def own_members(account_id: str) -> tuple[OwnMember, ...]:
    """The members of the account's person, the account itself first: one statement."""
    return tuple(sql.rows(_own_member, "groups", "own_members.sql", {"account_id": account_id}))


def _own_member(kind: str, member_id: str, uid: UUID, corporation_id: str, name: str, *standing: Any) -> OwnMember:
    return OwnMember(members.Member(MemberKind(kind), member_id, uid, corporation_id, name), *standing)


def pools_of(member_uids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The wallets to which the grants of these members go, where these are not their own: one statement."""
    found = Member.objects.filter(
        member_uid__in=list(member_uids), left_at__isnull=True, is_pooled=True, group__state=GroupState.ACTIVE
    )
    return dict(found.values_list("member_uid", "group_id"))


def pools(target: Path) -> int:
    """Write which members' points go to which pool (CSV, no header: member uid, wallet, owner id); how many."""
    return db.copy_out(sql.text("groups", "pools.sql"), target)


def inherited_by(account_id: str) -> list[UUID]:
    """The pools of dissolved groups whose points went to the account."""
    return list(Group.objects.filter(heir=account_id, state=GroupState.DISSOLVED).values_list("group_id", flat=True))


def consents(corporation_id: str) -> tuple[GroupRow, ...]:
    """The groups across companies that wait for this corporation's consent."""
    asked = Partner.objects.filter(corporation_id=corporation_id, consented_at__isnull=True)
    rows = Group.objects.filter(group_id__in=asked.values("group_id"), state=GroupState.APPLIED)
    return tuple(_group(row) for row in rows.select_related("corporation").order_by("made_at"))


def taking_part(corporation_id: str) -> tuple[GroupRow, ...]:
    """The groups of other corporations in which this one takes part; how many are in them is not told."""
    theirs = Partner.objects.filter(corporation_id=corporation_id, consented_at__isnull=False)
    rows = Group.objects.filter(group_id__in=theirs.values("group_id"), state=GroupState.ACTIVE)
    return tuple(_group(row) for row in rows.select_related("corporation").order_by("name", "group_id"))


def members_of(group_id: UUID) -> tuple[members.Member, ...]:
    """Who is in the group."""
    rows = Member.objects.filter(group_id=group_id, left_at__isnull=True).values_list("kind", "member_id")
    ids: dict[str, list[str]] = {kind: [] for kind in MemberKind}
    for kind, member_id in rows:
        ids[kind].append(member_id)
    return (*members.accounts(ids[MemberKind.ACCOUNT]), *members.lines(ids[MemberKind.LINE]))


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """A group across companies that waits. `partners`: each with its tie and whether it has consented."""

    group_id: UUID
    made_at: datetime
    corporation_id: str
    name: str
    starts_on: date
    evidence_name: str
    partners: tuple[tuple[str, str, bool], ...]


def applications() -> tuple[ApplicationRow, ...]:
    """What the operator decides about, the oldest first."""
    rows = Application.objects.filter(group__state=GroupState.APPLIED).select_related("group").defer("evidence")
    asked: dict[UUID, list[tuple[str, str, bool]]] = {}
    for one in Partner.objects.filter(group__state=GroupState.APPLIED).order_by("corporation_id"):
        asked.setdefault(one.group_id, []).append((one.corporation_id, one.capital_tie, one.consented_at is not None))
    return tuple(
        ApplicationRow(
            row.group_id,
            row.group.made_at,
            row.group.corporation_id,
            row.group.name,
            row.group.starts_on,
            row.evidence_name,
            tuple(asked.get(row.group_id, ())),
        )
        for row in rows.order_by("group__made_at")
    )


def evidence(group_id: UUID) -> tuple[str, bytes]:
    """The document of an application: its name, what is in it. Raises UnknownGroup."""
    found = Application.objects.filter(group_id=group_id).first()
    if found is None:
        raise UnknownGroup(_("There is no such group."))
    return found.evidence_name, bytes(found.evidence)


def _group(row: Group) -> GroupRow:
    return GroupRow(
        row.group_id,
        row.corporation_id,
        row.corporation.name,
        row.name,
        GroupState(row.state),
        PoolView(row.pool_view),
        row.members_spend,
        row.starts_on,
        int(getattr(row, "size", 0)),
    )
