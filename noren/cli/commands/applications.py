"""The review list: joins that a person of the operator looks at."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

import typer
from django.utils.translation import gettext as _

from noren.accounts import queries
from noren.cli import arguments, database, show
from noren.cli.frame import Commands
from noren.lifecycle import joining

Id = Annotated[UUID, typer.Argument(metavar="ID", help=_("Id of the application, as `noren application list` shows."))]
Reason = Annotated[str, typer.Option("--reason", help=_("Why; it is told to who applied."))]

app = Commands(help=_("Applications of those who join without a corporate number."))


def add_to(root: typer.Typer) -> None:
    """Add the commands of this module."""
    root.add_typer(app, name="application")


@app.command("list", help=_("The applications that wait for a decision, the oldest first."))
def waiting(*, as_json: arguments.AsJson = False) -> None:
    """Show the review list."""
    database.ready()
    rows = queries.applications()
    if as_json:
        show.print_json([asdict(row) for row in rows])
        return
    show.table(
        _("Applications"),
        [_("Id"), _("Made"), _("Corporate number"), _("Name"), _("Person"), _("Mail")],
        [
            [str(row.application_id), show.moment(row.made_at), row.corporate_number, row.name, row.person, row.mail]
            for row in rows
        ],
    )


@app.command("approve", help=_("Approve an application: an account is issued and its person invited by mail."))
def approve(application: Id) -> None:
    """Approve one."""
    database.ready()
    account_id = joining.approve(application, actor=arguments.actor(), now=arguments.clock())
    show.say(_("Account %(account)s was issued, and its person invited.") % {"account": account_id})


@app.command("refuse", help=_("Refuse an application; who applied is told why by mail."))
def refuse(application: Id, *, reason: Reason) -> None:
    """Refuse one."""
    database.ready()
    joining.refuse(application, reason=reason, actor=arguments.actor(), now=arguments.clock())
    show.say(_("The application was refused."))
