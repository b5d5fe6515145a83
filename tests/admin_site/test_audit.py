"""What administrators did can be looked through and written to a file, within one's scope."""

import pytest

from noren.groups import actions as groups_actions
from noren.groups.rules import Role, UnitKind
from noren.lifecycle import actions as lifecycle
from tests.admin_site.people import act, administrator, at_desk, person, text, who
from tests.policy.cast import KITA, ask

pytestmark = pytest.mark.usefixtures("desk")

URL = "/manage/audit/"


def test_an_act_stands_with_who_whom_and_why() -> None:
    admin, account = administrator(name="Boss Sato"), person("kenta", name="Suzuki Kenta")
    client = at_desk(admin)
    act(client, "lock", account, reason="lost telephone")
    client.post(f"/manage/accounts/of/{account}/data/", {"name": "Suzuki K.", "language": "en"})
    page = text(client.get(URL))
    for told in ("Account locked", "Boss Sato", "lost telephone", "Suzuki Kenta → Suzuki K."):
        assert told in page, told
    lines = b"".join(client.get(f"{URL}file/")).decode("utf-8-sig").splitlines()
    assert any("Boss Sato,Account locked,account.lock,Suzuki K.,lost telephone" in line for line in lines)


def test_it_says_which_permission_was_given_and_what_a_policy_asks() -> None:
    admin, account = administrator(), person("kenta")
    client = at_desk(admin)
    group = lifecycle.create_group(corporation_id="C1", name="Sales", representative=admin, **who())
    act(client, "join-group", account, place=str(group))
    act(client, "grant", account, place=str(group), role="manage_points")
    ask(KITA, who()["now"], session_minutes=600, devices=3)
    page = text(client.get(URL))
    for told in ("Permission: Manages points", "Minutes of a sign-in: 600", "Browsers: 3"):
        assert told in page, told
    assert "Permission: Manages points" in b"".join(client.get(f"{URL}file/")).decode("utf-8-sig")


def test_filters() -> None:
    client, account = at_desk(administrator()), person("kenta")
    act(client, "lock", account)
    group = lifecycle.create_group(
        corporation_id="C1", name="Sales", representative=person("lead", lines=["L1"]), **who()
    )
    groups_actions.add_unit(group, kind=UnitKind.SITE, name="Osaka", **who())
    found = text(client.get(f"{URL}?login_id=kenta"))
    assert ("Account locked" in found, "Department or site added" in found) == (True, False)
    assert "Account locked" not in text(client.get(f"{URL}?act=group"))
    assert "nothing to show" in text(client.get(f"{URL}?until=2020-01-01"))
    for odd in ("since=0001-01-01", "until=9999-12-31", "act=x", "behind=x", "login_id=nobody"):
        assert client.get(f"{URL}?{odd}").status_code == 200, odd


def test_other_corporations_and_groups_are_not_there() -> None:
    stranger, leader, user = person("stranger", "C2"), person("leader", lines=["L1"]), person("user")
    colleague = person("colleague")
    group = lifecycle.create_group(corporation_id="C1", name="Sales", representative=leader, **who())
    groups_actions.grant(group, user, Role.MANAGING_USER, **who())
    for account in (stranger, colleague, leader):
        lifecycle.sign_out(account, **who())
    whole, part = text(at_desk(administrator()).get(URL)), text(at_desk(user).get(URL))
    assert ("Stranger" in whole, "Colleague" in whole, "Leader" in whole) == (False, True, True)
    assert ("Stranger" in part, "Colleague" in part, "Leader" in part) == (False, False, True)
    assert "nothing to show" in text(at_desk(user).get(f"{URL}?login_id=colleague"))
