"""One member: why these points, what happened. All of them: do the books balance."""

from dataclasses import asdict
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from noren.cli import arguments, database, explanation, show
from noren.closing import explain as closing_explain
from noren.closing import queries as closing
from noren.counter import queries as counter
from noren.kit import db, duck
from noren.members import queries as members
from noren.orders import queries as orders
from noren.points import labels
from noren.points import queries as points
from noren.spending import queries as spending

Name = Annotated[str, typer.Argument(metavar="MEMBER", help=_("Line or account id."))]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("explain", help=_("Why a member has the points of a month, down to the bill items."))(explain)
    app.command("history", help=_("The postings of a member's wallet."))(history)
    app.command("verify", help=_("Check that the books balance; exit code 1 and the rows at fault if not."))(verify)


def explain(name: Name, month: arguments.Month, *, as_json: arguments.AsJson = False) -> None:
    """Explain the points of a member and month."""
    database.ready()
    member = members.member(name)
    with duck.connect(database.home() / "scratch") as (connection, _folder):
        found = closing_explain.explain(connection, database.home(), member, month)
    if as_json:
        show.print_json(closing_explain.as_dict(found))
    else:
        explanation.show_all(found)


def history(name: Name, *, as_json: arguments.AsJson = False) -> None:
    """Show the postings of a wallet, the oldest first."""
    database.ready()
    member = members.member(name)
    rows = points.history(member.uid)
    if as_json:
        show.print_json([asdict(row) for row in rows])
        return
    show.table(
        _("Postings of %(name)s, %(corporation)s") % {"name": member.member_id, "corporation": member.corporation_name},
        [_("Effective"), _("Booked"), _("Movement"), _("Points"), _("Balance"), _("Reason"), _("By")],
        [
            [
                str(row.effective_on),
                show.moment(row.booked_at),
                str(labels.LABELS[row.movement]),
                row.points,
                row.balance,
                row.reason,
                row.actor,
            ]
            for row in rows
        ],
    )


def verify(*, as_json: arguments.AsJson = False) -> None:
    """Check every invariant of the ledger."""
    database.ready()
    with duck.connect(database.home() / "scratch") as (connection, _folder), db.snapshot():
        running = sorted(closing.running())
        findings = points.verify(running=spending.waiting_runs() | set(running))
        findings += spending.findings() + orders.findings() + counter.findings()
        findings += closing.findings(connection, database.home())
    if as_json:
        faults = [asdict(finding) for finding in findings]
        show.print_json({"ok": not findings, "findings": faults, "unfinished": running})
    else:
        if not findings:
            show.say(_("The books balance."))
        for run in running:
            show.say(_("%(run)s is under way or was stopped; the same close once more carries it on.") % {"run": run})
        for finding in findings:
            show.say(f"[{finding.code}] " + _("%(rows)s rows at fault") % {"rows": len(finding.rows)})
            for row in finding.rows:
                show.say("  " + ", ".join(f"{key}={value}" for key, value in row.items()))
    raise typer.Exit(1 if findings else 0)
