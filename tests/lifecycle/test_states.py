"""Issue, lock, unlock, reissue, abolish: what is allowed, what is refused, and what ends with it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from noren.accounts import actions as accounts
from noren.accounts import queries
from noren.accounts.rules import Kind, LockReason, LoginKind, State, TicketPurpose
from noren.audit.models import Record
from noren.kit.errors import Refusal
from noren.lifecycle import actions
from noren.members import memberships
from noren.members import queries as members
from tests.cast import ENGINEER
from tests.lifecycle.cast import NOW, SOON, active, issue, now_of, sign_ins
from tests.members.desk import Desk

WHO: Any = {"actor": ENGINEER, "now": SOON}
PASSWORD = "blaue Berge im Nebel"


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as told:
        act()
    return told.value.code


def test_account_joins_with_its_lines(desk: Desk) -> None:
    account_id = issue(lines=("L1", "L2"))
    found = now_of(account_id)
    assert (found.state, found.kind, found.epoch) == (State.INVITED, Kind.LINE_LINKED, 1)
    assert [one.member_id for one in queries.members_of(account_id)] == [account_id, "L1", "L2"]
    assert desk.stored("members_line", "line_id, joined_on")[:2] == [
        ("L1", date(2021, 7, 1)),
        ("L2", date(2021, 8, 10)),
    ]
    assert Record.objects.filter(subject=account_id).count() == 4


def test_joining_is_a_step_of_its_own_under_the_policy_of_2021(desk: Desk, settings_off: None) -> None:
    del desk, settings_off
    account_id = issue()
    assert queries.members_of(account_id) == ()
    assert actions.join(account_id, **WHO)
    assert not actions.join(account_id, **WHO)
    assert [one.member_id for one in queries.members_of(account_id)] == [account_id]
    actions.withdraw(account_id, **WHO)
    assert now_of(account_id).state == State.INVITED
    assert refused(lambda: actions.join(account_id, **WHO)) == "membership.withdrawn"
    assert refused(lambda: actions.withdraw(account_id, **WHO)) == "membership.none"


def test_membership_goes_with_the_account(desk: Desk) -> None:
    del desk
    account_id = issue()
    assert refused(lambda: actions.withdraw(account_id, **WHO)) == "membership.goes_with_account"


def test_login_id_is_one_persons_however_it_is_written(desk: Desk) -> None:
    del desk
    issue("Hanako@Example.jp")
    assert refused(lambda: issue("ｈａｎａｋｏ@example.JP")) == "login.taken"
    assert get_user_model().objects.count() == 1


@pytest.mark.parametrize(
    ("about", "code"),
    [
        ({"login_id": "has space"}, "login.bad"),
        ({"login_id": "x" * 258}, "login.bad"),
        ({"login_id": "花子"}, "login.bad"),
        ({"login_id": ""}, "login.missing"),
        ({"login_id": "wrong1/0042"}, "login.other_organisation"),
        ({"login_id": "a", "name": " "}, "account.no_name"),
        ({"login_id": "a", "contact_mail": "nobody"}, "contact.bad_mail"),
        ({"login_id": "a", "contact_mobile": "12"}, "contact.bad_mobile"),
        ({"login_id": "a", "corporation_id": "C9"}, "corporation.unknown"),
        ({"login_id": "a", "lines": ("L3",)}, "line.not_linked"),
        ({"login_id": "a", "lines": ("L9",)}, "line.not_linked"),
        ({"login_id": "a", "account_id": "x" * 256}, "account.bad_id"),
        ({"login_id": "a", "joined_on": date(2021, 8, 11)}, "membership.bad_day"),
    ],
)
def test_refused_account_leaves_nothing_behind(desk: Desk, about: dict[str, object], code: str) -> None:
    del desk
    assert refused(lambda: issue(**about)) == code  # type: ignore[arg-type]
    assert get_user_model().objects.count() == 0
    assert not Record.objects.filter(act="account.issue").exists()


def test_longest_login_id(desk: Desk) -> None:
    del desk
    assert now_of(issue("x" * 257)).login_kind == LoginKind.FREE


def test_employee_number_goes_with_the_code_of_the_organisation(desk: Desk) -> None:
    del desk
    first, second = (now_of(issue("", employee_number=number)) for number in ("0042", "0043"))
    code = queries.organisation_code("C1")
    assert (first.login_id, second.login_id) == (f"{code}/0042", f"{code}/0043")
    assert first.login_kind == LoginKind.EMPLOYEE
    assert refused(lambda: issue("", employee_number="0042")) == "login.taken"
    assert queries.named(f"{str(code).upper()}/0042").account_id == first.account_id


def test_contact_data_is_kept_in_one_form(desk: Desk) -> None:
    del desk
    found = now_of(issue(contact_mobile="０９０-1234-5678", contact_mail=" Hanako@EXAMPLE.jp ", name="ﾔﾏﾀﾞ 花子"))
    assert (found.contact_mobile, found.contact_mail) == ("+819012345678", "hanako@example.jp")
    assert found.name == "ヤマダ 花子"


ACTS: dict[str, Callable[[str], object]] = {
    "lock": lambda account_id: actions.lock(account_id, LockReason.ADMINISTRATOR, **WHO),
    "unlock": lambda account_id: actions.unlock(account_id, **WHO),
    "abolish": lambda account_id: actions.abolish(account_id, **WHO),
    "reissue": lambda account_id: actions.reissue(account_id, "new", **WHO),
    "invite": lambda account_id: actions.invite(account_id, by="letter", **WHO),
    "change login": lambda account_id: actions.change_login_id(account_id, "new", **WHO),
    "password": lambda account_id: actions.password_changed(account_id, password=PASSWORD, **WHO),
}
ALLOWED = {
    State.INVITED: {"abolish", "reissue", "invite", "change login", "password"},
    State.ACTIVE: {"lock", "abolish", "reissue", "invite", "change login", "password"},
    State.LOCKED: {"lock", "unlock", "abolish", "reissue", "change login", "password"},
    State.ABOLISHED: set[str](),
}


@pytest.mark.parametrize("state", State)
def test_state_says_what_can_be_done(desk: Desk, state: State) -> None:
    del desk
    for number, (name, act) in enumerate(ACTS.items()):
        account_id = issue(f"a{number}", active=state is not State.INVITED)
        if state is State.LOCKED:
            actions.lock(account_id, LockReason.ADMINISTRATOR, actor=ENGINEER, now=NOW)
        if state is State.ABOLISHED:
            actions.abolish(account_id, actor=ENGINEER, now=NOW)
        before = now_of(account_id)
        if name in ALLOWED[state]:
            act(account_id)
            actions.abolish(account_id, **WHO) if name in {"reissue", "change login"} else None
            get_user_model().objects.filter(login_key="new").update(login_id=f"o{number}", login_key=f"o{number}")
        else:
            assert refused(lambda act=act, account_id=account_id: act(account_id)) == "account.state", name  # type: ignore[misc]
            assert now_of(account_id) == before, name


def test_reissue_gives_the_same_person_a_new_id_and_nothing_else(desk: Desk) -> None:
    account_id = active(lines=("L1",))
    accounts.first_password(account_id, PASSWORD, actor=ENGINEER, now=NOW)
    with desk.connect() as connection:
        connection.execute(
            "INSERT INTO mfa_authenticator (user_id, type, data, created_at) VALUES (%s, 'webauthn', '{}', now())",
            [account_id],
        )
    uids = [one.uid for one in queries.members_of(account_id)]
    actions.reissue(account_id, "hanako2", **WHO)
    found = now_of(account_id)
    assert (found.state, found.login_id, found.login_kind) == (State.INVITED, "hanako2", LoginKind.FREE)
    assert not queries.has_credentials(account_id)
    assert [one.uid for one in queries.members_of(account_id)] == uids
    token = actions.invite(account_id, by="letter", **WHO)
    assert actions.accept(token, purpose=TicketPurpose.LETTER, now=SOON) == account_id


def test_abolished_account_withdraws_and_keeps_its_login_id(desk: Desk) -> None:
    account_id = active(lines=("L1",))
    actions.abolish(account_id, **WHO)
    assert queries.members_of(account_id) == ()
    assert desk.stored("members_account", "account_id, withdrawn_on") == [(account_id, date(2021, 8, 10))]
    assert members.line("L1").withdrawn_on is None
    assert refused(active) == "login.taken"
    assert issue("other", lines=("L1",))


TRIGGERS: dict[str, Callable[[str], object]] = {
    "id_change": lambda account_id: actions.change_login_id(account_id, "new", **WHO),
    "password_change": lambda account_id: actions.password_changed(account_id, password=PASSWORD, **WHO),
    "reissue": lambda account_id: actions.reissue(account_id, "new", **WHO),
    "delete": lambda account_id: actions.abolish(account_id, **WHO),
    "name_change": lambda account_id: actions.change_name(account_id, "C2", **WHO),
    "line_cancellation": lambda _account_id: actions.cancel_line("L1", date(2021, 8, 1), **WHO),
    "forced_cancellation": lambda _account_id: actions.cancel_line("L1", date(2021, 8, 1), forced=True, **WHO),
    "number_change": lambda _account_id: actions.change_number("L1", "090-9999-9999", **WHO),
    "lock": lambda account_id: actions.lock(account_id, LockReason.ADMINISTRATOR, **WHO),
}


@pytest.mark.parametrize("trigger", [*TRIGGERS, "abolish"])
def test_each_of_the_ten_triggers_ends_every_sign_in(desk: Desk, monkeypatch: pytest.MonkeyPatch, trigger: str) -> None:
    del desk
    ended: list[str] = []
    monkeypatch.setattr("noren.sso.actions.end", lambda **about: ended.append(about["account_id"]))
    account_id = active(lines=() if trigger == "abolish" else ("L1",))
    TRIGGERS.get(trigger, TRIGGERS["delete"])(account_id)
    assert now_of(account_id).epoch == 2
    assert ended == [account_id]
    assert Record.objects.filter(subject=account_id, act=f"account.{trigger}").count() == 1


def test_risen_epoch_ends_what_a_session_remembers(desk: Desk) -> None:
    del desk
    account_id = active()
    holder = get_user_model().objects.get(pk=account_id)
    remembered = holder.get_session_auth_hash()
    actions.lock(account_id, LockReason.ADMINISTRATOR, **WHO)
    holder.refresh_from_db()
    assert holder.get_session_auth_hash() != remembered


def test_library_that_saves_an_old_copy_undoes_no_lock(desk: Desk) -> None:
    del desk
    account_id = active()
    copy = get_user_model().objects.get(pk=account_id)
    actions.lock(account_id, LockReason.ADMINISTRATOR, **WHO)
    copy.set_password(PASSWORD)
    copy.save()
    found = now_of(account_id)
    assert (found.state, found.epoch) == (State.LOCKED, 2)
    assert get_user_model().objects.get(pk=account_id).check_password(PASSWORD)


def test_tenth_wrong_password_in_a_row_locks(desk: Desk) -> None:
    del desk
    account_id = active()
    assert [actions.sign_in_failed(account_id, now=SOON) for _try in range(9)] == [False] * 9
    accounts.signed_in(account_id, now=SOON)
    assert [actions.sign_in_failed(account_id, now=SOON) for _try in range(11)] == [False] * 9 + [True, False]
    assert (now_of(account_id).state, now_of(account_id).lock_reason) == (State.LOCKED, LockReason.PASSWORDS)
    assert len(sign_ins(account_id)) == 21


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        (LockReason.PASSWORDS, State.ACTIVE),
        (LockReason.DORMANT, State.ACTIVE),
        (LockReason.SELF, State.LOCKED),
        (LockReason.ADMINISTRATOR, State.LOCKED),
    ],
)
def test_reset_unlocks_what_wrong_passwords_or_a_sleep_locked(desk: Desk, reason: LockReason, state: State) -> None:
    del desk
    account_id = active()
    actions.lock(account_id, reason, **WHO)
    actions.password_changed(account_id, password=PASSWORD, **WHO)
    assert now_of(account_id).state == state


@pytest.mark.parametrize("reason", LockReason)
def test_unlocking_asks_for_a_new_password_where_the_old_one_may_be_known(desk: Desk, reason: LockReason) -> None:
    del desk
    account_id = active()
    actions.lock(account_id, reason, **WHO)
    actions.unlock(account_id, **WHO)
    assert now_of(account_id).must_change_password == (reason in {LockReason.SELF, LockReason.DORMANT})
    actions.password_changed(account_id, password=PASSWORD, **WHO)
    assert not now_of(account_id).must_change_password


def test_emergency_link_locks_once_and_outlives_another_change(desk: Desk) -> None:
    del desk
    account_id = active()
    token = accounts.self_lock_ticket(account_id, now=NOW)
    actions.password_changed(account_id, password=PASSWORD, **WHO)
    assert actions.self_lock(token, now=SOON) == account_id
    assert now_of(account_id).lock_reason == LockReason.SELF
    assert refused(lambda: actions.self_lock(token, now=SOON)) == "ticket.unusable"
    late = accounts.self_lock_ticket(account_id, now=NOW)
    assert refused(lambda: actions.self_lock(late, now=NOW + timedelta(days=7))) == "ticket.unusable"


def test_member_that_joins_by_a_line_is_not_moved_by_its_account(desk: Desk) -> None:
    del desk
    assert not memberships.join_line("L1", date(2021, 8, 1))
    assert members.line("L1").joined_on == date(2021, 7, 1)
