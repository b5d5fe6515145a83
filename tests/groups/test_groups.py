"""Groups: who may be in one, who leads it, and where the points go."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import override_settings

from noren.accounts.rules import State
from noren.groups import actions as groups
from noren.groups import queries
from noren.groups.rules import GroupState, PoolView, Role, UnitKind
from noren.lifecycle import actions
from noren.points import queries as balances
from tests.cast import ENGINEER
from tests.groups.cast import LATER, TODAY, WHO, a_group, give, held, inside, person, refused, uid
from tests.lifecycle.cast import NOW, now_of
from tests.members.desk import Desk

pytestmark = pytest.mark.usefixtures("desk")


def test_joining_brings_the_points_and_leaving_leaves_them() -> None:
    leader, employee = person("leader", lines=["L1"]), person("employee", lines=["L2"])
    for member_id in ("L1", "L2"):
        give(member_id)
    group = a_group(leader)
    assert (held(group), held(uid("L1"))) == (100, 0)
    assert actions.join_group(group, account_ids=[employee], **WHO) == 2
    assert (held(group), held(uid("L2")), inside("L1", "L2")) == (200, 0, [True, True])
    assert queries.pool_of(uid("L2")) == group
    actions.leave_group(group, account_ids=[employee], **LATER)
    assert (held(group), held(uid("L2")), inside("L1", "L2")) == (200, 0, [True, False])
    assert queries.pool_of(uid("L2")) is None
    assert balances.verify() == []


def test_points_keep_their_day_in_the_pool() -> None:
    leader = person("leader", lines=["L1"])
    give("L1")
    group = a_group(leader)
    [lot] = balances.lots(group)
    assert (lot.kind, lot.lapses_on, lot.remaining) == ("normal", date(2999, 5, 31), 100)


def test_an_account_without_a_line_is_managed_and_keeps_its_points() -> None:
    leader, free = person("leader", lines=["L1"]), person("free")
    give(free)
    group = a_group(leader)
    actions.join_group(group, account_ids=[free], **WHO)
    assert (held(group), held(uid(free)), inside(free)) == (0, 100, [True])
    assert queries.pool_of(uid(free)) is None


@override_settings(NOREN_POOL_CARRIER_FREE=True)
def test_by_the_switch_its_points_are_pooled() -> None:
    leader, free = person("leader", lines=["L1"]), person("free")
    give(free)
    group = a_group(leader)
    actions.join_group(group, account_ids=[free], **WHO)
    assert (held(group), held(uid(free)), queries.pool_of(uid(free))) == (100, 0, group)


def test_one_group_at_a_time() -> None:
    leader, other = person("leader", lines=["L1"]), person("other", lines=["L2"])
    group, second = a_group(leader), a_group(other, "Plant")
    assert refused(lambda: actions.join_group(second, account_ids=[leader], **WHO)) == "group.in_another"
    assert refused(lambda: actions.join_group(second, line_ids=["L1"], **WHO)) == "group.in_another"
    assert queries.groups_of([uid("L1")]) == {uid("L1"): group}


def test_members_of_another_corporation_stay_out() -> None:
    group = a_group(person("leader", lines=["L1"]))
    assert refused(lambda: actions.join_group(group, line_ids=["L3"], **WHO)) == "group.not_ours"


def test_a_group_needs_a_line_and_a_name_of_its_own(desk: Desk) -> None:
    desk.bring("corporations", "C9,,Nishi,,corporation")
    lonely = person("lonely", corporation_id="C9")
    leader = person("leader", lines=["L1"])
    assert refused(lambda: a_group(lonely, corporation_id="C9")) == "group.needs_line"
    a_group(leader)
    other = person("other", lines=["L2"])
    assert refused(lambda: a_group(other, "Ｓａｌｅｓ")) == "group.bad_name"
    assert refused(lambda: a_group(other, " ")) == "group.bad_name"
    assert refused(lambda: a_group(other, "x" * 101)) == "group.bad_name"
    assert refused(lambda: a_group(lonely, "Plant")) == "group.not_ours"
    assert refused(lambda: actions.join_group(uuid4(), account_ids=[other], **WHO)) == "group.unknown"


@pytest.mark.parametrize(
    ("limit", "act"),
    [
        ("membership.MEMBERS_PER_GROUP", lambda group, other: actions.join_group(group, account_ids=[other], **WHO)),
        ("making.GROUPS_PER_CORPORATION", lambda _group, other: a_group(other, "Plant")),
        ("roles.HOLDERS_PER_GROUP", lambda group, other: groups.grant(group, other, Role.MANAGE_USERS, **WHO)),
        (
            "making.UNITS_PER_GROUP",
            lambda group, _other: groups.add_unit(group, kind=UnitKind.SITE, name="Osaka", **WHO),
        ),
    ],
)
def test_sizes_are_limited(monkeypatch: pytest.MonkeyPatch, limit: str, act: Callable[[Any, str], object]) -> None:
    group, other = a_group(person("leader", lines=["L1"])), person("other", lines=["L2"])
    groups.add_unit(group, kind=UnitKind.DEPARTMENT, name="Field", **WHO)
    monkeypatch.setattr(f"noren.groups.actions.{limit}", 1)
    assert refused(lambda: act(group, other)) == "group.too_many"


def test_the_representative_is_replaced_before_leaving() -> None:
    leader, next_one = person("leader", lines=["L1"]), person("next", lines=["L2"])
    group = a_group(leader)
    actions.join_group(group, account_ids=[next_one], **WHO)
    for act in (
        lambda: actions.leave_group(group, account_ids=[leader], **LATER),
        lambda: actions.abolish(leader, **LATER),
        lambda: groups.revoke(group, leader, Role.REPRESENTATIVE, **LATER),
    ):
        assert refused(act) == "group.representative"
    groups.replace_representative(group, next_one, **LATER)
    assert [(one.account_id, one.role) for one in queries.holders(group)] == [
        (next_one, Role.REPRESENTATIVE),
        (leader, Role.MANAGING_USER),
    ]
    actions.abolish(leader, **LATER)
    assert (now_of(leader).state, inside(leader)) == (State.ABOLISHED, [False])
    assert [one.account_id for one in queries.holders(group)] == [next_one]


def test_dissolving_gives_the_points_to_the_representative() -> None:
    leader, employee = person("leader", lines=["L1"]), person("employee", lines=["L2"])
    give("L2")
    group = a_group(leader)
    actions.join_group(group, account_ids=[employee], **WHO)
    actions.dissolve_group(group, **LATER)
    assert (held(group), held(uid(leader)), inside("L1", "L2", leader, employee)) == (0, 100, [False] * 4)
    assert queries.group(group).state is GroupState.DISSOLVED
    assert refused(lambda: actions.join_group(group, account_ids=[employee], **LATER)) == "group.wrong_state"
    assert queries.held(leader) == ()
    assert a_group(leader, "Sales") != group


def test_units_hold_members_and_narrow_roles() -> None:
    group, clerk = a_group(person("leader", lines=["L1"])), person("clerk", lines=["L2"])
    field = groups.add_unit(group, kind=UnitKind.DEPARTMENT, name="Field", **WHO)
    actions.join_group(group, account_ids=[clerk], unit_id=field, **WHO)
    groups.grant(group, clerk, Role.MANAGE_USERS, units=[field], **WHO)
    [held_one] = queries.held(clerk)
    assert (held_one.role, held_one.units) == (Role.MANAGE_USERS, frozenset({str(field)}))
    assert refused(lambda: groups.grant(group, clerk, Role.MANAGING_USER, units=[field], **WHO)) == "group.wrong_state"
    assert refused(lambda: groups.grant(group, clerk, Role.MANAGE_USERS, units=[uuid4()], **WHO)) == "group.not_ours"
    groups.remove_unit(group, field, **LATER)
    assert (queries.units(group), queries.held(clerk), inside(clerk)) == ((), (), [True])


def across(leader: str, starts_on: date = TODAY) -> UUID:
    """Applied for with the second corporation."""
    return groups.apply(
        corporation_id="C1",
        name="Holding",
        representative=leader,
        partners={"C2": "wholly owned subsidiary"},
        evidence_name="register.pdf",
        evidence=b"%PDF",
        starts_on=starts_on,
        **WHO,
    )


def test_across_companies_all_consent_and_the_operator_approves() -> None:
    leader, other = person("leader", lines=["L1"]), person("other", corporation_id="C2", lines=["L3"])
    group = across(leader)
    assert refused(lambda: actions.join_group(group, account_ids=[leader], **WHO)) == "group.wrong_state"
    assert refused(lambda: groups.decide(group, approve=True, **WHO)) == "group.not_consented"
    assert refused(lambda: groups.consent(group, "C1", account_id=leader, **WHO)) == "group.not_ours"
    groups.consent(group, "C2", account_id=other, **WHO)
    groups.decide(group, approve=True, **WHO)
    assert actions.join_group(group, account_ids=[leader, other], **WHO) == 4
    assert queries.group(group).members == 4


def test_a_corporation_that_takes_its_consent_back_leaves_with_its_people_and_roles() -> None:
    leader, other = person("leader", lines=["L1"]), person("other", corporation_id="C2", lines=["L3"])
    clerk = person("clerk", corporation_id="C2")
    give("L3")
    group = across(leader)
    assert refused(lambda: actions.withdraw_consent(group, "C2", **WHO)) == "group.not_ours"
    groups.consent(group, "C2", account_id=other, **WHO)
    groups.decide(group, approve=True, **WHO)
    assert [row.name for row in queries.taking_part("C2")] == ["Holding"]
    actions.join_group(group, account_ids=[leader, other], **WHO)
    groups.grant(group, clerk, Role.MANAGE_POINTS, **WHO)
    assert actions.withdraw_consent(group, "C2", **LATER) == 2
    assert inside("L1", leader, "L3", other) == [True, True, False, False]
    assert (held(group), held(uid("L3")), queries.held(clerk), queries.taking_part("C2")) == (100, 0, (), ())
    assert refused(lambda: actions.join_group(group, account_ids=[other], **LATER)) == "group.not_ours"
    assert refused(lambda: actions.withdraw_consent(group, "C2", **LATER)) == "group.not_ours"


def test_nobody_joins_before_the_start_date() -> None:
    leader, other = person("leader", lines=["L1"]), person("other", corporation_id="C2", lines=["L3"])
    group = across(leader, starts_on=TODAY + timedelta(days=1))
    groups.consent(group, "C2", account_id=other, **WHO)
    groups.decide(group, approve=True, **WHO)
    assert refused(lambda: actions.join_group(group, account_ids=[leader], **WHO)) == "group.wrong_state"
    tomorrow: Any = {"actor": ENGINEER, "now": NOW + timedelta(days=1)}
    assert actions.join_group(group, account_ids=[leader], **tomorrow) == 2


def test_a_refused_application_frees_the_name() -> None:
    leader = person("leader", lines=["L1"])
    asked: dict[str, Any] = {"corporation_id": "C1", "name": "Holding", "representative": leader, "starts_on": TODAY}
    tied: dict[str, Any] = {"partners": {"C2": "subsidiary"}, "evidence_name": "register.pdf"}
    group = groups.apply(**asked, **tied, evidence=b"%PDF", **WHO)
    groups.decide(group, approve=False, reason="not tied", **WHO)
    assert refused(lambda: groups.decide(group, approve=True, **WHO)) == "group.wrong_state"
    assert refused(lambda: groups.apply(**asked, **tied, evidence=b"", **WHO)) == "group.bad_evidence"
    assert refused(lambda: groups.apply(**asked, **{**tied, "partners": {}}, evidence=b"%", **WHO)) == "group.not_ours"
    assert groups.apply(**asked, **tied, evidence=b"%PDF", **WHO) != group


def test_what_happens_to_a_line_takes_it_out_of_its_group() -> None:
    leader, employee = person("leader", lines=["L1"]), person("employee", lines=["L2"])
    group = a_group(leader)
    actions.join_group(group, account_ids=[employee], **WHO)
    actions.cancel_line("L2", TODAY, **LATER)
    assert inside("L2", employee) == [False, True]
    actions.change_name(employee, "C2", **LATER)
    assert inside(employee) == [False]


def test_a_line_that_is_linked_follows_its_account() -> None:
    leader, employee = person("leader", lines=["L1"]), person("employee")
    give("L2")
    group = a_group(leader)
    actions.join_group(group, account_ids=[employee], **WHO)
    actions.link_line(employee, "L2", pin=None, **LATER)
    assert (inside("L2"), held(group)) == ([True], 100)


def test_a_corporation_keeps_an_administrator() -> None:
    first, second = person("first"), person("second")
    assert [groups.make_administrator(first, **WHO), groups.make_administrator(first, **WHO)] == [True, False]
    assert refused(lambda: groups.end_administrator(first, **WHO)) == "group.last_administrator"
    assert refused(lambda: groups.end_administrator(second, **WHO)) == "group.not_in_it"
    groups.make_administrator(second, **WHO)
    groups.end_administrator(first, **WHO)
    assert [one.account_id for one in queries.administrators("C1")] == [second]


def test_the_group_says_what_members_see() -> None:
    group = a_group(person("leader", lines=["L1"]))
    groups.change(group, name="Sales East", pool_view=PoolView.OWN, members_spend=True, **WHO)
    found = queries.group(group)
    assert (found.name, found.pool_view, found.members_spend) == ("Sales East", PoolView.OWN, True)
