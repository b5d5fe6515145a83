"""People who sign in, and what reached them."""

import re
from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from noren.accounts import actions as accounts
from noren.accounts.models import Code
from noren.accounts.rules import TwoStep
from noren.lifecycle import actions as lifecycle
from noren.members import actions as members
from noren.members.models import Corporation
from noren.members.rules import CorporationKind
from noren.outbox.models import Message
from tests.cast import ENGINEER

PASSWORD = "correct horse battery"
CORPORATION = "C1"
MAIL = "hanako@example.co.jp"


def now() -> datetime:
    """The clock of the door."""
    return timezone.now()  # noqa: TID251  (the tests knock at the door, too)


WRONG = "not the password"


def later() -> None:
    """As if the last code had been sent a while ago: another one may be sent."""
    Code.objects.update(made_at=now() - timedelta(minutes=2))


def person(login_id: str = MAIL, *, contact_mail: str = MAIL, mobile: str = "", password: str = PASSWORD) -> str:
    """An active account; gives its id."""
    if not _known():
        members.add_corporation(
            corporation_id=CORPORATION,
            kind=CorporationKind.CORPORATION,
            name="Example",
            name_kana="",
            corporate_number="7000012050002",
            actor=ENGINEER,
            now=now(),
        )
    account_id = lifecycle.issue(
        corporation_id=CORPORATION,
        login_id=login_id,
        name="Hanako",
        employee_number="0042",
        contact_mail=contact_mail,
        language="en",
        active=True,
        actor=ENGINEER,
        now=now(),
    )
    if mobile:
        accounts.set_contact_mobile(account_id, mobile, actor=ENGINEER, now=now())
    if password:
        lifecycle.password_changed(account_id, password=password, actor=ENGINEER, now=now())
    return account_id


def _known() -> bool:
    return Corporation.objects.filter(corporation_id=CORPORATION).exists()


def weak(account_id: str) -> None:
    accounts.set_two_step(account_id, TwoStep.WEAK, actor=ENGINEER, now=now())


def browser(agent: str = "Test browser", address: str = "192.0.2.1") -> Client:
    return Client(HTTP_HOST="localhost:8000", HTTP_USER_AGENT=agent, REMOTE_ADDR=address)


def give_password(client: Client, login: str = MAIL, password: str = PASSWORD, to: str = "") -> Any:
    return client.post("/account/login/", {"login": login, "password": password, "next": to})


def give_code(client: Client, code: str = "") -> Any:
    return client.post("/account/login/code/", {"code": code or last_code(), "action": "verify"})


def signed_in(login: str = MAIL, password: str = PASSWORD, client: Client | None = None) -> Client:
    """A browser that has gone through both steps."""
    client = client or browser()
    assert give_password(client, login, password)["Location"] == "/account/login/code/"
    assert give_code(client).status_code == 302
    assert client.session.get("_auth_user_id")
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/2fa/").status_code == 200


def messages(to: str = MAIL) -> list[Message]:
    return list(Message.objects.filter(recipient=to).order_by("made_at"))


def last_code(to: str = MAIL) -> str:
    found = re.search(
        r"\b\d{6}\b", [message for message in messages(to) if re.search(r"\b\d{6}\b", message.body)][-1].body
    )
    assert found
    return found[0]


def subjects(to: str = MAIL) -> list[str]:
    return [message.subject for message in messages(to)]


def texts(response: Any) -> str:
    return str(response.content.decode())
