"""Security rules on the admin site: who would be met is shown first, and nobody shuts themselves out by accident."""

from datetime import timedelta

import pytest
from django.utils.timezone import localtime

from noren.accounts.policy import Method, Settings
from noren.groups import actions as groups_actions
from noren.groups import queries as groups
from noren.groups.rules import PolicyPlace, Role
from noren.lifecycle import actions as lifecycle
from tests.admin_site.people import administrator, at_desk, now, person, text, who

pytestmark = pytest.mark.usefixtures("desk")

ALL = PolicyPlace(corporation_id="C1")
URL = "/manage/security/corporation/"


def asked(place: PolicyPlace = ALL) -> Settings:
    return groups.policy(place, now()).settings


def test_it_is_looked_at_and_then_set() -> None:
    client = at_desk(administrator())
    person("kenta")
    form = {"methods": ["passkey", "totp"], "session_minutes": "480"}
    seen = text(client.post(URL, form))
    assert ("Whom this would meet" in seen, asked()) == (True, Settings())
    day = localtime(now()).date() + timedelta(days=14)
    assert client.post(URL, {**form, "grace_until": str(day), "set": "1"})["Location"] == "/manage/security/"
    page = text(client.get("/manage/security/"))
    assert (f"From {day} on" in page, "A sign-in lasts 8 hours at most" in page) == (True, True)
    assert client.post(f"{URL}clear/").status_code == 302
    assert groups.policy(ALL, now()).coming_at is None


def test_at_once_and_whose_rule_it_is() -> None:
    admin = administrator()
    client = at_desk(admin)
    client.post(URL, {"methods": ["passkey", "totp", "mail"], "set": "1"})
    assert asked().methods == frozenset({Method.PASSKEY, Method.APP, Method.MAIL})
    assert "Rule of Kita" in text(client.get("/account/rules/"))


def test_nobody_shuts_themselves_out_by_accident() -> None:
    client = at_desk(administrator())
    form = {"networks": "198.51.100.0/24", "set": "1"}
    told = text(client.post(URL, form))
    assert ("Set it although I am outside" in told, asked()) == (True, Settings())
    assert client.post(URL, {**form, "networks": "192.0.2.0/24"}).status_code == 302
    assert asked().networks == ("192.0.2.0/24",)
    assert client.post(URL, {**form, "confirmed": "on"}).status_code == 302
    assert asked().networks == ("198.51.100.0/24",)


@pytest.mark.parametrize(
    "form",
    [{"networks": "x"}, {"session_minutes": "1"}, {"devices": "0"}, {"methods": ["nonsense"]}, {"grace_until": "x"}],
)
def test_what_cannot_be_is_told_in_the_form(form: dict[str, str]) -> None:
    client = at_desk(administrator())
    for more in ({}, {"set": "1"}):
        answer = client.post(URL, {**form, **more})
        assert (answer.status_code, 'class="errors"' in text(answer)) == (200, True)
    assert asked() == Settings()


def test_a_managing_user_sets_the_rules_of_the_group_alone() -> None:
    leader, user = person("leader", lines=["L1"]), person("user")
    group = lifecycle.create_group(corporation_id="C1", name="Sales", representative=leader, **who())
    groups_actions.grant(group, user, Role.MANAGING_USER, **who())
    client = at_desk(user)
    assert client.get(URL).status_code == 404
    assert client.post(f"/manage/security/{group}/", {"second_factor": "on", "set": "1"}).status_code == 302
    assert asked(PolicyPlace(group_id=str(group))).second_factor
    assert client.get("/manage/security/nothing/").status_code == 404
    groups_actions.revoke(group, user, Role.MANAGING_USER, **who())
    groups_actions.grant(group, user, Role.MANAGE_USERS, **who())
    assert client.get(f"/manage/security/{group}/").status_code == 403
