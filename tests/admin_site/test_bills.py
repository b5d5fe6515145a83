"""Points of a pool for bills of its members: chosen, looked at, used once, told line by line; a file; every month."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from noren.accounts import queries as accounts
from noren.groups import actions as groups_actions
from noren.groups.rules import Role, UnitKind
from noren.kit.months import add_months, month_text
from noren.lifecycle import actions as lifecycle
from noren.members import queries as members
from noren.points import actions as points
from noren.points import queries as books
from noren.points.rules import LotKey, WalletKey
from noren.spending import actions, queries, rules
from noren.spending.models import Overdue
from tests.admin_site.people import administrator, at_desk, now, person, text, who

pytestmark = pytest.mark.usefixtures("desk")

ENOUGH = 1_000


def uid(line_id: str) -> str:
    return str(members.member(line_id).uid)


def give(line_id: str, amount: int, *, days: int) -> None:
    line = members.member(line_id)
    lot = LotKey("normal", is_limited=False, uses="*", lapses_on=now().date() + timedelta(days=days))
    wallet = WalletKey(line.uid, line.kind, line.member_id)
    points.grant(wallet=wallet, lot=lot, points=amount, on=now().date(), key=str(days), reason="gift", **who())


def a_group(leader: str) -> UUID:
    """A group whose pool has 1,000 points, of which 300 lapse first; the lines L1 and L2 are in it."""
    give("L1", 300, days=30)
    give("L1", 700, days=400)
    group = lifecycle.create_group(corporation_id="C1", name="Sales", representative=leader, **who())
    lifecycle.join_group(group, account_ids=[person("second", lines=["L2"])], **who())
    return group


def unit_of(group: UUID, name: str, login_id: str) -> UUID:
    unit = groups_actions.add_unit(group, kind=UnitKind.SITE, name=name, **who())
    lifecycle.move_in_group(group, account(login_id), unit, **who())
    return unit


def account(login_id: str) -> str:
    found = accounts.by_login(login_id)
    assert found is not None
    return found.account_id


def choose(client: Client, group: UUID, *lines: str, how: str = "once") -> Any:
    url = f"/manage/points/{group}/bills/choose/"
    return client.post(url, {"member": [uid(line) for line in lines], how: "1"})


def look(client: Client, group: UUID, **asked: str) -> str:
    return text(client.post(f"/manage/points/{group}/bills/pay/", asked))


def mark(page: str) -> str:
    found = re.search(r'name="looked_at" value="(\w+)"', page)
    assert found is not None, page
    return found[1]


def use(client: Client, group: UUID, looked_at: str) -> Any:
    return client.post(f"/manage/points/{group}/bills/pay/", {"looked_at": looked_at})


def taken(group: UUID) -> dict[str, int]:
    return {row.member_id: row.points for row in queries.allocations([group])}


def left(group: UUID) -> int:
    return books.balance(group, now().date()).total


def test_many_bills_are_looked_at_and_paid_once() -> None:
    leader = person("leader", lines=["L1"])
    group = a_group(leader)
    client = at_desk(leader)
    page = text(client.get(f"/manage/points/{group}/bills/"))
    for told in ("090-1111-1111", "090-2222-2222", "Second"):
        assert told in page, told
    assert choose(client, group, "L1", "L2")["Location"].endswith("/bills/pay/")
    page = look(client, group, **{"each": "150", f"points-{uid('L2')}": "250"})
    for told in ("Use 400 points for 2 bills", "Can be done", ">300<", ">100<", ">600<"):
        assert told in page, told
    assert (taken(group), left(group)) == ({}, ENOUGH), "a look takes nothing"
    looked = mark(page)
    answer = use(client, group, looked)
    assert "Done for 2 bills" in text(client.get(answer["Location"]))
    assert (taken(group), left(group)) == ({"L1": 150, "L2": 250}, 600)
    again = use(client, group, looked)
    assert again["Location"].endswith("/bills/")
    assert left(group) == 600
    page = text(client.get(f"/manage/points/{group}/allocations/"))
    for told in ("Waits for the bill", "250", "090-2222-2222"):
        assert told in page, told


def test_the_same_choice_sent_at_once_from_two_windows_is_used_once() -> None:
    leader = person("leader", lines=["L1"])
    group = a_group(leader)
    client = at_desk(leader)
    choose(client, group, "L1")
    looked = mark(look(client, group, each="100"))
    kept = dict(client.session)["manage_bills"]
    use(client, group, looked)
    session = client.session  # the other window has read the session before the first wrote it
    session["manage_bills"] = kept
    session.save()
    assert "Done for 1 bill" in text(client.get(use(client, group, looked)["Location"]))
    assert left(group) == 900


def test_what_was_not_looked_at_is_not_used() -> None:
    leader = person("leader", lines=["L1"])
    group = a_group(leader)
    client = at_desk(leader)
    choose(client, group, "L1")
    look(client, group, each="100")
    assert "Enter how many points" in text(use(client, group, "x"))
    choose(client, group, "L2")
    page = look(client, group, each="x")
    assert "Enter a whole number" in page
    assert left(group) == ENOUGH


def test_limits_of_person_and_unit_hold_and_each_line_says_why() -> None:
    leader = person("leader", lines=["L1"])
    group = a_group(leader)
    unit = unit_of(group, "Osaka", "second")
    budget = {"wallet_id": group, **who()}
    points.set_budget(spender=f"unit:{unit}", monthly=100, **budget)
    points.set_budget(spender=f"account:{leader}", monthly=250, **budget)
    client = at_desk(leader)
    choose(client, group, "L1", "L2")
    page = look(client, group, **{f"points-{uid('L1')}": "200", f"points-{uid('L2')}": "101"})
    assert page.count("points.over_budget") == 1
    assert "Use 200 points for 1 bill" in page
    result = text(client.get(use(client, group, mark(page))["Location"]))
    assert ("Refused for 1" in result, taken(group)) == (True, {"L1": 200})
    choose(client, group, "L2")
    assert "points.over_budget" in look(client, group, each="60"), "the person's limit"
    assert "Use 50 points" in look(client, group, each="50")


def test_overdue_bills_and_empty_pools_are_refused_line_by_line() -> None:
    leader = person("leader", lines=["L1"])
    group = a_group(leader)
    Overdue.objects.create(kind="line", id="L2")
    client = at_desk(leader)
    choose(client, group, "L1", "L2")
    page = look(client, group, each="1001")
    assert ("points.insufficient" in page, "allocation.overdue" in page, "looked_at" in page) == (True, False, False)
    assert "allocation.overdue" in look(client, group, each="10")


def test_who_may_use_them_and_for_whom() -> None:
    leader, part, plain = person("leader", lines=["L1"]), person("part"), person("plain")
    group = a_group(leader)
    unit = unit_of(group, "Osaka", "second")
    groups_actions.grant(group, part, Role.MANAGE_POINTS, units=[unit], **who())
    groups_actions.grant(group, plain, Role.MANAGE_USERS, **who())
    url = f"/manage/points/{group}/bills/"
    client = at_desk(part)
    page = text(client.get(url))
    assert ("090-2222-2222" in page, "090-1111-1111" in page) == (True, False)
    assert choose(client, group, "L1").status_code == 404, "out of their units"
    choose(client, group, "L2")
    use(client, group, mark(look(client, group, each="10")))
    assert taken(group) == {"L2": 10}
    assert "Sales" in text(client.get("/manage/points/"))
    for account, status in ((plain, 403), (administrator("stranger", "C2"), 404)):
        for page in ("bills/", "bills/pay/", "bills/file/", "allocations/", "every-month/", "use/"):
            assert at_desk(account).get(f"/manage/points/{group}/{page}").status_code == status, page
    stale = at_desk(leader, minutes_ago=11)
    assert stale.get(f"{url}pay/").status_code == 302


def test_a_file_is_read_row_by_row_and_looked_at_before_it_is_used() -> None:
    leader = person("leader", lines=["L1"])
    group = a_group(leader)
    client, url = at_desk(leader), f"/manage/points/{group}/bills/file/"
    template = text(client.get(f"/manage/points/{group}/bills/template/"))
    assert "L1" in template
    rows = "Line or account,Points\nL1,100\n090-2222-2222,50\nL3,10\nL1,5\nL2,x\nleader,\n"
    page = text(client.post(url, {"file": SimpleUploadedFile("bills.csv", rows.encode())}))
    for told in ("3 rows cannot be used", "no line or account of this name", "earlier row", "Go on with the other 2"):
        assert told in page, told
    assert left(group) == ENOUGH
    page = text(client.get(f"/manage/points/{group}/bills/pay/"))
    assert "Use 150 points for 2 bills" in page
    use(client, group, mark(page))
    assert taken(group) == {"L1": 100, "L2": 50}


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"member\nL1\n", b"\xff\xfe\x00", b"PK\x03\x04no"])
def test_a_file_that_cannot_be_read_is_told(content: bytes) -> None:
    leader = person("leader", lines=["L1"])
    group = a_group(leader)
    file = SimpleUploadedFile("bills.csv", content)
    answer = at_desk(leader).post(f"/manage/points/{group}/bills/file/", {"file": file})
    assert (answer.status_code, 'class="errors"' in text(answer)) == (200, True)


def test_a_thousand_bills_at_a_time_and_no_more() -> None:
    leader = person("leader", lines=["L1"])
    group = a_group(leader)
    client, most = at_desk(leader), actions.MOST
    choose(client, group, "L1")
    each = {f"points-{number}": "" for number in range(most)}  # as many fields as the form has for so many bills
    assert "Use 100 points" in look(client, group, each="100", **each)
    answer = choose(client, group, *["L1"] * (most + 1))
    assert f"At most {most} bills at a time" in text(client.get(answer["Location"]))
    rows = "\n".join(["member,points", *(f"X{number},1" for number in range(most + 1))])
    file = SimpleUploadedFile("bills.csv", rows.encode())
    page = text(client.post(f"/manage/points/{group}/bills/file/", {"file": file}))
    assert f"more than {most} rows" in page


def test_points_every_month_are_set_shown_and_ended() -> None:
    leader = person("leader", lines=["L1"])
    group = a_group(leader)
    client = at_desk(leader)
    assert choose(client, group, "L1", "L2", how="every")["Location"].endswith("/every-month/")
    first = rules.month_for(now())
    asked = {"points": "30", "since": month_text(first), "until": month_text(add_months(first, 2))}
    url = f"/manage/points/{group}/every-month/"
    assert "Not before" in text(client.post(url, {**asked, "since": month_text(add_months(first, -1))}))
    result = text(client.get(client.post(url, asked)["Location"]))
    assert "Done for 2 bills" in result
    made = queries.standing([group])
    assert {(row.member_id, row.points, row.until) for row in made} == {
        (line, 30, add_months(first, 2)) for line in ("L1", "L2")
    }
    choose(client, group, "L1", how="every")
    assert "allocation.standing_known" in text(client.get(client.post(url, asked)["Location"]))
    page = text(client.get(f"/manage/points/{group}/allocations/"))
    assert page.count("/end/") == 2
    client.post(f"{url}{made[0].standing_id}/end/")
    assert len(queries.standing([group])) == 1


def test_what_stands_is_within_the_limits() -> None:
    leader = person("leader", lines=["L1"])
    group = a_group(leader)
    unit = unit_of(group, "Osaka", "second")
    points.set_budget(wallet_id=group, spender=f"unit:{unit}", monthly=100, **who())
    client = at_desk(leader)
    url, first = f"/manage/points/{group}/every-month/", month_text(rules.month_for(now()))
    for amount, refused in (("", True), ("101", True), ("100", False)):
        choose(client, group, "L2", how="every")
        result = text(client.get(client.post(url, {"points": amount, "since": first})["Location"]))
        assert ("allocation.over_limit" in result) is refused, amount


def test_what_was_used_is_drawn_and_listed_by_unit_person_and_use() -> None:
    leader = person("leader", lines=["L1"])
    group = a_group(leader)
    unit_of(group, "Osaka", "second")
    client = at_desk(leader)
    choose(client, group, "L1", "L2")
    use(client, group, mark(look(client, group, **{"each": "150", f"points-{uid('L2')}": "250"})))
    spend = {"wallet_id": group, "use": "donation", "on": now().date(), "reason": "test", **who()}
    given = points.spend(points=100, key="d", **spend)
    points.reverse(
        wallet_id=group, posting_id=given.posting_id, points=40, on=now().date(), key="r", reason="test", **who()
    )
    page = text(client.get(f"/manage/points/{group}/use/"))
    for told in ("Osaka", "In no department", "Leader", "The operator", "Donation", "Bill", ">460<", ">250<"):
        assert told in page, told
    answer: Any = client.get(f"/manage/points/{group}/use/file/")
    lines = answer.getvalue().decode().splitlines()
    month = month_text(date(now().year, now().month, 1))
    assert f"{month},Osaka,Leader,Bill,250" in lines
    assert f"{month},In no department,The operator,Donation,60" in lines
    assert ">0<" in text(client.get(f"/manage/points/{group}/use/?since=2020-01&until=2020-03"))
    assert client.get(f"/manage/points/{group}/use/?since=x&until=9999-12").status_code == 200
