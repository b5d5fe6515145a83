"""What docs/rules/orders.md says besides: which points buy what, for whom an order counts, what becomes of it."""

import os
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from noren.audit import queries as audit
from noren.kit import duck
from noren.kit.progress import silent
from noren.lifecycle import actions as lifecycle
from noren.members import queries as members
from noren.orders import actions, rules
from noren.orders.actions import telling
from noren.orders.rules import NOWHERE, Effect, OrderState
from noren.points import actions as points
from noren.points import queries as books
from noren.points.rules import LotKey
from tests.cast import ENGINEER
from tests.lifecycle import cast
from tests.members.desk import Desk
from tests.orders.shop import CATALOGUE, load, order, place, states, taken, wish
from tests.spending.desk import LATE, NOW, give, held, stands, uid

PAGE = Path(__file__).parents[2] / "docs/rules/orders.md"
WHO: dict[str, Any] = {"actor": ENGINEER, "now": NOW}
EFFECTS = {"used": Effect.CAPTURE, "went back": Effect.VOID, "came back": Effect.GIVE_BACK}
"""What is done with the points so that they are where the page says."""


def told() -> dict[OrderState, tuple[set[OrderState], str]]:
    """The page's table: what may follow a state, and where the points are then."""
    rows = re.findall(
        r"^\| (`[a-z`, ]+)(?: \([^)]*\))? \| ([a-z`, ]*) ?\| ([a-z ]+) \|$", PAGE.read_text("utf-8"), re.MULTILINE
    )
    return {
        OrderState(state): ({OrderState(one) for one in re.findall("[a-z]+", after)}, where)
        for its, after, where in rows
        for state in re.findall("[a-z]+", its)
    }


def test_states_follow_each_other_as_the_page_says() -> None:
    table = told()
    assert {state: after for state, (after, _where) in table.items()} == rules.NEXT
    for before, (after, was) in table.items():
        for state in after:
            where = table[state][1]
            assert rules.effect(before, state) == (Effect.NONE if where == was else EFFECTS[where])


def fulfilled(desk: Desk, number: str, *steps: str) -> None:
    """The partner has the order, and says in one file what became of it."""
    actions.hand_over("parts", **WHO)
    path, home = desk.folder / "answer.csv", desk.place.home
    path.write_text("\n".join(["order_number,state,tracking,note", *(f"{number},{one},," for one in steps), ""]))
    with duck.connect(home / "scratch") as (connection, folder):
        done = actions.take_answer(connection, folder, partner="parts", path=path, home=home, progress=silent, **WHO)
    assert done.changed == len(steps)


@pytest.mark.parametrize(
    ("steps", "where"),
    [
        (("cancelled",), (0, 0, 5000)),
        (("sent", "refused"), (0, 0, 5000)),
        (("sent", "delivered"), (0, 100, 4900)),
        (("sent", "shipped", "returned"), (0, 0, 5000)),
        (("sent", "shipped", "delivered", "returned"), (0, 0, 5000)),
    ],
)
def test_whatever_becomes_of_an_order_is_in_its_history_in_the_audit_and_in_a_mail(
    desk: Desk, steps: tuple[str, ...], where: tuple[int, int, int]
) -> None:
    account_id = cast.active()
    before = len(list(cast.mails()))
    number = place(wish(), account_id=account_id)
    if steps == ("cancelled",):
        actions.cancel(number, **WHO)
    else:
        fulfilled(desk, number, *steps[1:])
    assert states(number) == ["ordered", *steps]
    rows = audit.search(audit.Wanted(scopes=["C1"], act="order"), behind="", size=10).rows
    assert sorted(row.act for row in rows) == sorted(f"order.{state}" for state in ("ordered", *steps))
    mails = [mail.subject for mail in cast.mails()][before:]
    assert sorted(mails) == sorted(str(telling.SUBJECTS[OrderState(state)]) for state in ("ordered", *steps))
    points_are = stands("reserved/accessories"), stands("used/accessories"), sum(held("L1").values())
    assert points_are == where
    assert taken("hub", f"member:{uid('L1')}") == [1 if where[1] else 0]


def test_points_that_are_for_something_else_buy_nothing(desk: Desk) -> None:
    del desk
    points.adjust(wallet_id=uid("L1"), points=-5000, on=NOW.date(), key="x", reason="x", **WHO)
    give("L1", 200, LotKey("limited", True, "battery bill", date(2022, 1, 31)), key="limited")
    with pytest.raises(points.InsufficientPoints):
        place(wish())
    number = place(wish("battery", 1, 50, phone_model="P"))
    assert (order(number).use, sum(held("L1").values())) == ("battery", 150)


def test_batteries_of_all_kinds_count_together(desk: Desk) -> None:
    """C1 has two lines, so it may have two batteries a year."""
    battery = CATALOGUE[CATALOGUE.index('[[items]]\ncode = "battery"') : CATALOGUE.index('[[items]]\ncode = "gift"')]
    load(desk.folder, CATALOGUE + battery.replace('code = "battery"', 'code = "large-battery"'))
    place(wish("battery", 1, 50, phone_model="P"))
    place(wish("large-battery", 1, 50, for_="L1", phone_model="P"), key="b")
    for code in ("battery", "large-battery"):
        with pytest.raises(actions.LimitReached):
            place(wish(code, 1, 50, phone_model="P"), key="c")


def test_what_an_order_counts_for_is_fixed_when_it_is_made(desk: Desk) -> None:
    """Its programme year, and the group in which its member was: what is taken back later counts less there."""
    del desk
    group_id = lifecycle.create_group(corporation_id="C1", name="G", representative=cast.active(), **WHO)
    lifecycle.join_group(group_id, line_ids=["L1"], **WHO)
    number = place(wish("battery", 1, 50, phone_model="P"), payer=group_id)
    holders = ("corporation:C1", f"group:{group_id}")
    assert taken("battery", *holders) == [1, 1]
    lifecycle.leave_group(group_id, line_ids=["L1"], **WHO)
    actions.cancel(number, actor=ENGINEER, now=datetime(2022, 4, 1, 3, tzinfo=UTC))
    assert taken("battery", *holders) == [0, 0]


def test_points_that_come_back_to_a_closed_line_go_to_the_account_that_goes_on(desk: Desk) -> None:
    account_id = cast.active(lines=("L1",))
    number = place(wish())
    lifecycle.cancel_line("L1", NOW.date(), **WHO)
    account = members.member(account_id).uid
    assert (sum(held("L1").values()), books.balance(account, NOW.date()).total) == (0, 4900)
    fulfilled(desk, number, "refused")
    assert held("L1") == {LATE: 100}
    assert lifecycle.follow_lines(actor=ENGINEER, now=NOW + timedelta(days=1)) == 1
    assert (held("L1"), books.balance(account, NOW.date()).total) == ({}, 5000)


def test_files_with_addresses_are_removed_when_nobody_asks_any_more(desk: Desk) -> None:
    number = place(wish())
    fulfilled(desk, number, "shipped")
    [old] = actions.write_missing("parts", home=desk.place.home, now=NOW)
    later = place(wish(), key="b")
    fulfilled(desk, later, "shipped")
    [_same, recent] = sorted({old, *actions.write_missing("parts", home=desk.place.home, now=NOW)})
    moment = NOW + timedelta(days=181)
    os.utime(old, (NOW.timestamp(),) * 2)
    os.utime(recent, (moment.timestamp(),) * 2)
    actions.tidy(desk.place.home, moment)
    assert (old.exists(), recent.exists(), order(number).address) == (False, True, NOWHERE)


def test_a_file_that_was_removed_because_it_is_old_stays_away(desk: Desk) -> None:
    place(wish())
    actions.hand_over("parts", **WHO)
    late = NOW + timedelta(days=181)
    assert actions.write_missing("parts", home=desk.place.home, now=late) == []
    [path] = actions.write_missing("parts", home=desk.place.home, now=NOW + timedelta(days=1))
    assert path.exists()
