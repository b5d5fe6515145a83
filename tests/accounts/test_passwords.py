"""What a password must be, how it is kept, and what happens when too many come at once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from noren.accounts import hashing
from noren.accounts.models import Account
from noren.kit.errors import Overloaded

GOOD = ("blaue Berge im Nebel", "correct horse battery", "8文字以上の合言葉です", "x7#Qm!v2", "a" * 60 + "bcd")
KNOWN = (
    "password",
    "Password1",
    "PASSWORD2021!",
    "ｐａｓｓｗｏｒｄ",
    "12345678",
    "qwertyuiop",
    "sakura2021",
    "123sakura",
    "himitsu1!",
    "Takahashi99",
    "aaaaaaaa",
    "12121212",
)


@pytest.mark.parametrize("password", GOOD)
def test_good_password_needs_no_mixture(password: str) -> None:
    validate_password(password)


@pytest.mark.parametrize("password", KNOWN)
def test_known_password_is_refused_also_with_something_added(password: str) -> None:
    with pytest.raises(ValidationError) as told:
        validate_password(password)
    assert "password.breached" in {error.code for error in told.value.error_list}


def test_known_word_within_a_long_password_is_allowed() -> None:
    validate_password("sakura-9381-77-x")
    validate_password("sakura under the moon")


@pytest.mark.parametrize(
    ("password", "right"), [("x7#Qm!v", False), ("x7#Qm!v2" * 16, True), ("x7#Qm!v2" * 16 + "x", False)]
)
def test_length(password: str, right: bool) -> None:
    if right:
        validate_password(password)
        return
    with pytest.raises(ValidationError):
        validate_password(password)


def test_endless_password_is_answered_at_once() -> None:
    began = time.monotonic()
    for endless in ("a" + "1" * 30_000 + "a", "1" * 30_000 + "a" + "1" * 30_000):
        with pytest.raises(ValidationError):
            validate_password(endless)
    assert time.monotonic() - began < 1


def test_login_id_is_no_password() -> None:
    holder = Account(login_id="Hanako.Yamada", contact_mail="hy@example.jp")
    for password in ("hanako.yamada", "HY@example.jp"):
        with pytest.raises(ValidationError):
            validate_password(password, holder)


def test_hash_is_argon2id_as_designed() -> None:
    encoded = make_password("blaue Berge im Nebel")
    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password("blaue Berge im Nebel", encoded)
    assert not check_password("blaue Berge im nebel", encoded)


def test_too_many_at_once_are_sent_away_and_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    free, began = threading.Event(), threading.Semaphore(0)

    def slow(self: object, password: str, salt: str) -> str:
        del self, password, salt
        began.release()
        assert free.wait(30)
        return "done"

    monkeypatch.setattr(Argon2PasswordHasher, "encode", slow)
    room = hashing.AT_ONCE + hashing.WAITING
    with ThreadPoolExecutor(room) as threads:
        inside = [threads.submit(hashing.Argon2id().encode, "p", "s") for _number in range(room)]
        for _number in range(hashing.AT_ONCE):
            assert began.acquire(timeout=30)
        while hashing._admitted.acquire(blocking=False):
            hashing._admitted.release()  # the last ones are on their way in
        with pytest.raises(Overloaded) as told:
            hashing.Argon2id().encode("p", "s")
        assert (told.value.code, told.value.seconds) == ("overloaded", hashing.RETRY_SECONDS)
        free.set()
        assert [one.result(30) for one in inside] == ["done"] * room
    assert hashing.Argon2id().encode("p", "s") == "done"
