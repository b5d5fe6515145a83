"""The commands. Help texts are in the user's language because they are read when this module is imported."""

from importlib import metadata
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from noren.audit.actions import seal
from noren.cli import database, frame, show

MODULES = {
    "init": "installation",
    "status": "installation",
    "stop": "installation",
    "serve": "serving",
    "demo": "demo",
    "import": "imports",
    "close": "closing",
    "expire": "closing",
    "explain": "members",
    "history": "members",
    "verify": "members",
    "account": "accounts",
    "allocation": "allocations",
    "application": "applications",
    "audit": "audit",
    "catalogue": "orders",
    "export": "exports",
    "group": "groups",
    "job": "jobs",
    "line": "lines",
    "order": "orders",
    "programme": "programme",
    "staff": "staff",
    "client": "sso",
    "keys": "sso",
}
"""Commands, in the order in which help tells them, and the modules below `noren.cli.commands` that have them."""


def _seal(*_results: object, **_options: object) -> None:
    """What the command has written is linked at once, also where no `noren serve` runs."""
    if database.USED.get():
        seal()


class _Root(frame.Modules):
    modules = MODULES


app = frame.Commands(
    cls=_Root, help=_("Noren runs a membership programme for corporate customers."), result_callback=_seal
)


def _version(wanted: bool) -> None:
    if wanted:
        show.say(metadata.version("noren"))
        raise typer.Exit


@app.callback()
def _noren(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=_("Show Noren's version."))
    ] = False,
) -> None:
    """Take what stands before the command."""
    del version
    database.USED.set(False)
