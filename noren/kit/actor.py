"""Who acts. Every action takes an actor and leaves its name behind."""

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    SYSTEM = "system"
    STAFF = "staff"
    MEMBER = "member"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class Actor:
    """One who acts: a kind and a name within it, written as `staff:hanako`; and why, where that was said.

    A partner service acts in the name of a person: `partner:CLIENT/ACCOUNT`.
    """

    kind: ActorKind
    name: str
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"
