"""Whoever has a factor of their own shows that one; nothing weaker changes or removes it."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from noren.accounts import queries
from noren.accounts.rules import TwoStep
from tests.account_site import people
from tests.account_site.people import PASSWORD, person, signed_in
from tests.account_site.test_pages import stale, unhurried
from tests.account_site.test_second_factor import code_of, later, set_up

pytestmark = pytest.mark.usefixtures("place")

FACTOR_PAGES = ["two-step/", "2fa/app/remove/", "2fa/passkeys/add/", "2fa/recovery-codes/", "2fa/recovery-codes/new/"]


def with_app() -> tuple[Client, str]:
    """A browser whose person has an app, some time after it was set up."""
    client = signed_in()
    secret, _codes = set_up(client)
    later()
    stale(client)
    return client, secret


def kinds(account_id: str) -> set[str]:
    return set(Authenticator.objects.filter(user_id=account_id).values_list("type", flat=True))


@pytest.mark.parametrize("url", FACTOR_PAGES)
def test_the_password_again_changes_no_factor(url: str) -> None:
    account_id = person()
    client, _secret = with_app()
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    for answer in (client.get(f"/account/{url}"), client.post(f"/account/{url}", {"two_step": "weak"})):
        assert answer["Location"].startswith("/account/2fa/reauthenticate/?next=")
    assert kinds(account_id) == {"totp", "recovery_codes"}
    assert queries.account(account_id).two_step is TwoStep.STRONG


@pytest.mark.parametrize("url", FACTOR_PAGES)
def test_the_factor_itself_opens_them(url: str) -> None:
    person()
    client, secret = with_app()
    to = f"/account/{url}"
    answer = client.post("/account/2fa/reauthenticate/", {"code": code_of(secret), "next": to})
    assert answer["Location"] == to
    assert client.get(to).status_code == 200


def test_a_code_by_mail_is_not_offered_to_whoever_has_a_factor() -> None:
    person()
    client, _secret = with_app()
    unhurried()
    sent = len(people.messages())
    answer = client.post("/account/confirm/?next=/account/mail/", {"send": "1"})
    assert answer["Location"] == "/account/2fa/reauthenticate/?next=%2Faccount%2Fmail%2F"
    assert len(people.messages()) == sent


def test_a_code_by_mail_from_before_counts_no_more_when_there_is_a_factor() -> None:
    person()
    client = signed_in()
    set_up(client)
    session = client.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [one for one in records if one["method"] != "mfa"]
    session.save()
    assert client.get("/account/mail/")["Location"].startswith("/account/2fa/reauthenticate/")


def test_a_passkey_is_removed_only_by_who_shows_a_factor() -> None:
    account_id = person()
    client, _secret = with_app()
    made = Authenticator.objects.create(user_id=account_id, type="webauthn", data={"name": "Key", "credential": {}})
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    answer = client.post(f"/account/2fa/passkeys/{made.pk}/remove/")
    assert answer["Location"].startswith("/account/2fa/reauthenticate/")
    assert "webauthn" in kinds(account_id)


def test_an_app_beside_a_passkey_is_set_up_only_by_who_shows_the_passkey() -> None:
    account_id = person()
    client = signed_in()
    Authenticator.objects.create(user_id=account_id, type="webauthn", data={"name": "Key", "credential": {}})
    assert client.get("/account/2fa/app/")["Location"].startswith("/account/2fa/passkeys/reauthenticate/")


def test_the_first_factor_is_set_up_by_password_and_its_codes_are_shown_at_once() -> None:
    person()
    client = signed_in()
    stale(client)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    _secret, codes = set_up(client)
    assert len(codes) == 10
