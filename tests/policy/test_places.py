"""Which policies apply to whom: those of the corporation, of the own group, and of every group in which one has a role."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from noren.accounts import actions as accounts
from noren.accounts import policy
from noren.accounts import queries as accounts_queries
from noren.accounts.policy import Method, Settings
from noren.audit.models import Record
from noren.groups import actions, queries
from noren.groups.models import Policy
from noren.groups.queries import policies
from noren.groups.rules import PolicyPlace, Role
from noren.kit.actor import Actor, ActorKind
from noren.kit.errors import Refusal
from noren.lifecycle import actions as lifecycle
from tests.cast import ENGINEER
from tests.lifecycle import cast
from tests.lifecycle.conftest import desk
from tests.policy.cast import KITA, NOW, ask, group, join, leave, of_group, policy_id
from tests.policy.worlds import same, settings
from tests.soak import many

__all__ = ["desk"]

pytestmark = pytest.mark.usefixtures("desk")

PASSKEYS = frozenset({Method.PASSKEY})


def minutes(account_id: str) -> int | None:
    """How long a sign-in of the account may last; None: nobody asks."""
    standing = accounts_queries.standing(account_id, NOW)
    return standing.effective.settings.session_minutes if standing else None


def test_the_corporations_policy_applies_to_all_of_its_accounts_and_to_new_ones() -> None:
    before, other = cast.issue("a@example.jp"), cast.issue("b@example.jp", corporation_id="C2")
    ask(KITA, session_minutes=60)
    assert (minutes(before), minutes(cast.issue("c@example.jp")), minutes(other)) == (60, 60, None)


def test_a_groups_policy_applies_to_members_and_to_those_who_hold_a_role() -> None:
    leader, member, manager, other = (cast.issue(f"{name}@example.jp") for name in ("a", "b", "c", "d"))
    its = group("Sales", leader)
    ask(of_group(its), session_minutes=60)
    join(its, member)
    actions.grant(its, manager, Role.MANAGE_USERS, actor=ENGINEER, now=NOW)
    assert [minutes(one) for one in (leader, member, manager, other)] == [60, 60, 60, None]
    leave(its, member)
    actions.revoke(its, manager, Role.MANAGE_USERS, actor=ENGINEER, now=NOW)
    actions.replace_representative(its, other, actor=ENGINEER, now=NOW)
    assert [minutes(one) for one in (leader, member, manager, other)] == [60, None, None, 60]


def test_the_strictest_wins_and_it_is_known_whose_it_is() -> None:
    leader, member = cast.issue("a@example.jp"), cast.issue("b@example.jp")
    sales, works = group("Sales", leader), group("Works", leader)
    ask(KITA, session_minutes=480, second_factor=True)
    ask(of_group(sales), session_minutes=60)
    ask(of_group(works), methods=PASSKEYS)
    join(sales, member)
    actions.grant(works, member, Role.MANAGE_POINTS, actor=ENGINEER, now=NOW)
    found = queries.effective(member, NOW)
    assert found is not None
    effective = found.standing.effective
    assert effective.settings == Settings(methods=PASSKEYS, second_factor=True, session_minutes=60)
    assert {str(setting): found.whose(places) for setting, places in effective.sources.items()} == {
        "methods": ("Works",),
        "second_factor": ("Kita",),
        "session_minutes": ("Sales",),
    }


def test_another_corporation_has_other_rules() -> None:
    account_id = cast.active()
    ask(KITA, session_minutes=60)
    lifecycle.change_name(account_id, "C2", actor=ENGINEER, now=NOW)
    assert minutes(account_id) is None


def test_a_group_that_is_dissolved_asks_nothing_any_more() -> None:
    leader, member = cast.issue("a@example.jp"), cast.issue("b@example.jp")
    its = group("Sales", leader)
    join(its, member)
    ask(of_group(its), session_minutes=60)
    lifecycle.dissolve_group(its, actor=ENGINEER, now=NOW)
    assert (minutes(member), minutes(leader), Policy.objects.count()) == (None, None, 0)


def test_until_the_grace_ends_what_was_asked_before_is_asked() -> None:
    account_id, end = cast.issue(), NOW + timedelta(days=5)
    ask(KITA, session_minutes=480)
    ask(KITA, grace_until=end, session_minutes=60)
    row = queries.policy(KITA, NOW)
    assert (row.settings.session_minutes, row.coming.session_minutes, row.coming_at) == (480, 60, end)
    for at, lasts in ((NOW, 480), (end - timedelta(seconds=1), 480), (end, 60), (end + timedelta(days=1), 60)):
        standing = accounts_queries.standing(account_id, at)
        assert standing is not None
        assert standing.effective.settings.session_minutes == lasts
    assert queries.policy(KITA, end) == policies.PolicyRow(
        Settings(session_minutes=60), Settings(), None, str(ENGINEER), NOW
    )


def test_a_new_policy_takes_the_place_of_one_that_is_coming() -> None:
    account_id = cast.issue()
    ask(KITA, session_minutes=480)
    ask(KITA, grace_until=NOW + timedelta(days=5), session_minutes=60)
    ask(KITA, grace_until=NOW + timedelta(days=9), session_minutes=30)
    standing = accounts_queries.standing(account_id, NOW)
    assert standing is not None
    assert [(at, one.settings.session_minutes) for at, one in standing.coming] == [(NOW + timedelta(days=9), 30)]
    ask(KITA, session_minutes=20)
    assert accounts_queries.standing(account_id, NOW) == accounts_queries.standing(account_id, NOW + timedelta(days=99))


def test_a_policy_that_is_cleared_asks_nothing() -> None:
    account_id = cast.issue()
    assert not actions.clear_policy(KITA, actor=ENGINEER, now=NOW)
    ask(KITA, session_minutes=60)
    assert actions.clear_policy(KITA, actor=ENGINEER, now=NOW)
    assert (policy_id(account_id), queries.policy(KITA, NOW)) == (None, policies.NOTHING)


def test_what_was_set_is_in_the_audit_with_what_it_was_before() -> None:
    ask(KITA, session_minutes=60, devices=2)
    ask(KITA, session_minutes=30, devices=2)
    row = Record.objects.filter(act="policy.set").order_by("place").last()
    assert row is not None
    assert (row.scope, row.before, row.after) == ("C1", {"session_minutes": 60}, {"session_minutes": 30})


@pytest.mark.parametrize(
    "wrong",
    [
        {"networks": ("192.0.2.1/24",)},
        {"networks": tuple(f"192.0.{number}.0/32" for number in range(101))},
        {"session_minutes": 4},
        {"session_minutes": 43_201},
        {"devices": 0},
        {"devices": 101},
        {"grace_until": NOW},
        {"grace_until": NOW + timedelta(days=367), "devices": 1},
    ],
)
def test_what_nobody_could_fulfil_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(actions.BadPolicy):
        ask(KITA, **wrong)


def test_an_unknown_place_is_refused() -> None:
    for place in (PolicyPlace(corporation_id="C9"), PolicyPlace(group_id="00000000-0000-0000-0000-000000000000")):
        with pytest.raises(Refusal, match=r"C9|no such group"):
            ask(place, devices=1)


def test_networks_are_kept_in_one_form() -> None:
    ask(KITA, networks=("192.0.2.128/25", " 192.0.2.0/25", "192.0.2.7"))
    assert queries.policy(KITA, NOW).settings.networks == ("192.0.2.0/24",)
    ask(KITA, networks=())
    assert queries.policy(KITA, NOW).settings.networks is None


def test_nobody_shuts_themselves_out_by_mistake() -> None:
    admin, its = cast.issue(), group("Sales", cast.issue("b@example.jp"))
    me, office = Actor(ActorKind.MEMBER, admin), Settings(networks=("192.0.2.0/24",))
    with pytest.raises(actions.OwnNetwork, match=r"198\.51\.100\.1"):
        actions.set_policy(KITA, office, address="198.51.100.1", actor=me, now=NOW)
    assert policy_id(admin) is None
    actions.set_policy(KITA, office, address="192.0.2.1", actor=me, now=NOW)
    actions.set_policy(KITA, office, address="198.51.100.1", confirmed=True, actor=me, now=NOW)
    actions.set_policy(of_group(its), office, address="198.51.100.1", actor=me, now=NOW)  # applies to others


def test_a_policy_of_one_place_does_not_touch_the_accounts_of_another() -> None:
    ask(KITA, devices=3)
    one = cast.issue("a@example.jp")
    before = policy_id(one)
    with CaptureQueriesContext(connection) as statements:
        ask(KITA, devices=2)
    assert policy_id(one) == before
    assert len(statements) < 25


def test_many_accounts_are_put_under_a_policy_in_as_many_statements_as_one() -> None:
    leader = cast.issue("leader@example.jp")
    sizes = {}
    for size in (1, 40):
        its = group(f"Group {size}", leader)
        ask(of_group(its), devices=size)
        people = [cast.issue(f"{size}.{number}@example.jp") for number in range(size)]
        with CaptureQueriesContext(connection) as statements:
            actions.follow(people)
        sizes[size] = len(statements)
        join(its, *people)
        assert {policy_id(one) for one in people} == {accounts.policy_of([of_group(its).name])}
    assert sizes[1] == sizes[40]


def test_a_second_approval_is_asked_where_one_of_the_accounts_asks_for_it() -> None:
    leader, member = cast.issue("a@example.jp"), cast.issue("b@example.jp")
    its = group("Sales", leader)
    ask(of_group(its), second_approval=True)
    assert queries.requires_approval([leader, member], NOW)
    assert not queries.requires_approval([member], NOW)
    assert not queries.requires_approval([], NOW)


def test_after_any_changes_each_account_is_under_what_its_places_ask() -> None:
    people = [cast.issue(f"{name}@example.jp") for name in "abc"]
    sales, works = (group(name, people[0]) for name in ("Sales", "Works"))
    places = (KITA, of_group(sales), of_group(works))
    where: dict[str, UUID] = {}

    def move(one: str, its: UUID) -> None:
        if one in where:
            leave(where.pop(one), one)
        else:
            join(its, one)
            where[one] = its

    def role(one: str, its: UUID) -> None:
        if not actions.revoke(its, one, Role.MANAGE_USERS, actor=ENGINEER, now=NOW):
            actions.grant(its, one, Role.MANAGE_USERS, actor=ENGINEER, now=NOW)

    def setting(place: PolicyPlace, asked: Settings, days: int) -> None:
        grace = NOW + timedelta(days=days) if days else None
        actions.set_policy(place, asked, grace_until=grace, actor=ENGINEER, now=NOW)

    def clearing(place: PolicyPlace) -> None:
        actions.clear_policy(place, actor=ENGINEER, now=NOW)

    someone, somewhere, place = st.sampled_from(people[1:]), st.sampled_from([sales, works]), st.sampled_from(places)
    steps = st.one_of(
        st.tuples(st.just(move), someone, somewhere),
        st.tuples(st.just(role), someone, somewhere),
        st.tuples(st.just(setting), place, settings, st.integers(0, 3)),
        st.tuples(st.just(clearing), place),
    )

    @how(max_examples=many(20, 300), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(steps, max_size=8))
    def holds(taken: list[tuple[Callable[..., None], ...]]) -> None:
        with transaction.atomic():
            where.clear()
            for act, *arguments in taken:
                act(*arguments)
            for one in people:
                _check(one, places, where)
            transaction.set_rollback(True)

    holds()


def _check(account_id: str, places: tuple[PolicyPlace, ...], where: dict[str, UUID]) -> None:
    held = {one.group_id for one in queries.held(account_id)} | {str(where.get(account_id))}
    mine = {place.name for place in places if place.corporation_id or place.group_id in held}
    asking = {name for name in mine if Policy.objects.filter(place=name).exists()}
    assert policy_id(account_id) == (accounts.policy_of(asking) if asking else None)
    assert (account_id in policies.placed(places[1])) == (places[1].name in mine)
    for at in (NOW, NOW + timedelta(days=2), NOW + timedelta(days=9)):
        standing = accounts_queries.standing(account_id, at)
        expected = policy.in_force(policies.versions(mine), at)
        assert same(standing.effective if standing else policy.Effective(), expected)
