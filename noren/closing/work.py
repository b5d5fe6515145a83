"""What every step of a run is given, and how a step keeps what it counted."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from noren.closing.models import Run, Step
from noren.kit import duck
from noren.kit.actor import Actor
from noren.kit.errors import Refusal
from noren.kit.intake import Encoding
from noren.kit.months import month_text
from noren.kit.progress import Progress
from noren.programme.definition import Definition

Clock = Callable[[], datetime]
"""The door's clock: tells when a thing is booked, and decides nothing."""


class ControlTotal(Refusal):
    """Two figures that must be equal are not. The run stops before the next step."""

    code = "close.control_total"


class NoMonth(Refusal):
    """A step that needs a month ran without one: a fault in the order of steps."""

    code = "close.no_month"


@dataclass(frozen=True, slots=True)
class Options:
    """How intake treats the files: their encoding, whether one bad row refuses a file, where rejects go."""

    encoding: Encoding = "auto"
    strict: bool = False
    rejects: Path | None = None


@dataclass(slots=True)
class Work:
    """One run at work."""

    run: Run
    home: Path
    actor: Actor
    clock: Clock
    progress: Progress
    connection: duck.Connection
    scratch: Path
    slice_wallets: int
    definition: Definition | None = None
    bills: tuple[Path, ...] = ()
    options: Options = field(default_factory=Options)

    @property
    def month(self) -> date:
        """The usage month of a close."""
        if self.run.month is None:
            raise NoMonth(_("The run %(run)s has no month."), run=self.run.run_id)
        return self.run.month

    @property
    def programme(self) -> Definition:
        """The version of the programme that rates the month."""
        if self.definition is None:
            raise NoMonth(_("The run %(run)s has no month."), run=self.run.run_id)
        return self.definition

    def file(self, name: str) -> Path:
        """Where the run keeps a result: `rated` of the first close of July is archive/2021-07/rated-1.parquet."""
        return result_file(self.home, self.month, self.run.number, name)


def result_file(home: Path, month: date, number: int, name: str) -> Path:
    """Where run `number` of a month keeps the result `name`."""
    return month_folder(home, month) / f"{name}-{number}.parquet"


def month_folder(home: Path, month: date) -> Path:
    """The archive of a month: bill items and the results of its closes."""
    return home / "archive" / month_text(month)


def keep(step: Step, **totals: object) -> None:
    """Add to what the step counted, and save it."""
    step.totals.update(totals)
    step.save()


def must_equal(what: object, left: int, right: int) -> None:
    """Raise ControlTotal unless both figures are the same."""
    if left != right:
        raise ControlTotal(
            _("Control total: %(what)s: %(left)d is not %(right)d. Nothing further was done; see “noren verify”."),
            what=what,
            left=left,
            right=right,
        )
