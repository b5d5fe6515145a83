"""Begin, look, stop."""

from pathlib import Path
from typing import Annotated, Any

import typer
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from noren.cli import arguments, database, show
from noren.closing import queries as closing
from noren.kit import embedded, identity, schema
from noren.programme import actions as programme_actions
from noren.sso import keys


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("init", help=_("Make the data directory, the database and its tables; load the programme."))(init)
    app.command("status", help=_("Show where the data is and whether the database runs."))(status)
    app.command("stop", help=_("Stop the embedded database."))(stop)


def init(
    programme: Annotated[
        Path | None, typer.Option(help=_("Folder with programme files (default: the reference programme)."))
    ] = None,
) -> None:
    """Make or upgrade everything; harmless when it is there."""
    database.start()
    schema.build()
    identity.check(database.home())
    with transaction.atomic():
        loaded = programme_actions.load(
            folder=programme or programme_actions.shipped("reference"),
            used=closing.versions_used(),
            actor=arguments.actor(),
            now=arguments.clock(),
        )
    keys.ensure(actor=arguments.actor(), now=arguments.clock())
    show.say(_("Ready: %(home)s") % {"home": database.home()})
    show.say(_("Programme: %(versions)s") % {"versions": ", ".join(one.version for one in loaded)})


def status(*, as_json: arguments.AsJson = False) -> None:
    """Show the installation."""
    own = bool(settings.NOREN_DATABASE_URL)
    server = None if own else embedded.status(database.home())
    facts = {
        "home": str(database.home()),
        "database": "own" if own else "embedded",
        "running": database.answers() if own else server is not None,
        "pid": None if server is None else server.pid,
        "socket": None if server is None else str(server.socket_directory),
    }
    if as_json:
        show.print_json(facts)
    else:
        show.table(_("Installation"), [_("What"), _("Value")], _told(facts))


def _told(facts: dict[str, Any]) -> list[list[show.Cell]]:
    """The facts for people."""
    return [
        [_("data directory"), facts["home"]],
        [_("database"), _("your own (NOREN_DATABASE_URL)") if facts["database"] == "own" else _("embedded")],
        [_("running"), _("yes") if facts["running"] else _("no")],
        [_("process"), None if facts["pid"] is None else str(facts["pid"])],
        [_("socket"), facts["socket"]],
    ]


def stop() -> None:
    """Stop the embedded database."""
    stopped = embedded.stop(database.home())
    show.say(_("The database has been stopped.") if stopped else _("The database was not running."))
