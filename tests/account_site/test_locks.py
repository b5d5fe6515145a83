"""Wrong codes after the right password lock, too; a reset that a stranger asks for harms nobody."""

import pytest
from django.db import connection
from django.test import Client

from noren.accounts import queries
from noren.accounts.models import Account
from noren.accounts.rules import WRONG_CODES, LockReason, State
from noren.lifecycle import actions as lifecycle
from tests.account_site import people
from tests.account_site.people import MAIL, browser, give_code, give_password, is_in, person, signed_in, texts
from tests.account_site.test_second_factor import code_of, later, second_step, set_up
from tests.cast import ENGINEER

pytestmark = pytest.mark.usefixtures("place")


def patiently() -> None:
    """As if every counter of attempts had run out."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_cache")


def wrong_codes(count: int) -> Client:
    client = browser()
    give_password(client)
    for _number in range(count):
        patiently()
        second_step(client, "000000")
    return client


def test_wrong_codes_in_a_row_lock_and_the_person_is_told() -> None:
    account_id = person()
    secret, _codes = set_up(signed_in())
    later()
    client = wrong_codes(WRONG_CODES - 1)
    assert queries.account(account_id).state is State.ACTIVE
    second_step(client, "000000")
    account = queries.account(account_id)
    assert (account.lock_reason, account.must_change_password) == (LockReason.PASSWORDS, True)
    assert people.subjects().count("Your account was locked") == 1
    assert f"a wrong code was given {WRONG_CODES} times in a row" in people.messages()[-1].body
    patiently()
    assert second_step(client, code_of(secret))["Location"] == "/account/login/"
    assert not is_in(client)


def test_a_right_code_starts_the_count_again() -> None:
    account_id = person()
    secret, _codes = set_up(signed_in())
    later()
    client = wrong_codes(WRONG_CODES - 1)
    patiently()
    second_step(client, code_of(secret))
    assert is_in(client)
    wrong_codes(WRONG_CODES - 1)
    assert queries.account(account_id).state is State.ACTIVE


def test_a_code_by_mail_counts_alike() -> None:
    account_id = person()
    client = browser()
    give_password(client)
    for _number in range(WRONG_CODES):
        patiently()
        give_code(client, "abcdef")
    assert queries.account(account_id).lock_reason is LockReason.PASSWORDS


def test_a_code_that_confirms_counts_alike() -> None:
    account_id = person()
    client = signed_in()
    for _number in range(WRONG_CODES):
        patiently()
        client.post("/account/confirm/", {"code": "abcdef"})
    assert queries.account(account_id).lock_reason is LockReason.PASSWORDS


def test_after_an_unlock_the_count_begins_anew() -> None:
    account_id = person()
    set_up(signed_in())
    later()
    wrong_codes(WRONG_CODES)
    lifecycle.unlock(account_id, actor=ENGINEER, now=people.now())
    assert queries.account(account_id).must_change_password
    wrong_codes(1)
    assert queries.account(account_id).state is State.ACTIVE


def test_wrong_codes_of_a_reset_count_for_nobody() -> None:
    account_id = person()
    for _round in range(WRONG_CODES // 4):
        patiently()
        client = browser()
        client.post("/account/password/reset/", {"login": MAIL})
        for _number in range(4):
            client.post("/account/password/reset/code/", {"code": "abcdef"})
    assert Account.objects.get(pk=account_id).failed_codes == 0
    assert queries.account(account_id).state is State.ACTIVE


def probe(login: str, address: str) -> list[int]:
    """What wrong codes of three resets are answered."""
    found = []
    for _round in range(3):
        client = browser(address=address)
        client.post("/account/password/reset/", {"login": login})
        found += [client.post("/account/password/reset/code/", {"code": "abcdef"}).status_code for _number in range(5)]
    return found


def test_a_reset_tells_by_no_limit_whether_there_is_an_account() -> None:
    person()
    known, unknown = probe(MAIL, "192.0.2.7"), probe("nobody", "192.0.2.8")
    assert known == unknown
    assert 429 in known


def test_wrong_codes_of_a_reset_leave_the_second_step_open() -> None:
    person()
    probe(MAIL, "192.0.2.7")
    assert is_in(signed_in())


def test_a_stranger_does_not_use_up_the_resets_of_an_account() -> None:
    person()
    for number in range(8):
        browser(address="192.0.2.66").post("/account/password/reset/", {"login": MAIL})
        assert number < 5 or browser(address="192.0.2.66").get("/account/password/reset/").status_code == 200
    answer = browser(address="192.0.2.67").post("/account/password/reset/", {"login": MAIL})
    assert answer.status_code == 302


def test_the_resets_of_an_account_have_an_end_from_wherever_they_are_asked() -> None:
    answers = [
        browser(address=f"192.0.2.{number // 5}").post("/account/password/reset/", {"login": "nobody"}).status_code
        for number in range(60)
    ]
    assert answers[:50] == [302] * 50
    assert answers[-1] == 429


def test_the_letter_of_a_locked_account_names_no_unknown_browser() -> None:
    person()
    lure = "Your account expires. Renew: https://evil.example/renew"
    for _number in range(10):
        give_password(browser(lure), password=people.WRONG)
    body = people.messages()[-1].body
    assert "evil.example" not in body
    assert "Browser: Unknown browser" in body


def test_a_locked_account_says_nothing_but_what_all_say() -> None:
    person()
    for _number in range(10):
        give_password(browser(), password=people.WRONG)
    assert "The ID or the password is wrong." in texts(give_password(browser()))
