"""Close a month, or let points lapse: order the steps, record them, carry on where a killed run stopped."""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from noren.audit import actions as audit
from noren.billing import queries as billing
from noren.closing import queries
from noren.closing.models import Run, Step
from noren.closing.queries import RunRow
from noren.closing.rules import CLOSE, EXPIRE_ONLY, StepName
from noren.closing.work import Clock, Options, Work
from noren.kit import db, duck, files
from noren.kit.actor import Actor
from noren.kit.errors import Refusal
from noren.kit.months import month_text
from noren.kit.progress import Progress
from noren.programme import queries as programme
from noren.programme.rules import granted_on


def _step(name: StepName) -> Callable[[Work, Step], None]:
    """What a step does. Imported when it is done: Ibis takes most of a second that other commands need not wait."""
    from noren.closing.steps import allocate, assess, expire, intake, post, rate, report  # noqa: PLC0415

    return {
        StepName.INTAKE: intake.run,
        StepName.ASSESS: assess.run,
        StepName.RATE: rate.run,
        StepName.POST: post.run,
        StepName.EXPIRE: expire.run,
        StepName.ALLOCATE: allocate.run,
        StepName.REPORT: report.run,
    }[name]


class Engine(StrEnum):
    """What rates the bills."""

    DUCKDB = "duckdb"


class AlreadyRunning(Refusal):
    """Only one run at a time: another process is at it."""

    code = "close.already_running"


class TooEarly(Refusal):
    """Points of a month cannot come before it."""

    code = "close.too_early"


class NoBills(Refusal):
    """A month is closed from bill files, and none was ever given."""

    code = "close.no_bills"


@dataclass(frozen=True, slots=True)
class Door:
    """What the door gives every run: the data directory, who asks, its clock, where progress is shown.

    `slice_wallets`: how many wallets are posted in one transaction.
    """

    home: Path
    actor: Actor
    clock: Clock
    progress: Progress
    slice_wallets: int

    def work(self, run: Run, connection: duck.Connection, scratch: Path) -> Work:
        """What the steps of the run are given."""
        return Work(run, self.home, self.actor, self.clock, self.progress, connection, scratch, self.slice_wallets)


def close(
    *,
    door: Door,
    month: date,
    bills: Sequence[Path],
    as_of: date | None = None,
    engine: Engine = Engine.DUCKDB,
    options: Options = Options(),  # noqa: B008  (frozen)
) -> list[RunRow]:
    """Close the month and give the runs that this took: the one left unfinished before, and one for what is new.

    Business date: `as_of`, else the grant day of the month after. Raises AlreadyRunning, NoBills,
    programme.queries.NoProgramme, work.ControlTotal and the refusals of intake.
    """
    with _alone(), duck.connect(door.home / "scratch") as (connection, scratch):
        day = as_of or granted_on(programme.in_force(month), month)
        for path in bills:
            files.must_be_readable(path)
        given = tuple(bills)
        if not given and not billing.intakes(month):
            raise NoBills(
                _("No bill file was ever given for %(month)s. Give one with --bills."),
                month=month_text(month),
            )
        if day < month:
            raise TooEarly(
                _("The business date %(day)s lies before the month %(month)s."), day=day, month=month_text(month)
            )
        done: list[Run] = []
        resumed = True
        while resumed:
            # What was asked may have changed since: after a run that was carried on comes one that posts the rest.
            run, resumed = _begin(door, month, day, engine)
            work = door.work(run, connection, scratch)
            work.definition, work.bills, work.options = programme.version(run.programme_version), given, options
            _perform(work, CLOSE)
            done.append(run)
        return [queries.run(run.run_id) for run in done]


def expire_lots(*, door: Door, as_of: date) -> RunRow:
    """Let lapse what has lapsed by the day, apart from any close. Raises AlreadyRunning."""
    with _alone(), duck.connect(door.home / "scratch") as (connection, scratch):
        left = queries.unfinished(None)
        run = left or _new_run(door, f"expire/{as_of}", as_of=as_of)
        _perform(door.work(run, connection, scratch), EXPIRE_ONLY)
        if left is not None and left.as_of != as_of:
            run = _new_run(door, f"expire/{as_of}", as_of=as_of)
            _perform(door.work(run, connection, scratch), EXPIRE_ONLY)
        return queries.run(run.run_id)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    with db.exclusive("noren.closing") as ours:
        if not ours:
            other = Run.objects.filter(finished_at__isnull=True).order_by("-started_at").first()
            name = other.run_id if other else "?"
            raise AlreadyRunning(
                _("Another process is at work (run %(run)s). Wait until it has ended, then give the command again."),
                run=name,
            )
        yield


def _begin(door: Door, month: date, as_of: date, engine: str) -> tuple[Run, bool]:
    """The run that was left unfinished, else a new one; and whether it has begun to post.

    An unfinished run that has posted nothing goes by what is asked now; one that has begun goes to its end as it
    is, and what is new comes in a run of its own.
    """
    version = programme.in_force(month).version
    run = queries.unfinished(month)
    if run is None:
        name = f"close/{month_text(month)}"
        new = _new_run(door, name, month=month, as_of=as_of, programme_version=version, engine=engine)
        return new, False
    if not Step.objects.filter(run=run, name=StepName.POST, totals__has_key=queries.POSTING).exists():
        run.as_of, run.programme_version, run.engine = as_of, version, engine
        run.save()
        Step.objects.filter(run=run).delete()
        return run, False
    return run, True


def _new_run(door: Door, name: str, **fields: object) -> Run:
    with transaction.atomic():
        number = Run.objects.filter(run_id__startswith=f"{name}/").count() + 1
        run = Run.objects.create(
            run_id=f"{name}/{number}", number=number, started_at=door.clock(), actor=str(door.actor), **fields
        )
        audit.record(actor=door.actor, act="run.begin", subject=run.run_id, detail={}, now=run.started_at)
    return run


def _perform(work: Work, names: Sequence[StepName]) -> None:
    """Go through the steps that are not done yet, and end the run."""
    for name in names:
        step, _made = Step.objects.get_or_create(run=work.run, name=name, defaults={"started_at": work.clock()})
        if step.finished_at is None:
            _do(work, step)
    with transaction.atomic():
        work.run.finished_at = work.clock()
        work.run.save()
        audit.record(actor=work.actor, act="run.end", subject=work.run.run_id, detail={}, now=work.run.finished_at)


def _do(work: Work, step: Step) -> None:
    since = time.perf_counter()
    _step(StepName(step.name))(work, step)
    step.finished_at = work.clock()
    step.seconds = round(time.perf_counter() - since, 3)
    step.save()
