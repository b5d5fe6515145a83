"""The demo carrier."""

import shlex
import sys
from pathlib import Path

import typer
from django.utils.translation import gettext as _

from noren.cli import arguments, database, show
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
    for line in _next_commands(member, month_text(month)):
        show.say("  " + line)


def _next_commands(member: str, month: str) -> list[str]:
    """Lines to paste: the demo's own data directory, then commands as this one was given."""
    noren = sys.argv[0] if Path(sys.argv[0]).name == "noren" else "noren"
    commands = (
        f"explain {member} {month}",
        f"history {member}",
        f"export grants {month} --out grants.csv",
        "export balances --out balances.csv",
        f"close {month}",
        "verify",
        "stop",
    )
    return [f"export NOREN_HOME={shlex.quote(str(database.home()))}", *(f"{noren} {command}" for command in commands)]
