"""A corporation without a line joins, page by page."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client

from noren.accounts import queries
from noren.accounts.models import Account, Application
from noren.accounts.rules import State
from noren.members import actions as members
from noren.members import queries as customers
from noren.members.rules import CorporationKind
from noren.outbox.models import Message
from tests.cast import ENGINEER, NOW
from tests.conftest import Place
from tests.lifecycle.cast import sign_ins

pytestmark = pytest.mark.usefixtures("place")

NUMBER = "7000012050002"
PASSWORD = "correct horse battery"
CORPORATION = {"corporate_number": NUMBER, "name": "株式会社みなと青葉", "name_kana": "ミナトアオバ"}
PERSON = {
    "name": "青葉 花子",
    "name_kana": "ｱｵﾊﾞ はなこ",
    "department": "総務部",
    "title": "部長",
    "mail": "hanako@example.co.jp",
    "login_id": "",
    "language": "ja",
}


def browser() -> Client:
    return Client(HTTP_HOST="localhost:8000")


def post(client: Client, step: str, data: dict[str, str]) -> Any:
    return client.post(f"/join/{step}/", data)


def text(response: Any) -> str:
    return str(response.content.decode())


def code(to: str = PERSON["mail"]) -> str:
    body = Message.objects.filter(recipient=to, body__regex=r"\d{6}").order_by("made_at").last()
    assert body is not None
    found = re.search(r"\b\d{6}\b", body.body)
    assert found
    return found[0]


def to_terms(client: Client, corporation: dict[str, str] = CORPORATION, person: dict[str, str] = PERSON) -> None:
    kind = "corporation" if "corporate_number" in corporation else "sole_proprietor"
    assert post(client, "kind", {"kind": kind})["Location"] == "/join/corporation/"
    assert post(client, "corporation", corporation)["Location"] == "/join/person/"
    assert post(client, "person", person)["Location"] == "/join/mail/"
    assert post(client, "mail", {"code": code(person["mail"])})["Location"] == "/join/terms/"


def finish(client: Client) -> Any:
    assert post(client, "terms", {"agreed": "on"})["Location"] == "/join/password/"
    return post(client, "password", {"password": PASSWORD, "again": PASSWORD})


def test_a_corporation_joins_and_is_signed_in() -> None:
    client = browser()
    assert 'href="/join/kind/"' in text(client.get("/join/"))
    to_terms(client)
    assert "株式会社みなと青葉" in text(client.get("/join/terms/"))
    assert finish(client)["Location"] == "/join/welcome/"
    assert PERSON["mail"] in text(client.get("/join/welcome/"))
    account = queries.by_login(PERSON["mail"])
    assert account is not None
    assert (account.state, account.corporation_name, account.name_kana) == (
        State.ACTIVE,
        CORPORATION["name"],
        "アオバ ハナコ",
    )
    assert account.contact_mail == PERSON["mail"]
    assert Account.objects.get().check_password(PASSWORD)
    assert len(queries.members_of(account.account_id)) == 1
    assert customers.corporation_numbered(NUMBER) == account.corporation_id
    assert "join" not in client.session
    assert sign_ins(account.account_id)[0].methods == ("password", "mail")


@pytest.mark.parametrize("written", ["７００００１２０５０００２", " 7000 0120 50002 ", "7-0000-1205-0002"])
def test_the_corporate_number_may_be_written_as_people_do(written: str) -> None:
    client = browser()
    post(client, "kind", {"kind": "corporation"})
    assert post(client, "corporation", {**CORPORATION, "corporate_number": written}).status_code == 302
    assert f'value="{NUMBER}"' in text(client.get("/join/corporation/"))


def test_a_wrong_check_digit_is_told_and_what_was_typed_stays() -> None:
    client = browser()
    post(client, "kind", {"kind": "corporation"})
    page = text(post(client, "corporation", {**CORPORATION, "corporate_number": "6000012050002"}))
    assert "the first one must fit" in page
    assert 'value="6000012050002"' in page
    assert CORPORATION["name"] in page
    assert 'aria-invalid="true"' in page


def test_going_back_keeps_what_was_typed_also_when_it_is_not_right_yet() -> None:
    client = browser()
    post(client, "kind", {"kind": "corporation"})
    post(client, "corporation", CORPORATION)
    assert post(client, "person", {**PERSON, "mail": "not yet", "back": "1"})["Location"] == "/join/corporation/"
    assert NUMBER in text(client.get("/join/corporation/"))
    page = text(client.get("/join/person/"))
    assert 'value="not yet"' in page
    assert PERSON["name"] in page
    assert client.get("/join/terms/")["Location"] == "/join/person/"


def test_no_step_can_be_skipped_and_there_are_no_others() -> None:
    client = browser()
    assert client.get("/join/password/")["Location"] == "/join/kind/"
    assert client.get("/join/nonsense/").status_code == 404
    post(client, "kind", {"kind": "sole_proprietor"})
    assert client.get("/join/password/").status_code == 404


def test_a_wrong_code_goes_no_further_and_another_address_is_proved_anew() -> None:
    client = browser()
    post(client, "kind", {"kind": "corporation"})
    post(client, "corporation", CORPORATION)
    post(client, "person", PERSON)
    wrong = "111111" if code() != "111111" else "222222"
    assert "not the code" in text(post(client, "mail", {"code": wrong}))
    assert client.get("/join/terms/")["Location"] == "/join/mail/"
    assert "a moment ago" in text(client.post("/join/mail/", {"send": "1"}, follow=True))
    post(client, "mail", {"code": code()})
    assert client.get("/join/terms/").status_code == 200
    post(client, "person", {**PERSON, "mail": "other@example.co.jp"})
    assert client.get("/join/terms/")["Location"] == "/join/mail/"


def test_codes_to_one_address_are_limited_whoever_asks() -> None:
    answers = []
    for _number in range(6):
        client = browser()
        post(client, "kind", {"kind": "corporation"})
        post(client, "corporation", CORPORATION)
        answers.append(post(client, "person", PERSON).status_code)
    assert answers == [302] * 5 + [429]
    assert Message.objects.filter(recipient=PERSON["mail"]).count() == 5


def test_passwords_that_differ_or_are_known_are_refused() -> None:
    client = browser()
    to_terms(client)
    post(client, "terms", {"agreed": "on"})
    assert "differ" in text(post(client, "password", {"password": PASSWORD, "again": "another one"}))
    mail = PERSON["mail"]
    assert "must not be your ID" in text(post(client, "password", {"password": mail, "again": mail}))
    assert not Account.objects.exists()


def test_without_agreement_there_is_no_account() -> None:
    client = browser()
    to_terms(client)
    assert "needs your agreement" in text(post(client, "terms", {}))
    assert client.get("/join/password/")["Location"] == "/join/terms/"


def test_a_known_corporation_takes_nobody_in_by_itself() -> None:
    members.add_corporation(
        corporation_id="C1",
        kind=CorporationKind.CORPORATION,
        name="Customer",
        name_kana="",
        corporate_number=NUMBER,
        actor=ENGINEER,
        now=NOW,
    )
    client = browser()
    to_terms(client)
    assert finish(client)["Location"] == "/join/received/"
    page = text(client.get("/join/received/"))
    assert "A person looks at it" in page
    assert "customer" not in page
    assert not Account.objects.exists()
    assert Application.objects.get().corporate_number == NUMBER
    assert "_auth_user_id" not in client.session


def test_an_id_that_somebody_has_is_asked_for_once_more_and_the_rest_stays() -> None:
    to_terms(client := browser(), person={**PERSON, "login_id": "aoba"})
    finish(client)
    other = browser()
    corporation = {**CORPORATION, "corporate_number": "1180301018771"}
    to_terms(other, corporation, {**PERSON, "mail": "taro@example.co.jp", "login_id": "AOBA"})
    assert finish(other)["Location"] == "/join/person/"
    page = text(other.get("/join/person/"))
    assert "This ID is not available" in page
    assert 'value="AOBA"' in page
    assert customers.corporation_numbered("1180301018771") is None
    post(other, "person", {**PERSON, "mail": "taro@example.co.jp", "login_id": "aoba2"})
    assert post(other, "password", {"password": PASSWORD, "again": PASSWORD})["Location"] == "/join/welcome/"


@pytest.mark.parametrize("login_id", ["somebody@else.example", "abcd/0042", "日本"])
def test_what_is_nobodys_own_string_is_no_id(login_id: str) -> None:
    client = browser()
    post(client, "kind", {"kind": "corporation"})
    post(client, "corporation", CORPORATION)
    assert "Use half-width letters" in text(post(client, "person", {**PERSON, "login_id": login_id}))


def sent_thrice(client: Client, step: str, data: dict[str, str], *, table: str) -> list[str]:
    """The step, sent three times by the same browser; each is stopped where it writes to the table, then all go on."""

    def send(_number: int) -> str:
        same = browser()
        same.cookies.load(client.cookies.output(header="", sep=";"))
        try:
            return str(post(same, step, data).get("Location", ""))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as threads:
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")
            sends = [threads.submit(send, number) for number in range(3)]
            end = time.monotonic() + 20
            waiting = 0
            while waiting < 3 and time.monotonic() < end:
                cursor.execute("SELECT pg_stat_clear_snapshot()")
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
                )
                waiting = cursor.fetchone()[0]
        assert waiting == 3
        return [sent.result(30) for sent in sends]


def test_joining_that_is_sent_three_times_at_once_joins_once() -> None:
    client = browser()
    to_terms(client)
    post(client, "terms", {"agreed": "on"})
    sent = sent_thrice(client, "password", {"password": PASSWORD, "again": PASSWORD}, table="members_corporation")
    assert sent == ["/join/welcome/"] * 3
    assert Account.objects.count() == 1
    made = Application.objects.get()
    assert (made.approved, made.account_id) == (True, Account.objects.get().account_id)


def test_an_application_that_is_sent_three_times_at_once_is_made_once() -> None:
    client = browser()
    to_terms(client, {"name": "青葉商店", "name_kana": ""})
    assert sent_thrice(client, "terms", {"agreed": "on"}, table="accounts_application") == ["/join/received/"] * 3
    assert Application.objects.count() == 1
    assert Message.objects.filter(recipient=PERSON["mail"]).count() == 2, "the code, the notice"


def test_a_corporation_that_registered_itself_can_be_told_from_others(place: Place) -> None:
    to_terms(client := browser())
    finish(client)
    made = Application.objects.get()
    assert (made.corporate_number, made.approved) == (NUMBER, True)
    assert made.decided_by.startswith("member:join-")
    assert str(made.pk) not in place.noren("application", "list", "--json").stdout


def test_who_tries_ids_is_stopped() -> None:
    to_terms(client := browser(), person={**PERSON, "login_id": "aoba"})
    finish(client)
    other = browser()
    taro = {**PERSON, "mail": "taro@example.co.jp", "login_id": "aoba"}
    to_terms(other, {**CORPORATION, "corporate_number": "1180301018771"}, taro)
    post(other, "terms", {"agreed": "on"})
    answers = [post(other, "password", {"password": PASSWORD, "again": PASSWORD}).status_code for _number in range(11)]
    assert answers == [302] * 10 + [429]


def test_the_address_that_is_proved_is_the_one_that_is_kept() -> None:
    client = browser()
    written = {**PERSON, "mail": "Hanako@Example.CO.JP", "login_id": "hanako@example.co.jp"}
    post(client, "kind", {"kind": "corporation"})
    post(client, "corporation", CORPORATION)
    post(client, "person", written)
    post(client, "mail", {"code": code("hanako@example.co.jp")})
    assert finish(client)["Location"] == "/join/welcome/"
    assert Account.objects.get().contact_mail == "hanako@example.co.jp"


@pytest.mark.parametrize("mail", ["boſs@example.co.jp", "han\u212ao@example.co.jp", "hanako@例え.jp"])
def test_an_address_that_would_become_another_one_is_refused(mail: str) -> None:
    client = browser()
    post(client, "kind", {"kind": "corporation"})
    post(client, "corporation", CORPORATION)
    assert "half-width" in text(post(client, "person", {**PERSON, "mail": mail}))
    assert not Message.objects.exists()


def test_going_back_keeps_no_more_than_a_form_can_hold() -> None:
    client = browser()
    post(client, "kind", {"kind": "corporation"})
    post(client, "corporation", CORPORATION)
    long = "あ" * 100_000
    post(client, "person", {**PERSON, "name": long, "language": long, "other": long, "back": "1"})
    kept = client.session["join"]["said"]["person"]
    assert set(kept) == set(PERSON)
    assert {len(kept["name"]), len(kept["language"])} == {200, 400}


def apply(client: Client) -> Application:
    to_terms(client, {"name": "青葉商店", "name_kana": "アオバショウテン"}, {**PERSON, "language": "en"})
    assert post(client, "terms", {"agreed": "on"})["Location"] == "/join/received/"
    return Application.objects.get()


def test_a_sole_proprietor_is_looked_at_and_then_invited(place: Place) -> None:
    application = apply(browser())
    assert not Account.objects.exists()
    assert "青葉商店" in place.noren("application", "list").stdout
    place.noren("application", "approve", application.pk)
    assert str(application.pk) not in place.noren("application", "list", "--json").stdout
    invitation = Message.objects.filter(recipient=PERSON["mail"]).order_by("made_at").last()
    assert invitation is not None
    found = re.search(r"/join/invitation/[^/]+/", invitation.body)
    assert found
    client = browser()
    assert "青葉商店" in text(client.get(found[0]))
    chosen = {"by": "password", "password": PASSWORD, "again": PASSWORD}
    assert client.post(found[0], chosen)["Location"] == "/join/welcome/"
    again = place.noren("application", "approve", application.pk, check=False)
    assert (again.returncode != 0, "application.decided" in again.stderr) == (True, True)


def test_a_refused_application_is_told_why(place: Place) -> None:
    application = apply(browser())
    place.noren("application", "refuse", application.pk, "--reason", "No such business was found.")
    mail = Message.objects.filter(recipient=PERSON["mail"]).order_by("made_at").last()
    assert mail is not None
    assert "No such business was found." in mail.body
    assert not Account.objects.exists()
    unknown = place.noren("application", "refuse", "00000000-0000-0000-0000-000000000000", "--reason", "x", check=False)
    assert "application.unknown" in unknown.stderr
