"""The standing cast: who acts in the tests, and when."""

from datetime import UTC, datetime

from noren.kit.actor import Actor, ActorKind

ENGINEER = Actor(ActorKind.STAFF, "hanako")
NOW = datetime(2021, 8, 10, 3, 0, tzinfo=UTC)
