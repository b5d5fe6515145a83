"""A corporation with two lines, and how accounts come to it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from noren.accounts import queries
from noren.accounts.queries import AccountRow
from noren.lifecycle import actions
from noren.outbox.models import Message
from tests.cast import ENGINEER
from tests.members.desk import Desk

NOW = datetime(2021, 8, 10, 3, 0, tzinfo=UTC)
SOON = NOW + timedelta(minutes=1)


def corporations(desk: Desk) -> None:
    """C1 with the lines L1 and L2, C2 with L3."""
    desk.bring("corporations", "C1,,Kita,,corporation", "C2,,Minami,,corporation")
    desk.bring(
        "lines",
        "L1,C1,090-1111-1111,mobile,2015-01-01,,2021-07-01,",
        "L2,C1,090-2222-2222,mobile,2015-01-01,,,",
        "L3,C2,090-3333-3333,mobile,2015-01-01,,2021-07-01,",
    )


def issue(login_id: str = "hanako@example.jp", **more: Any) -> str:
    """An account of C1."""
    about = {"corporation_id": "C1", "name": "山田花子", "language": "en", "actor": ENGINEER, "now": NOW, **more}
    return actions.issue(login_id=login_id, **about)


def active(login_id: str = "hanako@example.jp", **more: Any) -> str:
    """An account in use."""
    return issue(login_id, active=True, contact_mail="hanako@example.jp", **more)


def now_of(account_id: str) -> AccountRow:
    """The account."""
    return queries.account(account_id)


def mails() -> Iterator[Message]:
    """What waits in the outbox, the oldest first."""
    yield from Message.objects.order_by("made_at", "message_id")


def digits_in(text: str) -> str:
    """The security code in a message."""
    found = re.search(r"\b\d{6}\b", text)
    assert found is not None, text
    return found[0]


def sign_ins(account_id: str) -> tuple[queries.SignInRow, ...]:
    """What the person's history shows, the newest first."""
    return queries.history(account_id, since=NOW.replace(year=2000), behind="", size=100).rows
