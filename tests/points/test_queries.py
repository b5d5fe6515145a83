"""What can be asked of the books: balances on two axes of time, what lapses when, history, the accounting of a month."""

import csv
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import duckdb
import pytest

from noren.points import queries
from noren.points.models import Entry
from noren.points.queries import Balance, Cohort, LapsingRow
from noren.points.rules import ARREARS, NEVER, LotKey, Movement
from tests.cast import NOW
from tests.points.books import (
    AUGUST,
    JULY,
    LIMITED,
    NORMAL,
    ON,
    SOONER,
    Door,
    back,
    change,
    expire,
    give,
    move,
    post,
    use,
    wallet_id,
)

pytestmark = pytest.mark.usefixtures("place")

DAY = timedelta(days=1)
SEPTEMBER = date(2021, 9, 10)
LATER = NOW + timedelta(days=500)


def test_a_wallet_that_is_not_there_has_nothing() -> None:
    assert queries.balance(wallet_id(1), ON) == Balance(0, 0, 0)
    assert queries.balance_as_of(wallet_id(1), ON) == 0
    assert queries.lots(wallet_id(1)) == []
    assert queries.history(wallet_id(1)) == []


def test_a_balance_tells_what_is_limited_and_what_can_be_used_on_the_day() -> None:
    give(1, 100, NORMAL)
    give(1, 30, LIMITED)
    assert queries.balance(wallet_id(1), LIMITED.lapses_on) == Balance(130, 30, 130)
    assert queries.balance(wallet_id(1), LIMITED.lapses_on + DAY) == Balance(130, 30, 100)
    change(1, -140, allow_negative=True)
    assert queries.balance(wallet_id(1), ON) == Balance(-10, 0, 0)


def test_a_balance_as_of_a_day_is_that_of_its_end() -> None:
    give(1, 100, door=Door(on=ON))
    use(1, 30, door=Door(on=SEPTEMBER))
    days = (ON - DAY, ON, SEPTEMBER - DAY, SEPTEMBER)
    assert [queries.balance_as_of(wallet_id(1), day) for day in days] == [0, 100, 100, 70]


def test_a_late_posting_changes_what_was_and_not_what_was_known() -> None:
    give(1, 100, door=Door(on=ON))
    use(1, 30, door=Door(on=SEPTEMBER))
    change(1, -20, door=Door(on=ON, now=LATER))

    def seen(known_at: datetime | None = None) -> list[int]:
        return [queries.balance_as_of(wallet_id(1), day, known_at) for day in (ON, SEPTEMBER)]

    assert seen() == [80, 50]
    assert seen(LATER) == [80, 50]
    assert seen(LATER - timedelta(microseconds=1)) == [100, 70]
    assert seen(NOW - DAY) == [0, 0]


def test_a_close_years_later_counts_for_its_month_and_was_not_known_before() -> None:
    post("c1", {1: 100}, door=Door(on=ON, now=LATER))
    assert queries.balance_as_of(wallet_id(1), ON) == 100
    assert queries.balance_as_of(wallet_id(1), ON, known_at=NOW) == 0


def test_lots_are_told_in_the_order_of_use_also_empty_ones() -> None:
    for lot in (NORMAL, SOONER, LIMITED):
        give(1, 10, lot)
    use(1, 10)
    rows = queries.lots(wallet_id(1))
    assert [(row.kind, row.lapses_on, row.used, row.remaining) for row in rows] == [
        ("limited", LIMITED.lapses_on, 10, 0),
        ("normal", SOONER.lapses_on, 0, 10),
        ("normal", NORMAL.lapses_on, 0, 10),
    ]


def test_what_lapses_is_told_by_day_and_kind_without_what_is_used() -> None:
    for lot in (NORMAL, SOONER, LIMITED, LotKey("limited", is_limited=True, uses="goods", lapses_on=LIMITED.lapses_on)):
        give(1, 10, lot)
    use(1, 4, "goods")
    limited, normal = LapsingRow(SOONER.lapses_on, "limited", 16), LapsingRow(SOONER.lapses_on, "normal", 10)
    first, last = SOONER.lapses_on, NORMAL.lapses_on
    assert queries.lapsing(wallet_id(1), first, last) == [limited, normal]
    assert queries.lapsing(wallet_id(1), first + DAY, last) == []
    assert queries.lapsing(wallet_id(1), first + DAY, last + DAY) == [LapsingRow(last, "normal", 10)]


def test_history_tells_every_posting_with_the_balance_after_it() -> None:
    give(1, 100, door=Door(on=ON))
    spent = use(1, 30, door=Door(on=SEPTEMBER))
    back(1, spent.posting_id, 10, door=Door(on=SEPTEMBER, now=LATER))
    post("c1", {1: 5}, door=Door(on=ON - DAY))
    rows = queries.history(wallet_id(1))
    assert [(row.movement, row.points, row.balance) for row in rows] == [
        (Movement.GRANT, 5, 5),
        (Movement.GRANT, 100, 105),
        (Movement.SPEND, -30, 75),
        (Movement.REVERSE, 10, 85),
    ]
    assert [(row.use, row.reason, row.corrects) for row in rows[2:]] == [
        ("bill", "application", None),
        ("bill", "returned", spent.posting_id),
    ]
    assert rows[0].reason == "c1/post/0000"
    assert {row.actor for row in rows} == {"staff:hanako"}


def test_entries_of_a_usage_month_are_told_as_they_were_booked() -> None:
    give(1, 500)
    post("c1", {1: 100})
    post("c2", {1: 7}, usage_month=AUGUST)
    post("c3", {1: 60}, door=Door(on=SEPTEMBER, now=LATER))
    rows = queries.entries_for(wallet_id(1), JULY)
    assert [(row.effective_on, row.movement, row.points) for row in rows] == [
        (ON, Movement.GRANT, 100),
        (SEPTEMBER, Movement.CORRECT, -40),
    ]


def month_of_everything() -> None:
    """Points of three cohorts before August 2021, every movement in it, and some of them after it."""
    before, during, after = Door(on=date(2021, 7, 31)), Door(on=ON), Door(on=date(2021, 9, 1))
    give(1, 100, NORMAL, door=before)
    give(1, 50, LIMITED, door=before)
    give(2, 10, SOONER, door=before)
    post("c1", {1: 20, 2: 40}, door=during)
    spent = use(1, 70, door=during)
    back(1, spent.posting_id, 15, door=during)
    change(2, -80, allow_negative=True, door=during)
    post("c2", {1: 5, 2: 60}, door=during)
    move(1, 9, 10, door=during)
    use(1, 30, door=after)
    post("c3", {2: 100, 1: 5}, door=after)
    expire("e1", date(2021, 9, 2), ended=(9,))


def test_a_month_is_accounted_for_by_kind_and_last_day() -> None:
    month_of_everything()
    assert queries.report(AUGUST, date(2021, 8, 31)) == [
        Cohort(ARREARS, NEVER, opening=0, granted=0, used=0, lapsed=0, adjusted=-10, closing=-10),
        Cohort("limited", LIMITED.lapses_on, opening=50, granted=0, used=50, lapsed=0, adjusted=0, closing=0),
        Cohort("normal", SOONER.lapses_on, opening=10, granted=0, used=0, lapsed=0, adjusted=-10, closing=0),
        Cohort("normal", NORMAL.lapses_on, opening=100, granted=80, used=5, lapsed=0, adjusted=-75, closing=100),
    ]


def test_a_report_opens_with_what_the_month_before_closed_with() -> None:
    month_of_everything()
    months = [date(2021, 7, 31), date(2021, 8, 31), date(2021, 9, 30), date(2021, 10, 31)]
    reports = [{(row.kind, row.lapses_on): row for row in queries.report(day.replace(day=1), day)} for day in months]
    for earlier, later in pairwise(reports):
        for key in earlier.keys() | later.keys():
            closing = earlier[key].closing if key in earlier else 0
            assert (later[key].opening if key in later else 0) == closing
    for day, report in zip(months, reports, strict=True):
        entries = Entry.objects.filter(effective_on__lte=day).values_list("points", flat=True)
        assert sum(row.closing for row in report.values()) == sum(entries)
        for row in report.values():
            assert row.opening + row.granted - row.used - row.lapsed + row.adjusted == row.closing


def test_a_report_may_end_within_a_month() -> None:
    give(1, 100, door=Door(on=ON))
    use(1, 30, door=Door(on=ON + DAY))
    [row] = queries.report(AUGUST, ON)
    assert (row.opening, row.granted, row.used, row.closing) == (0, 100, 0, 100)


@pytest.fixture
def exportable() -> list[tuple[UUID, str, str, date, int]]:
    give(2, 10, NORMAL)
    give(1, 20, SOONER)
    give(1, 30, LIMITED)
    give(1, 5, LotKey("limited", is_limited=True, uses="goods", lapses_on=LIMITED.lapses_on))
    give(3, 1)
    change(3, -8, allow_negative=True)
    give(4, 1)
    use(4, 1)
    return [
        (wallet_id(1), "L0001", "limited", LIMITED.lapses_on, 35),
        (wallet_id(1), "L0001", "normal", SOONER.lapses_on, 20),
        (wallet_id(2), "L0002", "normal", NORMAL.lapses_on, 10),
        (wallet_id(3), "L0003", "arrears", NEVER, -7),
    ]


def test_balances_are_exported_as_csv(exportable: list[tuple[object, ...]], tmp_path: Path) -> None:
    target = tmp_path / "balances.csv"
    with duckdb.connect() as connection:
        assert queries.export_balances(connection, tmp_path, target, as_parquet=False) == 4
    with target.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["wallet_id", "member_id", "kind", "lapses_on", "points"]
    assert rows == [[str(value) for value in row] for row in exportable]


def test_balances_are_exported_as_parquet(exportable: list[tuple[object, ...]], tmp_path: Path) -> None:
    target = tmp_path / "balances.parquet"
    with duckdb.connect() as connection:
        assert queries.export_balances(connection, tmp_path, target, as_parquet=True) == 4
        assert connection.execute(f"SELECT * FROM '{target}'").fetchall() == exportable
    assert list(tmp_path.iterdir()) == [target]
