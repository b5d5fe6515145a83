"""Accepting an invitation by mail, or by a letter for people without mail."""

import pytest
from django.test import Client

from noren.accounts import actions as accounts
from noren.accounts import queries
from noren.accounts.models import Account, Session
from noren.accounts.rules import State
from noren.lifecycle import actions as lifecycle
from noren.members import actions as members
from noren.members.rules import CorporationKind
from tests.account_site import people
from tests.account_site.people import MAIL, PASSWORD, browser, texts
from tests.cast import ENGINEER

pytestmark = pytest.mark.usefixtures("place")

CHOSEN = {"by": "password", "password": PASSWORD, "again": PASSWORD}
PASSKEY = {"by": "passkey"}


def issued(login_id: str = "hanako", mail: str = MAIL) -> str:
    members.add_corporation(
        corporation_id="C1",
        kind=CorporationKind.CORPORATION,
        name="Minato Aoba",
        name_kana="",
        actor=ENGINEER,
        now=people.now(),
    )
    return lifecycle.issue(
        corporation_id="C1",
        login_id=login_id,
        name="Hanako",
        employee_number="" if login_id else "0042",
        contact_mail=mail,
        language="en",
        actor=ENGINEER,
        now=people.now(),
    )


def invited(account_id: str) -> str:
    token = lifecycle.invite(account_id, by="mail", actor=ENGINEER, now=people.now())
    return f"/join/invitation/{token}/"


def lettered(account_id: str) -> str:
    token = lifecycle.invite(account_id, by="letter", actor=ENGINEER, now=people.now())
    return f"/join/letter/{token}/"


def state(account_id: str) -> State:
    return queries.account(account_id).state


def test_opening_the_link_shows_who_invites_whom_and_uses_nothing_up() -> None:
    link = invited(account_id := issued())
    for _look in range(2):
        page = texts(browser().get(link))
        assert "Minato Aoba invites Hanako" in page
        assert "hanako" in page
    assert state(account_id) is State.INVITED


def test_the_person_sets_a_password_and_is_in() -> None:
    link, client = invited(account_id := issued()), browser()
    assert client.post(link, CHOSEN)["Location"] == "/join/welcome/"
    assert (state(account_id), Account.objects.get().check_password(PASSWORD)) == (State.ACTIVE, True)
    assert client.get("/join/welcome/").status_code == 200
    assert client.get("/account/").status_code == 200


def test_a_used_link_says_what_to_do_next() -> None:
    link = invited(issued())
    browser().post(link, CHOSEN)
    for answer in (browser().get(link), browser().post(link, CHOSEN), browser().get("/join/invitation/never/")):
        assert answer.status_code == 410
        assert "ask the administrator" in texts(answer)
    assert Account.objects.count() == 1


def test_a_bad_password_does_not_use_the_link_up() -> None:
    link = invited(account_id := issued())
    page = texts(browser().post(link, {**CHOSEN, "again": "another"}))
    assert "differ" in page
    assert PASSWORD not in page
    assert state(account_id) is State.INVITED
    assert browser().post(link, CHOSEN).status_code == 302


def test_a_newer_invitation_or_another_address_ends_the_older_link() -> None:
    old = invited(account_id := issued())
    new = invited(account_id)
    assert browser().get(old).status_code == 410
    accounts.set_contact_mail(account_id, "other@example.co.jp", actor=ENGINEER, now=people.now())
    assert browser().post(new, CHOSEN).status_code == 410
    assert state(account_id) is State.INVITED


def test_a_letter_leads_to_a_passkey_and_nowhere_else_before() -> None:
    link, client = lettered(account_id := issued("", "")), browser()
    page = texts(client.get(link))
    assert "Hanako" in page
    assert 'type="password"' not in page
    assert client.post(link, PASSKEY)["Location"] == "/account/2fa/passkeys/add/"
    assert client.get("/account/2fa/passkeys/add/").status_code == 200
    assert client.get("/account/")["Location"] == "/account/2fa/"
    assert state(account_id) is State.ACTIVE
    assert browser().post(link, PASSKEY).status_code == 410


def test_a_letter_is_no_invitation_and_takes_no_password() -> None:
    link = lettered(account_id := issued("", ""))
    assert browser().get(link.replace("letter", "invitation")).status_code == 410
    assert browser().post(link, CHOSEN).status_code == 200
    assert state(account_id) is State.INVITED


def test_who_was_signed_in_before_in_this_browser_is_so_no_more() -> None:
    people.person("taro", contact_mail="taro@example.co.jp")
    client: Client = browser()
    people.give_password(client, "taro")
    people.give_code(client, people.last_code("taro@example.co.jp"))
    account_id = lifecycle.issue(
        corporation_id=people.CORPORATION,
        login_id="jiro",
        name="Jiro",
        contact_mail=MAIL,
        language="en",
        actor=ENGINEER,
        now=people.now(),
    )
    client.post(invited(account_id), CHOSEN)
    assert client.session["_auth_user_id"] == account_id
    assert Session.objects.filter(account_id=account_id).count() == 1
