"""Points for bills: from the application through the close and the billing system's answer to the point."""

from datetime import UTC, date, datetime

import pytest

from noren.kit.intake import Reason
from noren.members import queries as members
from noren.members.queries import Member
from noren.points import actions as points
from noren.spending import actions, queries, rules
from noren.spending.rules import ItemState
from tests.cast import ENGINEER
from tests.members.desk import Desk
from tests.spending.desk import LATE, NOW, SOON, Billing, apply, give, held, of, standing, stands, uid


def line(line_id: str) -> Member:
    """A line as a member."""
    [found] = members.lines([line_id])
    return found


def figures(line_id: str) -> list[tuple[int, int, int, int, int]]:
    """Points, paid, returned, lost, open of each allocation."""
    return [(one.points, one.paid, one.returned, one.lost, one.open_points) for one in of(line_id)]


def test_a_bill_is_paid_and_the_clearing_account_is_zero(desk: Desk, billing: Billing) -> None:
    give("L1", 500)
    apply("L1", 300)
    assert (held("L1"), stands("reserved/bill")) == ({LATE: 200}, 300)
    desk.close("2021-07", "a,2021-07,L1,,call,4000")
    assert billing.handed("2021-07") == {"L1": 300}
    assert (stands("reserved/bill"), stands("clearing/allocation/2021-07/1")) == (0, 300)
    [row] = queries.handovers()
    assert (row.items, row.points, row.waiting_items, row.waiting_points) == (1, 300, 1, 300)
    done = billing.answer(*billing.answers("2021-07", {"L1": ("confirmed", 300)}))
    assert (done.read, done.rejected, done.again, done.paid, done.returned, done.carried) == (1, 0, 0, 300, 0, 0)
    assert figures("L1") == [(300, 300, 0, 0, 0)]
    assert (stands("clearing/allocation/2021-07/1"), stands("used/bill")) == (0, 300)
    assert queries.handovers()[0].waiting_items == 0


def test_no_more_than_the_eligible_charges_and_the_rest_is_carried_to_the_next_bill(
    desk: Desk, billing: Billing
) -> None:
    give("L1", 5000)
    apply("L1", 3000)
    bill = ("a,2021-07,L1,,call,1200", "b,2021-07,L1,,discount,-200", "c,2021-07,L1,,instalment,9000")
    desk.close("2021-07", *bill)
    assert billing.handed("2021-07") == {"L1": 1000}
    billing.answer(*billing.answers("2021-07", {"L1": ("reduced", 900)}))
    assert figures("L1") == [(3000, 900, 0, 0, 2100)]
    assert stands("reserved/bill") == 2100
    desk.close("2021-08", "a,2021-08,L1,,call,9000")
    assert billing.handed("2021-08") == {"L1": 2100}


def test_what_is_refused_goes_back_to_the_lots_it_came_from(desk: Desk, billing: Billing) -> None:
    give("L1", 100, SOON)
    give("L1", 100)
    apply("L1", 150)
    desk.close("2021-07", "a,2021-07,L1,,call,4000")
    done = billing.answer(*billing.answers("2021-07", {"L1": ("refused", 0)}))
    assert (done.paid, done.returned, done.carried) == (0, 150, 0)
    lots = held("L1")
    assert (lots[SOON], lots[LATE]) == (100, 100 + 20)  # the bill itself earned 20
    assert figures("L1") == [(150, 0, 150, 0, 0)]


def test_the_oldest_application_pays_first(desk: Desk, billing: Billing) -> None:
    give("L1", 500)
    apply("L1", 200, key="a")
    apply("L1", 200, key="b", now=datetime(2021, 7, 21, tzinfo=UTC))
    desk.close("2021-07", "a,2021-07,L1,,call,300")
    assert [int(row["points"]) for row in billing.rows("2021-07")] in ([200, 100], [100, 200])
    assert [one.open_points for one in of("L1")] == [200, 200]
    rows = [(row["item_id"], "confirmed", row["points"], "") for row in billing.rows("2021-07")]
    billing.answer(*rows)
    assert [(one.paid, one.open_points) for one in of("L1")] == [(100, 100), (200, 0)]


def test_the_cut_off_is_23_hours_in_japan_on_the_last_day(desk: Desk, billing: Billing) -> None:
    give("L1", 500)
    apply("L1", 100, key="a", now=datetime(2021, 7, 31, 13, 59, 59, tzinfo=UTC))
    apply("L1", 100, key="b", now=datetime(2021, 7, 31, 14, 0, tzinfo=UTC))
    assert [one.month for one in of("L1")] == [date(2021, 8, 1), date(2021, 7, 1)]
    desk.close("2021-07", "a,2021-07,L1,,call,4000")
    assert billing.handed("2021-07") == {"L1": 100}


def test_the_same_application_twice_is_one(desk: Desk) -> None:
    del desk
    give("L1", 500)
    assert apply("L1", 100) == apply("L1", 100)
    assert figures("L1") == [(100, 0, 0, 0, 100)]
    with pytest.raises(points.KeyConflict):
        apply("L1", 101)


def test_points_of_others_pay_no_bill(desk: Desk) -> None:
    del desk
    give("L2", 500)
    with pytest.raises(actions.NotPayable):
        apply("L1", 100, payer=uid("L2"))


def test_standing_ones_pay_each_month_as_far_as_there_are_points(desk: Desk, billing: Billing) -> None:
    give("L1", 250)
    give("L2", 40, SOON)
    give("L2", 100)
    standing("L1", 100, until=date(2021, 9, 1))
    standing("L2", None)
    standing("L3", 50)
    for month in ("2021-07", "2021-08", "2021-09", "2021-10"):
        bills = [f"{line},{month},{line},,instalment,1" for line in ("L1", "L2", "L3")]
        desk.close(month, *bills, *(f"{line}x,{month},{line},,call,100" for line in ("L1", "L2", "L3")))
    assert [one.points for one in of("L1")] == [50, 100, 100]
    assert [one.points for one in of("L2")][-2:] == [100, 40]
    assert [one.points for one in of("L3")] == [0, 0, 0, 0]
    assert billing.handed("2021-07") == {"L1": 100, "L2": 40}


def test_a_standing_one_ends(desk: Desk) -> None:
    give("L1", 500)
    made = standing("L1", 100)
    with pytest.raises(actions.StandingKnown):
        standing("L1", 50)
    with pytest.raises(actions.BadSpan):
        standing("L2", 50, until=date(2021, 6, 1))
    with pytest.raises(actions.UnknownStanding):
        actions.end_standing(made, target=line("L2"), actor=ENGINEER, now=NOW)
    actions.end_standing(made, target=line("L1"), actor=ENGINEER, now=NOW)
    desk.close("2021-07", "a,2021-07,L1,,call,4000")
    assert of("L1") == []


def test_what_no_bill_took_in_six_months_is_lost(desk: Desk) -> None:
    give("L1", 500)
    apply("L1", 100)
    for month in ("2021-07", "2021-08", "2021-09", "2021-10", "2021-11", "2021-12", "2022-01"):
        desk.close(month, f"a,{month},L1,,instalment,4000")
    assert figures("L1") == [(100, 0, 0, 100, 0)]
    assert (stands("reserved/bill"), stands("forfeited/bill")) == (0, 100)


def test_answers_that_cannot_be_are_put_aside_and_the_others_count(desk: Desk, billing: Billing) -> None:
    for line in ("L1", "L2", "L3"):
        give(line, 500)
        apply(line, 100)
    desk.close("2021-07", *(f"{line},2021-07,{line},,call,4000" for line in ("L1", "L2", "L3")))
    told = {"L1": ("confirmed", 99), "L2": ("reduced", 100), "L3": ("confirmed", 100)}
    rows = [*billing.answers("2021-07", told), ("2021-07/1/none", "confirmed", 1, ""), ("x", "sent", "y", "")]
    done = billing.answer(*rows)
    assert (done.read, done.rejected, done.paid) == (5, 4, 100)
    assert {one.code for one in done.reasons} == {
        "not_what_was_sent",
        "not_less",
        "unknown_item",
        "not_in_list",
        "not_a_whole_number",
    }
    assert queries.handovers()[0].waiting_points == 200


def test_an_answer_twice_changes_nothing_and_another_one_is_a_contradiction(desk: Desk, billing: Billing) -> None:
    give("L1", 500)
    apply("L1", 100)
    desk.close("2021-07", "a,2021-07,L1,,call,4000")
    first = list(billing.answers("2021-07", {"L1": ("confirmed", 100)}))
    billing.answer(*first)
    again = billing.answer(*first)
    assert (again.again, again.paid, again.rejected) == (1, 0, 0)
    other = billing.answer(*billing.answers("2021-07", {"L1": ("refused", 0)}))
    assert other.reasons == (Reason("state", "contradiction", 1),)
    assert figures("L1") == [(100, 100, 0, 0, 0)]


def test_the_same_close_again_hands_nothing_over_twice(desk: Desk, billing: Billing) -> None:
    give("L1", 500)
    apply("L1", 300)
    desk.close("2021-07", "a,2021-07,L1,,call,100")
    desk.close("2021-07", "a,2021-07,L1,,call,100")
    assert len(queries.handovers()) == 1
    desk.close("2021-07", "a,2021-07,L1,,call,150", name="more")
    assert billing.handed("2021-07", 2) == {"L1": 50}


def test_what_points_have_paid_earns_nothing_in_the_next_close(desk: Desk, billing: Billing) -> None:
    give("L1", 500)
    apply("L1", 500)
    first = desk.close("2021-07", "a,2021-07,L1,,call,4000")
    assert (first["rate"]["points"], first["rate"]["paid_yen"]) == (20, 0)
    billing.answer(*billing.answers("2021-07", {"L1": ("confirmed", 500)}))
    again = desk.close("2021-07")
    assert (again["rate"]["points"], again["rate"]["paid_yen"], again["post"]["taken"]) == (17, 500, 3)
    # A late correction of the bill: 3,000 - 500 yen are 12 units.
    corrected = desk.close("2021-07", "a,2021-07,L1,,call,3000", name="corrected")
    assert (corrected["rate"]["base_yen"], corrected["rate"]["points"], corrected["post"]["taken"]) == (2500, 12, 5)


@pytest.mark.parametrize("state", [ItemState.CONFIRMED, ItemState.REDUCED, ItemState.REFUSED])
def test_which_points_an_answer_may_name_is_what_the_rule_says(desk: Desk, billing: Billing, state: ItemState) -> None:
    give("L1", 500)
    apply("L1", 100)
    desk.close("2021-07", "a,2021-07,L1,,call,4000")
    for taken in (-1, 0, 1, 99, 101, 100):
        done = billing.answer(*billing.answers("2021-07", {"L1": (state.value, taken)}))
        wrong = rules.wrong(state, 100, taken)
        assert done.reasons == ((Reason("points", wrong, 1),) if wrong else ()), (taken, done.reasons)
        if not wrong:
            assert done.rejected == 0
            break
