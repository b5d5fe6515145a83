"""What was done to the account, as its person sees it."""

import re
from typing import Any

import pytest

from noren.account_site import pages_activity
from noren.accounts import actions as accounts
from noren.accounts.rules import LockReason
from noren.audit import actions as audit
from noren.kit.actor import Actor, ActorKind
from noren.lifecycle import actions as lifecycle
from tests.account_site import people
from tests.account_site.people import MAIL, browser, give_password, person, signed_in, texts
from tests.cast import ENGINEER

pytestmark = pytest.mark.usefixtures("place")

URL = "/account/activity/"
COLLEAGUE = Actor(ActorKind.MEMBER, "another")


def rows(page: str) -> list[str]:
    """The lines of the table, without their tags."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [" ".join(re.sub("<[^>]*>", " ", row).split()) for row in body.split("</tr>") if row]


def by(actor: Actor) -> dict[str, Any]:
    return {"actor": actor, "now": people.now()}


def test_each_act_is_told_with_who_did_it_the_newest_first() -> None:
    account_id = person()
    lifecycle.lock(account_id, LockReason.ADMINISTRATOR, **by(COLLEAGUE))
    lifecycle.unlock(account_id, **by(COLLEAGUE))
    client = signed_in()
    client.post("/account/data/", {"name": "Hanako A", "department": "<b>Sales</b>", "language": "en"})
    told = rows(texts(client.get(URL)))
    expected = [
        ("You", "Your data was changed.", "Name From Hanako to Hanako A", "Department &lt;b&gt;Sales&lt;/b&gt;"),
        ("An administrator", "Your account was unlocked."),
        ("An administrator", "Your account was locked."),
        ("The operator", "Your password was changed."),
        ("The operator", "You joined the programme."),
        ("The operator", "Your account was issued.", "ID hanako@example.co.jp"),
    ]
    for row, words in zip(told, expected, strict=True):
        assert [word for word in words if word not in row] == [], row


def test_too_many_wrong_passwords_are_not_said_to_be_the_persons() -> None:
    account_id = person()
    for _number in range(10):
        give_password(browser(), MAIL, people.WRONG)
    assert accounts.unlock_by_passkey(account_id, **by(accounts.herself(account_id)))
    unlocked, locked, *_rest = rows(texts(signed_in().get(URL)))
    assert "You Your account was unlocked." in unlocked
    assert "The system Your account was locked." in locked


def test_nobody_sees_acts_on_another_account_nor_an_administrators_reason() -> None:
    account_id = person()
    other = person("taro@example.co.jp", contact_mail="taro@example.co.jp")
    for subject, title in ((account_id, "Manager"), (other, "Director")):
        after, scope = {"title": title}, people.CORPORATION
        act = "account.user_data"
        audit.record(act=act, subject=subject, after=after, scope=scope, reason="suspicion", **by(COLLEAGUE))
    page = texts(signed_in().get(URL))
    assert ("Manager" in page, "Director" in page, "suspicion" in page) == (True, False, False)


def test_pages_follow_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_activity, "PAGE", 4)
    account_id = person()
    for number in range(9):
        audit.record(act="account.user_data", subject=account_id, after={"title": f"title-{number}"}, **by(ENGINEER))
    client, seen, following = signed_in(), [], [""]
    while following:
        page = texts(client.get(f"{URL}{following[0]}"))
        assert ("Newest" in page) is bool(following[0])
        seen += re.findall(r"title-(\d)", page)
        following = re.findall(r'href="(\?behind=[^"]+)"', page)
    assert seen == [str(number) for number in reversed(range(9))]


def test_who_registered_by_themselves_reads_that_they_did() -> None:
    account_id = person()
    journey = Actor(ActorKind.MEMBER, "join-a_B-3456")
    audit.record(act="account.issue", subject=account_id, **by(journey))
    assert "You Your account was issued." in rows(texts(signed_in().get(URL)))[0]


def test_the_page_speaks_japanese() -> None:
    person()
    client = signed_in()
    client.post("/language/", {"language": "ja", "next": URL})
    page = texts(client.get(URL))
    assert '<html lang="ja"' in page
    assert "Your account was issued." not in page
