"""The list of accounts and what is done with them, one by one and many at once."""

import pytest

from noren.accounts import queries
from noren.accounts.models import Account
from noren.accounts.rules import LockReason, State, TwoStep
from noren.groups import queries as groups
from noren.groups.rules import Role
from noren.lifecycle import actions as lifecycle
from noren.outbox.models import Message
from tests.admin_site.people import act, administrator, at_desk, person, text, who

pytestmark = pytest.mark.usefixtures("desk")


def state(account_id: str) -> State:
    return queries.account(account_id).state


def test_the_list_finds_filters_and_pages() -> None:
    client = at_desk(administrator())
    for number in range(60):
        person(f"p{number:02}", name=f"Person {number:02}", name_kana=f"ア{number:02}")
    page = text(client.get("/manage/accounts/"))
    assert "1 to 50 of 61" in page
    assert "51 to 61 of 61" in text(client.get("/manage/accounts/?page=2"))
    found = text(client.get("/manage/accounts/?text=Person+07&state=active&order=login_id"))
    assert ("Person 07" in found, "Person 08" in found) == (True, False)
    for odd in ("page=-1", "page=x", "page=99999999", "state=nothing", "group=0"):
        assert client.get(f"/manage/accounts/?{odd}").status_code == 200, odd


def test_the_file_has_every_row_and_no_formula() -> None:
    client = at_desk(administrator())
    person("eve", name="=1+1", employee_number="0042")
    lines = b"".join(client.get("/manage/accounts/file/?text=eve")).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("ID,Name,Kana,")
    assert lines[1].startswith("eve,'=1+1,,")
    assert ",0042," in lines[1]


def test_views_are_kept_and_forgotten() -> None:
    client = at_desk(administrator())
    client.post("/manage/accounts/views/?state=locked&page=3", {"name": "Locked ones"})
    page = text(client.get("/manage/accounts/"))
    assert '<a href="/manage/accounts/?state=locked">Locked ones</a>' in page
    assert "Locked ones" not in text(at_desk(administrator("other")).get("/manage/accounts/"))
    client.post("/manage/accounts/views/", {"forget": "Locked ones"})
    assert "Locked ones" not in text(client.get("/manage/accounts/"))
    assert client.post("/manage/accounts/views/", {"name": " "}).status_code == 400


def test_many_at_once_each_with_its_result() -> None:
    client = at_desk(administrator())
    one, other = person("one"), person("other")
    lifecycle.abolish(other, **who())
    answer = client.post("/manage/accounts/choose/", {"act": "lock", "account": [one, other]})
    assert answer["Location"] == "/manage/accounts/act/lock/"
    confirm = text(client.get(answer["Location"]))
    assert "2 accounts" in confirm
    result = client.post(answer["Location"], {"reason": "lost"})
    assert result["Location"] == "/manage/accounts/result/"
    page = text(client.get(result["Location"]))
    assert ("Done for 1 account." in page, "Refused for 1." in page, "account.state" in page) == (
        True,
        True,
        True,
    )
    assert (state(one), state(other)) == (State.LOCKED, State.ABOLISHED)
    assert client.get(answer["Location"])["Location"] == "/manage/accounts/"


def test_all_that_answer_a_search() -> None:
    client = at_desk(administrator())
    chosen = [person(f"sales{number}", department="Sales") for number in range(3)]
    other = person("plant")
    answer = client.post("/manage/accounts/choose/?text=sales", {"act": "sign-out", "all": "1"})
    assert client.post(answer["Location"], {}).status_code == 302
    assert [Account.objects.get(pk=one).epoch for one in (*chosen, other)] == [2, 2, 2, 1]


@pytest.mark.parametrize("data", [{"act": "lock"}, {"act": "lock", "account": []}])
def test_nothing_ticked_is_told(data: dict[str, str]) -> None:
    client = at_desk(administrator())
    assert client.post("/manage/accounts/choose/", data)["Location"] == "/manage/accounts/?"
    assert "Tick at least one account first." in text(client.get("/manage/accounts/"))
    assert client.post("/manage/accounts/choose/", {"act": "nonsense", "account": "x"}).status_code == 404


def test_each_act_does_what_it_says() -> None:
    admin = administrator(lines=["L1"])
    client, account = at_desk(admin), person("kenta")
    act(client, "lock", account, reason="lost telephone")
    assert queries.account(account).lock_reason is LockReason.ADMINISTRATOR
    act(client, "unlock", account)
    assert state(account) is State.ACTIVE
    act(client, "two-step", account, two_step="weak")
    assert queries.account(account).two_step is TwoStep.WEAK
    act(client, "reset-password", account)
    assert "/account/password/reset/" in Message.objects.filter(recipient="kenta@example.jp").latest("made_at").body
    act(client, "recommend-passkey", account)
    assert "passkey" in Message.objects.filter(recipient="kenta@example.jp").latest("made_at").body
    group = lifecycle.create_group(corporation_id="C1", name="Sales", representative=admin, **who())
    act(client, "join-group", account, place=str(group))
    assert groups.place_of(account).group_id == str(group)
    act(client, "grant", account, place=str(group), role="manage_points")
    assert groups.roles_of([account]) == {account: {Role.MANAGE_POINTS}}
    act(client, "leave-group", account)
    assert (groups.place_of(account).group_id, groups.roles_of([account])) == ("", {})
    act(client, "set-up-anew", account)
    assert state(account) is State.INVITED
    act(client, "invite", account)
    assert act(client, "abolish", account).status_code == 200, "it asks for the tick"
    assert state(account) is State.INVITED
    act(client, "abolish", account, typed="on")
    assert state(account) is State.ABOLISHED


def test_data_id_and_contact_are_changed() -> None:
    client, account = at_desk(administrator()), person("kenta")
    url = f"/manage/accounts/of/{account}/"
    data = {"name": "鈴木 健太", "name_kana": "すずき けんた", "department": "営業部", "language": "ja"}
    assert client.post(f"{url}data/", data)["Location"] == url
    found = queries.account(account)
    assert (found.name, found.name_kana, found.department) == ("鈴木 健太", "スズキ ケンタ", "営業部")
    assert "Enter the name." in text(client.post(f"{url}data/", {**data, "name": ""}))
    client.post(f"{url}id/", {"login_id": "suzuki"})
    assert queries.account(account).login_id == "suzuki"
    told = Message.objects.get(body__contains="\nsuzuki\n")
    assert (told.recipient, told.subject) == ("kenta@example.jp", "ログインIDが変更されました")
    assert "is taken" in text(client.post(f"{url}id/", {"login_id": "admin"}))
    client.post(f"{url}contact/", {"mail": "suzuki@example.jp", "mobile": "090-1234-5678"})
    assert queries.account(account).contact_mobile == "+819012345678"
    assert Message.objects.filter(recipient="kenta@example.jp").exists(), "who was reached there before is told"
    assert "is not a mail address" in text(client.post(f"{url}contact/", {"mail": "nowhere"}))
    page = text(client.get(url))
    assert ("鈴木 健太" in page, "suzuki@example.jp" in page) == (True, True)


def test_lines_are_linked_and_unlinked() -> None:
    client, account = at_desk(administrator()), person("kenta")
    url = f"/manage/accounts/of/{account}/"
    assert "no open line of this number" in text(client.post(f"{url}lines/", {"number": "090-3333-3333"}))
    assert client.post(f"{url}lines/", {"number": "09022222222"}).status_code == 302
    assert queries.line_ids(account) == ["L2"]
    assert client.post(f"{url}lines/L2/unlink/").status_code == 302
    assert queries.line_ids(account) == []


def test_an_account_is_issued_and_its_person_invited() -> None:
    admin = administrator()
    client = at_desk(admin)
    data = {
        "name": "新人",
        "employee_number": "0100",
        "contact_mail": "new@example.jp",
        "language": "ja",
        "invite": "on",
    }
    answer = client.post("/manage/accounts/issue/", {**data, "line": "090-2222-2222"})
    account_id = answer["Location"].rstrip("/").rpartition("/")[2]
    made = queries.account(account_id)
    assert (made.state, made.login_id.rpartition("/")[2], made.corporation_id) == (State.INVITED, "0100", "C1")
    assert queries.line_ids(account_id) == ["L2"]
    assert Message.objects.filter(recipient="new@example.jp").count() == 1
    again = text(client.post("/manage/accounts/issue/", data))
    assert ("is taken" in again, "新人" in again) == (True, True)
    wrong = text(client.post("/manage/accounts/issue/", {"name": "", "invite": "on", "language": "ja"}))
    for told in ("Enter the name.", "Enter a login ID or an employee number.", "Enter the address"):
        assert told in wrong
    assert Account.objects.count() == 2


@pytest.mark.parametrize(("name", "form"), [("lock", {}), ("set-up-anew", {}), ("abolish", {"typed": "on"})])
def test_nobody_shuts_themselves_out(name: str, form: dict[str, str]) -> None:
    admin = administrator()
    administrator("other")
    assert "This is your own account." in text(act(at_desk(admin), name, admin, **form))
    assert state(admin) is State.ACTIVE


def test_nobody_is_to_set_up_anew_whom_no_mail_would_reach() -> None:
    client, account = at_desk(administrator()), person("kenta", contact_mail="")
    assert "has no contact mail" in text(act(client, "set-up-anew", account))
    assert state(account) is State.ACTIVE
