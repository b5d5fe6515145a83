"""The operator's people: who works at the desk, in which shop."""

from dataclasses import asdict
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from noren.accounts import queries as accounts
from noren.cli import arguments, database, show
from noren.cli.frame import Commands
from noren.groups import actions, queries
from noren.groups.labels import STAFF_ROLES
from noren.groups.rules import StaffRole

Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help=_("Account id or login ID."))]

app = Commands(help=_("The operator's people, who work at the desk."))


def add_to(root: typer.Typer) -> None:
    """Add the commands of this module."""
    root.add_typer(app, name="staff")


@app.command("add", help=_("Let an account work at the desk."))
def add(
    account: Account,
    *,
    role: Annotated[StaffRole, typer.Option("--role", help=_("What they are."))],
    shop: Annotated[str, typer.Option("--shop", help=_("Code of the shop."))],
    shop_name: Annotated[str, typer.Option("--shop-name", help=_("Name of the shop, as receipts have it."))],
) -> None:
    """Make somebody one of them."""
    database.ready()
    found = accounts.named(account)
    actions.add_staff(
        found.account_id, role, shop=shop, shop_name=shop_name, actor=arguments.actor(), now=arguments.clock()
    )
    show.say(_("%(name)s works in the shop %(shop)s now.") % {"name": found.name, "shop": shop})


@app.command("remove", help=_("End that."))
def remove(account: Account) -> None:
    """Make somebody a customer again."""
    database.ready()
    found = accounts.named(account)
    actions.remove_staff(found.account_id, actor=arguments.actor(), now=arguments.clock())
    show.say(_("%(name)s works at the desk no more.") % {"name": found.name})


@app.command("list", help=_("All of them, shop by shop."))
def people(*, as_json: arguments.AsJson = False) -> None:
    """Show them."""
    database.ready()
    rows = queries.staff()
    if as_json:
        show.print_json([asdict(row) for row in rows])
        return
    heads = [_("Shop"), _("Name of the shop"), _("Login ID"), _("Name"), _("Role")]
    cells: list[list[show.Cell]] = [
        [row.shop, row.shop_name, row.login_id, row.name, str(STAFF_ROLES[row.role])] for row in rows
    ]
    show.table(_("The operator's people"), heads, cells)
