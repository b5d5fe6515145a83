"""The commands. Help texts are in the user's language because they are read when this module is imported."""

from importlib import metadata
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from noren.audit.actions import seal
from noren.cli import database, frame, show
from noren.cli.commands import (
    accounts,
    applications,
    audit,
    closing,
    demo,
    exports,
    groups,
    imports,
    installation,
    jobs,
    lines,
    members,
    programme,
    serving,
    sso,
)


def _seal(*_results: object, **_options: object) -> None:
    """What the command has written is linked at once, also where no `noren serve` runs."""
    if database.USED.get():
        seal()


app = frame.Commands(help=_("Noren runs a membership programme for corporate customers."), result_callback=_seal)


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


for module in (installation, serving, demo, imports, closing, members):
    module.add_to(app)
app.add_typer(accounts.app, name="account")
app.add_typer(applications.app, name="application")
app.add_typer(audit.app, name="audit")
app.add_typer(exports.app, name="export")
app.add_typer(groups.app, name="group")
app.add_typer(jobs.app, name="job")
app.add_typer(lines.app, name="line")
app.add_typer(programme.app, name="programme")
app.add_typer(sso.clients, name="client")
app.add_typer(sso.signing, name="keys")
