"""Files that are given to a command: taken in one after the other, and told of."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from django.utils.translation import gettext as _

from noren.cli import arguments, database, show
from noren.kit import duck, intake


class Taken(Protocol):
    """What an action says of a file that it has taken in."""

    @property
    def file_name(self) -> str:
        """As it was given."""

    @property
    def rejects(self) -> str:
        """Where the rejected rows are; empty: there are none."""

    @property
    def reasons(self) -> tuple[intake.Reason, ...]:
        """Why rows were rejected."""


T = TypeVar("T", bound=Taken)


def take_in(
    take: Callable[..., T], paths: Sequence[Path], *, encoding: intake.Encoding, rejects: Path | None, **asked: Any
) -> list[T]:
    """Give each file to the action that takes it in, with what else was asked."""
    database.ready()
    with show.Bars() as bars, duck.connect(database.home() / "scratch") as (connection, folder):
        return [
            take(
                connection,
                folder,
                path=path,
                home=database.home(),
                actor=arguments.actor(),
                now=arguments.clock(),
                progress=bars,
                encoding=encoding,
                rejects=intake.rejects_file(rejects, path, paths),
                **asked,
            )
            for path in paths
        ]


def tell(title: str, heads: Mapping[str, str], taken: Sequence[Taken], texts: intake.Texts) -> None:
    """Show of each file the figures that have a head, then why rows were rejected and where they are."""
    rows = [[one.file_name, *(getattr(one, name) for name in heads)] for one in taken]
    show.table(title, [_("File"), *heads.values()], rows)
    for one in taken:
        show.rejected(one.file_name, one.reasons, texts, one.rejects)
