"""The threads of a web process: some of them are left, whatever the others wait for."""

from noren.accounts import hashing
from noren.cli.commands import serving


def test_passwords_take_no_more_than_half_of_the_threads() -> None:
    assert hashing.AT_ONCE >= 1
    assert hashing.AT_ONCE + hashing.WAITING <= serving.THREADS // 2
