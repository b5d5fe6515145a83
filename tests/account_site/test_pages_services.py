"""Linked services: what they are given, and releasing them one by one."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from noren.accounts import queries
from noren.accounts.models import Code
from noren.accounts.sessions import SID
from noren.sso import actions as sso
from noren.sso import queries as services
from noren.sso.models import Grant
from tests.account_site import people
from tests.account_site.people import MAIL, browser, person, signed_in, texts
from tests.cast import ENGINEER

pytestmark = pytest.mark.usefixtures("place")


def linked(account_id: str, name: str, *scopes: str) -> str:
    """A service to which the account is linked."""
    made = sso.add_client(name=name, redirect_uris=["https://a.example/cb"], actor=ENGINEER, now=people.now())
    sso.consent(account_id, made.client_id, ["openid", *scopes], actor=ENGINEER, now=people.now())
    return made.client_id


def granted(client: Client, client_id: str) -> Grant:
    """What the service got from that browser."""
    account = queries.account(client.session["_auth_user_id"])
    row = services.client(client_id)
    assert row is not None
    return Grant.objects.create(
        client_id=client_id,
        account_id=account.account_id,
        epoch=account.epoch,
        sid=UUID(client.session[SID]),
        scope="openid",
        subject="s",
        auth_time=0,
        acr="",
        made_at=people.now(),
    )


def test_a_service_is_listed_with_what_it_learns_and_released() -> None:
    client_id = linked(account_id := person(), "Partner service", "profile", "email")
    other = linked(account_id, "Another one")
    client = signed_in()
    assert "Partner service" in texts(client.get("/account/services/"))
    detail = texts(client.get(f"/account/services/{client_id}/"))
    assert "Hanako" in detail
    assert MAIL in detail
    assert "Department" not in detail
    assert "nothing else" in texts(client.get(f"/account/services/{other}/"))
    grant = granted(client, client_id)
    assert "Release Partner service?" in texts(client.get(f"/account/services/{client_id}/release/"))
    assert len(services.linked_services(account_id)) == 2
    done = client.post(f"/account/services/{client_id}/release/", follow=True)
    assert "Partner service is released." in texts(done)
    assert [row.client_id for row in services.linked_services(account_id)] == [other]
    grant.refresh_from_db()
    assert grant.revoked_at is not None
    assert client.get(f"/account/services/{client_id}/").status_code == 404


def test_signing_a_browser_out_from_afar_ends_what_services_got_from_it() -> None:
    client_id = linked(account_id := person(), "Partner service")
    here = signed_in()
    Code.objects.update(made_at=people.now() - timedelta(minutes=2))
    there = signed_in(client=browser("Other browser"))
    mine, theirs = granted(here, client_id), granted(there, client_id)
    key = next(row.key_hash for row in queries.sessions(account_id, people.now()) if row.agent == "Other browser")
    here.post("/account/sessions/", {"key": key})
    for grant in (mine, theirs):
        grant.refresh_from_db()
    assert (mine.revoked_at, theirs.revoked_at is not None) == (None, True)


def test_a_service_that_was_removed_is_not_listed() -> None:
    account_id = person()
    kept, removed = linked(account_id, "Partner service"), linked(account_id, "Another one")
    sso.disable_client(removed, actor=ENGINEER, now=people.now())
    assert [one.client_id for one in services.linked_services(account_id)] == [kept]


def test_a_service_that_wants_a_second_factor_gets_it() -> None:
    account_id = person()
    client_id = linked(account_id, "Partner service")
    client = signed_in()
    session = client.session
    kept = [one for one in session["account_authentication_methods"] if one["method"] == "password"]
    session["account_authentication_methods"] = kept
    session.save()
    Code.objects.update(made_at=people.now() - timedelta(minutes=5))
    asked = {
        "client_id": client_id,
        "redirect_uri": "https://a.example/cb",
        "response_type": "code",
        "scope": "openid",
        "code_challenge": "x" * 43,
        "code_challenge_method": "S256",
        "claims": '{"id_token": {"acr": {"essential": true, "value": "urn:noren:acr:2"}}}',
    }
    step_up = client.get("/oidc/authorize", asked)["Location"]
    assert step_up.startswith("/account/step-up/?next=")
    confirm = client.get(step_up)["Location"]
    assert confirm.startswith("/account/confirm/?next=%2Foidc%2Fauthorize")
    client.post(confirm, {"send": "1"})
    back = client.post(confirm, {"code": people.last_code()})["Location"]
    assert client.get(back)["Location"].startswith("https://a.example/cb?code=")
    assert Grant.objects.get(client_id=client_id).acr == "urn:noren:acr:2"
