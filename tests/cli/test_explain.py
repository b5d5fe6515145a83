"""`noren explain` and `noren history`: for a member, for each reason to be none, for an account."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests import servers
from tests.members.desk import Desk
from tests.shelf import filled

LINES = [
    "L1,C1,,mobile,2012-04-01,,2021-07-01,",
    "never,C1,,mobile,2012-04-01,,,",
    "later,C1,,mobile,2012-04-01,,2021-08-01,",
    "left,C1,,mobile,2012-04-01,,2020-01-01,2021-07-01",
    "shut,C1,,mobile,2012-04-01,2021-07-01,2020-01-01,",
    "last,C1,,mobile,2012-04-01,2021-07-02,2020-01-01,2021-07-02",
]
CONTRACTS = [
    "K1,C1,L1,,device_rescue,2021-05-31,",
    "K2,C1,L1,,office_extension,2021-06-01,",
    "K3,C1,L1,,device_management,2020-01-01,2021-05-31",
    "K4,C1,L1,,info_mail,2020-01-01,",
    "K5,C1,,A1,device_rescue,2020-01-01,",
]
BILLS = [
    "a,2021-07,L1,,basic_fee,4980",
    "b,2021-07,L1,,discount,-500",
    "c,2021-07,L1,,instalment,3000",
    "d,2021-07,never,,call,900",
    "e,2021-07,,A1,call,1999",
]


@pytest.fixture
def desk(server: servers.Server, tmp_path: Path) -> Iterator[Desk]:
    with filled(server, tmp_path, july) as made:
        yield made


def july(desk: Desk) -> None:
    """One corporation, closed once."""
    desk.bring("corporations", "C1,,見本商事,,corporation")
    desk.bring("lines", *LINES)
    desk.account("A1", "C1", date(2021, 7, 31))
    desk.account("A2", "C1", date(2021, 1, 1), withdrawn_on=date(2021, 7, 1))
    desk.bring("contracts", *CONTRACTS)
    desk.close("2021-07", *BILLS)


def explained(desk: Desk, member: str, month: str = "2021-07") -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(desk.place.noren("explain", member, month, "--json").stdout)
    return answer


def shown(desk: Desk, member: str) -> str:
    return desk.place.noren("explain", member, "2021-07").stdout


def test_a_member_is_explained_down_to_items_contracts_and_rule(desk: Desk) -> None:
    found = explained(desk, "L1")
    assert found["member"]["member_id"] == "L1"
    assert (found["run"], found["business_date"]) == ("close/2021-07/1", "2021-08-10")
    assert found["membership"] == "counts"
    assert found["tenure"] == {"opened_on": "2012-04-01", "judged_in": "2021-07"}
    assert found["solutions_judged_on"] == "2021-05-31"
    assert [(item["item_id"], item["reason"]) for item in found["items"]] == [
        ("a", "counts"),
        ("b", "counts"),
        ("c", "not_eligible"),
    ]
    assert {contract["contract_id"]: contract["reason"] for contract in found["contracts"]} == {
        "K1": "counts",
        "K2": "not_started",
        "K3": "ended",
        "K4": "not_eligible",
    }
    rating = found["rating"]
    # 4,980 - 500 = 4,480 yen; floor(4,480 / 200) = 22; one solution: 5 points each.
    assert (rating["eligible_yen"], rating["base_yen"], rating["stage"], rating["rate"]) == (
        4480,
        4480,
        "grand-premier",
        5,
    )
    assert (rating["tenure_months"], rating["solutions"], rating["points"]) == (111, 1, 110)
    assert [(entry["movement"], entry["points"], entry["lapses_on"]) for entry in found["postings"]] == [
        ("grant", 110, "2025-05-31")
    ]
    assert [lot["remaining"] for lot in found["lots"]] == [110]


def test_the_text_tells_the_same_to_people(desk: Desk) -> None:
    text = shown(desk, "L1")
    for part in (
        "見本商事",
        "4,480",
        "110",
        "grand-premier",
        "2025-05-31",
        "K3",
        "instalment",
        "reference/2021-07-01",
        "111",
    ):
        assert part in text, part


NO_MEMBERS = {
    "never": "not_joined",
    "later": "not_joined",
    "left": "withdrawn",
    "shut": "closed",
    "A2": "withdrawn",
}


def test_one_who_is_no_member_is_told_why(desk: Desk) -> None:
    for member, reason in NO_MEMBERS.items():
        found = explained(desk, member)
        assert (found["membership"], found["rating"], found["stage_rule"]) == (reason, None, None)
        assert (found["postings"], found["lots"]) == ([], [])
        assert "No member in this month: " in shown(desk, member)
        assert [item["amount_yen"] for item in found["items"]] == ([900] if member == "never" else [])
    assert explained(desk, "last")["membership"] == "counts"


def test_one_who_came_after_the_close_was_not_known_then(desk: Desk) -> None:
    desk.bring("lines", "new,C1,,mobile,2012-04-01,,2021-07-01,")
    assert explained(desk, "new")["membership"] == "unknown_then"
    assert "No member in this month: " in shown(desk, "new")
    desk.close("2021-07")
    assert explained(desk, "new")["membership"] == "counts"


def test_an_account_is_explained_without_tenure(desk: Desk) -> None:
    found = explained(desk, "A1")
    assert found["tenure"]["opened_on"] is None
    assert found["rating"]["tenure_months"] is None
    assert (found["rating"]["stage"], found["rating"]["points"]) == ("grand-premier", 45)
    assert [contract["contract_id"] for contract in found["contracts"]] == ["K5"]
    assert "Tenure" not in shown(desk, "A1")


def test_it_goes_by_the_close_and_not_by_what_changed_since(desk: Desk) -> None:
    before = explained(desk, "L1")
    desk.bring("lines", "L1,C1,,mobile,2001-04-01,,2021-09-01,")
    desk.bring("contracts", "K2,C1,L1,,office_extension,2020-06-01,")
    assert explained(desk, "L1") == before


def test_history_shows_every_posting_with_the_balance_after_it(desk: Desk) -> None:
    desk.close("2021-08", "f,2021-08,L1,,call,400")
    desk.close("2021-07", "a,2021-07,L1,,basic_fee,3980", name="correction")
    rows = json.loads(desk.place.noren("history", "L1", "--json").stdout)
    # August: two solutions by then (K2 began on 1 June), 10 points each; July falls to 3,480 yen: 17 x 5.
    # They stand in the order of their business days, so the correction comes before August.
    assert [(row["movement"], row["points"], row["balance"], row["effective_on"]) for row in rows] == [
        ("grant", 110, 110, "2021-08-10"),
        ("correct", -25, 85, "2021-08-10"),
        ("grant", 20, 105, "2021-09-10"),
    ]
    assert all(row["reason"] and row["actor"].startswith("staff:") for row in rows)
    text = desk.place.noren("history", "L1").stdout
    assert [cell in text for cell in ("110", "105", "-25", "見本商事")] == [True] * 4


def test_a_member_without_postings_has_an_empty_history(desk: Desk) -> None:
    assert json.loads(desk.place.noren("history", "never", "--json").stdout) == []
    assert "見本商事" in desk.place.noren("history", "never").stdout


def test_what_cannot_be_explained_is_told(desk: Desk) -> None:
    assert desk.refused("explain", "nobody", "2021-07").startswith("[member.unknown] ")
    assert desk.refused("history", "nobody").startswith("[member.unknown] ")
    assert desk.refused("explain", "L1", "2021-06").startswith("[close.not_closed] ")


def test_items_that_do_not_count_say_why(desk: Desk) -> None:
    desk.close("2021-07", "a,2021-07,left,,call,1", "b,2021-07,L1,,discount,0", name="later")
    found = explained(desk, "L1")["items"]
    assert [(item["item_id"], item["intake"], item["replaced_by"], item["reason"]) for item in found] == [
        ("a", 1, 2, "replaced"),
        ("b", 1, 2, "replaced"),
        ("b", 2, None, "nothing"),
        ("c", 1, None, "not_eligible"),
    ]
    assert [item["reason"] for item in explained(desk, "never")["items"]] == ["not_member"]
    assert "replaced by a later file" in shown(desk, "L1")


def test_the_same_solution_twice_counts_once(desk: Desk) -> None:
    desk.bring("contracts", "K0,C1,L1,,device_rescue,2020-01-01,", name="again")
    desk.close("2021-07")
    found = explained(desk, "L1")
    reasons = {contract["contract_id"]: contract["reason"] for contract in found["contracts"]}
    assert (reasons["K0"], reasons["K1"], found["rating"]["solutions"]) == ("counts", "counted_once", 1)
