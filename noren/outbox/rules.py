"""When a message is tried again, and when it is given up. Pure."""

from datetime import timedelta
from enum import StrEnum

TRIES = 12


class Channel(StrEnum):
    """How a message leaves."""

    MAIL = "mail"
    SMS = "sms"
    POST = "post"


LETTERS, CALLS = (Channel.MAIL, Channel.SMS), (Channel.POST,)
"""What is carried apart: a slow partner holds up calls alone."""


def wait(tries: int) -> timedelta | None:
    """How long to wait after so many failed tries: 2 s, 4 s, 8 s … about two hours in all; None: give up."""
    return timedelta(seconds=2**tries) if tries < TRIES else None
