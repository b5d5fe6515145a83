"""What happens to a line happens to its account: linking, cancellation, another number, another name."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from noren.accounts import actions as accounts
from noren.accounts import queries
from noren.accounts.rules import Kind, State
from noren.kit.errors import Refusal
from noren.lifecycle import actions
from noren.members import queries as members
from noren.points import actions as points
from noren.points import queries as balances
from noren.points.rules import LotKey, WalletKey
from tests.cast import ENGINEER
from tests.lifecycle.cast import NOW, active, now_of
from tests.members.desk import Desk

WHO: Any = {"actor": ENGINEER, "now": NOW}
TODAY = date(2021, 8, 10)
LOTS = (
    LotKey("normal", is_limited=False, uses="*", lapses_on=date(2999, 5, 31)),
    LotKey("limited", is_limited=True, uses="bill", lapses_on=date(2998, 12, 31)),
)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as told:
        act()
    return told.value.code


def uid(member_id: str) -> UUID:
    return members.member(member_id).uid


def give(member_id: str, count: int = 100) -> None:
    member = members.member(member_id)
    for lot in LOTS:
        wallet = WalletKey(member.uid, member.kind, member.member_id)
        points.grant(wallet=wallet, lot=lot, points=count, on=TODAY, key=f"give/{lot.kind}", reason="test", **WHO)


def held(member_id: str) -> dict[str, int]:
    return {lot.kind: lot.remaining for lot in balances.lots(uid(member_id)) if lot.remaining}


def link(account_id: str, line_id: str, pin: str | None = None) -> None:
    actions.link_line(account_id, line_id, pin=pin, **WHO)


def test_line_is_linked_by_its_pin_and_joins(desk: Desk) -> None:
    del desk
    account_id = active()
    accounts.set_pins([("L1", "0420"), ("L2", "1234")])
    link(account_id, "L2", "1234")
    assert now_of(account_id).kind == Kind.LINE_LINKED
    assert [one.member_id for one in queries.members_of(account_id)] == [account_id, "L2"]
    assert members.line("L2").joined_on == TODAY


def test_every_failure_to_link_is_told_alike(desk: Desk) -> None:
    desk.bring("lines", "L4,C1,090,mobile,2015-01-01,2021-08-01,,")
    account_id = active()
    accounts.set_pins([("L1", "0420"), ("L3", "0420"), ("L4", "0420")])
    for line_id, pin in (("L1", "0421"), ("L2", "0420"), ("L3", "0420"), ("L4", "0420"), ("L9", "0420"), ("L3", None)):
        assert refused(lambda line_id=line_id, pin=pin: link(account_id, line_id, pin)) == "line.not_linked", line_id  # type: ignore[misc]
    assert queries.lines(account_id) == ()


def test_fifth_wrong_pin_in_a_row_closes_the_way(desk: Desk) -> None:
    del desk
    account_id = active()
    accounts.set_pins([("L1", "0420")])
    for _round in range(2):
        assert [refused(lambda: link(account_id, "L1", "9999")) for _try in range(4)] == ["line.not_linked"] * 4
        link(account_id, "L1", "0420")
        actions.unlink_line(account_id, "L1", **WHO)
    assert [refused(lambda: link(account_id, "L1", "9999")) for _try in range(5)] == ["line.not_linked"] * 5
    assert refused(lambda: link(account_id, "L1", "0420")) == "line.not_linked"
    link(account_id, "L1")


def test_line_that_does_not_join_is_not_linked_either(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    del desk
    account_id = active()
    accounts.set_pins([("L1", "0420")])

    def broken(*args: object) -> None:
        raise RuntimeError(args)

    monkeypatch.setattr("noren.members.memberships.join_line", broken)
    for pin in ("0420", None):
        with pytest.raises(RuntimeError):
            link(account_id, "L1", pin)
    assert queries.account_of_line("L1") is None


def test_pin_is_kept_as_a_digest_of_its_line(desk: Desk) -> None:
    accounts.set_pins([("L1", "0420"), ("L2", "0420")])
    rows = desk.stored("accounts_line_pin", "line_id, digest")
    assert "0420" not in str(rows)
    assert len({digest for _line, digest in rows}) == 2


def test_line_is_one_persons(desk: Desk) -> None:
    del desk
    first, second = active(), active("taro")
    link(first, "L1")
    assert refused(lambda: link(second, "L1")) == "line.taken"
    assert refused(lambda: actions.unlink_line(second, "L1", **WHO)) == "line.not_yours"
    actions.unlink_line(first, "L1", **WHO)
    assert now_of(first).kind == Kind.CARRIER_FREE
    link(second, "L1")
    assert queries.account_of_line("L1") == second


def test_account_survives_its_line_and_takes_over_its_points(desk: Desk) -> None:
    account_id = active(lines=("L1",))
    give("L1")
    actions.cancel_line("L1", date(2021, 8, 5), **WHO)
    assert held("L1") == {}
    assert held(account_id) == {"normal": 100, "limited": 100}
    found = now_of(account_id)
    assert (found.kind, found.state, found.epoch) == (Kind.CARRIER_FREE, State.ACTIVE, 2)
    assert [one.member_id for one in queries.members_of(account_id)] == [account_id]
    desk.place.noren("expire", "--as-of", "2021-08-10")
    assert held(account_id) == {"normal": 100, "limited": 100}
    assert "The books balance" in desk.place.noren("verify").stdout


def test_account_with_another_line_stays_line_linked(desk: Desk) -> None:
    del desk
    account_id = active(lines=("L1", "L2"))
    actions.cancel_line("L1", TODAY, **WHO)
    assert now_of(account_id).kind == Kind.LINE_LINKED


@pytest.mark.parametrize("forced", [False, True])
def test_points_lapse_without_an_account_and_when_the_operator_ends_the_line(desk: Desk, forced: bool) -> None:
    if forced:
        active(lines=("L1",))
    give("L1")
    actions.cancel_line("L1", date(2021, 8, 5), forced=forced, **WHO)
    assert held("L1") == {"normal": 100, "limited": 100}
    desk.place.noren("expire", "--as-of", "2021-08-10")
    assert held("L1") == {}


@pytest.mark.parametrize(
    ("line_id", "on", "code"),
    [
        ("L9", TODAY, "member.unknown"),
        ("L1", TODAY + timedelta(days=1), "membership.bad_day"),
        ("L1", date(2014, 12, 31), "membership.bad_day"),
    ],
)
def test_cancellation_that_cannot_be_is_refused(desk: Desk, line_id: str, on: date, code: str) -> None:
    del desk
    assert refused(lambda: actions.cancel_line(line_id, on, **WHO)) == code


def test_line_closes_once(desk: Desk) -> None:
    del desk
    actions.cancel_line("L1", TODAY, **WHO)
    assert refused(lambda: actions.cancel_line("L1", TODAY, **WHO)) == "line.closed"


def test_number_changes_and_everything_goes_on(desk: Desk) -> None:
    del desk
    account_id = active(lines=("L1",))
    give("L1")
    before = members.line("L1")
    actions.change_number("L1", "080-0000-0000", **WHO)
    after = members.line("L1")
    assert after.phone_number == "080-0000-0000"
    assert (after.uid, after.opened_on, after.joined_on) == (before.uid, before.opened_on, before.joined_on)
    assert held("L1") == {"normal": 100, "limited": 100}
    assert now_of(account_id).epoch == 2


@pytest.mark.parametrize("succession", [False, True])
def test_points_follow_a_succession_and_not_another_name(desk: Desk, succession: bool) -> None:
    desk.account("A1", "C1", date(2021, 7, 1))
    account_id = active("", employee_number="0042", lines=("L1",))
    desk.bring("contracts", f"K1,C1,,{account_id},office_extension,2021-07-01,")
    for member_id in (account_id, "L1", "A1"):
        give(member_id)
    actions.change_name(account_id, "C2", succession=succession, **WHO)
    kept = {"normal": 100, "limited": 100} if succession else {}
    assert (held(account_id), held("L1"), held("A1")) == (kept, kept, {"normal": 100, "limited": 100})
    assert {one.corporation_id for one in queries.members_of(account_id)} == {"C2"}
    assert desk.stored("members_contract", "contract_id, corporation_id") == [("K1", "C2")]
    found = now_of(account_id)
    assert (found.corporation_id, found.login_id) == ("C2", f"{queries.organisation_code('C2')}/0042")
    assert "The books balance" in desk.place.noren("verify").stdout


def test_account_follows_a_line_that_closed_by_an_import(desk: Desk) -> None:
    account_id = active(lines=("L1",))
    give("L1")
    desk.bring("lines", "L1,C1,090-1111-1111,mobile,2015-01-01,2021-08-05,2021-07-01,", name="closed")
    assert (held("L1"), held(account_id)) == ({}, {"normal": 100, "limited": 100})
    assert (now_of(account_id).kind, now_of(account_id).epoch) == (Kind.CARRIER_FREE, 2)


def test_another_number_by_an_import_ends_the_sign_ins_once(desk: Desk) -> None:
    account_id = active(lines=("L1",))
    for _again in range(2):
        desk.bring("lines", "L1,C1,080-0000-0000,mobile,2015-01-01,,2021-07-01,", name="numbers")
        assert (now_of(account_id).epoch, [row.called for row in queries.lines(account_id)]) == (2, ["080-0000-0000"])


def test_a_line_that_another_corporation_has_by_an_import_leaves_its_account(desk: Desk) -> None:
    account_id = active(lines=("L1",))
    give("L1")
    desk.bring("lines", "L1,C2,090-1111-1111,mobile,2015-01-01,,2021-07-01,", name="moved")
    assert (now_of(account_id).kind, now_of(account_id).epoch) == (Kind.CARRIER_FREE, 2)
    assert held("L1") == {"normal": 100, "limited": 100}
    assert queries.lines(account_id) == ()


def test_an_operator_ends_and_renumbers_lines_and_moves_accounts(desk: Desk) -> None:
    account_id = active(lines=("L1", "L2"))
    desk.place.noren("line", "number", "L1", "080-0000-0000")
    desk.place.noren("line", "cancel", "L2", "--on", "2021-08-05", "--forced")
    assert [row.called for row in queries.lines(account_id)] == ["080-0000-0000"]
    assert now_of(account_id).epoch == 3
    desk.place.noren("account", "move", account_id, "C2", "--succession")
    assert (now_of(account_id).corporation_id, members.line("L1").corporation_id) == ("C2", "C2")
    assert desk.refused("line", "cancel", "L9", "--on", "2021-08-05").startswith("[member.unknown]")


def test_points_that_come_for_the_last_month_go_to_the_account(desk: Desk) -> None:
    account_id = active(lines=("L1",))
    actions.cancel_line("L1", date(2021, 7, 20), **WHO)
    desk.close("2021-07", "b1,2021-07,L1,,call,1000")
    (row,) = [row for row in desk.exported("grants", "2021-07") if int(row["points"])]
    assert row["member_id"] == "L1"
    actions.follow_lines(**WHO)  # the command's own clock is past the last day of these points
    assert (held("L1"), held(account_id)) == ({}, {"normal": int(row["points"])})
    assert actions.follow_lines(**WHO) == 0
    desk.place.noren("expire", "--as-of", "2021-09-10")
    assert held(account_id) == {"normal": int(row["points"])}
    assert "The books balance" in desk.place.noren("verify").stdout


def test_points_that_come_late_lapse_when_the_account_has_ended(desk: Desk) -> None:
    account_id = active(lines=("L1",))
    actions.cancel_line("L1", date(2021, 7, 20), **WHO)
    actions.abolish(account_id, **WHO)
    steps = desk.close("2021-07", "b1,2021-07,L1,,call,1000")
    assert steps["expire"]["points"] > 0
    assert (held("L1"), held(account_id)) == ({}, {})
