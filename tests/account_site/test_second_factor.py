"""Authenticator apps, recovery codes, trusted browsers, and what must be set up first."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from noren.account_site import sign_in_factors
from noren.accounts import actions as accounts
from noren.accounts.rules import LockReason, TwoStep
from noren.kit import secrets
from noren.lifecycle import actions as lifecycle
from tests.account_site import people
from tests.account_site.people import browser, give_code, give_password, is_in, person, signed_in, texts
from tests.cast import ENGINEER
from tests.lifecycle.cast import sign_ins

pytestmark = pytest.mark.usefixtures("place")

WIDE = {ord("0") + digit: ord("０") + digit for digit in range(10)}
"""To digits as Japanese keyboards write them, too."""


def secret_of(account_id: str) -> str:
    return secrets.unseal(Authenticator.objects.get(user_id=account_id, type="totp").data["secret"])


def code_of(secret: str, at: datetime | None = None) -> str:
    counter = int((at or people.now()).timestamp()) // 30
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


def set_up(client: Client) -> tuple[str, list[str]]:
    """Set an app up in that browser; gives its secret and the recovery codes."""
    page = texts(client.get("/account/2fa/app/"))
    found = re.search(r'class="secret">([A-Z2-7]+)<', page)
    assert found
    assert "data:image/svg+xml" in page
    assert found[1] not in str(dict(client.session))
    answer = client.post("/account/2fa/app/", {"code": code_of(found[1])})
    assert answer["Location"] == "/account/2fa/recovery-codes/"
    codes = re.findall(r"<li><code>(\d{8})</code>", texts(client.get(answer["Location"])))
    return found[1], codes


def later() -> None:
    """As if the app's last code had been used a while ago, and codes may be sent again."""
    for authenticator in Authenticator.objects.filter(type="totp"):
        authenticator.data = {**authenticator.data, sign_in_factors.LAST: 0}
        authenticator.save()
    people.later()


def second_step(client: Client, code: str) -> Any:
    return client.post("/account/2fa/authenticate/", {"code": code})


def test_an_app_is_set_up_and_asked_for_at_the_next_sign_in() -> None:
    account_id = person()
    secret, codes = set_up(signed_in())
    assert len(codes) == 10
    assert secret_of(account_id) == secret
    later()
    client = browser()
    assert give_password(client, to="/history/")["Location"] == "/account/2fa/authenticate/"
    assert 'inputmode="numeric"' in texts(client.get("/account/2fa/authenticate/"))
    assert "wrong" in texts(second_step(client, "000000"))
    assert second_step(client, code_of(secret))["Location"] == "/history/"
    assert is_in(client)


def test_the_code_that_set_the_app_up_and_an_older_one_are_used() -> None:
    account_id = person()
    client = signed_in()
    secret, _codes = set_up(client)
    now = people.now()
    assert sign_in_factors.use(account_id, code_of(secret, now), now=now) is None
    assert sign_in_factors.use(account_id, code_of(secret, now - timedelta(seconds=30)), now=now) is None
    assert sign_in_factors.use(account_id, code_of(secret, now + timedelta(seconds=60)), now=now) is None
    assert sign_in_factors.use(account_id, code_of(secret, now + timedelta(seconds=30)), now=now) is not None
    late = now + timedelta(seconds=59)
    assert sign_in_factors.use(account_id, code_of(secret, now + timedelta(seconds=30)), now=late) is None


def test_recovery_codes_are_shown_once_and_each_opens_once() -> None:
    person()
    first = signed_in()
    _secret, codes = set_up(first)
    again = texts(first.get("/account/2fa/recovery-codes/"))
    assert all(code not in again for code in codes)
    assert "10 codes are left" in again
    for attempt in ("opens", "refused"):
        client = browser()
        give_password(client)
        second_step(client, f"{codes[3][:4]} {codes[3][4:]}")
        assert is_in(client) is (attempt == "opens")
    assert "9 codes are left" in texts(first.get("/account/2fa/recovery-codes/"))


def test_new_recovery_codes_end_the_old_ones() -> None:
    account_id = person()
    client = signed_in()
    _secret, codes = set_up(client)
    assert client.post("/account/2fa/recovery-codes/new/")["Location"] == "/account/2fa/recovery-codes/"
    assert sign_in_factors.use(account_id, codes[0], now=people.now()) is None
    assert "New recovery codes were made for your account" in people.subjects()


def test_many_wrong_codes_are_sent_away() -> None:
    person()
    set_up(signed_in())
    client = browser()
    give_password(client)
    answers = [second_step(client, "000000").status_code for _number in range(12)]
    assert answers[0] == 200
    assert answers[-1] == 429


def test_an_app_is_removed_with_its_recovery_codes_and_the_person_is_told() -> None:
    account_id = person()
    client = signed_in()
    set_up(client)
    client.post("/account/2fa/app/remove/")
    assert not Authenticator.objects.filter(user_id=account_id).exists()
    told = people.subjects()
    assert "An authenticator app was added to your account" in told
    assert "The authenticator app was removed from your account" in told


def trusting(client: Client) -> None:
    give_password(client)
    assert give_code(client)["Location"] == "/account/2fa/trust/"
    assert "Trust this browser" in texts(client.get("/account/2fa/trust/"))
    client.post("/account/2fa/trust/", {"action": "trust"})
    assert is_in(client)
    client.post("/account/logout/")


def test_a_trusted_browser_skips_the_second_step_of_a_weak_account() -> None:
    account_id = person()
    people.weak(account_id)
    client = browser()
    trusting(client)
    assert client.cookies["__Host-trusted"]["secure"]
    assert give_password(client)["Location"] == "/"
    assert is_in(client)
    assert give_password(browser())["Location"] == "/account/login/code/"


def test_trust_ends_with_a_strong_setting_and_with_every_new_password() -> None:
    account_id = person()
    people.weak(account_id)
    client = browser()
    trusting(client)
    lifecycle.password_changed(account_id, password=people.PASSWORD, actor=ENGINEER, now=people.now())
    assert give_password(client)["Location"] == "/account/login/code/"


def test_a_strong_account_is_never_asked_about_trust() -> None:
    account_id = person()
    people.weak(account_id)
    client = browser()
    trusting(client)
    accounts.set_two_step(account_id, TwoStep.STRONG, actor=ENGINEER, now=people.now())
    later()
    assert give_password(client)["Location"] == "/account/login/code/"
    assert give_code(client)["Location"] == "/"


def test_who_has_no_way_for_a_second_step_must_set_one_up_before_anything_opens() -> None:
    person("taro", contact_mail="")
    client = browser()
    wanted = "/oidc/authorize?client_id=x"
    assert give_password(client, "taro", to=wanted)["Location"] == wanted
    for page in ("/", "/history/", "/account/"):
        assert client.get(page)["Location"] == "/account/2fa/"
    assert client.get("/history/?year=2026")["Location"] == "/account/2fa/"
    assert "Set up a passkey or an authenticator app first" in texts(client.get("/account/2fa/"))
    set_up(client)
    assert '"/history/?year=2026"' in texts(client.get("/account/2fa/recovery-codes/"))
    assert client.get("/").status_code == 200


def test_who_must_change_the_password_does_so_before_anything_opens() -> None:
    account_id = person()
    accounts.require_password_change(account_id, actor=ENGINEER, now=people.now())
    client = signed_in()
    to = client.get("/history/?a=1&b=2")["Location"]
    assert to == "/account/password/change/?next=%2Fhistory%2F%3Fa%3D1%26b%3D2"
    page = texts(client.get(to))
    assert "must choose a new password" in page
    assert 'value="/history/?a=1&amp;b=2"' in page
    new = {"oldpassword": people.PASSWORD, "password1": "another long one", "password2": "another long one"}
    assert client.post(to, {**new, "next": "/history/?a=1&b=2"})["Location"] == "/history/?a=1&b=2"
    assert client.get("/history/").status_code == 200


def test_somebody_signed_in_shows_by_password_that_it_is_still_them() -> None:
    person()
    client = signed_in()
    before = client.session["account_authentication_methods"]
    to = "/account/reauthenticate/?next=/oidc/authorize%3Fa%3Db"
    assert 'value="/oidc/authorize?a=b"' in texts(client.get(to))
    assert "wrong" in texts(client.post(to, {"password": "wrong"}))
    answer = client.post("/account/reauthenticate/", {"password": people.PASSWORD, "next": "/oidc/authorize?a=b"})
    assert answer["Location"] == "/oidc/authorize?a=b"
    after = client.session["account_authentication_methods"]
    assert after[-1]["at"] > before[-1]["at"]
    assert after[-1]["reauthenticated"]


def test_or_by_the_app_which_is_offered_beside_the_password() -> None:
    person()
    client = signed_in()
    secret, _codes = set_up(client)
    later()
    assert "/account/2fa/reauthenticate/?next=" in texts(client.get("/account/reauthenticate/?next=/oidc/"))
    answer = client.post("/account/2fa/reauthenticate/", {"code": code_of(secret), "next": "/oidc/"})
    assert answer["Location"] == "/oidc/"
    assert client.session["account_authentication_methods"][-1]["type"] == "totp"


def test_a_sign_in_of_long_ago_is_asked_again_before_factors_change() -> None:
    person()
    client = signed_in()
    session = client.session
    methods = "account_authentication_methods"
    session[methods] = [{**record, "at": record["at"] - 601} for record in session[methods]]
    session.save()
    assert client.get("/account/2fa/app/")["Location"].startswith("/account/reauthenticate/")


def test_a_code_of_the_app_after_the_lock_opens_nothing_and_counts_as_no_sign_in() -> None:
    account_id = person()
    secret, _codes = set_up(signed_in())
    later()
    client = browser()
    give_password(client)
    lifecycle.lock(account_id, LockReason.ADMINISTRATOR, actor=ENGINEER, now=people.now())
    before = len(sign_ins(account_id))
    assert second_step(client, code_of(secret))["Location"] == "/account/login/"
    assert not is_in(client)
    assert len(sign_ins(account_id)) == before


@pytest.mark.parametrize("typed", [lambda code: code.translate(WIDE), lambda code: f" {code[:3]} {code[3:]}"])
def test_a_code_in_full_width_or_in_groups_is_the_same(typed: Any) -> None:
    person()
    client = browser()
    give_password(client)
    give_code(client, typed(people.last_code()))
    assert is_in(client)
    secret, _codes = set_up(client)
    again = browser()
    give_password(again)
    again.post("/account/2fa/authenticate/", {"code": typed(code_of(secret, people.now() + timedelta(seconds=30)))})
    assert is_in(again)
