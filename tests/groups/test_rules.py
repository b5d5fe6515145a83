"""Who may do what: the table of roles and permissions, spelled out, and what follows from it."""

from typing import Any

import pytest
from hypothesis import given as gives
from hypothesis import strategies as st

from noren.groups.rules import GRANTS, OF_STAFF, Held, Permission, Role, may_act_on, may_grant, roles_at, scope_of

MATRIX = """
                  administrator representative managing_user manage_users manage_points
accounts:view           x             x              x             x            .
accounts:issue          x             x              x             .            .
accounts:change         x             x              x             x            .
accounts:secure         x             x              x             x            .
accounts:abolish        x             x              x             .            .
services:manage         x             x              x             x            .
usage:view              x             x              x             x            .
audit:view              x             x              x             .            .
policy:manage           x             x              x             .            .
groups:create           x             .              .             .            .
groups:view             x             x              x             x            x
groups:manage           x             x              x             .            .
groups:grant            x             x              x             .            .
groups:dissolve         x             x              .             .            .
points:view             x             x              x             .            x
points:spend            x             x              x             .            x
limits:manage           x             x              x             .            .
"""


def test_the_matrix() -> None:
    heading, *lines = MATRIX.strip("\n").splitlines()
    told = {
        (role, permission): mark == "x"
        for permission, *marks in map(str.split, lines)
        for role, mark in zip(heading.split(), marks, strict=True)
    }
    customers = [one for one in Permission if one not in OF_STAFF]
    assert told == {(str(role), str(one)): one in GRANTS[role] for role in Role for one in customers}


def of(role: Role, group: str = "G1", **more: Any) -> Held:
    return Held(role, corporation_id="C1") if role is Role.ADMINISTRATOR else Held(role, group_id=group, **more)


@pytest.mark.parametrize("mine", Role)
@pytest.mark.parametrize("theirs", Role)
def test_nobody_touches_who_may_more(mine: Role, theirs: Role) -> None:
    """Who manages users is not above who manages points: the other one may what they may not."""
    order = list(Role)
    higher = order.index(mine) < order.index(theirs) and mine is not Role.MANAGE_USERS
    touches = may_act_on([of(mine)], [of(theirs)], corporation_id="C1")
    assert touches == (higher or mine is Role.ADMINISTRATOR)


@pytest.mark.parametrize("theirs", list(Role)[1:])
def test_a_role_in_one_group_is_nothing_against_one_in_another(theirs: Role) -> None:
    mine = [of(Role.REPRESENTATIVE), of(Role.MANAGE_USERS, "G2", units=frozenset({"U1"}))]
    assert not may_act_on(mine, [of(theirs, "G2")], corporation_id="C1")
    assert not may_act_on(mine, [of(Role.MANAGE_POINTS), of(theirs, "G2")], corporation_id="C1")


def test_administrators_touch_those_of_their_own_corporation_alone() -> None:
    """One of another corporation leads a group in which this one is: that lets them do nothing to its administrator."""
    led = [Held(Role.ADMINISTRATOR, "C2"), Held(Role.ADMINISTRATOR, group_id="G1")]
    assert may_act_on(led, [of(Role.MANAGE_POINTS)], corporation_id="C1")
    assert not may_act_on(led, [of(Role.ADMINISTRATOR)], corporation_id="C1")
    assert may_act_on([of(Role.ADMINISTRATOR)], [of(Role.ADMINISTRATOR)], corporation_id="C1")


def test_plain_members_are_touched_by_everybody_with_a_role() -> None:
    assert [may_act_on([of(role)], [], corporation_id="C1") for role in Role] == [True] * 5


@pytest.mark.parametrize("mine", Role)
@pytest.mark.parametrize("given", list(Role)[1:])
def test_roles_below_ones_own_are_given(mine: Role, given: Role) -> None:
    order = list(Role)
    assert may_grant([mine], given) == (order.index(mine) < order.index(given))
    assert not may_grant([], given)


PLACES = st.one_of(
    st.builds(Held, st.just(Role.ADMINISTRATOR), corporation_id=st.sampled_from(["C1", "C2"])),
    st.builds(
        Held,
        st.sampled_from(Role).filter(lambda role: role is not Role.ADMINISTRATOR),
        group_id=st.sampled_from(["G1", "G2"]),
    ),
    st.builds(
        Held,
        st.sampled_from([Role.MANAGE_USERS, Role.MANAGE_POINTS]),
        group_id=st.sampled_from(["G1", "G2"]),
        units=st.frozensets(st.sampled_from(["U1", "U2", "U3"]), min_size=1),
    ),
)


@gives(
    st.lists(PLACES),
    st.sampled_from(Permission),
    st.sampled_from(["C1", "C2"]),
    st.sampled_from(["", "G1", "G2"]),
    st.sampled_from(["", "U1", "U2"]),
)
def test_the_scope_covers_what_some_role_covers(
    held: list[Held], permission: Permission, corporation: str, group: str, unit: str
) -> None:
    place = {"corporation_id": corporation, "group_id": group, "unit_id": unit}
    roles = roles_at(held, **place)
    assert scope_of(held, permission).covers(**place) == any(permission in GRANTS[role] for role in roles)


def test_a_role_for_a_unit_is_none_for_the_group() -> None:
    held = [Held(Role.MANAGE_USERS, group_id="G1", units=frozenset({"U1"}))]
    scope = scope_of(held, Permission.ACCOUNTS_VIEW)
    assert not scope.covers(corporation_id="C1", group_id="G1")
    assert not scope.covers(corporation_id="C1", group_id="G1", unit_id="U2")
    assert scope.covers(corporation_id="C1", group_id="G1", unit_id="U1")
