"""Bulk jobs: what one does, its columns, its states, and how a row is judged from facts. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from noren.accounts.rules import State
from noren.groups.rules import MEMBERS_PER_GROUP, OF_UNITS, RANKS, Permission, Role

MOST_ROWS = 100_000
MOST_BYTES = 30 << 20
"""Of a file: rows below its header, and bytes."""

CELL_LENGTH = 255

APPROVAL_ROWS = 1_000
"""A job with more rows, or one that abolishes, waits for a second administrator, where that is asked for."""

AGAIN_AFTER = timedelta(hours=24)
"""For so long the same file asked again is answered with the earlier job."""

UNDO_WITHIN = timedelta(hours=24)
KEPT = timedelta(days=90)
"""How long the rows of a job are kept after it was made."""

EMPTIES = "-"
"""In a file of changes: what empties a field. An empty cell leaves it as it is."""


class Operation(StrEnum):
    """What a job does with each of its rows."""

    ISSUE = "issue"
    CHANGE = "change"
    MEMBERSHIP = "membership"
    PERMISSION = "permission"
    LOCK = "lock"
    UNLOCK = "unlock"
    ABOLISH = "abolish"


NEEDS: Mapping[Operation, Permission] = {
    Operation.ISSUE: Permission.ACCOUNTS_ISSUE,
    Operation.CHANGE: Permission.ACCOUNTS_CHANGE,
    Operation.MEMBERSHIP: Permission.GROUPS_MANAGE,
    Operation.PERMISSION: Permission.GROUPS_GRANT,
    Operation.LOCK: Permission.ACCOUNTS_SECURE,
    Operation.UNLOCK: Permission.ACCOUNTS_SECURE,
    Operation.ABOLISH: Permission.ACCOUNTS_ABOLISH,
}
"""The permission that who asks for the job must have where the accounts are."""

OF_GROUP = frozenset({Operation.MEMBERSHIP, Operation.PERMISSION})
"""Operations that are about one group."""

PERSON: tuple[str, ...] = (
    "name",
    "name_kana",
    "department",
    "title",
    "employee_number",
    "contact_mail",
    "contact_mobile",
    "language",
)
COLUMNS: Mapping[Operation, tuple[str, ...]] = {
    Operation.ISSUE: ("login_id", *PERSON, "line_id", "unit"),
    Operation.CHANGE: ("account", "new_login_id", *PERSON),
    Operation.MEMBERSHIP: ("account", "action", "unit"),
    Operation.PERMISSION: ("account", "action", "role", "unit"),
    Operation.LOCK: ("account",),
    Operation.UNLOCK: ("account",),
    Operation.ABOLISH: ("account",),
}
"""What a file of the operation may hold, in the order of the template."""

NEEDED: Mapping[Operation, tuple[str, ...]] = {
    Operation.ISSUE: ("name",),
    Operation.PERMISSION: ("account", "action", "role"),
    Operation.MEMBERSHIP: ("account", "action"),
}
"""Columns without which a file says nothing; of the other operations `account` alone."""

ROLES = (Role.MANAGING_USER, Role.MANAGE_USERS, Role.MANAGE_POINTS)
"""Roles that a file gives and takes. Administrators and representatives are named one at a time."""


class Change(StrEnum):
    """The column `action`: of a membership the first two, of a permission the others."""

    ADD = "add"
    REMOVE = "remove"
    GIVE = "give"
    TAKE = "take"


class JobState(StrEnum):
    """queued -> judged (the dry run stands) [-> waiting for approval] -> ordered -> done [-> undoing -> undone]."""

    QUEUED = "queued"
    JUDGED = "judged"
    WAITING = "waiting"
    ORDERED = "ordered"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"


WORK = (JobState.QUEUED, JobState.ORDERED, JobState.UNDOING)
"""States in which a worker has something to do."""


class Verdict(StrEnum):
    """What the dry run says of a row."""

    DO = "do"
    NOTHING = "nothing"
    ERROR = "error"


class Outcome(StrEnum):
    """What the commit made of a row that was to be done; changed: its facts had changed, so it was left."""

    OPEN = ""
    DONE = "done"
    CHANGED = "changed"
    UNDONE = "undone"
    IN_USE = "in_use"


def needed_columns(operation: Operation) -> tuple[str, ...]:
    """The columns that a file of the operation must have."""
    return NEEDED.get(operation, ("account",))


Changes = dict[str, list[str]]
"""Field -> [before, after]."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a row's judgement rests on, besides what the row says. `group_rank`: the asker's over the job's group.

    `known`: the account is there and in the asker's scope. `earlier`: an earlier row of the file names the same.
    `places`: how many members may still join the group when this row's turn has come.
    """

    known: bool = True
    earlier: bool = False
    above: bool = False
    """The account holds a role that the asker does not stand above (`groups.rules.may_act_on`)."""
    group_rank: int = 0
    state: State = State.ACTIVE
    now: Mapping[str, str] | None = None
    """The account's fields."""
    login_taken: bool = False
    line_ours: bool = True
    line_linked: bool = False
    ours: bool = True
    """The account's corporation takes part in the group."""
    group: str = ""
    """The group in which the account is, as its id; `unit`: its unit's name."""
    unit: str = ""
    lines_grouped: bool = False
    """A line of the account is in a group."""
    represents: bool = False
    """The account represents a group: any one, or in a membership this one."""
    last_administrator: bool = False
    """No other administrator of its corporation would be left when this row's turn has come."""
    unit_known: bool = True
    holds: bool = False
    held_unit: str = ""
    """Whether the role is held in the group, and for which units (names with commas; empty: for all of it)."""
    places: int = MEMBERS_PER_GROUP
    size: int = 1
    """How many members the row adds: the account and its lines."""


@dataclass(frozen=True, slots=True)
class Group:
    """The group that a job is about; empty: none."""

    group_id: str = ""
    name: str = ""


Judged = tuple[tuple[str, ...], Changes]
"""Reasons against the row as `field:code`, and what it would change."""


def judge(operation: Operation, given: Mapping[str, str], facts: Facts, group: Group) -> Judged:
    """Judge a row whose cells are readable. Without reasons and changes there is nothing to do."""
    if operation is Operation.ISSUE:
        return _issue(given, facts, group)
    about = _account(facts)
    if about:
        return about, {}
    if operation is Operation.CHANGE:
        return _change(given, facts)
    if operation is Operation.MEMBERSHIP:
        return _membership(given, facts, group)
    if operation is Operation.PERMISSION:
        return _permission(given, facts)
    return _state(operation, facts)


def verdict(reasons: tuple[str, ...], changes: Changes) -> Verdict:
    """What comes of a row."""
    if reasons:
        return Verdict.ERROR
    return Verdict.DO if changes else Verdict.NOTHING


def _account(facts: Facts) -> tuple[str, ...]:
    """Why the account may not be touched; who may not see it learns nothing else."""
    if not facts.known:
        return ("account:account.unknown",)
    if facts.earlier:
        return ("account:duplicate",)
    if facts.above:
        return ("account:account.above",)
    return ()


def _named(found: Mapping[str, bool]) -> tuple[str, ...]:
    return tuple(reason for reason, holds in found.items() if holds)


def _issue(given: Mapping[str, str], facts: Facts, group: Group) -> Judged:
    reasons = _named(
        {
            "login_id:login.taken": facts.login_taken,
            "login_id:duplicate": facts.earlier,
            "line_id:line.not_linked": "line_id" in given and not facts.line_ours,
            "line_id:line.taken": "line_id" in given and facts.line_ours and facts.line_linked,
            "unit:group.not_ours": not facts.unit_known,
            "account:group.not_ours": bool(group.group_id) and not facts.ours,
            "line_id:group.in_another": bool(group.group_id) and facts.lines_grouped,
        }
    )
    if not reasons and group.group_id and facts.size > facts.places:
        reasons = ("account:group.too_many",)
    shown = {**given, "group": group.name}
    return reasons, {} if reasons else {field: ["", shown[field]] for field in SHOWN if shown.get(field)}


SHOWN = ("login_id", "name", "group", "unit")
"""What the check of an issue job tells of a row beside its own cells."""


def _change(given: Mapping[str, str], facts: Facts) -> Judged:
    now = facts.now or {}
    wished = {"login_id" if field == "new_login_id" else field: text for field, text in given.items()}
    changes = {
        field: [now[field], wished[field]]
        for field in ("login_id", *PERSON)
        if field in wished and wished[field] != now[field]
    }
    reasons = _named(
        {
            "account:account.state": facts.state is State.ABOLISHED,
            "new_login_id:login.taken": facts.login_taken,
        }
    )
    return reasons, {} if reasons else changes


def _membership(given: Mapping[str, str], facts: Facts, group: Group) -> Judged:
    is_inside = facts.group == group.group_id
    if given["action"] == Change.REMOVE:
        reasons = _named({"account:group.representative": is_inside and facts.represents})
        return reasons, {"group": [group.name, ""]} if is_inside and not reasons else {}
    if is_inside:
        reasons = _named({"unit:group.not_ours": not facts.unit_known})
        unit = given.get("unit", facts.unit)
        return reasons, {"unit": [facts.unit, unit]} if unit != facts.unit and not reasons else {}
    reasons = _named(
        {
            "account:account.state": facts.state is State.ABOLISHED,
            "account:group.not_ours": not facts.ours,
            "account:group.in_another": bool(facts.group) or facts.lines_grouped,
            "unit:group.not_ours": not facts.unit_known,
            "account:group.too_many": facts.size > facts.places,
        }
    )
    unit_too = {"unit": ["", given["unit"]]} if given.get("unit") else {}
    return reasons, {} if reasons else {"group": ["", group.name], **unit_too}


def _permission(given: Mapping[str, str], facts: Facts) -> Judged:
    role, unit, is_giving = Role(given["role"]), given.get("unit", ""), given["action"] == Change.GIVE
    may_grant = facts.group_rank > RANKS[role]
    is_new = is_giving and not facts.holds
    reasons = _named(
        {
            "role:role.above": not may_grant,
            "unit:role.no_unit": bool(unit) and not (is_giving and role in OF_UNITS),
            "unit:group.not_ours": not facts.unit_known,
            "account:account.state": is_giving and facts.state is State.ABOLISHED,
            "account:group.not_ours": is_giving and not facts.ours,
            "account:group.too_many": is_giving and facts.size > facts.places,
        }
    )
    if reasons:
        return reasons, {}
    if not is_giving:
        return (), {"role": [role.value, ""]} if facts.holds else {}
    told = {"role": ["", role.value]} if is_new else {}
    return (), {**told, "unit": [facts.held_unit, unit]} if facts.held_unit != unit else told


TARGETS: Mapping[Operation, State] = {
    Operation.LOCK: State.LOCKED,
    Operation.UNLOCK: State.ACTIVE,
    Operation.ABOLISH: State.ABOLISHED,
}
FROM: Mapping[Operation, frozenset[State]] = {
    Operation.LOCK: frozenset({State.ACTIVE}),
    Operation.UNLOCK: frozenset({State.LOCKED}),
    Operation.ABOLISH: frozenset({State.INVITED, State.ACTIVE, State.LOCKED}),
}


def _state(operation: Operation, facts: Facts) -> Judged:
    target = TARGETS[operation]
    if facts.state is target:
        return (), {}
    reasons = _named(
        {
            "account:account.state": facts.state not in FROM[operation],
            "account:group.representative": operation is Operation.ABOLISH and facts.represents,
        }
    )
    if not reasons and operation is Operation.ABOLISH:
        reasons = _named({"account:group.last_administrator": facts.last_administrator})
    return reasons, {} if reasons else {"state": [facts.state.value, target.value]}
