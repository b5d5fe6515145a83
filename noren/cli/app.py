"""The commands. Help texts are in the user's language because they are read when this module is imported."""

from django.utils.translation import gettext as _

from noren.cli import frame
from noren.cli.commands import closing, demo, exports, imports, installation, members, programme

app = frame.Commands(help=_("Noren runs a membership programme for corporate customers."))
for module in (installation, demo, imports, closing, members):
    module.add_to(app)
app.add_typer(exports.app, name="export")
app.add_typer(programme.app, name="programme")
