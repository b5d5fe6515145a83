"""A worker that is killed at any moment: the next one carries on at once, and no row is done twice."""

import random
import subprocess
import time

import psycopg
import pytest

from noren.bulk import actions, queries
from noren.bulk.rules import JobState, Operation
from tests import soak
from tests.bulk.desk import LATER, Jobs, file
from tests.cast import ENGINEER
from tests.conftest import NOREN
from tests.members.desk import Desk

ROWS = 12_000


def worker(desk: Desk) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([*NOREN, "job", "work", "--once"], env=desk.place.environment, stderr=subprocess.DEVNULL)


def issued(desk: Desk) -> tuple[int, int, int, int]:
    """Rows that are marked, accounts, members, and audit rows of issuing, at one moment."""
    with psycopg.connect(desk.place.url) as connection:
        found = connection.execute(
            "SELECT (SELECT count(*) FROM bulk_row WHERE outcome = 'done'), (SELECT count(*) FROM accounts_account),"
            " (SELECT count(*) FROM members_account),"
            " (SELECT count(*) FROM audit_record WHERE act = 'account.issue')"
        ).fetchone()
    assert found is not None
    return found


@pytest.mark.soak
def test_a_killed_worker_resumes_without_doing_a_row_twice(jobs: Jobs, desk: Desk) -> None:
    chance, killed = random.Random(7), 0
    for round_number in range(soak.many(1, 10)):
        people = file(("login_id", "name"), *((f"p{round_number}-{number}", "花子") for number in range(ROWS)))
        job = jobs.judged(Operation.ISSUE, people)
        actions.commit(job.job_id, actor=ENGINEER, now=LATER)
        for _time in range(3):
            process = worker(desk)
            while process.poll() is None and queries.job(job.job_id).started_at is None:
                time.sleep(0.02)
            time.sleep(chance.random() * 2)
            killed += process.poll() is None
            process.kill()
            process.communicate()
            done, *others = issued(desk)
            assert others == [done] * 3, (done, others)
        assert worker(desk).wait(timeout=120) == 0
        assert queries.job(job.job_id).state is JobState.DONE
        assert issued(desk) == ((round_number + 1) * ROWS,) * 4
    assert killed


def test_two_workers_do_not_take_the_same_job(jobs: Jobs, desk: Desk) -> None:
    people = file(("login_id", "name"), *((f"p{number}", "花子") for number in range(2_000)))
    job = jobs.judged(Operation.ISSUE, people)
    actions.commit(job.job_id, actor=ENGINEER, now=LATER)
    both = [worker(desk), worker(desk)]
    assert [process.wait(timeout=120) for process in both] == [0, 0]
    while queries.job(job.job_id).state is not JobState.DONE:
        actions.work(lambda: LATER)
    assert issued(desk) == (2_000,) * 4
