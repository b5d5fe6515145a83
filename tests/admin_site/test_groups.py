"""Groups on the admin site: made, filled, delegated, ended."""

from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from noren.groups import actions as groups_actions
from noren.groups import queries as groups
from noren.groups.rules import GroupState, PoolView, Role, candidates
from noren.lifecycle import actions as lifecycle
from tests.admin_site.people import administrator, at_desk, person, text, who

pytestmark = pytest.mark.usefixtures("desk")


def test_a_group_from_making_to_dissolving() -> None:
    admin = administrator(lines=["L1"])
    client, employee = at_desk(admin), person("kenta", lines=["L2"])
    made = client.post("/manage/groups/make/", {"name": "Sales", "login_id": "admin"})
    url = made["Location"]
    [group] = groups.groups(candidates("C1"))
    assert "is taken" in text(client.post("/manage/groups/make/", {"name": "Sales", "login_id": "admin"}))
    assert "no account with this ID" in text(client.post("/manage/groups/make/", {"name": "X", "login_id": "nobody"}))
    assert client.post(f"{url}units/", {"name": "Osaka", "kind": "site"}).status_code == 302
    [unit] = groups.units(group.group_id)
    assert "Kenta" in text(client.get(f"{url}add/?text=kenta"))
    assert client.post(f"{url}add/", {"account": [employee], "unit": unit.unit_id}).status_code == 302
    assert groups.place_of(employee).unit_id == str(unit.unit_id)
    assert "Kenta" not in text(client.get(f"{url}add/?text=kenta"))
    client.post(f"{url}settings/", {"name": "Sales East", "pool_view": "own", "members_spend": "on"})
    found = groups.group(group.group_id)
    assert (found.name, found.pool_view, found.members_spend) == ("Sales East", PoolView.OWN, True)
    groups_actions.grant(group.group_id, employee, Role.MANAGE_POINTS, **who())
    assert "Manages points" in text(client.get(url))
    client.post(f"{url}revoke/", {"account": employee, "role": "manage_points"})
    assert groups.roles_of([employee]) == {}
    client.post(f"{url}representative/", {"login_id": "kenta"})
    assert groups.roles_of([employee]) == {employee: {Role.REPRESENTATIVE}}
    client.post(f"{url}units/{unit.unit_id}/remove/")
    assert groups.units(group.group_id) == ()
    assert "This is not its name." in text(client.post(f"{url}dissolve/", {"typed": "Sales"}))
    assert client.post(f"{url}dissolve/", {"typed": "Sales East"})["Location"] == "/manage/"
    assert groups.group(group.group_id).state is GroupState.DISSOLVED


def test_a_managing_user_adds_people_of_the_company_and_nobody_else() -> None:
    leader, user = person("leader", lines=["L1"]), person("user")
    group = lifecycle.create_group(corporation_id="C1", name="Sales", representative=leader, **who())
    groups_actions.grant(group, user, Role.MANAGING_USER, **who())
    colleague, stranger = person("colleague"), person("stranger", "C2")
    client, url = at_desk(user), f"/manage/groups/{group}/add/"
    page = text(client.get(url))
    assert ("Colleague" in page, "Stranger" in page, "Leader" in page) == (True, False, False)
    assert client.post(url, {"account": [colleague, stranger]}).status_code == 404
    assert client.post(url, {"account": [leader]}).status_code == 404
    assert client.post(url, {"account": [colleague], "unit": "x"}).status_code == 404
    assert client.post(url, {"account": [colleague]}).status_code == 302
    assert groups.place_of(colleague).group_id == str(group)


def across(admin: str, other: str) -> UUID:
    """A group of the first corporation in which the second takes part."""
    group = groups_actions.apply(
        corporation_id="C1",
        name="Holding",
        representative=admin,
        partners={"C2": "subsidiary"},
        evidence_name="register.pdf",
        evidence=b"%PDF",
        starts_on=who()["now"].date(),
        **who(),
    )
    groups_actions.consent(group, "C2", account_id=other, **who())
    groups_actions.decide(group, approve=True, **who())
    return group


def test_a_group_across_companies_is_applied_for_and_consented_to() -> None:
    admin, other = administrator(lines=["L1"]), administrator("other", "C2")
    evidence = SimpleUploadedFile("register.pdf", b"%PDF")
    asked = {
        "name": "Holding",
        "login_id": "admin",
        "partner": "C2",
        "capital_tie": "subsidiary",
        "starts_on": str(who()["now"].date()),
    }
    assert "Add the document." in text(at_desk(admin).post("/manage/groups/apply/", asked))
    assert at_desk(admin).post("/manage/groups/apply/", {**asked, "evidence": evidence}).status_code == 302
    [waiting] = groups.consents("C2")
    assert "asks for your consent to the group Holding" in text(at_desk(other).get("/manage/groups/"))
    assert at_desk(admin).post(f"/manage/groups/{waiting.group_id}/consent/").status_code == 404
    assert at_desk(other).post(f"/manage/groups/{waiting.group_id}/consent/").status_code == 302
    assert groups.consents("C2") == ()
    groups_actions.decide(waiting.group_id, approve=True, **who())
    assert groups.group(waiting.group_id).state is GroupState.ACTIVE


def test_a_corporation_puts_its_own_people_into_a_group_across_companies_and_takes_part_no_more() -> None:
    admin, other, chief = administrator(lines=["L1"]), person("other", "C2"), administrator("chief", "C2")
    leader, theirs = person("leader"), person("theirs", "C2")
    group = across(admin, other)
    client, url = at_desk(chief), f"/manage/groups/{group}/"
    assert "Holding" in text(client.get("/manage/groups/"))
    assert [client.get(url).status_code, client.get(f"{url}settings/").status_code] == [404, 404]
    page = text(client.get(f"{url}add/"))
    assert ("Theirs" in page, "Leader" in page) == (True, False)
    assert client.post(f"{url}add/", {"account": [leader]}).status_code == 404
    assert client.post(f"{url}add/", {"account": [theirs, other]})["Location"] == "/manage/groups/"
    assert [groups.place_of(one).group_id for one in (theirs, other)] == [str(group)] * 2
    assert at_desk(person("clerk", "C2")).get(f"{url}add/").status_code == 403
    assert client.post(f"/manage/accounts/act/leave-group/?account={theirs}", {"reason": ""}).status_code == 302
    assert groups.place_of(theirs).group_id == ""
    assert at_desk(admin).post(f"{url}withdraw/").status_code == 404
    assert "Accounts and lines that left: 1" in text(client.post(f"{url}withdraw/", follow=True))
    assert groups.place_of(other).group_id == ""
    assert client.get(f"{url}add/").status_code == 404
