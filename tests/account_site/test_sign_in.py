"""Signing in by password and a code that is sent."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import override_settings

from noren.accounts import hashing, queries
from noren.accounts.models import Code, Session, SignIn
from noren.accounts.rules import LockReason, SignInResult, State
from noren.lifecycle import actions as lifecycle
from tests.account_site import people
from tests.account_site.people import MAIL, PASSWORD, browser, give_code, give_password, is_in, person, signed_in, texts
from tests.cast import ENGINEER
from tests.lifecycle.cast import sign_ins

pytestmark = pytest.mark.usefixtures("place")


def test_a_right_password_and_the_code_sent_by_mail_open_the_page_that_was_wanted() -> None:
    person()
    client = browser()
    wanted = "/oidc/authorize?client_id=x&state=a%20b"
    assert 'autocomplete="username"' in texts(client.get("/account/login/"))
    assert give_password(client, to=wanted)["Location"] == "/account/login/code/"
    assert not is_in(client)
    page = texts(client.get("/account/login/code/"))
    assert "h***@example.co.jp" in page
    assert MAIL not in page
    assert "localhost:8000" in people.messages()[-1].body
    assert give_code(client)["Location"] == wanted
    assert is_in(client)


@pytest.mark.parametrize("typed", [MAIL, MAIL.upper(), "ｈａｎａｋｏ＠example.co.jp", f"  {MAIL} "])
def test_the_id_may_be_written_in_any_width_and_case(typed: str) -> None:
    person()
    assert give_password(browser(), typed)["Location"] == "/account/login/code/"


def test_the_id_that_a_partner_expects_is_filled_in() -> None:
    assert 'value="taro@example.co.jp"' in texts(browser().get("/account/login/?login=taro%40example.co.jp"))
    hostile = texts(browser().get("/account/login/?login=%22%3E%3Cscript%3E"))
    assert '"><script>' not in hostile


def test_an_employee_signs_in_with_organisation_code_and_number() -> None:
    account_id = person("")
    organisation, number = queries.account(account_id).login_id.split("/")
    client = browser()
    assert 'name="organisation"' in texts(client.get("/account/login/?by=employee"))
    fields = {"by": "employee", "organisation": organisation.upper(), "employee_number": number, "password": PASSWORD}
    assert client.post("/account/login/", fields)["Location"] == "/account/login/code/"
    wrong = client.post("/account/login/", {**fields, "password": "no"})
    assert wrong.status_code in {200, 302}


def test_a_mobile_without_mail_gets_the_code_by_short_message() -> None:
    person("taro", contact_mail="", mobile="+819012345678")
    client = browser()
    give_password(client, "taro")
    assert "***5678" in texts(client.get("/account/login/code/"))
    assert give_code(client, people.last_code("+819012345678")).status_code == 302
    assert is_in(client)


def test_a_wrong_code_is_told_and_five_of_them_spend_the_code() -> None:
    person()
    client = browser()
    give_password(client)
    code = people.last_code()
    wrong = "000000" if code != "000000" else "111111"
    for _number in range(5):
        assert "not the code" in texts(give_code(client, wrong))
    assert "can no longer be used" in texts(give_code(client, code))
    assert not is_in(client)
    assert SignIn.objects.filter(result=SignInResult.WRONG_CODE).count() == 6


def test_another_code_is_sent_only_after_a_minute() -> None:
    person()
    client = browser()
    give_password(client)
    client.post("/account/login/code/", {"action": "resend"})
    assert "a moment ago" in texts(client.get("/account/login/code/"))
    assert Code.objects.count() == 1
    people.later()
    client.post("/account/login/code/", {"action": "resend"})
    assert Code.objects.count() == 2
    assert give_code(client).status_code == 302


def test_the_code_is_nowhere_in_the_session() -> None:
    person()
    client = browser()
    give_password(client)
    assert people.last_code() not in str(dict(client.session))


def test_whatever_is_wrong_is_said_in_the_same_words() -> None:
    person()
    locked, invited = person("locked"), person("invited")
    lifecycle.lock(locked, LockReason.ADMINISTRATOR, actor=ENGINEER, now=people.now())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_account SET state = 'invited' WHERE account_id = %s", [invited])
    tried = [("nobody", PASSWORD), (MAIL, "wrong"), ("locked", PASSWORD), ("locked", "wrong"), ("invited", PASSWORD)]
    pages = {texts(give_password(browser(), *given)).replace(given[0], "X").split("<main")[1] for given in tried}
    assert len({_without_token(page) for page in pages}) == 1
    assert "The ID or the password is wrong." in pages.pop()
    assert people.subjects().count("Signing in was refused") == 2


def _without_token(page: str) -> str:
    return "\n".join(line for line in page.split("\n") if "csrfmiddlewaretoken" not in line)


def test_ten_wrong_passwords_in_a_row_lock_and_the_person_is_told() -> None:
    account_id = person()
    for _number in range(9):
        give_password(browser(), password=people.WRONG)
    assert queries.account(account_id).state == State.ACTIVE
    give_password(browser(), password=people.WRONG)
    assert queries.account(account_id).lock_reason == LockReason.PASSWORDS
    assert "wrong" in texts(give_password(browser()))
    assert "Your account was locked" in people.subjects()


def test_a_right_password_starts_the_count_again() -> None:
    account_id = person()
    for _number in range(9):
        give_password(browser(), password=people.WRONG)
    signed_in()
    give_password(browser(), password=people.WRONG)
    assert queries.account(account_id).state == State.ACTIVE


def test_a_session_is_listed_with_address_browser_and_how_the_person_signed_in() -> None:
    account_id = person()
    signed_in(client=browser("Netscape 4"))
    row = Session.objects.get(account_id=account_id)
    assert row.sid
    assert row.started_at
    assert (row.agent, row.address) == ("Netscape 4", "192.0.2.1")
    assert sign_ins(account_id)[0].methods == ("password", "mail")


def test_last_seen_moves_every_five_minutes_and_no_oftener() -> None:
    person()
    client = signed_in()
    before = client.session["started"]["seen"]
    assert is_in(client)
    assert client.session["started"]["seen"] == before
    session = client.session
    session["started"] = {**session["started"], "seen": (people.now() - timedelta(minutes=6)).isoformat()}
    session.save()
    assert is_in(client)
    assert client.session["started"]["seen"] > before


def test_a_new_browser_is_told_by_mail_and_a_known_one_is_not() -> None:
    person()
    client = signed_in()
    told = "Someone signed in to your account with a new browser"
    assert people.subjects().count(told) == 1
    client.post("/account/logout/")
    people.later()
    signed_in(client=client)
    assert people.subjects().count(told) == 1
    people.later()
    signed_in()
    assert people.subjects().count(told) == 2


@override_settings(NOREN_SIGN_INS_PER_MINUTE=6)
def test_too_many_from_one_address_are_sent_away_for_a_while() -> None:
    for number in range(6):
        assert give_password(browser(), f"nobody{number}").status_code == 200
    answer = give_password(browser(), "nobody")
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60
    assert give_password(browser(address="192.0.2.2"), "nobody").status_code == 200


def test_too_many_for_one_account_are_sent_away_from_wherever_they_come() -> None:
    for number in range(30):
        assert give_password(browser(address=f"192.0.2.{number}"), "nobody").status_code == 200
    assert give_password(browser(address="192.0.2.99"), "nobody").status_code == 429


@override_settings(NOREN_SIGN_INS_PER_MINUTE=6)
def test_too_many_for_one_organisation_are_sent_away() -> None:
    for number in range(60):
        give_password(browser(address=f"192.0.2.{number}"), f"ab12cd/{number}")
    assert give_password(browser(address="192.0.2.99"), "ab12cd/x").status_code == 429
    assert give_password(browser(address="192.0.2.99"), "zz12cd/x").status_code == 200


def test_a_full_queue_of_passwords_answers_429(monkeypatch: pytest.MonkeyPatch) -> None:
    person()
    none_left = threading.BoundedSemaphore(1)
    none_left.acquire()
    monkeypatch.setattr(hashing, "_admitted", none_left)
    answer = give_password(browser())
    assert answer.status_code == 429
    assert answer["Retry-After"] == "2"


def test_nothing_secret_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    person()
    secret = "wrong but secret"
    give_password(browser(), password=secret)
    signed_in()
    for hidden in (PASSWORD, secret, people.last_code()):
        assert all(
            hidden not in record.getMessage() for record in caplog.records if record.name != "django.db.backends"
        )


def test_who_left_half_way_goes_on_to_where_they_want_to_go_now() -> None:
    person()
    client = browser()
    give_password(client, to="/history/")
    assert client.get("/account/login/?next=/oidc/authorize%3Fa%3Db")["Location"] == "/account/login/code/"
    assert give_code(client)["Location"] == "/oidc/authorize?a=b"


def test_who_gives_up_half_way_begins_again_and_somebody_else_may() -> None:
    person()
    person("taro", contact_mail="taro@example.co.jp")
    client = browser()
    give_password(client, to="/history/")
    assert client.post("/account/login/cancel/")["Location"] == "/account/login/?next=%2Fhistory%2F"
    assert client.get("/account/login/").status_code == 200
    give_password(client)
    give_password(client, "taro")
    assert "t***@example.co.jp" in texts(client.get("/account/login/code/"))


def test_next_never_leads_to_another_site() -> None:
    person()
    client = browser()
    give_password(client, to="https://evil.example/")
    assert give_code(client)["Location"] == "/"
