"""Points for bills: apply for a member, look at what waits, take in what the billing system answers."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated
from uuid import UUID, uuid4

import typer
from django.utils.translation import gettext as _

from noren.cli import arguments, database, files, show
from noren.cli.frame import Commands
from noren.groups import queries as groups
from noren.kit import duck
from noren.kit.months import month_text
from noren.members import queries as members
from noren.members.queries import Member
from noren.spending import actions, queries
from noren.spending.actions import answering

Name = Annotated[str, typer.Argument(metavar="MEMBER", help=_("Line or account id whose bill is paid."))]
Payer = Annotated[
    str, typer.Option("--from", metavar="MEMBER", help=_("Whose points pay (default: the member's own)."))
]

app = Commands(help=_("Points for bills."))


def add_to(root: typer.Typer) -> None:
    """Add the commands of this module."""
    root.add_typer(app, name="allocation")


@app.command("apply", help=_("Take points for the bill of this month."))
def apply(
    name: Name,
    points: Annotated[int, typer.Argument(metavar="POINTS", help=_("How many: 1 point pays 1 yen."))],
    *,
    payer: Payer = "",
    key: Annotated[str, typer.Option("--key", help=_("The same key again is the same application."))] = "",
) -> None:
    """Apply once."""
    database.ready()
    target = members.member(name)
    actions.allocate(
        wallet_id=_wallet(payer, target),
        target=target,
        amount=points,
        key=key or str(uuid4()),
        actor=arguments.actor(),
        now=arguments.clock(),
    )
    show.say(_("%(points)s points are reserved for the bill of %(member)s.") % {"points": points, "member": name})


@app.command("standing", help=_("Take points for the bills of every month."))
def standing(
    name: Name,
    *,
    since: Annotated[
        date, typer.Option("--since", parser=arguments.a_month, metavar="YYYY-MM", help=_("The first month."))
    ],
    until: Annotated[
        date | None, typer.Option("--until", parser=arguments.a_month, metavar="YYYY-MM", help=_("The last month."))
    ] = None,
    points: Annotated[
        int | None, typer.Option("--points", help=_("How many in a month (default: all that lapse next)."))
    ] = None,
    payer: Payer = "",
) -> None:
    """Apply for every month."""
    database.ready()
    target = members.member(name)
    made = actions.set_standing(
        wallet_id=_wallet(payer, target),
        target=target,
        amount=points,
        since=since,
        until=until,
        actor=arguments.actor(),
        now=arguments.clock(),
    )
    show.say(_("The standing allocation has the id %(id)s.") % {"id": made})


@app.command("end", help=_("End a standing allocation; what was taken stays."))
def end(
    name: Name,
    standing_id: Annotated[UUID, typer.Argument(metavar="ID", help=_("Id, as `noren allocation list` shows."))],
) -> None:
    """End one."""
    database.ready()
    target = members.member(name)
    actions.end_standing(standing_id, target=target, actor=arguments.actor(), now=arguments.clock())
    show.say(_("The standing allocation has ended."))


@app.command("list", help=_("What was taken for bills from a member's points, and what became of it."))
def listed(name: Name, *, payer: Payer = "", as_json: arguments.AsJson = False) -> None:
    """Show allocations and standing ones."""
    database.ready()
    wallet_id = _wallet(payer, members.member(name))
    made, always = queries.allocations([wallet_id]), queries.standing([wallet_id])
    if as_json:
        show.print_json(
            {
                "allocations": [{**asdict(row), "open": row.open_points} for row in made],
                "standing": [asdict(row) for row in always],
            }
        )
        return
    show.table(
        _("Points for bills"),
        [_("Made"), _("Bill of"), _("Month"), _("Points"), _("Paid"), _("Given back"), _("Lost"), _("Open")],
        [
            [
                show.moment(row.made_at),
                row.member_id,
                month_text(row.month),
                row.points,
                row.paid,
                row.returned,
                row.lost,
                row.open_points,
            ]
            for row in made
        ],
    )
    show.table(
        _("Every month"),
        [_("Id"), _("Bill of"), _("Points"), _("From"), _("Until")],
        [
            [
                str(row.standing_id),
                row.member_id,
                _("all that lapse next") if row.points is None else row.points,
                month_text(row.since),
                month_text(row.until) if row.until else "",
            ]
            for row in always
        ],
    )


@app.command("handovers", help=_("What was handed to the billing system, and what waits for its answer."))
def handovers(*, as_json: arguments.AsJson = False) -> None:
    """Show every handover."""
    database.ready()
    rows = queries.handovers()
    if as_json:
        show.print_json([asdict(row) for row in rows])
        return
    show.table(
        _("Handed to the billing system"),
        [_("Month"), _("Number"), _("Made"), _("Bills"), _("Points"), _("Bills that wait"), _("Points that wait")],
        [
            [
                month_text(row.month),
                row.number,
                show.moment(row.made_at),
                row.items,
                row.points,
                row.waiting_items,
                row.waiting_points,
            ]
            for row in rows
        ],
    )


@app.command("write", help=_("Write the files of a handover again."))
def write(
    month: arguments.Month, number: Annotated[int, typer.Argument(metavar="NUMBER", help=_("Its number in the month."))]
) -> None:
    """Make a file that was lost anew."""
    database.ready()
    with duck.connect(database.home() / "scratch") as (connection, folder):
        made = queries.handover(month, number)
        path = actions.write_files(connection, made, home=database.home(), folder=folder)
    show.say(_("The handover is in %(path)s.") % {"path": path})


@app.command("answer", help=_("Take in what the billing system answers."))
def answer(
    path: Annotated[Path, typer.Argument(metavar="FILE", help=_("CSV or Parquet file."))],
    *,
    encoding: arguments.Encoding = "auto",
    rejects: arguments.Rejects = None,
    as_json: arguments.AsJson = False,
) -> None:
    """Settle what it says."""
    [done] = files.take_in(actions.take_answer, [path], encoding=encoding, rejects=rejects)
    if as_json:
        show.print_json(asdict(done))
        return
    heads = {
        "read": _("Read"),
        "rejected": _("Rejected"),
        "again": _("Said before"),
        "paid": _("Paid"),
        "returned": _("Given back"),
        "carried": _("Carried"),
    }
    files.tell(_("Answer"), heads, [done], answering.REASONS)


def _wallet(payer: str, target: Member) -> UUID:
    """The wallet that pays: of the member named, else of the target; its pool's where it is in one."""
    uid = members.member(payer).uid if payer else target.uid
    return groups.pool_of(uid) or uid
