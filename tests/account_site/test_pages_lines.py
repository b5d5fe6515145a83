"""Linking a phone line: by its PIN, or by a code that is sent to it."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from noren.accounts import actions as accounts
from noren.accounts import queries
from noren.accounts.models import Code
from noren.accounts.rules import WRONG_PINS
from tests.account_site import people
from tests.account_site.people import CORPORATION, browser, person, signed_in, texts
from tests.conftest import Place

NUMBER, SMS = "090-1234-5678", "+819012345678"
PIN = "4711"


@pytest.fixture
def client(place: Place, tmp_path: Path) -> Client:
    """Hanako's browser; her corporation has the line L1, another one L2."""
    person()
    corporations = tmp_path / "corporations.csv"
    corporations.write_text(
        "corporation_id,corporate_number,name,name_kana,kind\nC2,,Other,,corporation\n", encoding="utf-8"
    )
    lines = tmp_path / "lines.csv"
    lines.write_text(
        "line_id,corporation_id,phone_number,service,opened_on,closed_on,joined_on,withdrawn_on\n"
        f"L1,{CORPORATION},{NUMBER},mobile,2015-01-01,,2021-07-01,\n"
        "L2,C2,090-8765-4321,mobile,2015-01-01,,2021-07-01,\n",
        encoding="utf-8",
    )
    place.noren("import", "corporations", corporations)
    place.noren("import", "lines", lines)
    accounts.set_pins([("L1", PIN), ("L2", PIN)])
    return signed_in()


def add(client: Client, number: str = NUMBER, pin: str = PIN) -> Any:
    return client.post("/account/lines/add/", {"number": number, "pin": pin})


def linked(client: Client) -> list[str]:
    return queries.line_ids(client.session["_auth_user_id"])


@pytest.mark.parametrize("written", [NUMBER, "０９０１２３４５６７８", "+81 90 1234 5678"])
def test_a_line_is_linked_by_its_pin_and_unlinked_again(client: Client, written: str) -> None:
    assert add(client, written)["Location"] == "/account/lines/"
    assert linked(client) == ["L1"]
    assert "L1" in texts(client.get("/account/lines/"))
    assert f"Unlink the line {NUMBER}?" in texts(client.get("/account/lines/L1/unlink/"))
    assert linked(client) == ["L1"]
    client.post("/account/lines/L1/unlink/")
    assert linked(client) == []


@pytest.mark.parametrize(("number", "pin"), [(NUMBER, "0000"), ("090-8765-4321", PIN), ("090-1111-1111", PIN)])
def test_a_wrong_pin_and_a_line_that_is_not_there_are_told_in_the_same_words(
    client: Client, number: str, pin: str
) -> None:
    page = texts(add(client, number, pin))
    assert "This line cannot be linked." in page
    assert f'value="{number}"' in page
    assert PIN not in page
    assert linked(client) == []


def test_after_too_many_wrong_pins_the_right_one_is_refused(client: Client) -> None:
    for _try in range(WRONG_PINS):
        add(client, pin="0000")
    assert add(client).status_code in {200, 429}
    assert linked(client) == []


def test_a_line_is_linked_by_a_code_that_is_sent_to_it(client: Client) -> None:
    assert add(client, pin="")["Location"] == "/account/lines/code/"
    code = people.last_code(SMS)
    assert "not the code" in texts(client.post("/account/lines/code/", {"code": f"{(int(code) + 1) % 10**6:06d}"}))
    assert client.post("/account/lines/code/", {"code": code})["Location"] == "/account/lines/"
    assert linked(client) == ["L1"]


def test_no_code_goes_to_a_number_that_is_no_line_of_ones_corporation(client: Client) -> None:
    before = Code.objects.count()
    assert add(client, "090-8765-4321", "")["Location"] == "/account/lines/code/"
    assert Code.objects.count() == before
    assert "is not a phone number" in texts(add(client, "12", ""))
    assert "The PIN has 4 digits." in texts(add(client, pin="12"))


def test_a_line_of_somebody_else_cannot_be_unlinked(client: Client) -> None:
    add(client)
    person("taro", contact_mail="taro@example.co.jp")
    other = browser()
    people.give_password(other, "taro")
    people.give_code(other, people.last_code("taro@example.co.jp"))
    assert other.post("/account/lines/L1/unlink/").status_code == 404
    assert linked(client) == ["L1"]
    assert "linked to an account already" in texts(add(other))
