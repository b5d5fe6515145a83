"""The catalogue, orders, and the files that pass between us and the partners who fulfil them."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from noren.cli import arguments, database, files, show
from noren.cli.frame import Commands
from noren.orders import actions, labels, queries, rules
from noren.orders.actions import fulfilling
from noren.orders.rules import OrderState
from noren.programme import labels as names

LISTED = 200

Number = Annotated[str, typer.Argument(metavar="NUMBER", help=_("Number of the order, as 7K3M9-QPD2X."))]
Partner = Annotated[str, typer.Argument(metavar="PARTNER", help=_("Code of the partner, as the catalogue names it."))]

catalogue = Commands(help=_("What points buy."))
orders = Commands(help=_("Orders, and the partners who fulfil them."))


def add_to(root: typer.Typer) -> None:
    """Add the commands of this module."""
    root.add_typer(catalogue, name="catalogue")
    root.add_typer(orders, name="order")


@catalogue.command("load", help=_("Take a catalogue into use; the pictures lie beside it."))
def load(path: Annotated[Path, typer.Argument(metavar="FILE", help=_("TOML file."))]) -> None:
    """Replace the catalogue."""
    database.ready()
    loaded = actions.load(path, actor=arguments.actor(), now=arguments.clock())
    show.say(_("The catalogue has %(items)s items.") % {"items": len(loaded.items)})


@catalogue.command("list", help=_("The items, their price today, and how many there are."))
def items(*, as_json: arguments.AsJson = False) -> None:
    """Show the catalogue."""
    database.ready()
    today, stock = localtime(arguments.clock()).date(), queries.stock()
    offered = [one for one in queries.catalogue().items if rules.is_offered(one, today)]
    if as_json:
        show.print_json(
            [
                {
                    "code": one.code,
                    "use": one.use,
                    "kinds": one.kinds,
                    "points": rules.price(one, today),
                    "available": stock.get(one.code),
                }
                for one in offered
            ]
        )
        return
    show.table(
        _("Catalogue"),
        [_("Code"), _("Use"), _("Only with"), _("Title"), _("Points"), _("Available")],
        [
            [
                one.code,
                names.label(one.use),
                names.listed(one.kinds),
                queries.told(one.title),
                rules.price(one, today),
                stock[one.code] if one.stocked else _("any number"),
            ]
            for one in offered
        ],
    )


@catalogue.command("stock", help=_("Say how many of a stocked item can be ordered from now on."))
def stock(
    code: Annotated[str, typer.Argument(metavar="CODE", help=_("Code of the item."))],
    available: Annotated[int, typer.Argument(metavar="NUMBER", min=0, max=10**9, help=_("How many there are."))],
) -> None:
    """Set the stock."""
    database.ready()
    actions.set_stock(code, available, actor=arguments.actor(), now=arguments.clock())
    show.say(_("%(available)s of %(code)s can be ordered.") % {"available": available, "code": code})


@orders.command("list", help=_("Orders, the newest first."))
def listed(
    *,
    state: Annotated[list[OrderState] | None, typer.Option("--state", help=_("Only in this state."))] = None,
    late: Annotated[
        bool, typer.Option("--late", help=_("Only those that their partners should have answered by now."))
    ] = False,
    as_json: arguments.AsJson = False,
) -> None:
    """Show orders."""
    if late and state:
        raise typer.BadParameter(_("Give either --late or --state: late orders are all in one state."))
    database.ready()
    if late:
        _show_late(as_json=as_json)
        return
    found = queries.every(state or list(OrderState), LISTED)
    if as_json:
        show.print_json([asdict(row) for row in found])
        return
    show.table(
        _("Orders"),
        [_("Number"), _("Made"), _("For"), _("Ordered item"), _("Quantity"), _("Points"), _("State")],
        [
            [
                row.number,
                show.moment(row.made_at),
                row.member_id,
                row.title,
                row.quantity,
                row.points,
                labels.state(row.state, is_handed_over=row.handover is not None),
            ]
            for row in found
        ],
    )


def _show_late(*, as_json: bool) -> None:
    found = queries.late(arguments.clock(), LISTED)
    if as_json:
        show.print_json(
            [{**asdict(one.order), "handed_over_at": one.handed_over_at, "answer_by": one.answer_by} for one in found]
        )
        return
    show.table(
        _("Orders without an answer"),
        [_("Number"), _("Partner"), _("For"), _("Item"), _("Points"), _("Handed over"), _("Answer by")],
        [
            [
                one.order.number,
                one.order.partner,
                one.order.member_id,
                one.order.title,
                one.order.points,
                show.moment(one.handed_over_at),
                show.moment(one.answer_by),
            ]
            for one in found
        ],
    )


@orders.command(
    "cancel",
    help=_("Take an order back that nobody has, or that its partner has not answered in time; its points go back."),
)
def cancel(
    number: Number,
    *,
    note: Annotated[
        str, typer.Option("--note", help=_("Why; it is told to who ordered. Must be given if a partner has it."))
    ] = "",
) -> None:
    """Cancel one."""
    database.ready()
    actions.cancel(number, note=note, actor=arguments.actor(), now=arguments.clock())
    show.say(_("Order %(number)s is cancelled.") % {"number": number})


@orders.command("hand-over", help=_("Write the orders that wait for a partner into a file for it."))
def hand_over(partner: Partner) -> None:
    """Send them."""
    database.ready()
    made = actions.hand_over(partner, actor=arguments.actor(), now=arguments.clock())
    paths = actions.write_missing(partner, home=database.home(), now=arguments.clock())
    if made is None and not paths:
        show.say(_("No order waits for %(partner)s.") % {"partner": partner})
    if made is not None:
        told = {"orders": made.orders, "number": made.number}
        show.say(_("%(orders)s orders are handed over under the number %(number)s.") % told)
    for path in paths:
        show.say(_("The handover is in %(path)s.") % {"path": path})


@orders.command("handovers", help=_("What was handed to partners."))
def handovers(*, as_json: arguments.AsJson = False) -> None:
    """Show every handover."""
    database.ready()
    found = queries.handovers()
    if as_json:
        show.print_json([asdict(row) for row in found])
        return
    heads = [_("Number"), _("Partner"), _("Made"), _("Orders")]
    rows: list[list[show.Cell]] = [[row.number, row.partner, show.moment(row.made_at), row.orders] for row in found]
    show.table(_("Handed to partners"), heads, rows)


@orders.command("write", help=_("Write the file of a handover again."))
def write(number: Annotated[int, typer.Argument(metavar="NUMBER", help=_("Its number."))]) -> None:
    """Make a file that was lost anew."""
    database.ready()
    path = actions.write_file(queries.handover(number), home=database.home())
    show.say(_("The handover is in %(path)s.") % {"path": path})


@orders.command("answer", help=_("Take in what a partner says of its orders."))
def answer(
    partner: Partner,
    path: Annotated[Path, typer.Argument(metavar="FILE", help=_("CSV or Parquet file."))],
    *,
    encoding: arguments.Encoding = "auto",
    rejects: arguments.Rejects = None,
    as_json: arguments.AsJson = False,
) -> None:
    """Bring the orders on."""
    [done] = files.take_in(actions.take_answer, [path], encoding=encoding, rejects=rejects, partner=partner)
    if as_json:
        show.print_json(asdict(done))
        return
    heads = {
        "read": _("Read"),
        "rejected": _("Rejected"),
        "again": _("Said before"),
        "changed": _("Changed"),
    }
    files.tell(_("Answer"), heads, [done], fulfilling.REASONS)
