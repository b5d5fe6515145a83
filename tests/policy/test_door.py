"""What a policy does to people: at the sign-in, in what is signed in already, and what they are told."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from noren.accounts import actions as accounts
from noren.accounts import queries
from noren.accounts.models import Session
from noren.accounts.policy import Method, Settings
from noren.accounts.rules import SignInResult
from noren.accounts.sessions import METHODS, STARTED
from noren.groups import queries as groups
from noren.groups.queries import Fulfilment
from noren.lifecycle import actions as lifecycle
from tests.account_site import people
from tests.account_site.people import (
    MAIL,
    PASSWORD,
    browser,
    give_code,
    give_password,
    last_code,
    person,
    signed_in,
    texts,
    weak,
)
from tests.account_site.test_second_factor import code_of, set_up
from tests.account_site.test_second_factor import later as unused_codes
from tests.cast import ENGINEER
from tests.lifecycle.cast import sign_ins
from tests.policy import cast
from tests.policy.cast import KITA

pytestmark = pytest.mark.usefixtures("place")

PASSKEYS = frozenset({Method.PASSKEY})
RULES = "/account/rules/"
HOME = "/account/"


def ask(**settings: Any) -> None:
    cast.ask(KITA, people.now(), **settings)


def gives_passkey(account_id: str) -> None:
    Authenticator.objects.create(user_id=account_id, type="webauthn", data={"name": "x", "credential": {}})


def shows_passkey(client: Client) -> None:
    """As if this browser had just shown a passkey."""
    session = client.session
    session[METHODS] = [*session[METHODS], {"method": "mfa", "type": "webauthn", "at": people.now().timestamp()}]
    session.save()


def began(client: Client, minutes: int) -> None:
    """As if the sign-in had begun so many minutes ago."""
    session = client.session
    at = people.now() - timedelta(minutes=minutes)
    session[STARTED] = {**session[STARTED], "at": at.isoformat()}
    session.save()


def is_open(client: Client) -> bool:
    return client.get(HOME).status_code == 200


def codes(answer: Any) -> list[str]:
    return re.findall(r"<code>(policy\.[a-z_]+)</code>", texts(answer))


def ways(client: Client) -> list[str]:
    """What the page offers to make good."""
    return re.findall(r'<li><a href="(/account/[a-z0-9/-]+)', texts(client.get(f"{RULES}?next=/account/")))


def test_nothing_is_asked_where_there_is_no_policy() -> None:
    person()
    client = signed_in()
    assert is_open(client)
    assert "has set no rules" in texts(client.get(RULES))


def test_a_way_that_is_not_allowed_opens_only_the_page_that_says_so() -> None:
    account_id = person()
    gives_passkey(account_id)
    client = signed_in_by_app(account_id)
    ask(methods=PASSKEYS)
    for path in (HOME, "/", "/history/", "/account/2fa/", "/account/2fa/passkeys/add/", "/account/password/change/"):
        answer = client.get(path)
        assert answer["Location"].startswith(f"{RULES}?next=%2F"), path
    page = client.get(RULES)
    assert codes(page) == ["policy.method"]
    assert "Only these ways of signing in: Passkey" in texts(page)
    assert "Rule of Example" in texts(page)
    assert ways(client) == ["/account/2fa/passkeys/reauthenticate/"]
    shows_passkey(client)
    assert is_open(client)
    assert client.get(f"{RULES}?next=/account/sessions/")["Location"] == "/account/sessions/"


def signed_in_by_app(account_id: str) -> Client:
    """A browser whose sign-in was by password and app; the passkey is there and was not used."""
    client = browser()
    Authenticator.objects.filter(user_id=account_id).delete()
    signed_in(client=client)
    secret, _codes = set_up(client)
    unused_codes()
    gives_passkey(account_id)
    client = browser()
    give_password(client)
    answer = client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert answer.status_code == 302
    return client


def test_who_has_a_passkey_cannot_set_up_another_one_with_something_weaker() -> None:
    account_id = person()
    client = signed_in_by_app(account_id)
    ask(methods=PASSKEYS)
    for answer in (client.get("/account/2fa/passkeys/add/"), client.post("/account/2fa/passkeys/add/", {"name": "x"})):
        assert answer["Location"].startswith(RULES)


def test_who_has_none_sets_the_first_passkey_up_after_password_and_code() -> None:
    person()
    ask(methods=PASSKEYS)
    client = signed_in()
    assert client.get(HOME)["Location"].startswith(RULES)
    assert ways(client) == ["/account/2fa/passkeys/add/"]
    assert client.get("/account/2fa/passkeys/add/").status_code == 200
    assert client.get("/account/2fa/app/")["Location"].startswith(RULES)


def test_nobody_sets_the_first_passkey_up_with_the_password_alone_who_can_get_a_code() -> None:
    account_id = person()
    client = signed_in()
    weak(account_id)
    without_second_step(client)
    ask(methods=PASSKEYS)
    assert client.get("/account/2fa/passkeys/add/")["Location"].startswith(RULES)
    assert ways(client) == ["/account/step-up/"]
    people.later()
    assert client.get("/account/step-up/")["Location"].startswith("/account/confirm/")
    client.post("/account/confirm/", {"send": "1"})
    client.post("/account/confirm/", {"code": last_code()})
    assert client.get("/account/2fa/passkeys/add/").status_code == 200


def without_second_step(client: Client) -> None:
    """As if the second step had been skipped in a trusted browser."""
    session = client.session
    session[METHODS] = [record for record in session[METHODS] if record["method"] == "password"]
    session["trusted_browser"] = True
    session.save()


def test_who_can_get_no_code_sets_up_a_passkey_with_the_password() -> None:
    person(login_id="hanako.y", contact_mail="")
    ask(second_factor=True)
    client = browser()
    give_password(client, "hanako.y")
    assert client.get(HOME)["Location"].startswith(RULES)
    assert ways(client) == ["/account/2fa/passkeys/add/", "/account/2fa/app/"]
    assert client.get("/account/2fa/app/").status_code == 200


def test_an_app_is_set_up_where_apps_are_allowed() -> None:
    person()
    ask(methods=frozenset({Method.APP}))
    client = signed_in()
    assert not is_open(client)
    assert ways(client) == ["/account/2fa/passkeys/add/", "/account/2fa/app/"]
    set_up(client)
    assert is_open(client)


def test_a_trusted_browser_does_not_skip_the_second_step_where_one_is_asked() -> None:
    account_id = person()
    weak(account_id)
    client = browser()
    give_password(client)
    give_code(client)
    client.post("/account/2fa/trust/", {"action": "trust"})
    client.post("/account/logout/")
    assert give_password(client)["Location"] == "/"
    assert is_open(client)
    ask(second_factor=True)
    assert codes(client.get(RULES)) == ["policy.second_factor"]
    assert ways(client) == ["/account/confirm/"]
    client.post("/account/logout/")
    people.later()
    assert give_password(client)["Location"] == "/account/login/code/"
    assert give_code(client)["Location"] == "/"  # whether to trust is not asked: it would change nothing
    assert is_open(client)


def test_from_another_network_the_right_password_gets_no_code_and_a_clear_answer() -> None:
    account_id = person()
    ask(networks=("192.0.2.0/24",))
    sent = len(people.messages())
    outside = browser(address="198.51.100.7")
    answer = give_password(outside)
    assert (answer.status_code, codes(answer)) == (403, ["policy.network"])
    for text in ("198.51.100.7", "Only from these networks: 192.0.2.0/24", "This is a rule of Example"):
        assert text in texts(answer)
    assert len(people.messages()) == sent
    assert sign_ins(account_id)[0].result is SignInResult.REFUSED
    assert not outside.session.get("_auth_user_id")
    assert give_code(outside, "000000")["Location"].startswith("/account/login/")
    assert is_open(signed_in())


def test_with_a_wrong_password_nobody_learns_of_a_policy() -> None:
    person()
    ask(networks=("192.0.2.0/24",), methods=PASSKEYS)
    known = give_password(browser(address="198.51.100.7"), password="not the password")
    unknown = give_password(browser(address="198.51.100.7"), login="nobody@example.co.jp")
    assert known.status_code == unknown.status_code == 200
    words = [re.sub(r'(value|href)="[^"]*"', "", texts(answer)) for answer in (known, unknown)]
    assert words[0].replace(MAIL, "") == words[1].replace("nobody@example.co.jp", "")


def test_the_network_is_asked_at_every_request_and_the_session_ends() -> None:
    account_id = person()
    client = signed_in()
    ask(networks=("192.0.2.0/24",))
    assert is_open(client)
    answer = client.get(HOME, REMOTE_ADDR="203.0.113.5")
    assert (answer.status_code, codes(answer)) == (403, ["policy.network"])
    assert client.get(HOME)["Location"].startswith("/account/login/")
    assert queries.sessions(account_id, people.now()) == ()


def test_a_session_ends_when_it_has_lasted_as_long_as_it_may() -> None:
    person()
    client = signed_in()
    began(client, 59)
    ask(session_minutes=60)
    assert is_open(client)
    began(client, 61)
    answer = client.get(HOME)
    assert (answer.status_code, codes(answer)) == (403, ["policy.session_length"])
    assert "A sign-in lasts 1 hour at most" in texts(answer)
    assert client.get(HOME)["Location"].startswith("/account/login/")


def test_the_oldest_browser_is_signed_out_when_there_are_too_many() -> None:
    account_id = person()
    ask(devices=2)
    browsers = [browser() for _number in range(3)]
    for one in browsers:
        people.later()
        signed_in(client=one)
    assert len(queries.sessions(account_id, people.now())) == 2
    browsers[2].post("/account/logout/")
    assert [is_open(one) for one in browsers] == [False, True, False]  # the first one for good


def test_fewer_browsers_count_at_once() -> None:
    person()
    browsers = [browser(), browser()]
    for one in browsers:
        people.later()
        signed_in(client=one)
    ask(devices=1)
    answer = browsers[0].get(HOME)
    assert (answer.status_code, codes(answer)) == (403, ["policy.devices"])
    assert is_open(browsers[1])


def test_a_browser_whose_others_ended_by_a_new_password_is_alone() -> None:
    person()
    first, second = browser(), browser()
    signed_in(client=first)
    people.later()
    signed_in(client=second)
    new = "another curtain of indigo"
    answer = first.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert answer["Location"] == HOME
    assert Session.objects.exclude(account=None).count() == 2
    ask(devices=1)
    assert is_open(first)
    assert not is_open(second)


def test_until_the_grace_ends_every_page_counts_down() -> None:
    account_id = person()
    client = signed_in()
    ask(methods=PASSKEYS, grace_until=people.now() + timedelta(days=5, hours=1))
    for path in (HOME, "/account/sessions/", RULES):
        page = texts(client.get(path))
        assert "(in 5 days)" in page
        assert "Only these ways of signing in: Passkey" in page
    assert "/account/2fa/passkeys/add/" in texts(client.get(RULES))
    gives_passkey(account_id)
    shows_passkey(client)
    assert "(in 5 days)" not in texts(client.get(HOME))
    assert "/account/2fa/passkeys/add/" not in texts(client.get(RULES))


@pytest.mark.parametrize(
    ("left", "said"), [({"hours": 3, "minutes": 5}, "in 3 hours"), ({"minutes": 9}, "in less than an hour")]
)
def test_the_last_hours_are_counted(left: dict[str, int], said: str) -> None:
    person()
    client = signed_in()
    ask(session_minutes=60, second_factor=True, methods=PASSKEYS, grace_until=people.now() + timedelta(**left))
    assert f"({said})" in texts(client.get(HOME))


def test_the_overview_says_what_applies_now_and_later() -> None:
    person()
    ask(second_factor=True, session_minutes=480, devices=3)
    ask(methods=PASSKEYS, grace_until=people.now() + timedelta(days=30))
    page = texts(signed_in().get(HOME))
    for text in (
        "A second step at every sign-in, in trusted browsers, too",
        "A sign-in lasts 8 hours at most",
        "Signed in with 3 browsers at a time",
        "Only these ways of signing in: Passkey",
    ):
        assert text in page


def test_a_password_that_must_be_changed_waits_for_what_the_policy_asks() -> None:
    account_id = person()
    client = signed_in()
    ask(methods=PASSKEYS)
    accounts.require_password_change(account_id, actor=ENGINEER, now=people.now())
    assert client.get(HOME)["Location"].startswith(RULES)
    assert client.get(RULES).status_code == 200
    assert client.get("/account/2fa/passkeys/add/").status_code == 200
    shows_passkey(client)
    assert client.get(HOME)["Location"].startswith("/account/password/change/")


def test_a_policy_takes_no_statement_more_of_a_request() -> None:
    person()
    client = signed_in()
    counts = []
    for settings in ({}, {"second_factor": True, "networks": ("192.0.2.0/24",), "session_minutes": 60, "devices": 2}):
        if settings:
            ask(**settings)
        with CaptureQueriesContext(connection) as statements:
            assert client.get("/account/2fa/").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_it_is_told_beforehand_whom_a_policy_would_shut_out() -> None:
    first = person()
    person("b.c", contact_mail="")
    third = person("c.d", contact_mail="", mobile="+819012345678")
    gives_passkey(first)
    signed_in_elsewhere(first)
    now = people.now()
    assert groups.fulfilment(KITA, Settings(methods=PASSKEYS), now) == Fulfilment(3, 1, 2, 1, 0)
    assert groups.fulfilment(KITA, Settings(second_factor=True), now).ready == 2
    assert groups.fulfilment(KITA, Settings(methods=frozenset({Method.SMS})), now).ready == 2
    assert groups.fulfilment(KITA, Settings(networks=("192.0.2.0/24",)), now).outside == 1
    lifecycle.abolish(third, actor=ENGINEER, now=now)
    assert groups.fulfilment(KITA, Settings(), now) == Fulfilment(2, 2, 0, 1, 0)


def signed_in_elsewhere(account_id: str) -> None:
    Session.objects.create(
        session_key="f" * 64, session_data="", expire_date=people.now() + timedelta(hours=1), account_id=account_id,
        address="198.51.100.7",
    )  # fmt: skip
