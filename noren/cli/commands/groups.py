"""Groups across companies: what the operator is asked, and how it decides."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from django.utils.translation import gettext as _

from noren.cli import arguments, database, show
from noren.cli.frame import Commands
from noren.groups import actions, queries
from noren.kit import files

Id = Annotated[UUID, typer.Argument(metavar="ID", help=_("Id of the group, as `noren group list` shows."))]

app = Commands(help=_("Groups across companies that wait for a decision."))


def add_to(root: typer.Typer) -> None:
    """Add the commands of this module."""
    root.add_typer(app, name="group")


@app.command("list", help=_("The applications that wait for a decision, the oldest first."))
def waiting(*, as_json: arguments.AsJson = False) -> None:
    """Show what was applied for, and who has consented."""
    database.ready()
    rows = queries.applications()
    if as_json:
        show.print_json([asdict(row) for row in rows])
        return
    told = {True: _("consented"), False: _("not yet")}
    show.table(
        _("Groups across companies"),
        [_("Id"), _("Made"), _("Corporation"), _("Name"), _("Start date"), _("Other corporations"), _("Document")],
        [
            [
                str(row.group_id),
                show.moment(row.made_at),
                row.corporation_id,
                row.name,
                str(row.starts_on),
                ", ".join(f"{partner} ({tie}; {told[consented]})" for partner, tie, consented in row.partners),
                row.evidence_name,
            ]
            for row in rows
        ],
    )


@app.command("evidence", help=_("Write the document that came with an application to a file."))
def evidence(group: Id, *, out: Annotated[Path, typer.Option("--out", help=_("The file to write."))]) -> None:
    """Keep the document of one."""
    database.ready()
    name, content = queries.evidence(group)
    with files.whole(out) as target:
        target.write_bytes(content)
    show.say(_("The document “%(name)s” is in %(path)s.") % {"name": name, "path": out})


@app.command("approve", help=_("Approve an application that all have consented to."))
def approve(group: Id) -> None:
    """Approve one."""
    database.ready()
    actions.decide(group, approve=True, actor=arguments.actor(), now=arguments.clock())
    show.say(_("The group was approved."))


@app.command("refuse", help=_("Refuse an application; its name is free again."))
def refuse(
    group: Id, *, reason: Annotated[str, typer.Option("--reason", help=_("Why; it is kept with the application."))]
) -> None:
    """Refuse one."""
    database.ready()
    actions.decide(group, approve=False, reason=reason, actor=arguments.actor(), now=arguments.clock())
    show.say(_("The application was refused."))
