"""Bulk jobs on the admin site: a file is checked, looked at, carried out and undone; each within one's scope."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from noren.accounts import queries as accounts
from noren.accounts.policy import Settings
from noren.accounts.rules import State
from noren.bulk import actions as bulk
from noren.cli import arguments
from noren.groups import actions as groups_actions
from noren.groups import queries as groups
from noren.groups.rules import PolicyPlace, Role
from noren.lifecycle import actions as lifecycle
from tests.admin_site.people import administrator, at_desk, person, text, who

pytestmark = pytest.mark.usefixtures("desk")

URL = "/manage/jobs/"
PEOPLE = "login_id,name,employee_number,contact_mail\nnew1,新人 一,,new1@example.jp\n,新人 二,0042,\n,,0043,\n"


def give(client: Client, content: str, operation: str = "issue", **more: Any) -> Any:
    file = SimpleUploadedFile("people.csv", content.encode("cp932"))
    return client.post(URL, {"operation": operation, "file": file, **more})


def work() -> None:
    while bulk.work(arguments.clock):
        pass


def test_a_file_is_checked_carried_out_and_undone() -> None:
    client = at_desk(administrator())
    job = give(client, PEOPLE)["Location"]
    assert 'http-equiv="refresh"' in text(client.get(job))
    work()
    page = text(client.get(job))
    assert ("Carry out 2 rows" in page, "is empty." in page, "http-equiv" in page) == (True, True, False)
    assert accounts.by_login("new1") is None
    assert "新人 一" not in text(client.get(f"{job}?verdict=error"))
    assert client.post(f"{job}commit/")["Location"] == job
    work()
    made = accounts.by_login("new1")
    assert made is not None
    assert made.state is State.INVITED
    result = client.get(f"{job}result/csv/").content.decode("cp932")
    assert ("done" in result, "0042" in result) == (True, True)
    letters = client.post(f"{job}letters/")
    assert (letters["Content-Type"], letters.content[:5]) == ("application/pdf", b"%PDF-")
    client.post(f"{job}undo/")
    work()
    assert accounts.account(made.account_id).state is State.ABOLISHED
    assert client.post(f"{job}nonsense/").status_code == 404


def test_the_same_file_again_is_the_same_job() -> None:
    client = at_desk(administrator())
    job = give(client, PEOPLE)["Location"]
    assert give(client, PEOPLE)["Location"] == job
    assert "The same file was given within a day" in text(client.get(job))
    assert give(client, PEOPLE, again="on")["Location"] != job


def test_what_is_no_such_file_is_told_in_the_form() -> None:
    client = at_desk(administrator())
    for content in ("", "nonsense\n1\n", "name\n"):
        answer = give(client, content)
        assert (answer.status_code, 'class="errors"' in text(answer)) == (200, True), content
    assert "Choose a file." in text(client.post(URL, {"operation": "issue"}))
    assert "Choose a group." in text(give(client, "account,action\nx,add\n", "membership"))


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_templates_can_be_given_back(form: str) -> None:
    client = at_desk(administrator())
    content = client.get(f"{URL}template/issue/{form}/").content
    file = SimpleUploadedFile(f"people.{form}", content)
    assert client.post(URL, {"operation": "issue", "file": file}).status_code == 302
    assert client.get(f"{URL}template/issue/pdf/").status_code == 404


def test_a_managing_user_fills_the_group_and_sees_no_other_jobs() -> None:
    admin, leader, user = administrator(), person("leader", lines=["L1"]), person("user")
    group = lifecycle.create_group(corporation_id="C1", name="Sales", representative=leader, **who())
    groups_actions.grant(group, user, Role.MANAGING_USER, **who())
    own = give(at_desk(admin), PEOPLE)["Location"]
    client = at_desk(user)
    assert client.get(own).status_code == 404
    assert "people.csv" not in text(client.get(URL))
    job = give(client, PEOPLE, group=str(group))["Location"]
    work()
    client.post(f"{job}commit/")
    work()
    made = accounts.by_login("new1")
    assert made is not None
    assert groups.place_of(made.account_id).group_id == str(group)


def test_large_jobs_wait_for_a_second_administrator() -> None:
    first, second = administrator(), administrator("second")
    place = PolicyPlace(corporation_id="C1")
    groups_actions.set_policy(place, Settings(second_approval=True), **who())
    rows = "".join(f"u{number},Name {number}\n" for number in range(1_001))
    client = at_desk(first)
    job = give(client, f"login_id,name\n{rows}")["Location"]
    work()
    client.post(f"{job}commit/")
    work()
    assert accounts.by_login("u7") is None
    assert "Approve" not in text(client.get(job))
    assert client.post(f"{job}approve/").status_code == 400
    other = at_desk(second)
    assert ">Approve</button>" in text(other.get(job))
    other.post(f"{job}approve/")
    work()
    assert accounts.by_login("u7") is not None
    assert urlsplit(job).path.startswith(URL)


def test_abolishing_waits_for_a_second_administrator_where_that_is_asked() -> None:
    first, second, gone = administrator(), administrator("second"), person("gone")
    groups_actions.set_policy(PolicyPlace(corporation_id="C1"), Settings(second_approval=True), **who())
    client = at_desk(first)
    url = f"/manage/accounts/act/abolish/?account={gone}"
    assert client.get(url).status_code == 200
    job = client.post(url, {"typed": "on"})["Location"]
    assert job.startswith(URL)
    work()
    client.post(f"{job}commit/")
    work()
    assert accounts.account(gone).state is State.ACTIVE
    at_desk(second).post(f"{job}approve/")
    work()
    assert accounts.account(gone).state is State.ABOLISHED
