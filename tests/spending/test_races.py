"""What comes in between: answers during a close, two answers at once, members who come and go."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connections

from noren.lifecycle import actions as lifecycle
from noren.points import actions as points
from noren.points.rules import WalletKey
from noren.spending import actions, queries
from noren.spending.actions import answering, handing
from noren.spending.actions import standing as steps
from tests.cast import ENGINEER
from tests.lifecycle import cast
from tests.members.desk import Desk
from tests.spending.desk import LATE, NOW, SOON, Billing, apply, give, held, of, stands
from tests.spending.desk import standing as stand


class Meanwhile(threading.Thread):
    """Something that another connection does; it may have to wait for this one."""

    def __init__(self, work: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self.work = work
        self.failed: BaseException | None = None

    def run(self) -> None:
        try:
            self.work()
        except BaseException as error:  # noqa: BLE001
            self.failed = error
        finally:
            connections.close_all()

    def done(self) -> None:
        self.join(30)
        assert not self.is_alive()
        if self.failed is not None:
            raise self.failed


def once(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, work: Callable[[], object]) -> list[Meanwhile]:
    """Begin the work in another thread when the function is called first, and give it a moment."""
    begun: list[Meanwhile] = []
    plain = getattr(module, name)

    def around(*args: Any, **how: Any) -> Any:
        if not begun:
            begun.append(Meanwhile(work))
            begun[0].start()
            begun[0].join(0.7)
        return plain(*args, **how)

    monkeypatch.setattr(module, name, around)
    return begun


def test_every_row_that_is_refused_goes_back(desk: Desk, billing: Billing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(points, "WISHES_PER_SLICE", 2)
    lines = [f"L{number}" for number in range(1, 5)]
    for line in lines:
        give(line, 100)
        apply(line, 100)
    give("L1", 50, SOON)
    apply("L1", 50, key="b")
    desk.close("2021-07", *(f"{line},2021-07,{line},,call,199" for line in lines))
    rows = [(row["item_id"], "refused", 0, "") for row in billing.rows("2021-07")]
    assert len(rows) == 5
    assert billing.answer(*rows).returned == 450
    assert [held(line) for line in lines] == [{SOON: 50, LATE: 100}, *[{LATE: 100}] * 3]
    assert stands("reserved/bill") == 0


def test_an_answer_waits_for_a_close_that_hands_over(
    desk: Desk, billing: Billing, monkeypatch: pytest.MonkeyPatch
) -> None:
    give("L1", 500)
    apply("L1", 500)
    desk.close("2021-07", "a,2021-07,L1,,call,300")
    rows = list(billing.answers("2021-07", {"L1": ("refused", 0)}))
    begun = once(monkeypatch, handing, "_pay", lambda: billing.answer(*rows))
    desk.close("2021-08", "a,2021-08,L1,,call,900")
    begun[0].done()
    assert billing.handed("2021-08") == {"L1": 200}
    [row] = of("L1")
    assert (row.returned, row.open_points) == (300, 200)
    billing.answer(*billing.answers("2021-08", {"L1": ("confirmed", 200)}))
    assert [(row.paid, row.returned, row.open_points) for row in of("L1")] == [(200, 300, 0)]


def test_two_answers_for_one_allocation_wait_for_each_other(
    desk: Desk, billing: Billing, monkeypatch: pytest.MonkeyPatch
) -> None:
    give("L1", 500)
    apply("L1", 500)
    desk.close("2021-07", "a,2021-07,L1,,call,300")
    desk.close("2021-08", "a,2021-08,L1,,call,900")
    other = Billing(Desk(desk.place, desk.folder / "other"))
    other.desk.folder.mkdir()
    later = list(billing.answers("2021-08", {"L1": ("confirmed", 200)}))
    begun = once(monkeypatch, answering, "give_back", lambda: other.answer(*later))
    billing.answer(*billing.answers("2021-07", {"L1": ("refused", 0)}))
    begun[0].done()
    assert [(row.paid, row.returned, row.open_points) for row in of("L1")] == [(200, 300, 0)]


def test_the_same_bytes_read_in_another_way_settle_what_is_left(desk: Desk, billing: Billing) -> None:
    for line in ("L1", "L2"):
        give(line, 100)
        apply(line, 100)
    desk.close("2021-07", *(f"{line},2021-07,{line},,call,199" for line in ("L1", "L2")))
    told = [
        ",".join(map(str, row)) for row in billing.answers("2021-07", dict.fromkeys(("L1", "L2"), ("confirmed", 100)))
    ]
    path = desk.folder / "cp932.csv"
    path.write_bytes("\n".join(["item_id,state,points,reason", told[0], told[1] + "請求済み", ""]).encode("cp932"))
    assert billing.take(path, encoding="utf-8").rejected == 1
    done = billing.take(path, encoding="cp932")
    assert (done.again, done.paid) == (1, 100)
    assert (stands("used/bill"), stands("clearing/allocation/2021-07/1")) == (200, 0)


def test_months_closed_out_of_order_lose_nothing(desk: Desk, billing: Billing) -> None:
    give("L1", 100)
    apply("L1", 100)
    desk.close("2022-01", "a,2022-01,L1,,instalment,1")
    desk.close("2021-07", "a,2021-07,L1,,call,900")
    assert billing.handed("2021-07") == {"L1": 100}


def test_a_standing_one_is_asked_once_for_a_month(desk: Desk) -> None:
    stand("L1", 50, until=date(2021, 7, 1))
    desk.close("2021-07", "a,2021-07,L1,,instalment,1")
    assert [(row.points, row.open_points) for row in of("L1")] == [(0, 0)]
    give("L1", 100)
    desk.close("2021-07", "a,2021-07,L1,,instalment,1", "b,2021-07,L1,,instalment,2", name="more")
    assert held("L1") == {LATE: 100}


def test_a_pool_pays_for_who_is_in_it_and_for_nobody_else(desk: Desk) -> None:
    account = cast.active("lead@example.jp")
    group_id = lifecycle.create_group(corporation_id="C1", name="G", representative=account, actor=ENGINEER, now=NOW)
    lifecycle.join_group(group_id, line_ids=["L1"], actor=ENGINEER, now=NOW)
    points.grant(
        wallet=WalletKey(group_id, "group", str(group_id)),
        lot=LATE,
        points=500,
        on=date(2021, 7, 1),
        actor=ENGINEER,
        now=NOW,
        key="gift",
        reason="gift",
    )
    made = stand("L1", 100, payer=group_id)
    lifecycle.leave_group(group_id, line_ids=["L1"], actor=ENGINEER, now=NOW)
    desk.close("2021-07", "a,2021-07,L1,,call,900")
    assert queries.allocations([group_id]) == []
    assert stand("L1", 50) != made  # the old one does not stand in the way
    lifecycle.join_group(group_id, line_ids=["L1"], actor=ENGINEER, now=NOW)
    apply("L1", 10, payer=group_id)
    with pytest.raises(actions.PointsWait):
        lifecycle.dissolve_group(group_id, actor=ENGINEER, now=NOW)


def test_numbers_that_nobody_means_are_refused(desk: Desk) -> None:
    del desk
    give("L1", 100)
    for amount in (10**13, 10**19):
        with pytest.raises(actions.TooMany):
            apply("L1", amount)
        with pytest.raises(actions.TooMany):
            stand("L1", amount)


def test_a_lost_file_is_written_again_to_the_byte(desk: Desk) -> None:
    give("L1", 100)
    apply("L1", 100)
    desk.close("2021-07", "a,2021-07,L1,,call,900")
    paths = sorted((desk.place.home / "allocations").iterdir())
    before = {path: path.read_bytes() for path in paths}
    for path in paths:
        path.unlink()
    desk.place.noren("allocation", "write", "2021-07", "1")
    assert {path: path.read_bytes() for path in paths} == before
    assert "allocation.unknown_handover" in desk.place.noren("allocation", "write", "2021-07", "2", check=False).stderr


def test_wallets_are_not_cut() -> None:
    lines = [
        f"i,{wallet},{place},\n" for wallet, count in (("a", 2), ("b", 2), ("c", 5), ("d", 1)) for place in range(count)
    ]
    sizes = [[line.split(",")[1] for line in some] for some in steps.slices_of(lines, 3)]
    assert sizes == [["a", "a"], ["b", "b"], ["c", "c", "c"], ["c", "c", "d"]]
