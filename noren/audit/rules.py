"""How rows are chained, and who is behind an actor. Pure."""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

START = bytes(32)
"""What stands before the first link."""


def link_hash(previous: bytes, line: str) -> bytes:
    """The hash of a link: of the hash before it (32 bytes) and of the row's line in UTF-8, by SHA-256."""
    return hashlib.sha256(previous + line.encode()).digest()


@dataclass(frozen=True, slots=True)
class Head:
    """A link of the chain, to be noted elsewhere: NUMBER:HASH. Of an empty chain: number 0."""

    number: int
    hash: str

    @classmethod
    def read(cls, text: str) -> Self:
        """What `str` has written. Raises ValueError."""
        number, _colon, digest = text.strip().lower().partition(":")
        if not number.isdecimal() or len(bytes.fromhex(digest)) != len(START):
            raise ValueError(text)
        return cls(int(number), digest)

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


class Who(StrEnum):
    """Who acted, as the person concerned is told."""

    YOU = "you"
    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"
    SERVICE = "service"
    SYSTEM = "system"


_KINDS = {"staff": Who.OPERATOR, "member": Who.ADMINISTRATOR, "partner": Who.SERVICE}
_JOINING = re.compile(r"member:join-[\w-]{8}")


def who(actor: str, account_id: str) -> Who:
    """Who the actor is to the person of the account; who joined by themselves had no account yet."""
    if actor == f"member:{account_id}" or _JOINING.fullmatch(actor):
        return Who.YOU
    return _KINDS.get(actor.partition(":")[0], Who.SYSTEM)
