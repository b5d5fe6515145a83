"""A sign-in that was begun counts until something happens that ends sign-ins: a new password, a lock, another ID."""

from typing import Any

from django.utils.crypto import constant_time_compare

KEY = "session_auth_hash"
"""Key in the state of allauth's login: what the session of the account would have remembered at the first step."""


def note(login: Any) -> None:
    """The first step was right, for the account as it is in `login`."""
    login.state[KEY] = login.user.get_session_auth_hash()


def counts(login: Any) -> bool:
    """Whether the account is still as it was then."""
    return constant_time_compare(login.state.get(KEY, ""), login.user.get_session_auth_hash())
