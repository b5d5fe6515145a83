"""Write results as files for other systems."""

from pathlib import Path

import typer
from django.utils.translation import gettext as _

from noren.cli import arguments, database, frame, show
from noren.closing import queries
from noren.kit import duck, files
from noren.kit.errors import Refusal
from noren.points import queries as points

app = frame.Commands(help=_("Write results as CSV or Parquet."))


def add_to(root: typer.Typer) -> None:
    """Add the commands of this module."""
    root.add_typer(app, name="export")


class UnknownFormat(Refusal):
    """A file name that ends in neither .csv nor .parquet."""

    code = "export.format"


@app.command("grants", help=_("Members of a closed month with stage, base and points, also those with 0 points."))
def grants(month: arguments.Month, out: arguments.Out) -> None:
    """Write the grants of a month."""
    as_parquet = _is_parquet(out)
    database.ready()
    with duck.connect(database.home() / "scratch") as (connection, _folder), files.whole(out) as target:
        rows = queries.export_grants(connection, database.home(), month, target, as_parquet=as_parquet)
    show.say(_("%(rows)s rows written to %(out)s.") % {"rows": f"{rows:,}", "out": out})


@app.command("balances", help=_("Open lots of every wallet; a negative balance is the kind arrears."))
def balances(out: arguments.Out) -> None:
    """Write the balances."""
    as_parquet = _is_parquet(out)
    database.ready()
    with duck.connect(database.home() / "scratch") as (connection, folder), files.whole(out) as target:
        rows = points.export_balances(connection, folder, target, as_parquet=as_parquet)
    show.say(_("%(rows)s rows written to %(out)s.") % {"rows": f"{rows:,}", "out": out})


def _is_parquet(out: Path) -> bool:
    if out.suffix not in (".csv", ".parquet"):
        raise UnknownFormat(_("%(out)s: the name must end in .csv or .parquet."), out=out)
    return out.suffix == ".parquet"
