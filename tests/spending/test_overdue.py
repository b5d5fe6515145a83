"""Whose bills are overdue gets no points, until the billing system says otherwise."""

from pathlib import Path

import pytest

from noren.members import queries as members
from noren.spending import actions, queries
from tests.members.desk import Desk
from tests.spending.desk import Billing, apply, give, held, of, overdue, standing


@pytest.mark.parametrize("row", ["C1,,", ",L1,"])
def test_nothing_is_taken_for_a_bill_while_one_is_overdue(desk: Desk, row: str) -> None:
    give("L1", 500)
    before = apply("L1", 100)
    overdue(desk, row)
    with pytest.raises(actions.BillsOverdue):
        apply("L1", 100, key="b")
    assert sum(held("L1").values()) == 400
    assert apply("L1", 100) == before  # what was answered stays answered
    overdue(desk)
    apply("L1", 100, key="b")


def test_only_those_that_are_named_are_overdue(desk: Desk) -> None:
    give("L2", 500)
    overdue(desk, ",L1,")
    apply("L2", 100)


def test_standing_ones_are_left_out_and_asked_when_the_bills_are_paid(desk: Desk, billing: Billing) -> None:
    for line in ("L1", "L2"):
        give(line, 100)
        standing(line, 30)
    overdue(desk, ",L1,")
    bills = [f"{line},2021-07,{line},,call,4000" for line in ("L1", "L2")]
    steps = desk.close("2021-07", *bills)
    assert (steps["allocate"]["standing"], steps["allocate"]["overdue"]) == (1, 1)
    assert of("L1") == []
    overdue(desk, ",,")  # a row that names nobody
    steps = desk.close("2021-07", *bills)
    assert (steps["allocate"]["standing"], steps["allocate"]["overdue"]) == (1, 0)
    assert billing.handed("2021-07", 2) == {"L1": 30}


def test_rows_that_cannot_be_are_put_aside_and_the_others_count(desk: Desk) -> None:
    done = overdue(desk, "C1,L1,", "C1,,", "C1,,", ",,A1", "C9,,")
    assert (done.read, done.accepted, done.rejected, done.overdue) == (5, 2, 3, 1)
    assert {one.code for one in done.reasons} == {"one_of_three", "unknown_account", "unknown_corporation"}
    assert Path(done.rejects).is_file()


def test_the_command_says_how_many(desk: Desk) -> None:
    path = desk.folder / "overdue.csv"
    path.write_text("corporation_id,line_id,account_id\nC1,,\n")
    desk.place.noren("import", "overdue", path)
    [line] = members.lines(["L3"])
    assert queries.is_overdue(line)
