"""Random texts that people and commands can handle."""

import secrets

import pytest

from noren.kit.secrets import token


def test_a_token_is_no_option_on_a_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    made = iter(["-abc", "-", "a-bc"])
    monkeypatch.setattr(secrets, "token_urlsafe", lambda _count: next(made))
    assert token() == "a-bc"
