"""Two corporations with groups, units, roles and accounts in every state, and the facts of a row as single reads."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from noren.accounts import queries as accounts
from noren.accounts.rules import LockReason, State
from noren.bulk import rules
from noren.bulk.rules import PERSON, Facts, Operation
from noren.groups import actions as groups
from noren.groups import queries
from noren.groups.models import Group, Holder, Member, Unit
from noren.groups.rules import (
    HOLDERS_PER_GROUP,
    MEMBERS_PER_GROUP,
    RANKS,
    Held,
    Role,
    UnitKind,
    may_act_on,
    scope_of,
)
from noren.kit.actor import ActorKind
from noren.lifecycle import actions as lifecycle
from noren.members import queries as members
from tests.bulk.desk import Jobs
from tests.cast import ENGINEER
from tests.lifecycle import cast
from tests.lifecycle.cast import NOW

BY: dict[str, Any] = {"actor": ENGINEER, "now": NOW}


@dataclass(frozen=True)
class World:
    """Accounts by their short names, and the group that jobs are about."""

    people: dict[str, str]
    group_id: UUID
    other_id: UUID

    def jobs(self, who: str, group: UUID | None) -> Jobs:
        """As one of the people, or as the operator (empty)."""
        plain = Jobs(group_id=group)
        return plain.by(self.people[who]) if who else plain


def build() -> World:
    """All of it."""
    names = ("admin", "admin2", "lead", "managing", "users", "sales", "sales2", "it", "plain", "free", "locked", "gone")
    people = {name: cast.active(f"{name}@example.jp") for name in names}
    people["lined"] = cast.active("lined@example.jp", lines=["L1"])
    people["invited"] = cast.issue("invited@example.jp")
    people["lead2"] = cast.active("lead2@example.jp")
    people["stranger"] = cast.active("stranger@example.jp", corporation_id="C2")
    for name in ("admin", "admin2"):
        groups.make_administrator(people[name], **BY)
    lifecycle.lock(people["locked"], LockReason.SELF, **BY)
    lifecycle.abolish(people["gone"], **BY)
    make = lifecycle.create_group
    group_id = make(corporation_id="C1", name="G1", representative=people["lead"], **BY)
    other_id = make(corporation_id="C1", name="G2", representative=people["lead2"], **BY)
    add = groups.add_unit
    units = {name: add(group_id, kind=UnitKind.DEPARTMENT, name=name, **BY) for name in ("Sales", "IT")}
    for unit, some in (("Sales", ("sales", "sales2")), ("IT", ("it",)), ("", ("plain", "managing", "users", "locked"))):
        ids = [people[name] for name in some]
        lifecycle.join_group(group_id, account_ids=ids, unit_id=units.get(unit), **BY)
    groups.grant(group_id, people["managing"], Role.MANAGING_USER, **BY)
    groups.grant(group_id, people["users"], Role.MANAGE_USERS, units=[units["Sales"]], **BY)
    groups.grant(group_id, people["sales2"], Role.MANAGE_POINTS, **BY)
    groups.grant(other_id, people["managing"], Role.MANAGE_POINTS, **BY)
    groups.grant(group_id, people["lead2"], Role.MANAGE_POINTS, **BY)
    return World(people, group_id, other_id)


@dataclass
class Judge:
    """Judges the rows of a file one by one with `rules.judge`, from facts that are read one by one."""

    operation: Operation
    jobs: Jobs

    def __post_init__(self) -> None:
        self.seen: set[str] = set()
        self.lines: set[str] = set()
        self.ended: set[str] = set()
        group = queries.group(self.jobs.group_id) if self.jobs.group_id else None
        self.group_id = self.jobs.group_id or UUID(int=0)
        self.group = rules.Group(str(group.group_id), group.name) if group else rules.Group()
        self.places = MEMBERS_PER_GROUP - (group.members if group else 0)
        if self.operation is Operation.PERMISSION:
            holders = Holder.objects.filter(group_id=self.group_id)
            self.places = HOLDERS_PER_GROUP - holders.values("account_id").distinct().count()
        self.held = queries.held(self.jobs.actor.name) if self.jobs.actor.kind is ActorKind.MEMBER else None

    def judged(self, given: dict[str, str]) -> rules.Judged:
        """The row's reasons and changes."""
        facts = self._issued(given) if self.operation is Operation.ISSUE else self._named(given)
        found = rules.judge(self.operation, given, facts, self.group)
        joins = "group" in found[1] and self.operation is not Operation.ISSUE and found[1]["group"][0] == ""
        if joins or (self.operation is Operation.ISSUE and self.group.group_id and not found[0]):
            self.places -= facts.size
        if self.operation is Operation.PERMISSION and found[1] and given["action"] == "give":
            self.places -= facts.size
        if self.operation is Operation.ABOLISH and found[1]:
            self.ended.add(accounts.named(given["account"]).account_id)
        return found

    def _issued(self, given: dict[str, str]) -> Facts:
        key, line_id = given["login_key"], given.get("line_id", "")
        found = [line for line in members.lines([line_id]) if line.corporation_id == "C1"]
        facts = Facts(
            login_taken=accounts.by_login(given["login_id"]) is not None,
            earlier=key in self.seen,
            line_ours=bool(found),
            line_linked=bool(line_id) and (accounts.account_of_line(line_id) is not None or line_id in self.lines),
            lines_grouped=any(line.uid in queries.groups_of([line.uid]) for line in found),
            unit_known=self._unit_known(given),
            ours=True,
            places=self.places,
            size=1 + len(found),
        )
        self.seen.add(key)
        self.lines.add(line_id)
        return facts

    def _unit_known(self, given: dict[str, str]) -> bool:
        unit = given.get("unit")
        return unit is None or Unit.objects.filter(group_id=self.group_id, name=unit).exists()

    def _named(self, given: dict[str, str]) -> Facts:
        for found in (accounts.by_login(given["account"]), self._by_id(given["account"])):
            if found is not None and self._visible(found.account_id, found.corporation_id):
                facts = self._facts(given, found)
                self.seen.add(found.account_id)
                return facts
        return Facts(known=False)

    def _by_id(self, account_id: str) -> Any:
        try:
            return accounts.account(account_id)
        except accounts.UnknownAccount:
            return None

    def _is_last(self, account_id: str) -> bool:
        """Whether it is the only administrator of C1 whom the rows before have left."""
        found = Holder.objects.filter(role="administrator", corporation_id="C1")
        return {one.account_id for one in found} - self.ended == {account_id}

    def _visible(self, account_id: str, corporation_id: str) -> bool:
        place = queries.place_of(account_id)
        if self.held is None:
            return corporation_id == "C1" or place.group_id in {
                str(one) for one in Member.objects.filter(group__corporation_id="C1").values_list("group_id", flat=True)
            }
        scope = scope_of(self.held, rules.NEEDS[self.operation])
        return scope.covers(corporation_id=corporation_id, group_id=place.group_id, unit_id=place.unit_id)

    def _above(self, account_id: str, corporation_id: str) -> bool:
        theirs = queries.held(account_id)
        return not may_act_on(self._mine(), theirs, corporation_id=corporation_id)

    def _mine(self) -> tuple[Held, ...]:
        """The operator's people stand above all roles of C1 and its groups."""
        if self.held is not None:
            return self.held
        its = Group.objects.filter(corporation_id="C1", state="active").values_list("group_id", flat=True)
        return (Held(Role.ADMINISTRATOR, "C1"), *(Held(Role.ADMINISTRATOR, "", str(one)) for one in its))

    def _group_rank(self) -> int:
        if self.held is None:
            return max(RANKS.values()) + 1
        here = [one.role for one in self.held if one.group_id == str(self.group_id) and not one.units]
        return max((RANKS[role] for role in here), default=0)

    def _facts(self, given: dict[str, str], found: accounts.AccountRow) -> Facts:
        account_id, place = found.account_id, queries.place_of(found.account_id)
        unit = Unit.objects.filter(unit_id=place.unit_id).first() if place.unit_id else None
        mine = Holder.objects.filter(account_id=account_id)
        here = mine.filter(group_id=self.group_id)
        of_role = here.filter(role=given.get("role", ""))
        taken = accounts.by_login(given["new_login_id"]) if "login_key" in given else None
        key = given.get("login_key", "")
        twice = bool(key) and key in self.lines
        self.lines.add(key)
        lines = accounts.lines(account_id)
        size = 1 + len(lines)
        if self.operation is Operation.PERMISSION:
            size = int(not here.exists())
        return Facts(
            earlier=account_id in self.seen,
            above=self._above(account_id, found.corporation_id),
            group_rank=self._group_rank(),
            state=State(found.state),
            now={field: getattr(found, field) for field in ("login_id", *PERSON)},
            login_taken=twice or (taken is not None and taken.account_id != account_id),
            ours=found.corporation_id == "C1",
            group=place.group_id,
            unit=unit.name if unit else "",
            lines_grouped=bool(queries.groups_of(one.line.uid for one in lines)),
            represents=(here if self.operation is Operation.MEMBERSHIP else mine)
            .filter(role="representative")
            .exists(),
            last_administrator=self._is_last(account_id),
            unit_known=self._unit_known(given),
            holds=of_role.exists(),
            held_unit=", ".join(sorted(one.unit.name for one in of_role if one.unit)),
            places=self.places,
            size=size,
        )


def units_of(jobs: Jobs, account_id: str, role: str) -> str | None:
    """For which units of the group an account holds the role (empty: all of it); None: it does not."""
    found = [one for one in queries.holders(jobs.group_id or UUID(int=0)) if one.account_id == account_id]
    held = [one.unit for one in found if one.role == role]
    return ", ".join(sorted(filter(None, held))) if held else None
