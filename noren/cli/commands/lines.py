"""What happens to a line, one at a time; files of lines are imported."""

from datetime import date
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from noren.cli import arguments, database, show
from noren.cli.frame import Commands
from noren.lifecycle import actions

Line = Annotated[str, typer.Argument(metavar="LINE", help=_("Line id."))]
Day = Annotated[
    date, typer.Option("--on", parser=arguments.a_day, metavar="YYYY-MM-DD", help=_("First day without the contract."))
]
Forced = Annotated[bool, typer.Option("--forced", help=_("Ended by the operator: the account takes over no points."))]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help=_("New phone number."))]

app = Commands(help=_("Lines."))


def add_to(root: typer.Typer) -> None:
    """Add the commands of this module."""
    root.add_typer(app, name="line")


@app.command("cancel", help=_("End a line's contract; its account goes on with its points."))
def cancel(line_id: Line, on: Day, *, forced: Forced = False) -> None:
    """End one line."""
    database.ready()
    actions.cancel_line(line_id, on, forced=forced, actor=arguments.actor(), now=arguments.clock())
    show.say(_("The line %(line)s ends on %(day)s.") % {"line": line_id, "day": on})


@app.command("number", help=_("Give a line another phone number; its person signs in anew."))
def number(line_id: Line, phone_number: Number) -> None:
    """Renumber one line."""
    database.ready()
    actions.change_number(line_id, phone_number, actor=arguments.actor(), now=arguments.clock())
    show.say(_("The line %(line)s has the number %(number)s now.") % {"line": line_id, "number": phone_number})
