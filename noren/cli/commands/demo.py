"""The demo carrier."""

import typer
from django.utils.translation import gettext as _

from noren.cli import arguments, show
from noren.cli.commands import closing, installation
from noren.demo import actions
from noren.kit.months import first_day, month_text
from noren.members import queries as members


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("demo", help=_("Load a fictional carrier and close its last twelve months."))(demo)


def demo() -> None:
    """From nothing to closed months, with what to try next."""
    installation.init()
    with show.Bars() as bars:
        loaded = actions.load(door=arguments.door(bars), present=first_day(arguments.clock().date()))
    closing.show_months(loaded.runs)
    closing.show_run(loaded.runs[-1])
    month = loaded.runs[-1].month
    member = members.some_member()
    if month is None or member is None:
        return
    show.say("")
    show.say(_("Try next:"))
    for command in (
        f"noren explain {member} {month_text(month)}",
        f"noren history {member}",
        f"noren export grants {month_text(month)} --out grants.csv",
        "noren export balances --out balances.csv",
        f"noren close {month_text(month)}",
        "noren verify",
        "noren stop",
    ):
        show.say("  .venv/bin/" + command)
