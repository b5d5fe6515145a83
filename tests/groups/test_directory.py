"""The directory: every search finds what a plain rule finds, and nothing outside the scope, whatever is asked."""

import itertools
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext

from noren.accounts.models import Account, SignIn
from noren.accounts.rules import Kind, LockReason, SignInResult, State
from noren.groups import actions as groups
from noren.groups.queries import directory
from noren.groups.queries.authority import scope
from noren.groups.queries.directory import Coverage, Search, Span
from noren.groups.rules import Permission, Role, Scope, UnitKind
from noren.kit.actor import Actor, ActorKind
from noren.lifecycle import actions
from tests.groups.cast import LATER, WHO, a_group, person
from tests.lifecycle.cast import NOW

pytestmark = pytest.mark.usefixtures("desk")

ALL = Scope(frozenset({"C1", "C2"}), frozenset(), frozenset())


def of(*corporations: str, groups_: Any = (), units: Any = ()) -> Scope:
    return Scope(frozenset(corporations), frozenset(map(str, groups_)), frozenset(map(str, units)))


def ids(scope_: Scope, **asked: Any) -> list[str]:
    return [row.login_id for row in directory.people(scope_, Search(order="login_id", **asked)).rows]


def crowd() -> None:
    person("sato", name="佐藤 美咲", name_kana="サトウ ミサキ", employee_number="0042", lines=["L1"])
    person("kenta", name="鈴木 健太", name_kana="スズキ ケンタ", department="営業部", contact_mobile="090-5555-0001")
    person("hanako", name="高橋 花子", name_kana="タカハシ ハナコ", corporation_id="C2", lines=["L3"])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["hanako", "kenta", "sato"]),
        ("ＳＡＴＯ", ["sato"]),
        ("佐藤", ["sato"]),
        ("さとう", ["sato"]),
        ("ｻﾄｳ", ["sato"]),
        ("0042", ["sato"]),
        ("090-1111-1111", ["sato"]),
        ("09033333333", ["hanako"]),
        ("+81 90 5555 0001", ["kenta"]),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("'; drop", []),
    ],
)
def test_search_finds_people_as_they_are_written(text: str, found: list[str]) -> None:
    crowd()
    assert ids(ALL, text=text) == found


def test_filters() -> None:
    crowd()
    employee = person("member", lines=["L2"])
    group = a_group(employee)
    unit = groups.add_unit(group, kind=UnitKind.SITE, name="Osaka", **WHO)
    newcomer = person("newcomer")
    actions.join_group(group, account_ids=[newcomer], unit_id=unit, **WHO)
    actions.lock(employee, LockReason.ADMINISTRATOR, **WHO)
    gone = person("gone")
    actions.abolish(gone, **LATER)
    Authenticator.objects.create(user_id=employee, type="webauthn", data={})
    Authenticator.objects.create(user_id=newcomer, type="totp", data={})
    everybody = {"hanako", "kenta", "member", "newcomer", "sato"}
    expected: list[tuple[dict[str, Any], set[str]]] = [
        ({}, everybody),
        ({"state": State.LOCKED}, {"member"}),
        ({"state": State.ABOLISHED}, {"gone"}),
        ({"kind": Kind.LINE_LINKED}, {"hanako", "member", "sato"}),
        ({"group_id": group}, {"member", "newcomer"}),
        ({"unit_id": unit}, {"newcomer"}),
        ({"ungrouped": True}, {"hanako", "kenta", "sato"}),
        ({"factor": "passkey"}, {"member"}),
        ({"factor": "own"}, {"member", "newcomer"}),
        ({"factor": "no_passkey"}, everybody - {"member"}),
        ({"factor": "no_own"}, everybody - {"member", "newcomer"}),
        ({"unused_since": NOW + timedelta(days=1)}, everybody),
        ({"unused_since": NOW}, set()),
    ]
    for asked, found in expected:
        assert set(ids(ALL, **asked)) == found, asked
    counted = directory.coverage(ALL, unused_since=NOW + timedelta(days=1))
    assert counted == Coverage(0, 4, 1, 1, 3, 2, 1, 1, 3, 5)


def test_pages_and_orders() -> None:
    for number in range(7):
        person(f"p{number}", name_kana=f"カナ{6 - number}", employee_number=f"{number % 3}")
    total = directory.people(ALL, Search(size=3)).total
    assert total == 7
    for order, descending in itertools.product(directory.ORDERS, (False, True)):
        asked = Search(order=order, descending=descending, size=3)
        pages = [directory.people(ALL, replace(asked, offset=offset)).rows for offset in (0, 3, 6, 9)]
        assert sorted(row.login_id for page in pages for row in page) == [f"p{number}" for number in range(7)]
    assert next(row.login_id for row in directory.people(ALL, Search()).rows) == "p6"
    assert next(row.login_id for row in directory.people(ALL, Search(descending=True)).rows) == "p0"
    assert directory.people(ALL, Search(offset=50)).total == 7
    assert len(list(directory.every(ALL, Search()))) == 7


def test_nothing_outside_the_scope_shows_whatever_is_asked() -> None:
    random.seed(4)
    crowd()
    leader = person("leader", lines=["L2"])
    group = a_group(leader)
    units = [groups.add_unit(group, kind=UnitKind.DEPARTMENT, name=name, **WHO) for name in ("Field", "Plant")]
    places: dict[str, tuple[str, str, str]] = {}
    for number in range(12):
        account = person(f"n{number}", corporation_id=random.choice(["C1", "C2"]))
        corporation = Account.objects.get(account_id=account).corporation_id
        unit = random.choice([*units, None])
        if corporation == "C1" and random.random() < 0.7:
            actions.join_group(group, account_ids=[account], unit_id=unit, **WHO)
            places[account] = (corporation, str(group), str(unit or ""))
        else:
            places[account] = (corporation, "", "")
        SignIn.objects.create(account_id=account, at=NOW, result=SignInResult.SUCCEEDED, methods=["password"])
    span = Span(since=NOW - timedelta(days=1), until=NOW + timedelta(days=1), size=1_000)
    for scope_ in (of("C1"), of("C2"), of(groups_=[group]), of(units=units[:1]), of("C2", units=units[1:]), of()):
        inside = {
            account
            for account, (corporation, group_id, unit_id) in places.items()
            if scope_.covers(corporation_id=corporation, group_id=group_id, unit_id=unit_id)
        }
        for asked in (Search(size=1_000), Search(size=1_000, text="n"), Search(size=1_000, order="used")):
            rows = directory.people(scope_, asked).rows
            assert {row.account_id for row in rows} & set(places) == inside
        assert {use.account_id for use in directory.uses(scope_, span)} == inside
        assert sum(count for *_rest, count in directory.uses_by_day(scope_, span)) == len(inside)
        assert directory.coverage(scope_, unused_since=NOW).total == directory.people(scope_, Search()).total


def test_the_scope_follows_from_roles() -> None:
    leader, clerk, stranger = person("leader", lines=["L1"]), person("clerk"), person("stranger")
    group = a_group(leader)
    unit = groups.add_unit(group, kind=UnitKind.SITE, name="Osaka", **WHO)
    groups.grant(group, clerk, Role.MANAGE_USERS, units=[unit], **WHO)
    groups.make_administrator(stranger, **WHO)

    def may(account: str, permission: Permission = Permission.ACCOUNTS_VIEW) -> Scope:
        return scope(Actor(ActorKind.MEMBER, account), permission)

    assert may(leader) == of(groups_=[group])
    assert may(clerk) == of(units=[unit])
    assert may(clerk, Permission.ACCOUNTS_ABOLISH) == of()
    assert may(stranger) == of("C1", groups_=[group])
    assert scope(Actor(ActorKind.STAFF, stranger), Permission.ACCOUNTS_VIEW) == of()
    actions.dissolve_group(group, **LATER)
    assert (may(leader), may(clerk), may(stranger)) == (of(), of(), of("C1"))


def test_uses_are_paged_by_their_place() -> None:
    account = person("sato")
    for minute in range(5):
        SignIn.objects.create(
            account_id=account, at=NOW + timedelta(minutes=minute // 2), result=SignInResult.SERVICE, service="Wiki"
        )
    span = Span(since=NOW, until=NOW + timedelta(days=1), size=2)
    seen: list[object] = []
    while rows := directory.uses(ALL, span):
        seen.extend(row.sign_in_id for row in rows)
        span = replace(span, behind=(rows[-1].at, rows[-1].sign_in_id))
    assert len(seen) == len(set(seen)) == 5
    assert directory.uses(ALL, replace(span, behind=None, service="Mail")) == ()


def test_a_page_of_people_is_one_statement() -> None:
    crowd()
    with CaptureQueriesContext(connection) as watched:
        directory.people(ALL, Search(text="090"))
    assert len(watched) == 1
