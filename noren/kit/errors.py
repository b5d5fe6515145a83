"""What a user is told when Noren says no: a sentence in their language and a code that never changes."""

from collections.abc import Mapping
from typing import ClassVar


class Refusal(Exception):  # noqa: N818  (named for what it is: an answer, not an accident)
    """A clear no to the user. `code` is stable, `message` is translatable with named places."""

    code: ClassVar[str] = "refused"

    def __init__(self, message: object, **values: object) -> None:
        super().__init__(message, values)
        self.message = message
        self.values: Mapping[str, object] = values

    def __str__(self) -> str:
        return str(self.message) % self.values if self.values else str(self.message)


class Overloaded(Refusal):
    """Too much at once: come back in `seconds`."""

    code = "overloaded"

    def __init__(self, message: object, *, seconds: int) -> None:
        super().__init__(message, seconds=seconds)
        self.seconds = seconds
