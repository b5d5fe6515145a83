"""Forgotten and changed passwords, and the emergency lock."""

import re
from typing import Any

import pytest
from django.test import Client

from noren.accounts import queries
from noren.accounts.rules import LockReason, State
from noren.lifecycle import actions as lifecycle
from tests.account_site import people
from tests.account_site.people import MAIL, browser, give_code, give_password, is_in, person, signed_in, texts
from tests.cast import ENGINEER

pytestmark = pytest.mark.usefixtures("place")

NEW = "a quite different one"


def ask(client: Client, login: str = MAIL) -> Any:
    return client.post("/account/password/reset/", {"login": login, "next": "/history/"})


def reset(client: Client, code: str = "") -> Any:
    ask(client)
    client.post("/account/password/reset/code/", {"code": code or people.last_code()})
    return client.post("/account/password/reset/new/", {"password1": NEW, "password2": NEW, "next": "/history/"})


def test_a_forgotten_password_is_reset_with_a_code_by_mail() -> None:
    person()
    client = browser()
    assert reset(client)["Location"] == "/account/login/?next=%2Fhistory%2F"
    assert not is_in(client)
    assert give_password(browser()).status_code == 200
    assert give_password(client, password=NEW)["Location"] == "/account/login/code/"
    assert "Your password was reset" in people.subjects()


def test_the_contact_mail_names_the_account_too() -> None:
    person("hanako")
    assert reset(browser())["Location"].startswith("/account/login/")
    assert give_password(browser(), "hanako", NEW)["Location"] == "/account/login/code/"


def test_an_address_of_several_accounts_is_told_their_ids() -> None:
    person("hanako")
    person("hanako2")
    ask(browser())
    assert people.subjects() == ["Which account do you mean?"]
    assert "hanako2" in people.messages()[0].body
    for number in range(8):
        ask(browser(address=f"192.0.2.{number + 10}"))
    assert len(people.subjects()) == 5


def test_the_pages_are_the_same_whether_there_is_an_account_or_not() -> None:
    person()
    pages = []
    for login in (MAIL, "nobody"):
        client = browser()
        to = ask(client, login)["Location"]
        shown = [texts(client.get(to))]
        shown += [texts(client.post(to, {"code": "abc", "next": "/history/"})) for _number in range(4)]
        last = client.post(to, {"code": "abc"})
        pages.append(([_without_token(page) for page in shown], last["Location"]))
    assert pages[0] == pages[1]
    assert "If there is such an account" in pages[0][0][0]


def _without_token(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def test_a_new_password_is_not_set_without_the_code() -> None:
    person()
    client = browser()
    ask(client)
    assert client.get("/account/password/reset/new/")["Location"] == "/account/password/reset/"
    assert client.post("/account/password/reset/new/", {"password1": NEW, "password2": NEW}).status_code == 302
    assert give_password(browser(), password=NEW).status_code == 200


def test_a_code_of_a_reset_is_good_for_ten_minutes() -> None:
    person()
    client = browser()
    ask(client)
    client.post("/account/password/reset/code/", {"code": people.last_code()})
    page = "/account/password/reset/new/"
    assert client.get(page).status_code == 200
    session = client.session
    session["reset_proved"] = {**session["reset_proved"], "at": session["reset_proved"]["at"] - 601}
    session.save()
    assert client.post(page, {"password1": NEW, "password2": NEW})["Location"] == "/account/password/reset/"
    assert give_password(browser(), password=NEW).status_code == 200


def test_a_reset_unlocks_what_wrong_passwords_locked() -> None:
    account_id = person()
    for _number in range(10):
        give_password(browser(), password=people.WRONG)
    assert queries.account(account_id).state == State.LOCKED
    reset(browser())
    assert queries.account(account_id).state == State.ACTIVE


def test_a_reset_does_not_unlock_what_an_administrator_locked() -> None:
    account_id = person()
    lifecycle.lock(account_id, LockReason.ADMINISTRATOR, actor=ENGINEER, now=people.now())
    assert ask(browser())["Location"].startswith("/account/password/reset/code/")
    assert people.subjects() == ["Signing in was refused"]


def test_a_changed_password_ends_every_other_browser() -> None:
    person()
    here, there = signed_in(), browser()
    people.later()
    signed_in(client=there)
    page = "/account/password/change/"
    assert 'autocomplete="current-password"' in texts(here.get(page))
    assert "differ" in texts(here.post(page, {"oldpassword": people.PASSWORD, "password1": NEW, "password2": "x" * 9}))
    assert "wrong" in texts(here.post(page, {"oldpassword": "x", "password1": NEW, "password2": NEW}))
    assert here.post(page, {"oldpassword": people.PASSWORD, "password1": NEW, "password2": NEW}).status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert "Your password was changed" in people.subjects()


def lock_link() -> str:
    body = next(message.body for message in people.messages() if message.subject.startswith("Someone signed in"))
    found = re.search(r"http://localhost:8000(/account/lock/\S+/)", body)
    assert found
    return found[1]


def test_the_link_in_a_notice_locks_only_when_its_button_is_pressed() -> None:
    account_id = person()
    client = signed_in()
    stranger = browser()
    assert "Lock the account" in texts(stranger.get(lock_link()))
    assert queries.account(account_id).state == State.ACTIVE
    assert "Nobody can use" in texts(stranger.post(lock_link()))
    assert queries.account(account_id).lock_reason == LockReason.SELF
    assert not is_in(client)
    assert stranger.post(lock_link()).status_code == 400
    assert give_code(browser()).status_code == 302


def test_who_is_signed_in_and_locked_is_out_at_once() -> None:
    account_id = person()
    client = signed_in()
    lifecycle.lock(account_id, LockReason.ADMINISTRATOR, actor=ENGINEER, now=people.now())
    assert not is_in(client)


def test_a_code_that_comes_after_the_lock_opens_nothing() -> None:
    account_id = person()
    client = browser()
    give_password(client)
    lifecycle.lock(account_id, LockReason.ADMINISTRATOR, actor=ENGINEER, now=people.now())
    assert give_code(client)["Location"] == "/account/login/"
    assert not is_in(client)
