"""What docs/rules/allocation.md says besides: whose points pay which bill, what a programme may say, what verify sees."""

import json
from datetime import date
from pathlib import Path

import pytest

from noren.accounts import actions as accounts
from noren.members import queries as members
from noren.points import actions as points
from noren.points.rules import WalletKey
from noren.spending import actions, queries
from noren.spending.models import Allocation
from tests.cast import ENGINEER
from tests.lifecycle import cast
from tests.members.desk import Desk
from tests.spending.desk import LATE, NOW, Billing, apply, give, held, of, standing, uid

PROGRAMME = Path(__file__).parents[2] / "programmes/reference/2021-07-01.toml"


@pytest.fixture
def account(desk: Desk) -> WalletKey:
    """An account with 500 points and the lines L1 and L2."""
    del desk
    account_id = cast.active(account_id="A1", lines=["L1", "L2"])
    wallet = WalletKey(members.member(account_id).uid, "account", account_id)
    points.grant(
        wallet=wallet,
        lot=LATE,
        points=500,
        on=date(2021, 7, 1),
        actor=ENGINEER,
        now=NOW,
        key="gift",
        reason="gift",
    )
    return wallet


def pay(member_id: str, amount: int, payer: WalletKey) -> None:
    """Points for the bill of any member."""
    target = members.member(member_id)
    actions.allocate(wallet_id=payer.wallet_id, target=target, amount=amount, key=member_id, actor=ENGINEER, now=NOW)


def test_points_of_an_account_pay_for_its_solutions_and_for_its_lines(
    desk: Desk, billing: Billing, account: WalletKey
) -> None:
    pay("A1", 300, account)
    pay("L1", 100, account)
    give("L1", 100)
    with pytest.raises(actions.NotPayable):
        pay("L3", 100, account)
    with pytest.raises(actions.NotPayable):
        pay("A1", 100, WalletKey(uid("L1"), "line", "L1"))
    desk.close("2021-07", "a,2021-07,,A1,office_extension,250", "b,2021-07,L1,,call,900")
    assert billing.handed("2021-07") == {"A1": 250, "L1": 100}


def test_all_that_lapses_next_is_for_one_bill_of_a_wallet(account: WalletKey) -> None:
    standing("L1", None, payer=account.wallet_id)
    with pytest.raises(actions.StandingKnown):
        standing("L2", None, payer=account.wallet_id)
    standing("L2", 10, payer=account.wallet_id)


def test_an_account_that_a_line_has_left_is_not_asked_for_its_bill(desk: Desk, account: WalletKey) -> None:
    standing("L1", 100, payer=account.wallet_id)
    standing("L2", 50, payer=account.wallet_id)
    accounts.unlink_line("A1", "L1", actor=ENGINEER, now=NOW)
    desk.close("2021-07", "a,2021-07,L1,,call,900", "b,2021-07,L2,,call,900")
    assert [(row.member_id, row.points) for row in queries.allocations([account.wallet_id])] == [("L2", 50)]


def test_a_programme_says_what_is_paid_how_long_it_is_carried_and_that_the_rest_goes_back(
    desk: Desk, billing: Billing
) -> None:
    rule = '[allocation]\ncharges = ["call"]\ncarry_months = 1\nafter = "return"\n'
    path = desk.folder / PROGRAMME.name
    path.write_text(PROGRAMME.read_text(encoding="utf-8") + rule, encoding="utf-8")
    desk.place.noren("programme", "load", path)
    give("L1", 500)
    apply("L1", 300)
    desk.close("2021-07", "a,2021-07,L1,,call,100", "b,2021-07,L1,,packet,99")
    assert billing.handed("2021-07") == {"L1": 100}
    billing.answer(*billing.answers("2021-07", {"L1": ("confirmed", 100)}))
    totals = desk.close("2021-08", "a,2021-08,L1,,packet,99")["allocate"]
    assert (totals["items"], totals["returned"], totals["lost"]) == (0, 200, 0)
    assert held("L1") == {LATE: 200 + 200}


def test_items_without_an_answer_are_named(desk: Desk, billing: Billing) -> None:
    def named() -> list[tuple[int, int, int]]:
        rows = json.loads(desk.place.noren("allocation", "handovers", "--json").stdout)
        return [(row["number"], row["waiting_items"], row["waiting_points"]) for row in rows]

    for line in ("L1", "L2"):
        give(line, 100)
        apply(line, 100)
    desk.close("2021-07", *(f"{line},2021-07,{line},,call,199" for line in ("L1", "L2")))
    billing.answer(*billing.answers("2021-07", {"L1": ("confirmed", 100)}))
    assert named() == [(1, 1, 100)]
    assert "Bills that wait" in desk.place.noren("allocation", "handovers").stdout
    billing.answer(*billing.answers("2021-07", {"L2": ("refused", 0)}))
    assert named() == [(1, 0, 0)]


def test_verify_sees_allocations_that_are_astray(desk: Desk) -> None:
    give("L1", 100)
    apply("L1", 100)
    Allocation.objects.update(points=99)
    assert [one.code for one in queries.findings()] == ["allocation.not_its_accounts"]
    assert desk.place.noren("verify", check=False).returncode == 1
    Allocation.objects.update(points=100)
    desk.close("2021-07", "a,2021-07,L1,,call,100")
    Allocation.objects.update(points=60)
    assert {one.code for one in queries.findings()} == {"allocation.not_its_accounts", "allocation.more_waits"}
    assert of("L1")[0].open_points == 60
    Allocation.objects.update(points=100)
