"""How long work tells how far it is. The door decides how that is shown."""

from typing import Protocol


class Progress(Protocol):
    """Told by long work: which task, how much of it is done, out of how much (None: not known)."""

    def __call__(self, task: str, done: int, total: int | None) -> None: ...


def silent(task: str, done: int, total: int | None) -> None:
    """Show nothing."""
