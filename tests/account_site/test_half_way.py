"""A sign-in that stopped before its second step, and where it may lead."""

from collections.abc import Callable

import pytest

from noren.accounts import actions as accounts
from noren.accounts.rules import LockReason
from noren.lifecycle import actions as lifecycle
from tests.account_site import people
from tests.account_site.people import browser, give_code, give_password, is_in, person, signed_in
from tests.account_site.test_second_factor import code_of, later, second_step, set_up
from tests.cast import ENGINEER

pytestmark = pytest.mark.usefixtures("place")


def new_password(account_id: str) -> None:
    lifecycle.password_changed(account_id, password="quite another one", actor=ENGINEER, now=people.now())


def lock_and_unlock(account_id: str) -> None:
    lifecycle.lock(account_id, LockReason.ADMINISTRATOR, actor=ENGINEER, now=people.now())
    lifecycle.unlock(account_id, actor=ENGINEER, now=people.now())


ENDINGS = [new_password, lock_and_unlock]


@pytest.mark.parametrize("end", ENDINGS)
def test_what_ends_sign_ins_ends_one_that_waits_for_its_code(end: Callable[[str], None]) -> None:
    account_id, client = person(), browser()
    give_password(client)
    end(account_id)
    assert give_code(client)["Location"] == "/account/login/"
    assert not is_in(client)
    assert client.get("/account/login/code/")["Location"] == "/account/login/"


@pytest.mark.parametrize("end", ENDINGS)
def test_what_ends_sign_ins_ends_one_that_waits_for_a_factor(end: Callable[[str], None]) -> None:
    account_id = person()
    secret, _codes = set_up(signed_in())
    later()
    client = browser()
    give_password(client)
    end(account_id)
    assert second_step(client, code_of(secret))["Location"] == "/account/login/"
    assert not is_in(client)


@pytest.mark.parametrize("end", ENDINGS)
def test_what_ends_sign_ins_ends_one_that_waits_for_the_question_of_trust(end: Callable[[str], None]) -> None:
    account_id, client = person(), browser()
    people.weak(account_id)
    give_password(client)
    assert give_code(client)["Location"] == "/account/2fa/trust/"
    end(account_id)
    assert client.post("/account/2fa/trust/", {"action": "trust"})["Location"] == "/account/login/"
    assert not is_in(client)


def test_a_code_that_comes_after_the_lock_is_answered_as_before() -> None:
    account_id, client = person(), browser()
    give_password(client)
    accounts.lock(account_id, LockReason.ADMINISTRATOR, actor=ENGINEER, now=people.now())
    assert give_code(client)["Location"] == "/account/login/"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "http://localhost:5555/x",
        "http://127.0.0.1:8080/x",
        "http://localhost:8000/history/",
        "//localhost/x",
        "/\\evil.example",
        "history/",
        "https:evil.example",
    ],
)
def test_the_way_on_is_a_path_of_this_installation(elsewhere: str) -> None:
    person()
    client = browser()
    give_password(client, to=elsewhere)
    assert give_code(client)["Location"] == "/"
