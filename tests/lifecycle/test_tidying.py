"""What has expired goes; what counts, or may be asked about, stays."""

from datetime import datetime, timedelta

import pytest

from noren.accounts import actions as accounts
from noren.accounts import limits
from noren.accounts.models import Code, Session
from noren.lifecycle import tidying
from noren.outbox import actions as outbox
from noren.outbox.models import Message
from tests.cast import NOW
from tests.conftest import Place


def left(model: type[Code] | type[Session] | type[Message], now: datetime) -> int:
    tidying.tidy(now)
    return model.objects.count()


def test_sessions_go_when_they_expire(place: Place) -> None:
    del place
    for name, hours in (("a", 1), ("b", 12)):
        Session.objects.create(session_key=name, session_data="", expire_date=NOW + timedelta(hours=hours))
    assert left(Session, NOW + timedelta(minutes=59)) == 2
    assert left(Session, NOW + timedelta(minutes=61)) == 1


def test_security_codes_go_a_day_after_they_expired(place: Place) -> None:
    del place
    accounts.send_code(purpose="join", subject="a", channel="mail", destination="a@example.jp", now=NOW)
    assert left(Code, NOW + timedelta(hours=24)) == 1
    assert left(Code, NOW + timedelta(hours=25)) == 0


def test_a_counter_that_still_counts_stays(place: Place) -> None:
    del place
    limit = limits.Limit("test", "a", 1, 600)
    limits.count([limit], now=NOW)
    tidying.tidy(NOW + timedelta(seconds=599))
    with pytest.raises(limits.TooOften):
        limits.count([limit], now=NOW + timedelta(seconds=599))
    tidying.tidy(NOW + timedelta(seconds=601))
    limits.count([limit], now=NOW + timedelta(seconds=601))


def test_messages_go_a_month_after_they_were_sent_and_waiting_ones_stay(place: Place) -> None:
    del place
    outbox.mail(to="a@example.jp", subject="a", body="b", now=NOW)
    outbox.deliver(lambda _message: None, lambda: NOW)
    outbox.mail(to="b@example.jp", subject="a", body="b", now=NOW)
    assert left(Message, NOW + timedelta(days=29)) == 2
    assert left(Message, NOW + timedelta(days=31)) == 1
    assert Message.objects.get().recipient == "b@example.jp"
