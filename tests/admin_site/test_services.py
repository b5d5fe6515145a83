"""Which services accounts may be linked to: denied ones end at once and cannot be linked again."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from noren.groups import queries as groups
from noren.groups.rules import PolicyPlace
from noren.lifecycle import actions as lifecycle
from noren.sso import actions as sso
from noren.sso import queries as linked_to
from tests.admin_site.people import administrator, at_desk, now, person, text, who

pytestmark = pytest.mark.usefixtures("desk")


def a_service() -> Any:
    return sso.add_client(name="Wiki", redirect_uris=["https://wiki.example/callback"], **who())


def asks(client: Client, service: Any) -> Any:
    query = {
        "response_type": "code",
        "client_id": service.client_id,
        "redirect_uri": "https://wiki.example/callback",
        "scope": "openid",
        "state": "s",
        "nonce": "n",
        "code_challenge": "x" * 43,
        "code_challenge_method": "S256",
    }
    return client.get(f"/oidc/authorize?{urlencode(query)}")


def test_a_denied_service_is_released_and_cannot_be_linked() -> None:
    client, kenta, service = at_desk(administrator()), person("kenta"), a_service()
    sso.consent(kenta, service.client_id, ["openid"], **who())
    url = f"/manage/services/corporation/{service.client_id}/"
    client.post(url, {"deny": "1"})
    assert "Wiki is denied; accounts released: 1." in text(client.get("/manage/services/"))
    assert linked_to.linked_services(kenta) == ()
    assert "error=access_denied" in asks(at_desk(kenta), service)["Location"]
    client.post(url, {"allow": "1"})
    assert asks(at_desk(kenta), service).status_code == 200


def test_a_group_denies_it_for_its_members_alone() -> None:
    leader, kenta, service = person("leader", lines=["L1"]), person("kenta"), a_service()
    group = lifecycle.create_group(corporation_id="C1", name="Sales", representative=leader, **who())
    client = at_desk(leader)
    client.post(f"/manage/services/{group}/{service.client_id}/", {"deny": "1"})
    assert groups.denied_services(PolicyPlace(group_id=str(group))) == {service.client_id}
    assert [groups.may_link(one, service.client_id) for one in (leader, kenta)] == [False, True]
    lifecycle.join_group(group, account_ids=[kenta], **who())
    assert not groups.may_link(kenta, service.client_id)
    assert now()


def test_places_and_services_of_others_are_not_there() -> None:
    client, service = at_desk(administrator()), a_service()
    assert client.post("/manage/services/corporation/nothing/", {"deny": "1"}).status_code == 404
    assert client.post(f"/manage/services/nowhere/{service.client_id}/", {"deny": "1"}).status_code == 404
