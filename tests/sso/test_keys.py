"""Keys that sign: replaced with an overlap, taken out at once when they were stolen, known to every process."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from noren.sso import keys, tokens
from noren.sso.rules import KEY_OVERLAP, Algorithm
from tests.cast import ENGINEER
from tests.conftest import Place

ISSUER = "http://localhost:8000"
MOMENT = timedelta(seconds=1)


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  (keys are read by the database's clock)


def signed() -> str:
    return keys.sign(f'{{"iss": "{ISSUER}"}}', typ="JWT")


def is_read(token: str) -> bool:
    return tokens.read(token, typ="JWT", issuer=ISSUER) is not None


@pytest.fixture(autouse=True)
def fresh(place: Place) -> None:
    del place
    keys.forget()


def test_signatures_of_a_replaced_key_count_for_a_day() -> None:
    token = signed()
    keys.rotate(actor=ENGINEER, now=now() - KEY_OVERLAP + timedelta(minutes=1))
    assert is_read(token)
    assert is_read(signed())
    keys.rotate(actor=ENGINEER, now=now())
    assert is_read(token)


def test_signatures_of_a_key_that_was_replaced_long_ago_do_not_count() -> None:
    token = signed()
    keys.rotate(actor=ENGINEER, now=now() - KEY_OVERLAP - MOMENT)
    assert not is_read(token)
    assert len(keys.listed(now())) == len(Algorithm)


@pytest.mark.parametrize("replaced", [False, True])
def test_signatures_of_a_stolen_key_count_no_more(replaced: bool) -> None:
    token = signed()
    kid, _key = keys.held().signing[Algorithm.ES256]
    if replaced:
        keys.rotate(actor=ENGINEER, now=now())
    keys.revoke(kid, actor=ENGINEER, now=now())
    assert not is_read(token)
    assert is_read(signed())
    with pytest.raises(keys.UnknownKey):
        keys.revoke(kid, actor=ENGINEER, now=now())


def test_a_key_that_another_process_has_made_is_known_at_once() -> None:
    before = keys.held()
    keys.rotate(actor=ENGINEER, now=now())
    token = signed()
    keys._held["keys"] = replace(before, read_at=before.read_at - 2)
    assert is_read(token)


def test_a_private_key_is_gone_when_it_signs_no_more() -> None:
    keys.held()
    keys.rotate(actor=ENGINEER, now=now())
    assert [bool(row.private) for row in keys.listed(now())] == [True, True, False, False]
