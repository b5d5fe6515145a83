"""Orders and who fulfils them: what is handed over, what is answered, and what is not answered in time."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from noren.audit.models import Record
from noren.orders import actions, queries
from noren.orders.rules import OrderState
from tests.cast import ENGINEER
from tests.lifecycle import cast
from tests.members.desk import Desk
from tests.orders.shop import (
    CATALOGUE,
    HOME,
    answer,
    load,
    order,
    place,
    sent,
    states,
    taken,
    wish,
)
from tests.spending.desk import LATE, NOW, held, stands, uid


def test_nobody_cancels_what_the_partner_has_or_what_is_final(desk: Desk) -> None:
    del desk
    number = place(wish())
    sent()
    final = place(wish("gift", 100, 100), key="b")
    for one in (number, final):
        with pytest.raises(actions.NotCancellable):
            actions.cancel(one, actor=ENGINEER, now=NOW)


DUE = NOW + timedelta(days=14)
"""Until when a partner is to answer what is handed over now, where the item does not say."""


def late(now: datetime) -> list[str]:
    return [row.order.number for row in queries.late(now, 100)]


def test_what_a_partner_does_not_answer_in_time_is_cancelled_with_a_reason(desk: Desk) -> None:
    account_id = cast.active()
    number, again = place(wish(), account_id=account_id), DUE + timedelta(seconds=1)
    sent()
    assert (late(DUE), late(again)) == ([], [number])
    with pytest.raises(actions.NotCancellable, match="may answer until 2021-08-03 12:00"):
        actions.cancel(number, actor=ENGINEER, now=DUE, note="no answer")
    with pytest.raises(actions.NeedsReason):
        actions.cancel(number, actor=ENGINEER, now=again, note=" ")
    with pytest.raises(actions.NotCancellable):
        actions.cancel(number, account_id=account_id, actor=ENGINEER, now=again, note="mine")
    for _time in range(2):
        actions.cancel(number, actor=ENGINEER, now=again, note="the partner does not answer")
    assert (held("L1"), stands("reserved/accessories"), queries.stock()) == ({LATE: 5000}, 0, {"hub": 10})
    assert (states(number), taken("hub", f"member:{uid('L1')}")) == (["ordered", "sent", "cancelled"], [0])
    assert late(again) == []
    assert Record.objects.get(act="order.cancelled").reason == "the partner does not answer"
    assert "the partner does not answer" in list(cast.mails())[-1].body
    assert "Cancelled after handover" in desk.place.noren("order", "list").stdout.replace("\n", " ")


def test_an_answer_to_what_was_cancelled_is_a_contradiction(desk: Desk) -> None:
    number, other = place(wish()), place(wish(), key="b")
    sent()
    actions.cancel(number, actor=ENGINEER, now=DUE + timedelta(days=1), note="no answer")
    told = answer(desk, f"{number},shipped,T-1,", f"{other},shipped,,")
    assert (told["rejected"], told["changed"]) == (1, 1)
    assert told["reasons"] == [{"field": "state", "code": "order_cancelled", "rows": 1}]
    assert "was cancelled: its points went back" in Path(told["rejects"]).read_text(encoding="utf-8")
    assert (order(number).state, held("L1"), stands("used/accessories")) == ("cancelled", {LATE: 4900}, 100)
    [path] = actions.write_missing("parts", home=desk.place.home, now=NOW)
    rows = path.read_text(encoding="utf-8").splitlines()
    assert [row.partition(",")[0] for row in rows[1:]] == [other]


def test_each_item_says_how_long_its_partner_may_take_and_what_is_final_can_be_given_up_too(desk: Desk) -> None:
    load(desk.folder, CATALOGUE.replace("final = true", "final = true\nanswer_within_days = 3"))
    quick, slow = place(wish("gift", 100, 100)), place(wish(), key="b")
    sent("relief")
    sent()
    load(desk.folder)  # what was ordered keeps its own
    day = NOW + timedelta(days=3, seconds=1)
    assert (late(NOW + timedelta(days=3)), late(day)) == ([], [quick])
    assert late(DUE + timedelta(days=1)) == [quick, slow]
    actions.cancel(quick, actor=ENGINEER, now=day, note="no answer")
    assert held("L1") == {LATE: 4900}


def test_late_orders_are_listed_and_cancelled_at_the_terminal(desk: Desk) -> None:
    number = place(wish())
    place(wish(), key="b")
    assert json.loads(desk.place.noren("order", "list", "--late", "--json").stdout) == []
    sent()
    found = json.loads(desk.place.noren("order", "list", "--late", "--json").stdout)
    assert {row["answer_by"][:10] for row in found} == {str(DUE.date())}
    assert number in desk.place.noren("order", "list", "--late").stdout
    assert "order.needs_reason" in desk.place.noren("order", "cancel", number, check=False).stderr
    desk.place.noren("order", "cancel", number, "--note", "no answer")
    assert number not in desk.place.noren("order", "list", "--late").stdout
    desk.place.noren("verify")


def test_what_the_partner_refuses_and_what_is_returned_comes_back(desk: Desk) -> None:
    first, second = place(wish()), place(wish(), key="b")
    sent()
    answer(desk, f"{first},refused,,out of production", f"{second},shipped,,")
    answer(desk, f"{second},returned,,broken on arrival")
    assert (held("L1"), stands("reserved/accessories"), stands("used/accessories")) == ({LATE: 5000}, 0, 0)
    assert queries.stock() == {"hub": 9}  # what was returned is not sold again
    assert taken("hub", f"member:{uid('L1')}") == [0]


def test_a_partners_file_is_whole_and_the_same_each_time(desk: Desk) -> None:
    number = place(wish(quantity=2, points=200))
    other = place(wish("tea", 1, 10), key="b")
    told = desk.place.noren("order", "hand-over", "parts").stdout
    [path] = (desk.place.home / "orders").glob("orders-parts-*.csv")
    assert "1 orders are handed over under the number 1." in told
    rows = path.read_text(encoding="utf-8").splitlines()
    assert rows[1].startswith(f"{number},hub,ハブ,2,山田花子,1000001,東京都,千代田区,千代田1-1,0312345678,")
    before = path.read_bytes()
    for again in (("write", "1"), ("hand-over", "parts")):
        path.unlink()
        desk.place.noren("order", *again)
        assert path.read_bytes() == before
    assert "No order waits" in desk.place.noren("order", "hand-over", "parts").stdout
    assert order(other).state == "ordered"


def test_thousands_are_handed_over_in_as_many_statements_as_one(desk: Desk) -> None:
    account_id = cast.active()
    counts = []
    for many in (3, 300):
        before = len(list(cast.mails()))
        for number in range(many):
            place(wish("tea", 1, 10), key=f"{many}/{number}", account_id=account_id)
        with CaptureQueriesContext(connection) as caught:
            assert sent("gifts") == many
        counts.append(len(caught))
        assert len(list(cast.mails())) - before == 2 * many
    assert counts[0] == counts[1] <= 10
    found = [states(row.number) for row in queries.every(list(OrderState), 1000)]
    assert found == [["ordered", "sent"]] * 303
    assert Record.objects.filter(act="order.sent", detail__item="tea", subject="L1", scope="C1").count() == 303
    del desk


@pytest.mark.parametrize("text", ["=1+1", "@SUM(1)", "一行\n二行", "\u202e", "\u200b", " "])
def test_what_a_partner_could_not_print_is_refused(desk: Desk, text: str) -> None:
    del desk
    with pytest.raises((actions.NotPlain, actions.NeedsAddress)):
        place(replace(wish(), address=replace(HOME, name=text)))
    assert queries.every(list(OrderState), 10) == []


def test_one_file_may_tell_of_an_order_twice(desk: Desk) -> None:
    number, other, third = place(wish()), place(wish(), key="b"), place(wish(), key="c")
    sent()
    rows = (f"{number},shipped,T1,", f"{number},delivered,,", f"{other},shipped,,", f"{other},refused,,")
    told = answer(desk, *rows, f"{third},delivered,,", f"{third},returned,,")
    assert (told["read"], told["rejected"], told["changed"]) == (6, 1, 5)
    assert told["reasons"] == [{"field": "state", "code": "not_next", "rows": 1}]
    assert [order(one).state for one in (number, other, third)] == ["delivered", "shipped", "returned"]
    assert "refused" in Path(told["rejects"]).read_text(encoding="utf-8")
    assert answer(desk, f"{number},delivered,T2,")["changed"] == 1  # a tracking number that came later
    assert order(number).tracking == "T2"


def test_a_partner_speaks_of_its_own_orders_alone(desk: Desk) -> None:
    number = place(wish())
    sent()
    assert answer(desk, f"{number},shipped,,", partner="gifts")["rejected"] == 1


def test_rows_that_cannot_be_are_put_aside_and_the_others_count(desk: Desk) -> None:
    number, other = place(wish()), place(wish("tea", 1, 10), key="b")
    sent()
    told = answer(desk, f"{number},shipped,,", "NOSUCH,shipped,,", f"{other},delivered,,", "x,lost,,")
    assert (told["read"], told["rejected"], told["changed"]) == (4, 3, 1)
    assert {(one["field"], one["code"]) for one in told["reasons"]} == {
        ("order_number", "unknown_order"),
        ("state", "not_in_list"),
    }


def test_who_ordered_is_told_at_each_state(desk: Desk) -> None:
    account_id = cast.active()
    before = len(list(cast.mails()))
    number = place(wish(), account_id=account_id)
    sent()
    answer(desk, f"{number},shipped,T-9,")
    mails = list(cast.mails())[before:]
    assert {mail.subject for mail in mails} == {
        "Your order was received",
        "Your order is being prepared",
        "Your order was shipped",
    }
    assert all(number in mail.body and "Hub × 1: 100 points" in mail.body for mail in mails)
    assert ["T-9" in mail.body for mail in mails].count(True) == 1
