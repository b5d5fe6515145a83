"""The points of a group on the admin site: until when, earned by whom, used by whom within which limit."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from noren.groups import actions as groups_actions
from noren.groups.rules import Role, UnitKind
from noren.lifecycle import actions as lifecycle
from noren.members import queries as members
from noren.points import actions as points
from noren.points import queries as balances
from noren.points.rules import LotKey, WalletKey
from tests.admin_site.people import administrator, at_desk, now, person, text, who

pytestmark = pytest.mark.usefixtures("desk")


def a_pool(leader: str) -> UUID:
    line = members.member("L1")
    lot = LotKey("normal", is_limited=False, uses="*", lapses_on=date(2999, 5, 31))
    wallet = WalletKey(line.uid, line.kind, line.member_id)
    points.grant(
        wallet=wallet, lot=lot, points=1_234, on=now().date() - timedelta(days=1), key="give", reason="test", **who()
    )
    return lifecycle.create_group(corporation_id="C1", name="Sales", representative=leader, **who())


def test_the_pool_with_its_days_and_who_earned_it() -> None:
    leader = person("leader", lines=["L1"])
    group = a_pool(leader)
    client = at_desk(leader)
    assert "1,234" in text(client.get("/manage/points/"))
    page = text(client.get(f"/manage/points/{group}/"))
    for told in ("1,234", "090-1111-1111", "May 31, 2999"):
        assert told in page, told
    for odd in ("x", "a_b_c", f"{group}_{group}_x", "__"):
        assert client.get(f"/manage/points/{group}/?behind={odd}").status_code == 200


def test_limits_are_set_and_what_was_used_shows() -> None:
    leader, kenta = person("leader", lines=["L1"]), person("kenta")
    group = a_pool(leader)
    unit = groups_actions.add_unit(group, kind=UnitKind.SITE, name="Osaka", **who())
    lifecycle.join_group(group, account_ids=[kenta], **who())
    client, url = at_desk(leader), f"/manage/points/{group}/limit/"
    assert client.post(url, {"unit": str(unit), "monthly": "500"}).status_code == 302
    assert client.post(url, {"login_id": "kenta", "monthly": "100"}).status_code == 302
    spend = {"wallet_id": group, "use": "donation", "on": now().date(), "reason": "test", **who()}
    points.spend(points=60, key="a", budgets=(f"account:{kenta}", f"unit:{unit}"), **spend)
    with pytest.raises(points.OverBudget):
        points.spend(points=60, key="b", budgets=(f"account:{kenta}", f"unit:{unit}"), **spend)
    page = text(client.get(f"/manage/points/{group}/"))
    for told in ("Osaka", "60 / 500", "Kenta", "60 / 100", "1,174"):
        assert told in page, told
    client.post(url, {"login_id": "kenta", "monthly": ""})
    assert [row.monthly for row in balances.budgets(group, now().date()) if "account" in row.spender] == [None]


@pytest.mark.parametrize(
    "form",
    [
        {"monthly": "5"},
        {"login_id": "nobody"},
        {"login_id": "outside"},
        {"monthly": "-1", "login_id": "leader"},
        {"unit": "x"},
    ],
)
def test_what_cannot_be_is_told(form: dict[str, str]) -> None:
    leader = person("leader", lines=["L1"])
    person("outside")
    group = a_pool(leader)
    answer = at_desk(leader).post(f"/manage/points/{group}/limit/", form)
    assert (answer.status_code, 'class="errors"' in text(answer)) == (200, True)


def test_who_manages_points_sees_them_and_sets_no_limit() -> None:
    leader, clerk, part = person("leader", lines=["L1"]), person("clerk"), person("part")
    group = a_pool(leader)
    unit = groups_actions.add_unit(group, kind=UnitKind.SITE, name="Osaka", **who())
    groups_actions.grant(group, clerk, Role.MANAGE_POINTS, **who())
    groups_actions.grant(group, part, Role.MANAGE_POINTS, units=[unit], **who())
    url = f"/manage/points/{group}/"
    assert at_desk(clerk).get(url).status_code == 200
    assert at_desk(clerk).get(f"{url}limit/").status_code == 403
    assert at_desk(part).get(url).status_code == 403, "a unit has no points of its own"
    assert at_desk(administrator("stranger", "C2")).get(url).status_code == 404
