"""What a person changes about their own account."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from noren.account_site import pages_sessions
from noren.accounts import actions as accounts
from noren.accounts import queries
from noren.accounts.models import Code, Session, SignIn
from noren.accounts.rules import SignInResult, State, TwoStep
from tests.account_site import people
from tests.account_site.people import (
    MAIL,
    PASSWORD,
    browser,
    give_code,
    give_password,
    person,
    signed_in,
    subjects,
    texts,
)
from tests.cast import ENGINEER

pytestmark = pytest.mark.usefixtures("place")

NEW_MAIL = "new@example.co.jp"
OTHER_AGENT = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/145.0"


def stale(client: Client, minutes: int = 11) -> None:
    """As if everything was proved that many minutes ago."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= minutes * 60
    session.save()


def unhurried() -> None:
    """As if the last code was sent a while ago."""
    Code.objects.update(made_at=people.now() - timedelta(minutes=2))


def test_the_overview_shows_each_thing_with_its_link() -> None:
    person()
    page = texts(signed_in().get("/account/"))
    for url in (
        "id",
        "data",
        "mail",
        "mobile",
        "two-step",
        "browsers",
        "sessions",
        "history",
        "activity",
        "services",
        "lines",
        "abolish",
    ):
        assert f'href="/account/{url}/"' in page
    assert MAIL in page
    assert "Set 0 days ago" in page
    assert "Verified" in page


@pytest.mark.parametrize(
    "url",
    [
        "",
        "id/",
        "data/",
        "mail/",
        "mobile/",
        "two-step/",
        "browsers/",
        "sessions/",
        "history/",
        "activity/",
        "services/",
        "lines/",
    ],
)
def test_no_page_opens_to_a_stranger(url: str) -> None:
    answer = browser().get(f"/account/{url}")
    assert answer["Location"] == f"/account/login/?next=/account/{url}"


def test_user_data_are_saved_and_what_was_typed_stays_when_something_is_wrong() -> None:
    account_id, client = person(), signed_in()
    data = {"name": "", "department": "Sales", "language": "en"}
    page = texts(client.post("/account/data/", data))
    assert "Enter your name." in page
    assert 'value="Sales"' in page
    assert client.post("/account/data/", {**data, "name": "Hanako A"})["Location"] == "/account/"
    account = queries.account(account_id)
    assert (account.name, account.department) == ("Hanako A", "Sales")


def test_a_reading_is_kept_in_katakana_alone() -> None:
    account_id, client = person(), signed_in()
    data = {"name": "Hanako", "language": "en"}
    client.post("/account/data/", {**data, "name_kana": "やまだ ﾊﾅｺ"})
    assert queries.account(account_id).name_kana == "ヤマダ ハナコ"
    assert "Write the reading in katakana." in texts(client.post("/account/data/", {**data, "name_kana": "山田"}))


@pytest.mark.parametrize("url", ["data", "two-step", "browsers", "sessions", "id", "mail", "mobile", "abolish"])
def test_a_change_needs_a_proof_of_the_last_ten_minutes(url: str) -> None:
    account_id, client = person(), signed_in()
    stale(client)
    answer = client.post(f"/account/{url}/", {"name": "X", "language": "en", "two_step": "weak", "all": "1"})
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    account = queries.account(account_id)
    assert (account.name, account.two_step) == ("Hanako", TwoStep.STRONG)


@pytest.mark.parametrize("url", ["id", "mail", "mobile", "abolish"])
def test_a_password_alone_is_not_enough_for_what_matters_most(url: str) -> None:
    person()
    client = signed_in()
    session = client.session
    kept = [one for one in session["account_authentication_methods"] if one["method"] == "password"]
    session["account_authentication_methods"] = kept
    session.save()
    target = client.get(f"/account/{url}/")["Location"]
    assert target == f"/account/confirm/?next=%2Faccount%2F{url}%2F"
    assert "h***@" in texts(client.get(target))
    unhurried()
    client.post(target, {"send": "1"})
    assert "not the code" in texts(client.post(target, {"code": other_than(people.last_code())}))
    assert client.post(target, {"code": people.last_code()})["Location"] == f"/account/{url}/"
    assert client.get(f"/account/{url}/").status_code == 200


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_way_back_after_a_proof_leads_nowhere_else() -> None:
    person()
    client = signed_in()
    unhurried()
    client.post("/account/confirm/?next=//evil.example/", {"send": "1"})
    assert (
        client.post("/account/confirm/?next=//evil.example/", {"code": people.last_code()})["Location"] == "/account/"
    )


def test_another_id_ends_every_sign_in_and_is_told_by_mail() -> None:
    account_id, client, other = person(), signed_in(), None
    unhurried()
    other = signed_in(client=browser("Other"))
    done = client.post("/account/id/", {"login_id": "hanako"})
    assert "Your ID is hanako now" in texts(done)
    assert queries.account(account_id).login_id == "hanako"
    for one in (client, other):
        assert one.get("/account/").status_code == 302
    assert "Your ID was changed" in subjects()
    assert give_password(browser(), "hanako")["Location"] == "/account/login/code/"


def test_an_id_that_is_taken_or_not_ones_own_is_refused() -> None:
    person("taro", contact_mail="taro@example.co.jp")
    account_id, client = person(), signed_in()
    for wished, told in (("TARO", "is not available"), ("x@example.com", "must be your verified"), ("日本", "日本")):
        page = texts(client.post("/account/id/", {"login_id": wished}))
        assert told in page
        assert f'value="{wished}"' in page
    assert queries.account(account_id).login_id == MAIL


def change_mail(client: Client, mail: str = NEW_MAIL) -> Any:
    return client.post("/account/mail/", {"destination": mail})


def test_a_contact_mail_is_proved_before_it_is_kept_and_the_old_one_is_told() -> None:
    account_id, client = person(), signed_in()
    assert "not a mail address" in texts(change_mail(client, "nonsense"))
    assert change_mail(client)["Location"] == "/account/mail/"
    assert NEW_MAIL in texts(client.get("/account/mail/"))
    code = people.last_code(NEW_MAIL)
    assert "not the code" in texts(client.post("/account/mail/", {"code": other_than(code)}))
    assert queries.account(account_id).contact_mail == MAIL
    assert client.post("/account/mail/", {"code": code})["Location"] == "/account/"
    assert queries.account(account_id).contact_mail == NEW_MAIL
    assert "The contact mail of your account was changed" in subjects(MAIL)
    assert "/account/lock/" in people.messages(MAIL)[-1].body


def test_another_address_may_be_entered_instead() -> None:
    person()
    client = signed_in()
    change_mail(client)
    client.post("/account/mail/", {"other": "1"})
    page = texts(client.get("/account/mail/"))
    assert 'name="destination"' in page
    assert NEW_MAIL not in page


def test_a_contact_mobile_is_proved_by_short_message() -> None:
    account_id, client = person(), signed_in()
    assert "is not a phone number" in texts(client.post("/account/mobile/", {"destination": "123"}))
    assert client.post("/account/mobile/", {"destination": "０９０-1234-5678"})["Location"] == "/account/mobile/"
    client.post("/account/mobile/", {"code": people.last_code("+819012345678")})
    account = queries.account(account_id)
    assert (account.contact_mobile, account.mobile_verified_at is not None) == ("+819012345678", True)


def test_the_two_step_setting_is_kept_and_told() -> None:
    account_id, client = person(), signed_in()
    assert client.post("/account/two-step/", {"two_step": "weak"})["Location"] == "/account/"
    assert queries.account(account_id).two_step is TwoStep.WEAK
    assert "The two-step setting of your account was changed" in subjects()


def trusting() -> Client:
    """A browser that skips the second step."""
    unhurried()
    client = browser()
    give_password(client)
    give_code(client)
    client.post("/account/2fa/trust/", {"action": "trust"})
    client.post("/account/logout/")
    assert give_password(client)["Location"] == "/"
    return client


def test_forgetting_all_browsers_reaches_those_that_are_elsewhere() -> None:
    people.weak(person())
    here, elsewhere = trusting(), trusting()
    assert "Forget this browser" in texts(here.get("/account/browsers/"))
    here.post("/account/browsers/", {"all": "1"})
    assert "Not trusted" in texts(here.get("/account/"))
    elsewhere.post("/account/logout/")
    unhurried()
    assert give_password(elsewhere)["Location"] == "/account/login/code/"
    assert queries.sessions(Session.objects.exclude(account=None)[0].account_id, people.now())


def test_forgetting_this_browser_leaves_the_others() -> None:
    people.weak(person())
    here, elsewhere = trusting(), trusting()
    here.post("/account/browsers/", {"this": "1"})
    for client, to in ((here, "/account/login/code/"), (elsewhere, "/")):
        client.post("/account/logout/")
        unhurried()
        assert give_password(client)["Location"] == to


def two_browsers() -> tuple[Client, Client]:
    here = signed_in()
    unhurried()
    return here, signed_in(client=browser(OTHER_AGENT, "198.51.100.7"))


def test_a_browser_is_signed_out_from_another_one() -> None:
    account_id = person()
    here, other = two_browsers()
    page = texts(here.get("/account/sessions/"))
    assert "Firefox (Windows)" in page
    assert "Unknown browser" in page
    assert "198.51.100.7" in page
    assert page.count("This browser") == 1
    key = next(row.key_hash for row in queries.sessions(account_id, people.now()) if row.agent == OTHER_AGENT)
    assert here.post("/account/sessions/", {"key": key})["Location"] == "/account/sessions/"
    assert other.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200
    assert here.post("/account/sessions/", {"key": key}).status_code == 404


def test_all_others_are_signed_out_at_once() -> None:
    person()
    here, other = two_browsers()
    here.post("/account/sessions/", {"others": "1"})
    assert (here.get("/account/").status_code, other.get("/account/").status_code) == (200, 302)


def test_nobody_signs_out_the_browser_of_somebody_else() -> None:
    person()
    person("taro", contact_mail="taro@example.co.jp")
    mine = signed_in()
    theirs = browser()
    give_password(theirs, "taro")
    give_code(theirs, people.last_code("taro@example.co.jp"))
    key = Session.objects.get(account_id=mine.session["_auth_user_id"]).session_key
    assert theirs.post("/account/sessions/", {"key": key}).status_code == 404
    assert mine.get("/account/").status_code == 200


def test_the_history_goes_back_13_months_page_by_page() -> None:
    account_id = person()
    client = signed_in()
    at = people.now() - timedelta(days=1)
    rows = [
        SignIn(
            account_id=account_id,
            at=at - timedelta(minutes=number // 2),
            result=SignInResult.WRONG_PASSWORD,
            address=f"a{number}.",
        )
        for number in range(pages_sessions.PAGE + 10)
    ]
    rows.append(
        SignIn(account_id=account_id, at=at - timedelta(days=420), result=SignInResult.SUCCEEDED, address="old.")
    )
    SignIn.objects.bulk_create(rows)
    seen, url = "", "/account/history/"
    for _page in range(2):
        page = texts(client.get(url))
        seen += page
        url = "/account/history/?behind=" + page.partition("?behind=")[2][:32]
    assert [seen.count(f"<td>a{number}.</td>") for number in range(60)] == [1] * 60
    assert "old." not in seen
    assert "Signed in" in seen
    assert client.get("/account/history/?behind=nonsense").status_code == 200


def test_an_account_ends_by_its_person_after_the_id_was_typed() -> None:
    account_id, client = person(), signed_in()
    assert "membership" in texts(client.get("/account/abolish/"))
    assert "This is not your ID" in texts(client.post("/account/abolish/", {"typed": "no"}))
    assert queries.account(account_id).state is State.ACTIVE
    assert "has ended" in texts(client.post("/account/abolish/", {"typed": MAIL.upper()}))
    assert queries.account(account_id).state is State.ABOLISHED
    assert client.get("/account/").status_code == 302
    assert give_password(browser(), MAIL, PASSWORD).status_code == 200


def test_services_of_somebody_else_are_not_there() -> None:
    person()
    client = signed_in()
    assert "No service is linked." in texts(client.get("/account/services/"))
    for url in ("/account/services/x/", "/account/services/x/release/", "/account/lines/L9/unlink/"):
        assert client.get(url).status_code == 404


def test_who_has_no_second_step_sets_one_up_first() -> None:
    account_id, client = person(), signed_in()
    stale(client)
    accounts.set_contact_mail(account_id, "", actor=ENGINEER, now=people.now())
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert client.get("/account/mail/")["Location"] == "/account/2fa/"
