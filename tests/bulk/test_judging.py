"""The dry run over sets says of every row what the rule says of it alone, and the commit does that and no more."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from noren.accounts import queries as accounts
from noren.bulk import actions, queries, rules
from noren.bulk.authority import NotAllowed
from noren.bulk.reading.refusals import NoRows
from noren.bulk.rules import COLUMNS, JobState, Operation, Outcome, Verdict
from noren.groups import queries as groups
from tests import soak
from tests.bulk import world
from tests.bulk.desk import LATER, Jobs, clock, file, rows
from tests.bulk.world import World
from tests.conftest import Place
from tests.lifecycle import cast
from tests.members.desk import Desk

PEOPLE = (
    "admin",
    "admin2",
    "lead",
    "managing",
    "users",
    "sales",
    "sales2",
    "it",
    "plain",
    "free",
    "locked",
    "gone",
    "lined",
    "invited",
    "lead2",
    "stranger",
)
ASKERS = ("", "admin", "lead", "managing", "users", "lead2", "sales2", "plain")
NAMES = some.sampled_from([f"{name}@example.jp" for name in PEOPLE])
TEXTS = some.sampled_from(["", "", "-", "営業部", "山田花子"])
LOGINS = some.sampled_from([f"new{number}@example.jp" for number in range(12)])
GOOD: dict[str, some.SearchStrategy[str]] = {
    "account": NAMES,
    "login_id": LOGINS,
    "new_login_id": some.just("") | LOGINS,
    "name": some.just("山田花子"),
    "employee_number": some.sampled_from(["", "", "007", "8"]),
    "contact_mail": some.sampled_from(["", "hanako@example.jp"]),
    "contact_mobile": some.sampled_from(["", "090-1234-5678"]),
    "language": some.sampled_from(["", "ja", "英語"]),
    "line_id": some.sampled_from(["", "", "", "L1", "L2", "L3"]),
    "unit": some.sampled_from(["", "", "Sales", "IT"]),
    "role": some.sampled_from(["managing_user", "manage users", "ポイント管理許可"]),
}
ACTIONS = {Operation.MEMBERSHIP: ["add", "追加", "remove"], Operation.PERMISSION: ["give", "付与", "take"]}
ODD = some.sampled_from(
    [
        "",
        "-",
        "x" * 300,
        "no mail",
        "LEAD@example.jp",
        "ｓａｌｅｓ@example.jp",
        "nobody@example.jp",
        "#sales",
        "#stranger",
        "a b",
        "zzzzzz/1",
        "stranger@example.jp",
        "NEW1@example.jp",
        "1",
        "fr",
        "L9",
        "Nowhere",
        "administrator",
    ]
)
"""What may stand in the place of a good cell; `#name`: the account id."""


@pytest.fixture
def people(place: Place, tmp_path: Any) -> World:
    cast.corporations(Desk(place, tmp_path))
    return world.build()


@some.composite
def files(draw: some.DrawFn, operation: Operation) -> Sequence[Sequence[str]]:
    """Rows of mostly good cells: what is refused for its looks is not judged."""
    good = {**GOOD, "action": some.sampled_from(ACTIONS.get(operation, ["add"]))}
    row = some.tuples(*(good.get(column, TEXTS) for column in COLUMNS[operation]))
    drawn = [list(cells) for cells in draw(some.lists(row, min_size=1, max_size=10))]
    for cells in drawn:
        if draw(some.integers(0, 4)) == 0:
            cells[draw(some.integers(0, len(cells) - 1))] = draw(ODD)
    return drawn


def with_ids(people: World, drawn: Sequence[Sequence[str]]) -> list[list[str]]:
    """`#name` stands for the account id."""
    return [[people.people.get(cell[1:], cell) if cell.startswith("#") else cell for cell in row] for row in drawn]


@pytest.mark.soak
@pytest.mark.parametrize("operation", list(Operation))
def test_dry_run_is_the_rule_and_commit_is_the_dry_run(people: World, operation: Operation) -> None:
    @settings(max_examples=soak.many(25, 1_000), deadline=None, suppress_health_check=list(HealthCheck))
    @given(some.data(), some.sampled_from(ASKERS), some.booleans(), some.booleans())
    def check(data: some.DataObject, who: str, in_group: bool, all_or_nothing: bool) -> None:
        cells = data.draw(files(operation))
        in_group = in_group or operation in rules.OF_GROUP
        jobs = people.jobs(who, people.group_id if in_group else None)
        content = file(COLUMNS[operation], *with_ids(people, cells))
        with transaction.atomic():
            one_example(operation, jobs, content, all_or_nothing=all_or_nothing)
            transaction.set_rollback(True)

    check()


def one_example(operation: Operation, jobs: Jobs, content: bytes, *, all_or_nothing: bool) -> None:
    try:
        job = jobs.judged(operation, content, all_or_nothing=all_or_nothing)
    except (NotAllowed, NoRows):
        return
    assert job.state is JobState.JUDGED, job.failure
    reference = world.Judge(operation, jobs)
    announced = rows(job)
    for row in announced:
        if not set(row.reasons) & UNREADABLE and not unreadable(row):
            reasons, changes = reference.judged(dict(row.given))
            assert (row.reasons, row.changes) == (reasons, changes), row
            assert row.verdict == rules.verdict(reasons, changes)
    before = {row.number: state_of(row.account_id) for row in announced if row.account_id}
    try:
        actions.commit(job.job_id, actor=jobs.actor, now=LATER)
    except (actions.HasErrors, actions.NothingToDo):
        return
    actions.work(clock)
    after = queries.job(job.job_id)
    assert (after.state, after.changed) == (JobState.DONE, 0), after
    for row, was in zip(rows(job), announced, strict=True):
        assert (row.outcome is Outcome.DONE) == (was.verdict is Verdict.DO)
        assert (row.reasons, row.changes) == (was.reasons, was.changes)
        if row.outcome is Outcome.DONE and operation is Operation.PERMISSION:
            unit = row.given.get("unit", "") if row.given["action"] == "give" else None
            assert world.units_of(jobs, row.account_id, row.given["role"]) == unit
        elif row.outcome is Outcome.DONE:
            shown = state_of(row.account_id)
            after_all = {field: told[1] for field, told in row.changes.items()}
            assert {field: shown[field] for field in row.changes} == after_all
        elif row.account_id and [one.account_id for one in announced].count(row.account_id) == 1:
            assert state_of(row.account_id) == before[row.number]


UNREADABLE = {":extra_column"}
BY_CELL = {
    "missing",
    "too_long",
    "not_in_list",
    "login.bad",
    "login.missing",
    "login.other_organisation",
    "account.no_name",
    "contact.bad_mail",
    "contact.bad_mobile",
    "number_cell",
    "not_printable",
}


def unreadable(row: queries.RowRow) -> bool:
    return any(reason.partition(":")[2] in BY_CELL for reason in row.reasons)


def state_of(account_id: str) -> dict[str, Any]:
    """What a job may change of an account."""
    found = accounts.account(account_id)
    place = groups.place_of(account_id)
    group = groups.group_of(account_id)
    units = {str(unit.unit_id): unit.name for unit in groups.units(group.group_id)} if group else {}
    return {
        **{field: getattr(found, field) for field in ("login_id", *rules.PERSON)},
        "state": found.state,
        "group": group.name if group else "",
        "unit": units.get(place.unit_id, ""),
        "roles": {(one.role, one.group_id, one.units) for one in groups.held(account_id)},
        "lines": accounts.line_ids(account_id),
        "epoch": found.epoch,
    }
