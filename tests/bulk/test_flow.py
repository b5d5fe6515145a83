"""A job from its file to its end: idempotency, all or nothing, approval, undo, and facts that change meanwhile."""

from datetime import timedelta

import pytest
from django.db import connection

from noren.accounts import actions as accounts
from noren.accounts import queries as people
from noren.accounts.rules import LockReason, State, TicketPurpose
from noren.bulk import actions, queries
from noren.bulk.actions import doing, ordering, working
from noren.bulk.authority import NotAllowed
from noren.bulk.models import Job
from noren.bulk.rules import JobState, Operation
from noren.groups import actions as groups
from noren.groups.queries.authority import NOBODY
from noren.kit.actor import Actor, ActorKind
from noren.lifecycle import actions as lifecycle
from tests.bulk import desk as bulk
from tests.bulk.desk import LATER, Jobs, file, rows, told
from tests.cast import ENGINEER
from tests.lifecycle import cast
from tests.lifecycle.cast import NOW

NAMES = file(("login_id", "name"), *((f"p{number}", "花子") for number in range(5)))
SECOND = Actor(ActorKind.STAFF, "saburo")


def logins(job: queries.JobRow) -> list[str]:
    return [people.account(row.account_id).login_id for row in rows(job) if row.account_id]


def test_the_same_file_is_answered_with_the_earlier_job(jobs: Jobs) -> None:
    job = jobs.judged(Operation.ISSUE, NAMES)
    assert jobs.judged(Operation.ISSUE, NAMES).job_id == job.job_id
    assert jobs.judged(Operation.ISSUE, NAMES, again=True).job_id != job.job_id
    wish = actions.Wish(Operation.ISSUE, "C1")
    later = actions.add(NAMES, "n.csv", wish, actor=ENGINEER, now=NOW + timedelta(hours=25))
    assert later.is_new
    other = actions.add(NAMES, "n.csv", actions.Wish(Operation.ISSUE, "C2"), actor=ENGINEER, now=NOW)
    assert other.is_new


def test_the_good_rows_are_done_and_the_others_told(jobs: Jobs) -> None:
    cast.issue("p1")
    job = jobs.done(Operation.ISSUE, NAMES)
    assert (job.to_do, job.errors, job.done) == (4, 1, 4)
    assert told(job)[1] == (3, "error", ("login_id:login.taken",))
    assert logins(job) == ["p0", "p2", "p3", "p4"]


def test_all_or_nothing_with_an_error_is_not_ordered(jobs: Jobs) -> None:
    cast.issue("p1")
    job = jobs.judged(Operation.ISSUE, NAMES, all_or_nothing=True)
    with pytest.raises(actions.HasErrors):
        actions.commit(job.job_id, actor=ENGINEER, now=LATER)


def test_a_row_whose_facts_have_changed_is_left_and_told(jobs: Jobs) -> None:
    ids = [cast.active(f"p{number}") for number in range(3)]
    job = jobs.judged(Operation.CHANGE, file(("account", "department"), *((f"p{number}", "A") for number in range(3))))
    actions.commit(job.job_id, actor=ENGINEER, now=LATER)
    accounts.set_user_data(ids[0], name="花子", department="B", actor=ENGINEER, now=NOW)
    lifecycle.abolish(ids[1], actor=ENGINEER, now=NOW)
    bulk.work()
    assert told(job) == [
        (2, "changed", (":job.row_changed",)),
        (3, "changed", ("account:account.state",)),
        (4, "done", ()),
    ]
    assert [cast.now_of(one).department for one in ids] == ["B", "", "A"]
    assert queries.job(job.job_id).changed == 2


def test_all_or_nothing_whose_facts_have_changed_does_nothing_and_is_judged_anew(jobs: Jobs) -> None:
    job = jobs.judged(Operation.ISSUE, NAMES, all_or_nothing=True)
    actions.commit(job.job_id, actor=ENGINEER, now=LATER)
    cast.issue("p3")
    bulk.work()
    after = queries.job(job.job_id)
    assert (after.state, after.failure, after.errors, after.to_do) == (JobState.JUDGED, "job.facts_changed", 1, 4)
    assert people.by_login("p0") is None
    assert told(job)[3] == (5, "error", ("login_id:login.taken",))


def test_a_large_job_waits_for_somebody_else(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordering, "APPROVAL_ROWS", 4)
    job = jobs.judged(Operation.ISSUE, NAMES, needs_approval=True)
    assert actions.commit(job.job_id, actor=ENGINEER, now=LATER) is JobState.WAITING
    bulk.work()
    assert people.by_login("p0") is None
    with pytest.raises(actions.OwnJob):
        actions.approve(job.job_id, actor=ENGINEER, now=LATER)
    stranger = cast.active("stranger", corporation_id="C2")
    groups.make_administrator(stranger, actor=ENGINEER, now=NOW)
    with pytest.raises(NotAllowed):
        actions.approve(job.job_id, actor=accounts.herself(stranger), now=LATER)
    actions.approve(job.job_id, actor=SECOND, now=LATER)
    bulk.work()
    assert queries.job(job.job_id).state is JobState.DONE
    with pytest.raises(actions.WrongState):
        actions.approve(job.job_id, actor=SECOND, now=LATER)


def test_undo_ends_what_nobody_has_used_and_frees_the_login_ids(jobs: Jobs) -> None:
    job = jobs.done(Operation.ISSUE, NAMES)
    ids = [row.account_id for row in rows(job)]
    token = lifecycle.invite(ids[2], by="letter", actor=ENGINEER, now=LATER)
    lifecycle.accept(token, purpose=TicketPurpose.LETTER, now=LATER)
    actions.undo(job.job_id, actor=ENGINEER, now=LATER)
    bulk.work()
    assert [outcome for _number, outcome, _reasons in told(job)] == ["undone", "undone", "in_use", "undone", "undone"]
    states = [cast.now_of(one).state for one in ids]
    assert states == [State.ABOLISHED, State.ABOLISHED, State.ACTIVE, State.ABOLISHED, State.ABOLISHED]
    again = jobs.judged(Operation.ISSUE, NAMES, again=True)
    assert (again.to_do, again.errors) == (4, 1)


def test_undo_is_for_issue_jobs_and_for_a_day(jobs: Jobs) -> None:
    job = jobs.done(Operation.ISSUE, NAMES)
    with pytest.raises(actions.TooLate):
        actions.undo(job.job_id, actor=ENGINEER, now=LATER + timedelta(hours=25))
    locked = jobs.done(Operation.LOCK, file(("account",), (cast.active("a"),)))
    with pytest.raises(actions.WrongState):
        actions.undo(locked.job_id, actor=ENGINEER, now=LATER)


def test_who_has_lost_the_role_cannot_carry_on(jobs: Jobs) -> None:
    admin, other, target = cast.active("admin"), cast.active("other"), cast.active("target")
    for one in (admin, other):
        groups.make_administrator(one, actor=ENGINEER, now=NOW)
    mine = jobs.by(admin)
    job = mine.judged(Operation.LOCK, file(("account",), ("target",)))
    actions.commit(job.job_id, actor=mine.actor, now=LATER)
    groups.end_administrator(admin, actor=ENGINEER, now=NOW)
    bulk.work()
    after = queries.job(job.job_id)
    assert (after.state, after.failure) == (JobState.FAILED, "job.not_allowed")
    assert cast.now_of(target).state is State.ACTIVE


def test_an_account_out_of_scope_looks_like_none(jobs: Jobs) -> None:
    lead, member, stranger = cast.active("lead"), cast.active("member"), cast.active("stranger")
    group_id = lifecycle.create_group(corporation_id="C1", name="G", representative=lead, actor=ENGINEER, now=NOW)
    lifecycle.join_group(group_id, account_ids=[member], actor=ENGINEER, now=NOW)
    job = jobs.by(lead).judged(Operation.LOCK, file(("account",), ("member",), ("stranger",), ("nobody",), (stranger,)))
    unknown = ("account:account.unknown",)
    assert told(job) == [(2, "do", ()), (3, "error", unknown), (4, "error", unknown), (5, "error", unknown)]
    assert {row.account_id for row in rows(job)} == {member, ""}
    with pytest.raises(NotAllowed):
        jobs.by(lead).judged(Operation.ISSUE, NAMES)
    with pytest.raises(NotAllowed):
        jobs.by(member).judged(Operation.LOCK, file(("account",), ("lead",)))


def test_a_job_is_shown_within_the_scope_alone(jobs: Jobs) -> None:
    job, nobody = jobs.judged(Operation.ISSUE, NAMES), Actor(ActorKind.MEMBER, "nobody")
    assert queries.visible(job.job_id, NOBODY, ENGINEER) == job
    assert queries.jobs(NOBODY, nobody) == ()
    with pytest.raises(queries.UnknownJob):
        queries.visible(job.job_id, NOBODY, nobody)


def test_a_slice_that_somebody_spoils_is_done_row_by_row(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    job = jobs.judged(Operation.ISSUE, NAMES)
    actions.commit(job.job_id, actor=ENGINEER, now=LATER)
    plain = doing.do

    def spoiled(job: Job, todo: list[doing.Todo], deed: accounts.Deed) -> list[str]:
        if any(row.given["login_id"] == "p3" for row in todo):
            raise people.UnknownAccount("gone")
        return plain(job, todo, deed)

    monkeypatch.setattr(doing, "do", spoiled)
    bulk.work()
    assert told(job)[3] == (5, "changed", (":account.unknown",))
    assert (queries.job(job.job_id).state, logins(job)) == (JobState.DONE, ["p0", "p1", "p2", "p4"])


def test_a_job_that_ends_its_workers_is_given_up(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    job = jobs.judged(Operation.ISSUE, NAMES)
    actions.commit(job.job_id, actor=ENGINEER, now=LATER)

    def dies(*_more: object) -> None:
        raise RuntimeError

    monkeypatch.setitem(working.DOES, JobState.ORDERED, dies)
    for _time in range(working.TRIES):
        with pytest.raises(RuntimeError):
            actions.work(bulk.clock)
    bulk.work()
    after = queries.job(job.job_id)
    assert (after.state, after.failure) == (JobState.FAILED, "job.given_up")


def test_old_rows_are_removed_and_the_job_stays(jobs: Jobs) -> None:
    job = jobs.done(Operation.ISSUE, NAMES)
    actions.tidy(NOW + timedelta(days=89))
    assert len(rows(job)) == 5
    actions.tidy(NOW + timedelta(days=91))
    assert (rows(job), queries.job(job.job_id).rows) == ([], 5)


def test_the_application_cannot_remove_jobs(jobs: Jobs) -> None:
    jobs.judged(Operation.ISSUE, NAMES)
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('noren_app', 'bulk_job', 'DELETE')")
        assert cursor.fetchone() == (False,)


def test_a_lock_job_revokes_open_invitations(jobs: Jobs) -> None:
    account_id = cast.issue("a", contact_mail="a@example.jp", active=True)
    token = lifecycle.invite(account_id, by="mail", actor=ENGINEER, now=NOW)
    jobs.done(Operation.LOCK, file(("account",), ("a",)))
    lifecycle.unlock(account_id, actor=ENGINEER, now=LATER)
    with pytest.raises(accounts.TicketUnusable):
        lifecycle.accept(token, purpose=TicketPurpose.INVITATION, now=LATER)
    assert cast.now_of(account_id).lock_reason is not LockReason.ADMINISTRATOR
