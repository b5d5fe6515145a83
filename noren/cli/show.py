"""Tables, progress bars and JSON on the terminal."""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from rich.console import Console
from rich.measure import Measurement
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from noren.kit.intake import Reason, Texts

Cell = str | int | None

TASKS = {
    "audit": _("Checking the audit"),
    "allocate": _("Reserving points for bills"),
    "demo": _("Closing months"),
    "fulfil": _("Bringing orders on"),
    "generate": _("Making the carrier's files"),
    "intake.scan": _("Reading the file"),
    "intake.transcode": _("Converting from CP932"),
    "intake.stage": _("Staging the rows"),
    "intake.lines": _("Reading line by line"),
    "intake.check": _("Checking the rows"),
    "job": _("Working on the job"),
    "post": _("Posting points"),
    "expire": _("Lapsing points"),
}
"""What long work is called."""


WIDEST = 1_000
"""Columns of a terminal that a table may take to keep its figures whole."""


def console() -> Console:
    """Standard output, as wide as it needs to be when it is not a terminal."""
    return Console(soft_wrap=True) if sys.stdout.isatty() else Console(width=160)


def say(text: str) -> None:
    """Print a line as it is."""
    console().print(text, markup=False, highlight=False)


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Print a table; numbers are grouped by thousands and set to the right."""
    body = [list(row) for row in rows]
    shown = Table(title=title, title_justify="left", title_style="bold")
    for place, head in enumerate(heads):
        number = any(isinstance(row[place], int) for row in body)
        # A figure that is cut in two looks like another figure.
        shown.add_column(str(head), justify="right" if number else "left", overflow="fold", no_wrap=number)
    for row in body:
        shown.add_row(*map(text_of, row))
    screen = console()
    least = Measurement.get(screen, screen.options.update(max_width=WIDEST), shown).minimum
    screen.width = max(screen.width, least)
    screen.print(shown)


def rejected(file: str, reasons: Iterable[Reason], texts: Texts, rejects: str) -> None:
    """Show why rows of a file were rejected, and where they are."""
    told: list[list[Cell]] = [[one.sentence(texts), one.code, one.rows] for one in reasons]
    if told:
        heads = [str(head) for head in (_("Reason"), _("Code"), _("Rows"))]
        table(_("Rejected rows of %(file)s") % {"file": file}, heads, told)
    if rejects:
        say(_("Rejected rows of %(file)s: %(rejects)s") % {"file": file, "rejects": rejects})


def text_of(cell: Cell) -> str:
    """A cell as text: empty for nothing, thousands grouped."""
    if cell is None:
        return ""
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def moment(at: datetime) -> str:
    """When something was booked, in the installation's time zone."""
    return f"{localtime(at):%Y-%m-%d %H:%M:%S %Z}"


def print_json(value: object) -> None:
    """Print a value as JSON; dates and ids become text."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))  # noqa: T201  (a command line speaks)


class Bars:
    """Progress bars on standard error, so that results can be piped; nothing when that is not a terminal."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, task: str, done: int, total: int | None) -> None:
        """Show how far a task is."""
        if task not in self._tasks:
            self._tasks[task] = self._progress.add_task(str(TASKS.get(task, task)), total=total)
        self._progress.update(self._tasks[task], completed=done, total=total)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()
