"""What a row tells: whose it is, what was before and after, and never a secret."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from noren.accounts import actions as accounts
from noren.accounts.actions import rows as account_rows
from noren.accounts.models import Account
from noren.accounts.rules import LockReason, TwoStep
from noren.audit import actions, queries
from noren.audit.actions import Entry
from noren.audit.models import Record
from noren.audit.queries import RecordRow, Wanted
from noren.groups import actions as groups
from noren.groups.rules import PoolView, Role
from noren.lifecycle import actions as lifecycle
from noren.sso import actions as sso
from tests.audit import books
from tests.cast import ENGINEER, NOW
from tests.conftest import Place
from tests.guards.test_docs import BLOCK, _text
from tests.lifecycle.cast import SOON, active, corporations
from tests.members.desk import Desk

PASSWORD = "blaue Berge im Nebel"
WHO: Any = {"actor": ENGINEER, "now": SOON}


@pytest.fixture
def account_id(place: Place, tmp_path: Any) -> str:
    """An account in use, of the corporation C1."""
    corporations(Desk(place, tmp_path))
    return active(lines=("L1",))


def told(subject: str) -> dict[str, RecordRow]:
    """The rows about it, by act; the last of each."""
    rows = queries.search(Wanted(None, [subject]), behind="", size=100).rows
    return {row.act: row for row in reversed(rows)}


def test_acts_on_an_account_tell_scope_and_what_changed(account_id: str) -> None:
    accounts.set_user_data(account_id, name="山田花江", department="営業部", **WHO)
    accounts.set_two_step(account_id, TwoStep.WEAK, **WHO)
    accounts.set_contact_mail(account_id, "", **WHO)
    lifecycle.lock(account_id, LockReason.ADMINISTRATOR, **WHO)
    lifecycle.unlock(account_id, **WHO)
    lifecycle.change_login_id(account_id, "hanae", **WHO)
    rows = told(account_id)
    assert {row.scope for row in rows.values()} == {"C1"}
    changes = {act: (row.before, row.after) for act, row in rows.items()}
    assert changes["account.user_data"] == (
        {"name": "山田花子", "department": ""},
        {"name": "山田花江", "department": "営業部"},
    )
    assert changes["account.two_step"] == ({"two_step": "strong"}, {"two_step": "weak"})
    assert changes["account.contact_mail"] == ({"contact_mail": "hanako@example.jp"}, {"contact_mail": ""})
    assert changes["account.lock"] == (
        {"state": "active", "lock_reason": ""},
        {"state": "locked", "lock_reason": "administrator"},
    )
    assert changes["account.unlock"] == (
        {"state": "locked", "lock_reason": "administrator"},
        {"state": "active", "lock_reason": ""},
    )
    assert changes["account.id_change"] == ({"login_id": "hanako@example.jp"}, {"login_id": "hanae"})
    before, after = changes["account.issue"]
    assert (before, after and after["login_id"], after and after["corporation_id"]) == (
        None,
        "hanako@example.jp",
        "C1",
    )


def test_two_rows_of_one_action_tell_each_change_once(account_id: str) -> None:
    accounts.lock(account_id, LockReason.PASSWORDS, **WHO)
    lifecycle.password_changed(account_id, password=PASSWORD, **WHO)
    rows = told(account_id)
    assert rows["account.unlock"].after == {"state": "active", "lock_reason": ""}
    assert rows["account.password_change"].after is None


def test_who_moves_is_told_to_the_new_corporation(account_id: str) -> None:
    lifecycle.change_name(account_id, "C2", **WHO)
    row = told(account_id)["account.name_change"]
    assert (row.scope, row.before, row.after) == ("C2", {"corporation_id": "C1"}, {"corporation_id": "C2"})


def test_no_secret_is_ever_told(account_id: str, place: Place) -> None:
    lifecycle.password_changed(account_id, password=PASSWORD, **WHO)
    token = lifecycle.invite(lifecycle.issue(corporation_id="C1", login_id="b", name="b", **WHO), by="letter", **WHO)
    made = sso.add_client(name="Shop", redirect_uris=["https://shop.example/back"], **WHO)
    secrets = (PASSWORD, token, made.secret, Account.objects.get(pk=account_id).password)
    with books.owner(place) as inside:
        text = str(inside.execute("SELECT * FROM audit_record").fetchall())
    assert [secret for secret in secrets if secret in text] == []
    assert "password" not in account_rows.TOLD


def test_lines_tell_whose_they_are_and_what_changed(account_id: str) -> None:
    del account_id
    lifecycle.change_number("L2", "090-9999-9999", **WHO)
    lifecycle.cancel_line("L2", date(2021, 8, 1), **WHO)
    rows = told("L2")
    number, cancelled = rows["line.number"], rows["line.cancel"]
    assert (number.scope, number.before, number.after) == (
        "C1",
        {"phone_number": "090-2222-2222"},
        {"phone_number": "090-9999-9999"},
    )
    assert (cancelled.scope, cancelled.after) == ("C1", {"closed_on": "2021-08-01"})


def test_services_and_membership_tell_whose_they_are(account_id: str) -> None:
    client = sso.add_client(name="Shop", redirect_uris=["https://shop.example/back"], **WHO).client_id
    sso.consent(account_id, client, ["openid"], **WHO)
    first = told(account_id)["service.link"]
    sso.consent(account_id, client, ["email"], **WHO)
    sso.release(account_id, client, **WHO)
    rows = told(account_id)
    assert (first.before, first.after) == (None, {"scopes": ["openid"]})
    assert (rows["service.link"].before, rows["service.link"].after) == (
        {"scopes": ["openid"]},
        {"scopes": ["openid", "email"]},
    )
    assert {rows[act].scope for act in ("service.link", "service.release", "membership.join")} == {"C1"}


def test_groups_tell_whose_they_are_and_a_permission_its_holder(account_id: str) -> None:
    group_id = lifecycle.create_group(corporation_id="C1", name="Kita", representative=account_id, **WHO)
    groups.change(group_id, name="Kita", pool_view=PoolView.ALL, members_spend=True, **WHO)
    other = active("taro", name="太郎")
    lifecycle.join_group(group_id, account_ids=[other], **WHO)
    groups.grant(group_id, other, Role.MANAGE_POINTS, **WHO)
    groups.revoke(group_id, other, Role.MANAGE_POINTS, **WHO)
    group, holder = told(str(group_id)), told(other)
    assert {row.scope for row in (*group.values(), *holder.values())} == {"C1"}
    assert (group["group.change"].before, group["group.change"].after) == (
        {"members_spend": False},
        {"members_spend": True},
    )
    assert {"group.join", "group.grant", "group.revoke"} <= set(holder)
    assert holder["group.grant"].detail == {"group": str(group_id), "role": "manage_points", "units": []}


@pytest.mark.usefixtures("place")
def test_many_rows_at_once_are_as_each_by_itself() -> None:
    facts: dict[str, Any] = {"detail": {"名": 'a\t"b\\\n', "n": 1}, "scope": "C1", "reason": "退職\tのため\\N"}
    change: dict[str, Any] = {"before": {"on": date(2021, 8, 1), "x": None}, "after": {"on": None, "y": [1, "\\."]}}
    actions.record(actor=ENGINEER, act="account.lock", subject="one", now=NOW, **facts, **change)
    assert actions.record_many([Entry("account.lock", "many", **facts, **change)], actor=ENGINEER, now=NOW) == 1
    actions.record(actor=ENGINEER, act="account.lock", subject="plain", now=NOW)
    assert actions.record_many([Entry("account.lock", "plain many")], actor=ENGINEER, now=NOW) == 1
    assert actions.record_many([], actor=ENGINEER, now=NOW) == 0
    for one, other in (("one", "many"), ("plain", "plain many")):
        columns = [name for name in RecordRow.__slots__ if name not in {"record_id", "subject", "place"}]
        [mine] = Record.objects.filter(subject=one).values(*columns)
        [theirs] = Record.objects.filter(subject=other).values(*columns)
        assert mine == theirs
    kept = Record.objects.get(subject="one")
    assert (kept.reason, kept.before) == (facts["reason"], {"on": "2021-08-01", "x": None})


def test_the_statement_of_the_docs_adds_a_row_for_each_row_that_it_changed(account_id: str) -> None:
    more = [lifecycle.issue(corporation_id="C1", login_id=f"a{number}", name="x", **WHO) for number in range(5)]
    [statement] = [body for kind, body in BLOCK.findall(_text("docs/rules/audit.md")) if kind == "sql" and "%(" in body]
    params: dict[str, Any] = {
        "accounts": [account_id, *more],
        "actor": str(ENGINEER),
        "now": SOON + timedelta(1),
        "reason": "moved",
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, {**params, "department": "営業部"})
        assert cursor.rowcount == 6
    row = told(more[0])["account.user_data"]
    assert (row.scope, row.reason, row.before, row.after) == (
        "C1",
        "moved",
        {"department": ""},
        {"department": "営業部"},
    )
    assert set(Account.objects.values_list("department", flat=True)) == {"営業部"}
    assert json.dumps(row.detail) == "{}"
    actions.seal()
    assert books.found() == {}
