"""Out of scope is not there, in scope and not allowed is told, an old second factor is asked for anew."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from noren.accounts import queries as accounts
from noren.admin_site import urls
from noren.admin_site.acts import ACTS
from noren.groups import actions as groups
from noren.groups.rules import Permission, Role, UnitKind
from noren.lifecycle import actions as lifecycle
from noren.web.factors import SEEN
from tests.admin_site.people import act, administrator, at_desk, now, person, text, who

pytestmark = pytest.mark.usefixtures("desk")

PAGES = [
    "",
    "accounts/",
    "accounts/file/",
    "accounts/issue/",
    "groups/",
    "groups/make/",
    "groups/apply/",
    "use/",
    "use/file/",
]


def status(client: Client, path: str) -> int:
    return int(client.get(f"/manage/{path}").status_code)


def test_every_page_names_a_permission() -> None:
    patterns = [entry for entry in urls.urlpatterns if isinstance(entry, URLPattern)]
    assert len(patterns) == len(urls.urlpatterns) > 20
    for entry in patterns:
        view: Any = entry.callback
        while not hasattr(view, "permission"):
            assert hasattr(view, "__wrapped__"), f"{entry.name} opens to everybody who is signed in"
            view = view.__wrapped__
        assert isinstance(view.permission, Permission)
    assert get_resolver().reverse_dict


@pytest.mark.parametrize("path", PAGES)
def test_pages_open_to_administrators_alone(path: str) -> None:
    assert status(at_desk(administrator()), path) == 200
    assert status(at_desk(person("employee")), path) == 403
    answer = Client(HTTP_HOST="localhost:8000").get(f"/manage/{path}")
    assert answer["Location"].startswith("/account/login/")


def test_an_old_second_factor_is_asked_for() -> None:
    admin = administrator()
    client = at_desk(admin, minutes_ago=11)
    assert (
        client.get("/manage/accounts/?text=x")["Location"]
        == "/account/second-step/?next=%2Fmanage%2Faccounts%2F%3Ftext%3Dx"
    )
    asked = client.get("/account/second-step/?next=/manage/")
    assert asked["Location"].startswith("/account/confirm/")
    assert at_desk(admin).get("/account/second-step/?next=/manage/")["Location"] == "/manage/"


def test_reading_keeps_the_site_open_and_changing_does_not() -> None:
    client = at_desk(administrator(), minutes_ago=11)
    session = client.session
    session[SEEN] = (now() - timedelta(minutes=9)).isoformat()
    session.save()
    assert (status(client, "accounts/"), status(client, "accounts/issue/")) == (200, 302)
    session = client.session
    session[SEEN] = (now() - timedelta(minutes=11)).isoformat()
    session.save()
    assert status(client, "accounts/") == 302


def test_other_corporations_are_not_there() -> None:
    client, stranger = at_desk(administrator()), person("stranger", "C2")
    assert status(client, f"accounts/of/{stranger}/") == status(client, "accounts/of/nobody/") == 404
    for name in ACTS:
        assert status(client, f"accounts/act/{name}/?account={stranger}") == 404, name
    for path in ("data/", "id/", "contact/", "lines/"):
        assert status(client, f"accounts/of/{stranger}/{path}") == 404
    assert "stranger" not in text(client.get("/manage/accounts/?text=stranger")).partition("<tbody>")[2]
    group = lifecycle.create_group(corporation_id="C2", name="Plant", representative=stranger, **who())
    for path in ("", "settings/", "add/", "units/", "representative/", "dissolve/"):
        assert status(client, f"groups/{group}/{path}") == 404


def test_a_delegate_touches_their_unit_and_nothing_else() -> None:
    leader, clerk, inside, outside = (
        person("leader", lines=["L1"]),
        person("clerk"),
        person("inside"),
        person("outside"),
    )
    group = lifecycle.create_group(corporation_id="C1", name="Sales", representative=leader, **who())
    unit = groups.add_unit(group, kind=UnitKind.SITE, name="Osaka", **who())
    lifecycle.join_group(group, account_ids=[inside], unit_id=unit, **who())
    lifecycle.join_group(group, account_ids=[outside], **who())
    groups.grant(group, clerk, Role.MANAGE_USERS, units=[unit], **who())
    client = at_desk(clerk)
    assert status(client, f"accounts/of/{inside}/") == 200
    assert status(client, f"accounts/of/{outside}/") == status(client, f"accounts/of/{leader}/") == 404
    assert status(client, f"accounts/act/lock/?account={inside}") == 200
    assert status(client, f"accounts/act/abolish/?account={inside}") == 403
    assert status(client, f"groups/{group}/") == 200
    assert status(client, f"groups/{group}/settings/") == status(client, f"groups/{group}/dissolve/") == 403
    page = text(client.get("/manage/accounts/"))
    assert ("Inside" in page, "Outside" in page, "Leader" in page) == (True, False, False)


def test_nobody_touches_who_may_more() -> None:
    leader, user = person("leader", lines=["L1"]), person("user")
    group = lifecycle.create_group(corporation_id="C1", name="Sales", representative=leader, **who())
    admin = administrator()
    lifecycle.join_group(group, account_ids=[user, admin], **who())
    groups.grant(group, user, Role.MANAGING_USER, **who())
    client = at_desk(user)
    for account_id in (leader, admin):
        assert status(client, f"accounts/of/{account_id}/") == 200
        assert status(client, f"accounts/act/reset-password/?account={account_id}") == 403
        assert status(client, f"accounts/of/{account_id}/contact/") == 403
    assert status(at_desk(leader), f"accounts/act/lock/?account={user}") == 200
    assert status(at_desk(admin), f"accounts/act/lock/?account={leader}") == 200


def test_a_selection_with_a_stranger_in_it_does_nothing() -> None:
    client, own, stranger = at_desk(administrator()), person("own"), person("stranger", "C2")
    answer = client.post("/manage/accounts/choose/", {"act": "lock", "account": [own, stranger]})
    assert client.get(answer["Location"]).status_code == 404
    assert client.post(answer["Location"], {}).status_code == 404
    assert accounts.account(own).lock_reason is None
    assert act(client, "lock", own).status_code == 200


def test_a_colleague_with_a_role_elsewhere_is_not_pulled_into_a_group() -> None:
    leader, admin, other = person("leader", lines=["L1"]), administrator(), person("other", lines=["L2"])
    group = lifecycle.create_group(corporation_id="C1", name="Sales", representative=leader, **who())
    second = lifecycle.create_group(corporation_id="C1", name="Plant", representative=other, **who())
    holder, plain = person("holder"), person("plain")
    groups.grant(second, holder, Role.MANAGE_POINTS, **who())
    client, url = at_desk(leader), f"/manage/groups/{group}/add/"
    for account in (admin, holder):
        assert client.post(url, {"account": [account]}).status_code == 403
    assert client.post(url, {"account": [plain]}).status_code == 302


def test_a_role_is_given_by_who_stands_above_it_in_that_group() -> None:
    leader, other, plain = person("leader", lines=["L1"]), person("other", lines=["L2"]), person("plain")
    group = lifecycle.create_group(corporation_id="C1", name="Sales", representative=leader, **who())
    second = lifecycle.create_group(corporation_id="C1", name="Plant", representative=other, **who())
    lifecycle.join_group(group, account_ids=[plain], **who())
    groups.grant(second, leader, Role.MANAGING_USER, **who())
    client = at_desk(leader)
    assert "You may not give or take" in text(act(client, "grant", plain, place=str(second), role="managing_user"))
    assert act(client, "grant", plain, place=str(second), role="manage_users").status_code == 200
    assert act(client, "grant", plain, place=str(group), role="managing_user").status_code == 200


def test_the_last_administrator_stays() -> None:
    admin = administrator()
    page = text(act(at_desk(admin), "abolish", admin, typed="on"))
    assert ("account.own" in page, accounts.account(admin).state.value) == (True, "active")


def test_what_is_confirmed_is_what_was_shown() -> None:
    client, one, other = at_desk(administrator()), person("one"), person("other")
    url = client.post("/manage/accounts/choose/", {"act": "lock", "account": [one]})["Location"]
    shown = re.search(r'name="shown" value="([^"]+)"', text(client.get(url)))
    assert shown is not None
    client.post("/manage/accounts/choose/", {"act": "lock", "account": [other]})
    assert "Other accounts have been chosen" in text(client.post(url, {"shown": shown[1]}))
    assert accounts.account(other).lock_reason is None


def test_a_unit_sees_its_own_part_of_a_group() -> None:
    leader, clerk, boss = person("leader", lines=["L1"]), person("clerk"), person("boss")
    group = lifecycle.create_group(corporation_id="C1", name="Sales", representative=leader, **who())
    own, other = (groups.add_unit(group, kind=UnitKind.SITE, name=name, **who()) for name in ("Osaka", "Kobe"))
    groups.grant(group, clerk, Role.MANAGE_USERS, units=[own], **who())
    groups.grant(group, boss, Role.MANAGE_USERS, units=[other], **who())
    page = text(at_desk(clerk).get(f"/manage/groups/{group}/"))
    assert ("Osaka" in page, "Kobe" in page, "Boss" in page, "Leader" in page) == (True, False, False, False)


def test_a_zero_byte_is_a_bad_request() -> None:
    client = at_desk(administrator())
    assert client.get("/manage/accounts/act/lock/?account=%00").status_code == 400
    assert client.get("/manage/accounts/of/%00/").status_code == 400
    assert client.post("/manage/accounts/views/", {"forget": "\0"}).status_code == 400
