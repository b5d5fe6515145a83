"""What a job does with a slice of its rows, per operation. The rows have just been judged and are held."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from noren.accounts.actions import Deed
from noren.accounts.rules import LockReason, login_key, login_kind
from noren.bulk.models import Job
from noren.bulk.rules import PERSON, Change, Changes, Operation
from noren.groups import actions as groups
from noren.groups import queries
from noren.groups.rules import Role
from noren.kit.secrets import token
from noren.lifecycle import actions as lifecycle
from noren.members import queries as members


@dataclass(frozen=True, slots=True)
class Todo:
    """A row that is to be done. `account_id` is empty until the account is issued."""

    number: int
    given: Mapping[str, str]
    account_id: str
    changes: Changes


def do(job: Job, rows: Sequence[Todo], deed: Deed) -> list[str]:
    """Do what was told of these rows; gives the accounts that they are about, in the order of the rows."""
    return DOES[Operation(job.operation)](job, rows, deed)


ISSUED = ("login_id", "login_key", "login_kind", *PERSON, "line_id")


def _issue(job: Job, rows: Sequence[Todo], deed: Deed) -> list[str]:
    people = [
        {"account_id": token(), **{field: row.given[field] for field in ISSUED if field in row.given}} for row in rows
    ]
    account_ids = [one["account_id"] for one in people]
    lifecycle.issue_many(people, job.corporation_id, deed)
    if job.group_id is not None:
        units = [row.given.get("unit", "") for row in rows]
        _join(job.group_id, list(zip(units, account_ids, strict=True)), deed)
    if job.invites:
        lifecycle.invite_many(people, job.corporation_id, deed)
    return account_ids


def _change(_job: Job, rows: Sequence[Todo], deed: Deed) -> list[str]:
    lifecycle.change_many([{"account_id": row.account_id, **_fields(row.changes)} for row in rows], deed)
    return [row.account_id for row in rows]


def _fields(changes: Changes) -> dict[str, str]:
    fields = {field: after for field, (_before, after) in changes.items()}
    if "login_id" in fields:
        key = login_key(fields["login_id"])
        fields.update(login_key=key, login_kind=str(login_kind(key)))
    return fields


def _membership(job: Job, rows: Sequence[Todo], deed: Deed) -> list[str]:
    """Who joins, who goes to another unit, who leaves: each kind at once."""
    group_id = _group_of(job)
    joining = [(row.given.get("unit", ""), row.account_id) for row in rows if row.changes.get("group", ["-"])[0] == ""]
    moving = [(row.given["unit"], row.account_id) for row in rows if "group" not in row.changes]
    leaving = [row.account_id for row in rows if row.given["action"] == Change.REMOVE]
    _join(group_id, joining, deed)
    units = _units(group_id)
    for unit, account_ids in _by_unit(moving):
        who = members.accounts(account_ids)
        groups.set_unit(group_id, who, units.get(unit), actor=deed.actor, now=deed.now)
    if leaving:
        lifecycle.leave_group(group_id, account_ids=leaving, actor=deed.actor, now=deed.now)
    return [row.account_id for row in rows]


def _join(group_id: UUID, wanted: Sequence[tuple[str, str]], deed: Deed) -> None:
    units = _units(group_id)
    for unit, account_ids in _by_unit(wanted):
        unit_id = units.get(unit)
        lifecycle.join_group(group_id, account_ids=account_ids, unit_id=unit_id, actor=deed.actor, now=deed.now)


def _by_unit(wanted: Sequence[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    return [(unit, [one for _unit, one in some]) for unit, some in groupby(sorted(wanted), key=itemgetter(0))]


def _units(group_id: UUID) -> dict[str, UUID]:
    return {unit.name: unit.unit_id for unit in queries.units(group_id)}


def _permission(job: Job, rows: Sequence[Todo], deed: Deed) -> list[str]:
    """One at a time: a group has a hundred holders at most."""
    group_id = _group_of(job)
    units = _units(group_id)
    for row in rows:
        role, unit = Role(row.given["role"]), row.given.get("unit", "")
        if row.given["action"] == Change.TAKE:
            groups.revoke(group_id, row.account_id, role, actor=deed.actor, now=deed.now)
        else:
            only = [units[unit]] if unit else []
            groups.grant(group_id, row.account_id, role, units=only, actor=deed.actor, now=deed.now)
    return [row.account_id for row in rows]


def _lock(_job: Job, rows: Sequence[Todo], deed: Deed) -> list[str]:
    account_ids = [row.account_id for row in rows]
    lifecycle.lock_many(account_ids, LockReason.ADMINISTRATOR, deed)
    return account_ids


def _unlock(_job: Job, rows: Sequence[Todo], deed: Deed) -> list[str]:
    account_ids = [row.account_id for row in rows]
    lifecycle.unlock_many(account_ids, deed)
    return account_ids


def _abolish(_job: Job, rows: Sequence[Todo], deed: Deed) -> list[str]:
    account_ids = [row.account_id for row in rows]
    lifecycle.abolish_many(account_ids, deed)
    return account_ids


def _group_of(job: Job) -> UUID:
    assert job.group_id is not None  # noqa: S101  (a job about a group is made with one)
    return job.group_id


DOES: Mapping[Operation, Callable[[Job, Sequence[Todo], Deed], list[str]]] = {
    Operation.ISSUE: _issue,
    Operation.CHANGE: _change,
    Operation.MEMBERSHIP: _membership,
    Operation.PERMISSION: _permission,
    Operation.LOCK: _lock,
    Operation.UNLOCK: _unlock,
    Operation.ABOLISH: _abolish,
}
