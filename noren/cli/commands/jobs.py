"""Bulk jobs: a file of people, checked first, then carried out."""

import threading
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from django.utils.translation import gettext as _

from noren.bulk import actions, labels, queries, sheets
from noren.bulk.actions import Wish
from noren.bulk.queries import JobRow
from noren.bulk.reading.tables import read_file
from noren.bulk.rules import WORK, JobState, Operation, Verdict
from noren.cli import arguments, database, show
from noren.cli.frame import Commands
from noren.kit import files

PAUSE_SECONDS = 0.5
MOST_SHOWN = 20

app = Commands(help=_("Bulk jobs: issue, change, lock and abolish accounts by a CSV or XLSX file."))


def add_to(root: typer.Typer) -> None:
    """Add the commands of this module."""
    root.add_typer(app, name="job")


def a_job(text: str) -> UUID:
    """The id of a job."""
    try:
        return UUID(text)
    except ValueError as error:
        message = _("“%(value)s” is not the id of a job. “noren job list” shows them.")
        raise typer.BadParameter(message % {"value": text}) from error


def a_group(text: str) -> UUID:
    """The id of a group."""
    try:
        return UUID(text)
    except ValueError as error:
        raise typer.BadParameter(_("“%(value)s” is not the id of a group.") % {"value": text}) from error


Job = Annotated[UUID, typer.Argument(parser=a_job, metavar="JOB", help=_("Id of the job."))]
Target = Annotated[Path, typer.Option("--out", help=_("File to write: .csv or .xlsx."))]


@app.command("add", help=_("Check a file. Nothing is changed until “noren job commit”."))
def add(
    path: Annotated[Path, typer.Argument(metavar="FILE", help=_("CSV or XLSX file."))],
    *,
    operation: Annotated[Operation, typer.Option(help=_("What is to be done with each row."))],
    corporation: Annotated[str, typer.Option(help=_("Corporation id."))],
    group: Annotated[
        UUID | None, typer.Option(parser=a_group, metavar="GROUP", help=_("Group that the job is about."))
    ] = None,
    all_or_nothing: Annotated[bool, typer.Option("--all-or-nothing", help=_("Do all rows or none."))] = False,
    approval: Annotated[
        bool, typer.Option("--approval", help=_("With more than 1,000 rows, somebody else must approve."))
    ] = False,
    silent: Annotated[bool, typer.Option("--no-mails", help=_("Send no invitations to issued accounts."))] = False,
    again: Annotated[bool, typer.Option("--again", help=_("Also if the same file was given within a day."))] = False,
    as_json: arguments.AsJson = False,
) -> None:
    """Add one job and see its dry run."""
    database.ready()
    wish = Wish(
        operation,
        corporation,
        group_id=group,
        language=labels.language(),
        all_or_nothing=all_or_nothing,
        needs_approval=approval,
        invites=not silent,
    )
    content = read_file(path)
    added = actions.add(content, path.name, wish, again=again, actor=arguments.actor(), now=arguments.clock())
    if not added.is_new and not as_json:
        show.say(_("The same file was given within a day; this is its job. --again makes another one."))
    _finish(added.job_id)
    _tell(queries.job(added.job_id), as_json=as_json)


@app.command("show", help=_("How far a job is, and what it says of its rows."))
def show_job(job_id: Job, *, as_json: arguments.AsJson = False) -> None:
    """Show one job."""
    database.ready()
    _tell(queries.job(job_id), as_json=as_json)


@app.command("list", help=_("The latest jobs."))
def list_jobs(
    *,
    corporation: Annotated[str, typer.Option(help=_("Corporation id; empty: all."))] = "",
    as_json: arguments.AsJson = False,
) -> None:
    """List jobs."""
    database.ready()
    found = queries.jobs_of(corporation)
    if as_json:
        show.print_json([_as_dict(one) for one in found])
        return
    show.table(
        _("Jobs"),
        [_("Job"), _("Made"), _("Corporation"), _("Operation"), _("File"), _("Rows"), _("State")],
        [
            [
                str(one.job_id),
                show.moment(one.made_at),
                one.corporation_id,
                str(labels.OPERATIONS[one.operation]),
                one.file_name,
                one.rows,
                str(labels.STATES[one.state]),
            ]
            for one in found
        ],
    )


@app.command("commit", help=_("Carry out what the check told."))
def commit(job_id: Job, *, as_json: arguments.AsJson = False) -> None:
    """Commit one job."""
    database.ready()
    state = actions.commit(job_id, actor=arguments.actor(), now=arguments.clock())
    if state is JobState.ORDERED:
        _finish(job_id)
    _tell(queries.job(job_id), as_json=as_json)


@app.command("approve", help=_("Let a job that waits for approval go on; not one's own."))
def approve(job_id: Job, *, as_json: arguments.AsJson = False) -> None:
    """Approve one job."""
    database.ready()
    actions.approve(job_id, actor=arguments.actor(), now=arguments.clock())
    _finish(job_id)
    _tell(queries.job(job_id), as_json=as_json)


@app.command("undo", help=_("End the accounts of an issue job that nobody has used yet, within a day."))
def undo(job_id: Job, *, as_json: arguments.AsJson = False) -> None:
    """Undo one job."""
    database.ready()
    actions.undo(job_id, actor=arguments.actor(), now=arguments.clock())
    _finish(job_id)
    _tell(queries.job(job_id), as_json=as_json)


@app.command("result", help=_("Write what came of each row."))
def result(job_id: Job, *, out: Target) -> None:
    """Write the result file."""
    database.ready()
    job, form = queries.job(job_id), _form(out)
    with files.whole(out) as target, target.open("wb") as file:
        sheets.write_result(job, file, form)
    show.say(_("The result is in %(file)s.") % {"file": out})


@app.command("template", help=_("Write an empty file of an operation, with two example rows."))
def template(
    operation: Annotated[Operation, typer.Argument(metavar="OPERATION", help=_("What is to be done with each row."))],
    *,
    out: Target,
) -> None:
    """Write a template."""
    content = sheets.template(operation, _form(out))
    with files.whole(out) as target:
        target.write_bytes(content)
    show.say(_("The template is in %(file)s.") % {"file": out})


@app.command("letters", help=_("Print letters for issued accounts without mail; earlier letters stop working."))
def letters(
    job_id: Job,
    *,
    out: Annotated[Path, typer.Option("--out", help=_("PDF file to write."))],
    part: Annotated[int, typer.Option(min=1, help=_("Which part of a job with more than 1,000 letters."))] = 1,
) -> None:
    """Write the letters of one job."""
    database.ready()
    with files.whole(out) as target, target.open("wb") as file:
        printed = actions.print_letters(job_id, file, part=part, actor=arguments.actor(), now=arguments.clock())
    told = _("%(letters)d letters are in %(file)s, part %(part)d of %(parts)d.")
    show.say(told % {"letters": printed.letters, "file": out, "part": part, "parts": printed.parts})


@app.command("work", help=_("Work on jobs until Ctrl-C, as “noren serve” does."))
def work(*, once: Annotated[bool, typer.Option("--once", help=_("End when no job waits."))] = False) -> None:
    """Be a worker."""
    database.ready()
    while True:
        if actions.work(arguments.clock):
            continue
        if once:
            return
        threading.Event().wait(PAUSE_SECONDS)


def _form(path: Path) -> sheets.Form:
    """By the file's name. Raises typer.BadParameter."""
    if path.suffix.lower() not in {".csv", ".xlsx"}:
        raise typer.BadParameter(_("“%(value)s” ends in neither .csv nor .xlsx.") % {"value": path})
    return "xlsx" if path.suffix.lower() == ".xlsx" else "csv"


def _finish(job_id: UUID) -> None:
    """Work until the job is through, or watch another worker do it."""
    stop = threading.Event()
    with show.Bars() as bars:
        watch = threading.Thread(target=_watch, args=(job_id, bars, stop), daemon=True)
        watch.start()
        try:
            while queries.job(job_id).state in WORK:
                if not actions.work(arguments.clock):
                    stop.wait(PAUSE_SECONDS)
        finally:
            stop.set()
            watch.join(timeout=5)


def _watch(job_id: UUID, bars: show.Bars, stop: threading.Event) -> None:
    """Show how far it is; a thread has a connection of its own."""
    try:
        while not stop.wait(PAUSE_SECONDS):
            job = queries.job(job_id)
            bars("job", job.done, job.total or None)
    finally:
        database.leave()


def _as_dict(job: JobRow) -> dict[str, Any]:
    remaining = job.remaining(arguments.clock())
    return {**asdict(job), "remaining_seconds": None if remaining is None else round(remaining.total_seconds())}


def _tell(job: JobRow, *, as_json: bool) -> None:
    if as_json:
        reasons = [{"reason": reason, "rows": rows} for reason, rows in queries.reasons(job.job_id).items()]
        show.print_json({**_as_dict(job), "reasons": reasons})
        return
    told: list[list[show.Cell]] = [
        [_("job"), str(job.job_id)],
        [_("operation"), str(labels.OPERATIONS[job.operation])],
        [_("file"), job.file_name],
        [_("state"), str(labels.STATES[job.state])],
        [_("rows"), f"{job.rows:,}"],
        [_("to be done"), f"{job.to_do:,}"],
        [_("nothing to do"), f"{job.nothing:,}"],
        [_("errors"), f"{job.errors:,}"],
        [_("progress"), f"{job.done:,} / {job.total:,}"],
        [_("changed since the check"), f"{job.changed:,}"],
    ]
    show.table(_("Job"), [_("What"), _("Value")], told)
    if job.failure:
        show.say(labels.sentence(f":{job.failure}"))
    _show_rows(job)


def _show_rows(job: JobRow) -> None:
    reasons = queries.reasons(job.job_id)
    if reasons:
        heads = [_("Reason"), _("Code"), _("Rows")]
        rows: list[list[show.Cell]] = [
            [labels.sentence(reason), reason.partition(":")[2], count] for reason, count in reasons.items()
        ]
        show.table(_("Reasons"), heads, rows)
    first = queries.rows(job.job_id, verdict=Verdict.DO, most=MOST_SHOWN)
    if first and job.state is JobState.JUDGED:
        changes: list[list[show.Cell]] = [[str(row.number), labels.changes(row.changes)] for row in first]
        show.table(_("The first rows that will be done"), [_("Row"), _("Changes")], changes)
