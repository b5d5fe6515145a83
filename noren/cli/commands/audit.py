"""Who did what: look through it, link it, prove that it was not changed."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated

import typer
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from noren.audit import actions, exporting, labels, queries, verifying
from noren.audit.queries import Wanted
from noren.audit.rules import Head
from noren.cli import arguments, database, show
from noren.cli.frame import Commands
from noren.kit import files

MOST_SHOWN = 10_000

app = Commands(help=_("Who did what: look through it, prove that it was not changed."))


def add_to(root: typer.Typer) -> None:
    """Add the commands of this module."""
    root.add_typer(app, name="audit")


def a_head(text: str) -> Head:
    """A head as `noren audit head` shows it."""
    try:
        return Head.read(text)
    except ValueError as error:
        message = _("“%(value)s” is not a head. Write it as NUMBER:HASH, as “noren audit head” shows it.")
        raise typer.BadParameter(message % {"value": text}) from error


Day = date | None


def _day(name: str, text: str) -> Callable[..., object]:
    option: Callable[..., object] = typer.Option(name, parser=arguments.a_day, metavar="YYYY-MM-DD", help=text)
    return option


@app.command("show", help=_("Who did what, the newest first."))
def show_rows(
    *,
    subject: Annotated[str, typer.Option(help=_("To what it was done: the id of an account, a line, a file."))] = "",
    actor: Annotated[str, typer.Option(help=_("Who did it, such as staff:hanako or member:ID."))] = "",
    act: Annotated[str, typer.Option(help=_("What was done: an act, or its beginning, such as account."))] = "",
    scope: Annotated[str, typer.Option(help=_("Corporation to which the subject belongs."))] = "",
    since: Annotated[Day, _day("--since", _("First day."))] = None,
    until: Annotated[Day, _day("--until", _("First day that is not shown any more."))] = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST_SHOWN, help=_("Number of rows at most."))] = 100,
    csv: Annotated[Path | None, typer.Option(help=_("CSV file to write instead, with every row."))] = None,
    as_json: arguments.AsJson = False,
) -> None:
    """Show rows of the audit, or write them to a file."""
    database.ready()
    wanted = Wanted(
        scopes=[scope] if scope else None,
        subjects=[subject] if subject else None,
        actor=actor,
        act=act,
        since=_begin(since),
        until=_begin(until),
    )
    if csv is not None:
        _write(wanted, csv)
        return
    rows = queries.search(wanted, behind="", size=limit).rows
    if as_json:
        show.print_json([asdict(row) for row in rows])
    else:
        _show(rows)


def _begin(day: date | None) -> datetime | None:
    return None if day is None else make_aware(datetime.combine(day, time()))


def _write(wanted: Wanted, path: Path) -> None:
    rows = -1
    with files.whole(path) as target, target.open("w", encoding="utf-8", newline="") as file:
        for line in exporting.csv_lines(wanted):
            file.write(line)
            rows += 1
    show.say(_("%(rows)s rows written to %(out)s.") % {"rows": f"{rows:,}", "out": path})


def _show(rows: tuple[queries.RecordRow, ...]) -> None:
    show.table(
        _("Audit"),
        [_("Time"), _("Who"), _("Act"), _("Meaning"), _("Subject"), _("Corporation"), _("Reason"), _("After")],
        [
            [
                show.moment(row.booked_at),
                row.actor,
                row.act,
                labels.label(row.act),
                row.subject,
                row.scope,
                row.reason,
                ", ".join(f"{name}={value}" for name, value in (row.after or {}).items()),
            ]
            for row in rows
        ],
    )


@app.command("seal", help=_("Link every row that is not in the chain yet; “noren serve” does so all the time."))
def seal() -> None:
    """Link all that waits, and all that was overlooked."""
    database.ready()
    linked = actions.seal(thorough=True)
    show.say(_("%(rows)s rows linked. Head: %(head)s") % {"rows": f"{linked:,}", "head": queries.head()})


@app.command("head", help=_("The last link of the chain, to be noted elsewhere."))
def head() -> None:
    """Show it."""
    database.ready()
    actions.seal()
    show.say(str(queries.head()))


@app.command("verify", help=_("Compute the chain anew; exit code 1 and what is wrong if it was changed."))
def verify(
    *,
    head: Annotated[
        Head | None,
        typer.Option(
            parser=a_head, metavar="NUMBER:HASH", help=_("A head that was noted: the chain must still contain it.")
        ),
    ] = None,
    as_json: arguments.AsJson = False,
) -> None:
    """Prove that nothing was changed since it was linked."""
    database.ready()
    with show.Bars() as bars:
        done = verifying.verify(noted=head, now=arguments.clock(), progress=bars)
    if as_json:
        show.print_json({"ok": not done.findings, **asdict(done), "head": str(done.head)})
    else:
        _tell(done)
    raise typer.Exit(1 if done.findings else 0)


def _tell(done: verifying.Verified) -> None:
    if not done.findings:
        show.say(_("The chain of %(links)s links is whole.") % {"links": f"{done.links:,}"})
    for finding in done.findings:
        show.say(
            f"[{finding.code}] {_what(finding.code)}: " + _("%(rows)s rows at fault") % {"rows": f"{finding.count:,}"}
        )
        for row in finding.rows:
            show.say("  " + ", ".join(f"{key}={value}" for key, value in row.items()))
    if done.waiting:
        show.say(_("%(rows)s rows wait for their link.") % {"rows": f"{done.waiting:,}"})
    show.say(_("Head: %(head)s") % {"head": done.head})


def _what(code: str) -> str:
    return {
        "audit.altered": _("a row, its link or their order was changed"),
        "audit.gap": _("links are gone"),
        "audit.head": _("the noted head is not in the chain"),
        "audit.missing": _("rows are gone"),
        "audit.unlinked": _("rows are not linked although they are old; run “noren audit seal”"),
    }[code]
