"""The commands. Help texts are in the user's language because they are read when this module is imported."""

import typer
from django.utils.translation import gettext as _

from noren.cli.commands import closing, demo, exports, imports, installation, members, programme

app = typer.Typer(
    help=_("Noren runs a membership programme for corporate customers."),
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for module in (installation, demo, imports, closing, members):
    module.add_to(app)
app.add_typer(exports.app, name="export")
app.add_typer(programme.app, name="programme")
