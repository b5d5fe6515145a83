"""`noren account …` as an operator types it."""

import json
import re
from typing import Any

import pytest
from pypdf import PdfReader

from noren.accounts.rules import State, TicketPurpose
from noren.lifecycle import actions
from tests.cast import ENGINEER
from tests.lifecycle.cast import mails, now_of
from tests.members.desk import Desk

JULY = "2021-07"
MAIL = "hanako@example.jp"


def issue(desk: Desk, *more: str) -> dict[str, Any]:
    done = desk.place.noren("account", "issue", "--corporation", "C1", "--name", "山田花子", "--json", *more)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def state(desk: Desk, name: str) -> str:
    told: dict[str, Any] = json.loads(desk.place.noren("account", "show", name, "--json").stdout)
    return str(told["state"])


def token_of(link: str, kind: str) -> str:
    found = re.search(rf"http://localhost:8000/join/{kind}/([\w-]+)/", link)
    assert found is not None, link
    return found[1]


def test_account_member_earns_and_closes_like_a_line(desk: Desk) -> None:
    account = issue(desk, "--login", MAIL, "--joined-on", "2021-07-01")
    account_id = account["account_id"]
    assert [(one["kind"], one["id"]) for one in account["members"]] == [("account", account_id)]
    desk.bring("contracts", f"K1,C1,,{account_id},office_extension,2021-01-01,")
    steps = desk.close(JULY, f"b1,{JULY},,{account_id},call,2199", f"b2,{JULY},L1,,call,1000")
    assert steps
    told = json.loads(desk.place.noren("explain", account_id, JULY, "--json").stdout)
    assert (told["member"]["uid"], told["rating"]["points"]) == (account["members"][0]["uid"], 50)
    assert [item["item_id"] for item in told["items"]] == ["b1"]
    grants = {row["member_id"]: (row["stage"], row["points"]) for row in desk.exported("grants", JULY)}
    assert grants[account_id] == ("grand-premier", "50")
    assert "The books balance" in desk.place.noren("verify").stdout


def test_account_is_found_by_id_and_login_id(desk: Desk) -> None:
    account = issue(desk, "--employee-number", "0042")
    assert account["login_id"].endswith("/0042")
    for name in (account["account_id"], account["login_id"], account["login_id"].upper()):
        assert account["account_id"] in desk.place.noren("account", "show", name).stdout
    assert desk.refused("account", "show", "nobody") == "[account.unknown] No account has the id nobody.\n"


def test_invitation_goes_out_and_its_link_is_told(desk: Desk) -> None:
    account = issue(desk, "--login", MAIL, "--mail", MAIL)
    told = desk.place.noren("account", "invite", MAIL).stdout
    (mail,) = mails()
    token = token_of(told, "invitation")
    assert (mail.recipient, token_of(mail.body, "invitation")) == (MAIL, token)
    assert mail.subject
    found = actions.accept(token, purpose=TicketPurpose.INVITATION, now=mail.made_at)
    assert found == account["account_id"]
    assert now_of(found).state == State.ACTIVE


def test_letter_is_one_page_with_a_drawn_code_for_who_has_no_mail(desk: Desk) -> None:
    account = issue(desk, "--employee-number", "0042", "--kana", "<b>", "--department", "<b>営業部</b>")
    path = desk.folder / "letter.pdf"
    told = desk.place.noren("account", "invite", account["login_id"], "--letter", path).stdout
    [page] = PdfReader(path).pages
    text = page.extract_text()
    assert (account["login_id"] in text, "山田花子" in text, "<b>営業部</b>" in text) == (True, True, True)
    token = token_of(text.replace("\n", ""), "letter")
    assert token not in told
    assert actions.peek(token, TicketPurpose.LETTER, now_of(account["account_id"]).issued_at)


def test_account_is_locked_unlocked_reissued_and_ended(desk: Desk) -> None:
    account = issue(desk, "--login", MAIL, "--mail", MAIL)
    assert desk.refused("account", "lock", MAIL).startswith("[account.state]")
    token = actions.invite(
        account["account_id"], by="letter", actor=ENGINEER, now=now_of(account["account_id"]).issued_at
    )
    actions.accept(token, purpose=TicketPurpose.LETTER, now=now_of(account["account_id"]).issued_at)
    desk.place.noren("account", "lock", MAIL)
    assert "already" in desk.place.noren("account", "lock", MAIL).stdout
    assert state(desk, MAIL) == "locked"
    desk.place.noren("account", "unlock", MAIL)
    assert state(desk, MAIL) == "active"
    desk.place.noren("account", "reissue", MAIL, "--login", "hanako")
    assert state(desk, "hanako") == "invited"
    desk.place.noren("account", "abolish", "hanako")
    assert state(desk, "hanako") == "abolished"
    assert desk.refused("account", "unlock", "hanako").startswith("[account.state]")


def test_dormant_accounts_are_counted(desk: Desk) -> None:
    done = desk.place.noren("account", "lock-dormant", "--json")
    assert json.loads(done.stdout) == {"noticed": 0, "locked": 0}


@pytest.mark.parametrize("value", ["maybe", "1"])
def test_policy_is_on_or_off(desk: Desk, value: str) -> None:
    done = desk.place.alone("account", "show", "x", check=False, NOREN_JOIN_WITH_ACCOUNT=value)
    assert done.returncode == 1
    assert done.stderr.startswith("[setting] NOREN_JOIN_WITH_ACCOUNT must be on or off")


def test_joining_is_left_out_where_the_policy_says_so(desk: Desk) -> None:
    done = desk.place.alone(
        *("account", "issue", "--corporation", "C1", "--name", "花子", "--login", "a", "--json"),
        NOREN_JOIN_WITH_ACCOUNT="off",
    )
    assert json.loads(done.stdout)["members"] == []
