"""What a job of each operation does: the same as the single action for each of its rows."""

from typing import Any

import pytest
from django.test import override_settings

from noren.accounts.models import Ticket
from noren.accounts.rules import LockReason, State
from noren.audit.models import Record
from noren.bulk.rules import JobState, Operation
from noren.groups import actions
from noren.groups import queries as groups
from noren.groups.rules import UnitKind
from noren.lifecycle import actions as lifecycle
from noren.members.models import Account as MemberAccount
from noren.outbox.models import Message
from tests.bulk.desk import LATER, Jobs, file, only, rows, told
from tests.cast import ENGINEER
from tests.lifecycle import cast
from tests.lifecycle.cast import NOW

ACCOUNT = ("account",)


def acts_of(account_id: str) -> list[tuple[Any, ...]]:
    """Act, scope, detail, before and after of what the audit has of an account."""
    found = Record.objects.filter(subject=account_id).order_by("place")
    return sorted(
        ((one.act, one.scope, one.detail, one.before, one.after) for one in found), key=lambda row: str(row[0])
    )


def test_an_issue_job_makes_what_single_issues_make(jobs: Jobs) -> None:
    content = file(
        (
            "login_id",
            "employee_number",
            "name",
            "name_kana",
            "department",
            "contact_mail",
            "contact_mobile",
            "line_id",
            "language",
        ),
        ("taro@example.jp", "0042", "山田　太郎", "ﾔﾏﾀﾞ", "営業部", "Taro@Example.jp", "090-1234-5678", "L1", "en"),
    )
    job = jobs.done(Operation.ISSUE, content)
    assert (job.state, job.done, job.changed) == (JobState.DONE, 1, 0)
    bulk = only(rows(job)).account_id
    single = cast.issue(
        "jiro@example.jp",
        employee_number="0042",
        name="山田　太郎",
        name_kana="ﾔﾏﾀﾞ",
        department="営業部",
        contact_mail="Taro@Example.jp",
        contact_mobile="090-1234-5678",
        lines=["L2"],
        now=LATER,
    )
    lifecycle.invite(single, by="mail", actor=ENGINEER, now=LATER)
    one, other = cast.now_of(bulk), cast.now_of(single)
    for name in one.__slots__:
        if name not in {"account_id", "login_id"}:
            assert getattr(one, name) == getattr(other, name), name
    mine, theirs = MemberAccount.objects.get(account_id=bulk), MemberAccount.objects.get(account_id=single)
    assert (mine.joined_on, mine.corporation_id) == (theirs.joined_on, theirs.corporation_id)
    shown = str(acts_of(single)).replace("jiro@", "taro@").replace("'L2'", "'L1'")
    assert str(acts_of(bulk)) == shown
    assert [message.recipient for message in Message.objects.all()] == ["taro@example.jp"] * 2
    bodies = [message.body.replace("jiro@", "taro@") for message in Message.objects.all()]
    assert len({body.partition("invitation/")[0] for body in bodies}) == 1
    assert Ticket.objects.filter(account_id=bulk, purpose="invitation", address="taro@example.jp").count() == 1


def test_without_membership_with_the_account_nobody_joins(jobs: Jobs) -> None:
    with override_settings(NOREN_JOIN_WITH_ACCOUNT=False):
        job = jobs.done(Operation.ISSUE, file(("login_id", "name"), ("taro", "太郎")))
    assert MemberAccount.objects.get(account_id=only(rows(job)).account_id).joined_on is None


def test_accounts_without_a_login_id_get_the_organisation_code_and_their_number(jobs: Jobs) -> None:
    job = jobs.done(Operation.ISSUE, file(("社員番号", "氏名"), ("00042", "太郎"), ("007", "花子")))
    logins = [cast.now_of(row.account_id).login_id for row in rows(job)]
    assert [login.partition("/")[2] for login in logins] == ["00042", "007"]


def test_a_lock_job_does_what_single_locks_do(jobs: Jobs) -> None:
    bulk, single = cast.active("a@example.jp"), cast.active("b@example.jp")
    job = jobs.done(Operation.LOCK, file(ACCOUNT, ("A@example.jp",)))
    lifecycle.lock(single, LockReason.ADMINISTRATOR, actor=ENGINEER, now=LATER)
    assert told(job) == [(2, "done", ())]
    one, other = cast.now_of(bulk), cast.now_of(single)
    assert (one.state, one.lock_reason, one.epoch) == (other.state, other.lock_reason, other.epoch)
    assert str(acts_of(bulk)).replace("a@example", "b@example") == str(acts_of(single))


def test_an_unlock_job_does_what_single_unlocks_do(jobs: Jobs) -> None:
    bulk, single = cast.active("a@example.jp"), cast.active("b@example.jp")
    for account_id in (bulk, single):
        lifecycle.lock(account_id, LockReason.SELF, actor=ENGINEER, now=NOW)
    jobs.done(Operation.UNLOCK, file(ACCOUNT, ("a@example.jp",)))
    lifecycle.unlock(single, actor=ENGINEER, now=LATER)
    one, other = cast.now_of(bulk), cast.now_of(single)
    assert (one.state, one.lock_reason, one.must_change_password) == (State.ACTIVE, None, True)
    assert (one.last_used_at, one.must_change_password) == (other.last_used_at, other.must_change_password)
    assert str(acts_of(bulk)).replace("a@example", "b@example") == str(acts_of(single))


def test_an_abolish_job_does_what_single_abolishes_do(jobs: Jobs) -> None:
    bulk, single = cast.active("a@example.jp", lines=["L1"]), cast.active("b@example.jp", lines=["L2"])
    jobs.done(Operation.ABOLISH, file(ACCOUNT, ("a@example.jp",)))
    lifecycle.abolish(single, actor=ENGINEER, now=LATER)
    one, other = cast.now_of(bulk), cast.now_of(single)
    assert (one.state, one.epoch, one.login_id) == (other.state, other.epoch, "a@example.jp")
    assert MemberAccount.objects.get(account_id=bulk).withdrawn_on is not None
    shown = str(acts_of(single)).replace("b@example", "a@example").replace("'L2'", "'L1'")
    assert str(acts_of(bulk)) == shown


def test_a_change_job_changes_what_is_given_and_empties_what_is_a_dash(jobs: Jobs) -> None:
    account_id = cast.active("a@example.jp", department="営業部", title="課長", contact_mobile="090-1234-5678")
    header = ("アカウント", "新しいログインID", "氏名", "部署", "役職", "連絡先携帯電話番号")
    job = jobs.done(Operation.CHANGE, file(header, ("a@example.jp", "B@example.jp", "", "-", "部長", "-")))
    assert told(job) == [(2, "done", ())]
    assert only(rows(job)).changes == {
        "login_id": ["a@example.jp", "B@example.jp"],
        "department": ["営業部", ""],
        "title": ["課長", "部長"],
        "contact_mobile": ["+819012345678", ""],
    }
    assert "\nB@example.jp\n" in Message.objects.get(subject="Your login ID was changed").body
    now = cast.now_of(account_id)
    assert (now.login_id, now.name, now.department, now.title, now.contact_mobile) == (
        "B@example.jp",
        "山田花子",
        "",
        "部長",
        "",
    )
    assert now.epoch == 2
    acts = [act for act, *_rest in acts_of(account_id)]
    assert acts == [
        "account.contact_mobile",
        "account.id_change",
        "account.issue",
        "account.user_data",
        "membership.join",
    ]


def test_who_gets_other_contact_data_is_told_where_they_were_reached_until_now(jobs: Jobs) -> None:
    cast.active("a@example.jp", language="en")
    cast.issue("b", active=True, contact_mobile="090-1234-5678")
    cast.active("c@example.jp")
    header = ("account", "department", "contact_mail", "contact_mobile")
    changes = (
        ("a@example.jp", "", "new@example.jp", ""),
        ("b", "", "", "-"),
        ("c@example.jp", "営業部", "", ""),
    )
    jobs.done(Operation.CHANGE, file(header, *changes))
    sent = Message.objects.filter(body__contains="/account/").order_by("channel")
    assert [(one.channel, one.recipient, one.subject) for one in sent] == [
        ("mail", "hanako@example.jp", "The contact data of your account was changed"),
        ("sms", "+819012345678", ""),
    ]
    assert "an administrator of Kita has changed the contact data of your account a@example.jp" in sent[0].body


@pytest.mark.usefixtures("jobs")
def test_a_membership_job_joins_moves_and_leaves() -> None:
    lead, stay, go = cast.active("lead@example.jp"), cast.active("stay@example.jp"), cast.active("go@example.jp")
    come = cast.active("come@example.jp", lines=["L1"])
    group_id = lifecycle.create_group(corporation_id="C1", name="本社", representative=lead, actor=ENGINEER, now=NOW)
    unit = actions.add_unit(group_id, kind=UnitKind.DEPARTMENT, name="営業部", actor=ENGINEER, now=NOW)
    lifecycle.join_group(group_id, account_ids=[stay, go], actor=ENGINEER, now=NOW)
    content = file(
        ("account", "action", "unit"),
        ("stay@example.jp", "追加", "営業部"),
        ("go@example.jp", "remove", ""),
        ("come@example.jp", "add", "営業部"),
        ("lead@example.jp", "remove", ""),
        ("nobody@example.jp", "add", ""),
    )
    job = Jobs(group_id=group_id).done(Operation.MEMBERSHIP, content)
    assert told(job) == [
        (2, "done", ()),
        (3, "done", ()),
        (4, "done", ()),
        (5, "error", ("account:group.representative",)),
        (6, "error", ("account:account.unknown",)),
    ]
    assert [groups.place_of(one).unit_id for one in (stay, come)] == [str(unit)] * 2
    assert groups.place_of(go).group_id == ""
    assert groups.group(group_id).members == 4


@pytest.mark.usefixtures("jobs")
def test_a_permission_job_gives_and_takes_roles() -> None:
    lead, other = cast.active("lead@example.jp"), cast.active("other@example.jp")
    group_id = lifecycle.create_group(corporation_id="C1", name="本社", representative=lead, actor=ENGINEER, now=NOW)
    of_group = Jobs(group_id=group_id)
    header = ("account", "action", "role")
    of_group.done(Operation.PERMISSION, file(header, (other, "付与", "ユーザー管理許可")))
    assert [(row.account_id, str(row.role)) for row in groups.holders(group_id)][1:] == [(other, "manage_users")]
    again = of_group.judged(Operation.PERMISSION, file(header, (other, "give", "manage_users"), ("x", "give", "king")))
    assert told(again) == [(2, "nothing", ()), (3, "error", ("role:not_in_list",))]
    of_group.done(Operation.PERMISSION, file(header, (other, "take", "manage users")))
    assert len(groups.holders(group_id)) == 1


@pytest.mark.parametrize("operation", [Operation.LOCK, Operation.UNLOCK, Operation.ABOLISH])
def test_a_row_that_is_so_already_is_nothing_to_do(jobs: Jobs, operation: Operation) -> None:
    account_id = cast.active("a@example.jp")
    if operation is Operation.LOCK:
        lifecycle.lock(account_id, LockReason.SELF, actor=ENGINEER, now=NOW)
    if operation is Operation.ABOLISH:
        lifecycle.abolish(account_id, actor=ENGINEER, now=NOW)
    assert told(jobs.judged(operation, file(ACCOUNT, ("a@example.jp",)))) == [(2, "nothing", ())]
