"""Programme files: check, take into use, show."""

from pathlib import Path
from typing import Annotated

import typer
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from noren.cli import arguments, database, frame, show
from noren.closing import queries as closing
from noren.programme import actions, queries, reading, words
from noren.programme.definition import Definition

app = frame.Commands(help=_("Check and load programme definitions."))


def add_to(root: typer.Typer) -> None:
    """Add the commands of this module."""
    root.add_typer(app, name="programme")


FILE = Annotated[Path, typer.Argument(help=_("Programme file (TOML)."))]
FOLDER = Annotated[Path, typer.Argument(help=_("Folder with programme files, or one file."))]


@app.command("check", help=_("Check a programme file; names file, line, rule and what to do."))
def check(path: FILE) -> None:
    """Check one file without taking it into use."""
    definition, _text = reading.FORMAT.read_file(path)
    _show(definition)
    show.say(_("%(path)s is good: %(version)s.") % {"path": path, "version": definition.version})


@app.command("load", help=_("Take programme files into use."))
def load(path: FOLDER) -> None:
    """Take the files into use, all or none."""
    database.ready()
    with transaction.atomic():
        loaded = actions.load(folder=path, used=closing.versions_used(), actor=arguments.actor(), now=arguments.clock())
    show.say(_("In use: %(versions)s") % {"versions": ", ".join(one.version for one in loaded)})


@app.command("list", help=_("Show the versions in use."))
def list_versions() -> None:
    """Show every version with its stages."""
    database.ready()
    for definition in queries.versions():
        _show(definition)


def _show(definition: Definition) -> None:
    title = definition.title["ja" if get_language() == "ja" else "en"]
    show.table(
        _("%(title)s, from %(day)s, points per %(unit)s yen")
        % {"title": title, "day": definition.effective_from, "unit": f"{definition.earning.unit_yen:,}"},
        [_("Stage"), _("Points"), _("Condition (the last one that holds wins)")],
        [[stage.name, stage.points, words.condition_of(stage)] for stage in definition.stages],
    )
