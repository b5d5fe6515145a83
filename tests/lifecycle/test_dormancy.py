"""Carrier-free accounts that nobody uses: told after a year, locked a month later."""

from datetime import UTC, datetime, timedelta

from noren.accounts import actions as accounts
from noren.accounts.rules import LockReason, State
from noren.lifecycle import actions
from tests.cast import ENGINEER
from tests.lifecycle.cast import NOW, active, issue, mails, now_of
from tests.members.desk import Desk

YEAR = datetime(2022, 8, 10, 3, 0, tzinfo=UTC)
MONTH_LATER = datetime(2022, 9, 10, 3, 0, tzinfo=UTC)
MOMENT = timedelta(seconds=1)


def run(now: datetime) -> tuple[int, int]:
    done = actions.lock_dormant(actor=ENGINEER, now=now)
    return done.noticed, done.locked


def test_unused_account_is_told_and_then_locked(desk: Desk) -> None:
    del desk
    account_id = active()
    assert run(YEAR - MOMENT) == (0, 0)
    assert run(YEAR) == (1, 0)
    (mail,) = mails()
    assert (mail.recipient, "2022-09" in mail.body) == ("hanako@example.jp", True)
    assert run(YEAR) == (0, 0)
    assert run(MONTH_LATER - MOMENT) == (0, 0)
    assert run(MONTH_LATER) == (0, 1)
    assert (now_of(account_id).state, now_of(account_id).lock_reason) == (State.LOCKED, LockReason.DORMANT)
    assert run(MONTH_LATER) == (0, 0)


def test_nobody_is_locked_without_a_month_of_notice(desk: Desk) -> None:
    del desk
    active()
    late = YEAR + timedelta(days=300)
    assert run(late) == (1, 0)
    assert run(late + timedelta(days=27)) == (0, 0)
    assert run(late + timedelta(days=31)) == (0, 1)


def test_use_starts_the_year_anew(desk: Desk) -> None:
    del desk
    account_id = active()
    assert run(YEAR) == (1, 0)
    accounts.signed_in(account_id, now=YEAR)
    assert run(MONTH_LATER) == (0, 0)
    assert run(datetime(2023, 8, 10, 3, 0, tzinfo=UTC)) == (1, 0)


def test_use_of_a_partner_service_is_use(desk: Desk) -> None:
    del desk
    account_id = active()
    accounts.signed_in(account_id, service="partner", now=NOW + timedelta(days=90))
    assert run(YEAR) == (0, 0)


def test_lines_invitations_and_locked_accounts_do_not_sleep(desk: Desk) -> None:
    del desk
    active(lines=("L1",))
    issue("taro")
    actions.lock(active("jiro"), LockReason.ADMINISTRATOR, actor=ENGINEER, now=NOW)
    assert run(YEAR) == (0, 0)


def test_unlocked_account_begins_a_new_year_with_a_new_password(desk: Desk) -> None:
    del desk
    account_id = active()
    run(YEAR)
    run(MONTH_LATER)
    actions.unlock(account_id, actor=ENGINEER, now=MONTH_LATER)
    assert now_of(account_id).must_change_password
    assert run(MONTH_LATER + timedelta(days=40)) == (0, 0)
