"""Security codes: six digits, ten minutes, five tries, one use."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from noren.accounts import actions
from noren.accounts.models import Code
from noren.kit.errors import Refusal
from tests import soak
from tests.conftest import Place
from tests.lifecycle.cast import NOW, SOON, digits_in, mails
from tests.points import crew as crews

ROUNDS = soak.many(20, 1_000)
MAIL = "hanako@example.jp"


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as told:
        act()
    return told.value.code


def send(subject: str = "a", purpose: str = "sign_in", now: object = NOW, channel: str = "mail") -> str:
    actions.send_code(purpose=purpose, subject=subject, channel=channel, destination=MAIL, now=now)  # type: ignore[arg-type]
    return digits_in(list(mails())[-1].body)


def check(code: str, subject: str = "a", purpose: str = "sign_in", now: object = SOON) -> str:
    return actions.check_code(purpose=purpose, subject=subject, code=code, now=now)  # type: ignore[arg-type]


def other(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_code_works_once_and_tells_where_it_was_sent(place: Place) -> None:
    del place
    code = send()
    assert check(f" {code}\n") == MAIL
    assert refused(lambda: check(code)) == "code.expired"


def test_message_names_code_time_and_site(place: Place) -> None:
    del place
    code = send(channel="sms")
    (message,) = mails()
    assert (message.channel, message.recipient) == ("sms", MAIL)
    assert message.body == (
        f"Your security code for localhost:8000 is {code}. It can be used until 12:10. Tell it to nobody."
    )


def test_code_is_kept_as_a_digest(place: Place) -> None:
    del place
    code = send()
    (row,) = Code.objects.values()
    assert code not in str(row["digest"])
    assert len(row["digest"]) == 64


def test_five_tries_and_no_more(place: Place) -> None:
    del place
    code = send()
    assert [refused(lambda: check(other(code))) for _try in range(5)] == ["code.wrong"] * 5
    assert refused(lambda: check(code)) == "code.expired"


def test_wrong_try_leaves_the_code_usable(place: Place) -> None:
    del place
    code = send()
    assert [refused(lambda: check(other(code))) for _try in range(4)] == ["code.wrong"] * 4
    assert check(code) == MAIL


def test_code_counts_for_ten_minutes(place: Place) -> None:
    del place
    code = send()
    assert refused(lambda: check(code, now=NOW + timedelta(minutes=10))) == "code.expired"
    assert check(code, now=NOW + timedelta(minutes=10, seconds=-1)) == MAIL


def test_code_is_for_its_purpose_and_subject(place: Place) -> None:
    del place
    code = send()
    assert refused(lambda: check(code, subject="b")) == "code.expired"
    assert refused(lambda: check(code, purpose="contact")) == "code.expired"
    assert check(code) == MAIL


def test_next_code_after_a_minute_replaces_the_last(place: Place) -> None:
    del place
    first = send()
    assert refused(lambda: send(now=NOW + timedelta(seconds=59))) == "code.too_soon"
    send("b", now=NOW + timedelta(seconds=59))
    second = send(now=NOW + timedelta(seconds=60))
    if first != second:
        assert refused(lambda: check(first)) == "code.wrong"
    assert check(second) == MAIL


def test_wrong_try_cannot_be_undone_by_who_asks(place: Place) -> None:
    del place
    code = send()
    with pytest.raises(RuntimeError), transaction.atomic():
        check(other(code))


@pytest.mark.soak
def test_one_of_sixteen_uses_a_code(place: Place) -> None:
    del place

    def use(code: str, subject: str) -> str:
        try:
            return check(code, subject)
        except Refusal:
            return ""

    with crews.assembled() as crew:
        for number in range(ROUNDS):
            subject = f"s{number}"
            code = send(subject, now=NOW + timedelta(seconds=number / 1_000))
            came = crew.each(lambda _number, code=code, subject=subject: use(code, subject))  # type: ignore[misc]
            assert sorted(came) == [""] * 15 + [MAIL]


@pytest.mark.soak
def test_sixteen_who_guess_have_five_tries_in_all(place: Place) -> None:
    del place
    with crews.assembled() as crew:
        for number in range(soak.many(5, 200)):
            send(f"g{number}", now=NOW + timedelta(seconds=number / 1_000))
            told = crew.each(lambda _number, subject=f"g{number}": refused(lambda: check("x", subject)))  # type: ignore[misc]
            assert sorted(told) == ["code.expired"] * 11 + ["code.wrong"] * 5
