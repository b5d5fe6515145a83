"""Close a month, let points lapse."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _

from noren.billing import actions as billing
from noren.cli import arguments, database, show
from noren.cli.door import door
from noren.closing import actions, queries
from noren.closing.labels import LABELS
from noren.closing.queries import RunRow
from noren.closing.rules import StepName
from noren.closing.work import Options
from noren.kit import months
from noren.kit.intake import Reason
from noren.kit.months import month_text
from noren.lifecycle import actions as lifecycle

Day = Annotated[
    date | None,
    typer.Option(
        "--as-of",
        parser=arguments.a_day,
        metavar="YYYY-MM-DD",
        help=_("Business date (default: grant day of the next month)."),
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("close", help=_("Close a month: take in bills, judge stages, rate, post, lapse, report."))(close)
    app.command("expire", help=_("Let lapse what has lapsed by a day, apart from a close."))(expire)


def close(
    month: arguments.Month,
    *,
    bills: Annotated[
        list[Path] | None, typer.Option("--bills", help=_("Bill file; may be given several times."))
    ] = None,
    as_of: Day = None,
    engine: Annotated[
        actions.Engine, typer.Option("--engine", help=_("Engine that rates the bills."))
    ] = actions.Engine.DUCKDB,
    encoding: arguments.Encoding = "auto",
    rejects: arguments.Rejects = None,
    strict: arguments.Strict = False,
    as_json: arguments.AsJson = False,
) -> None:
    """Close a month and show what came of it."""
    database.ready()
    with show.Bars() as bars:
        runs = actions.close(
            door=door(bars),
            month=month,
            bills=bills or [],
            as_of=as_of,
            engine=engine,
            options=Options(encoding=encoding, strict=strict, rejects=rejects),
        )
    lifecycle.follow_lines(actor=arguments.actor(), now=arguments.clock())
    lifecycle.bring_home(actor=arguments.actor(), now=arguments.clock())
    _show(runs, as_json=as_json)


def expire(
    as_of: Annotated[
        date, typer.Option("--as-of", parser=arguments.a_day, metavar="YYYY-MM-DD", help=_("Business date."))
    ],
    *,
    as_json: arguments.AsJson = False,
) -> None:
    """Let points lapse and show how many."""
    database.ready()
    with show.Bars() as bars:
        run = actions.expire_lots(door=door(bars), as_of=as_of)
    _show([run], as_json=as_json)


def _show(runs: list[RunRow], *, as_json: bool) -> None:
    gaps = queries.gaps()
    if as_json:
        show.print_json({"runs": [_as_json(run) for run in runs], "gaps": [month_text(month) for month in gaps]})
        return
    for run in runs:
        show_run(run)
    if gaps:
        spans = [_span(since, until) for since, until in months.spans(gaps)]
        show.say(_("Gaps, months between that are not closed: %(months)s") % {"months": ", ".join(spans)})


def _span(since: date, until: date) -> str:
    first, last = month_text(since), month_text(until)
    if since == until:
        return first
    return _("%(first)s to %(last)s (%(count)s months)") % {
        "first": first,
        "last": last,
        "count": months.months_between(since, until) + 1,
    }


def _as_json(run: RunRow) -> dict[str, object]:
    return {
        "run": run.run_id,
        "as_of": run.as_of,
        "programme_version": run.programme_version,
        "steps": {step.name: {"seconds": step.seconds, **step.totals} for step in run.steps},
    }


def show_run(run: RunRow) -> None:
    """Show what a run did, step by step."""
    steps = {step.name: step for step in run.steps}
    totals: dict[str, dict[str, Any]] = {name: step.totals for name, step in steps.items()}
    if "intake" in totals:
        show.table(
            _("Bill files"),
            [
                _("File"),
                _("Read"),
                _("Accepted"),
                _("Rejected"),
                _("Read, yen"),
                _("Accepted, yen"),
                _("Rejected, yen"),
            ],
            [_intake_row(row) for row in totals["intake"]["intakes"]],
        )
        for row in totals["intake"]["intakes"]:
            reasons = [Reason(**one) for one in row["reasons"]]
            show.rejected(row["file_name"], reasons, billing.REASONS, row["rejects"])
        if skipped := totals["intake"]["skipped"]:
            show.say(_("Taken in before, not read again: %(files)s") % {"files": ", ".join(skipped)})
    if "rate" in totals:
        show.table(
            _("Stages and points"),
            [_("Stage"), _("Points per unit"), _("Members"), _("Base, yen"), _("Points")],
            [
                [row["stage"], row["rate"], row["members"], row["base_yen"], row["points"]]
                for row in totals["rate"]["stages"]
            ]
            + [
                [
                    _("Total"),
                    None,
                    totals["rate"]["members"],
                    totals["rate"]["base_yen"],
                    totals["rate"]["points"],
                ]
            ],
        )
    show.table(
        _("Run %(run)s, business date %(as_of)s") % {"run": run.run_id, "as_of": run.as_of},
        [_("Step"), _("Result"), _("Seconds")],
        [
            [str(LABELS[StepName(name)]), _summary(name, totals[name]), f"{step.seconds:.1f}"]
            for name, step in steps.items()
        ],
    )


def show_months(runs: Sequence[RunRow]) -> None:
    """Show one line for each closed month."""
    show.table(
        _("Closed months"),
        [
            _("Month"),
            _("Business date"),
            _("Members"),
            _("Base, yen"),
            _("Points"),
            _("Lapsed"),
            _("Balance after"),
        ],
        [_month_row(run) for run in runs],
    )


def _month_row(run: RunRow) -> list[str | int]:
    rate, expire, report = (run.totals(name) for name in (StepName.RATE, StepName.EXPIRE, StepName.REPORT))
    figures = [rate["members"], rate["base_yen"], rate["points"], expire["points"], report["closing"]]
    return [month_text(run.month) if run.month else "", str(run.as_of), *figures]


def _intake_row(row: dict[str, Any]) -> list[str | int]:
    names = ("read_rows", "accepted_rows", "rejected_rows", "read_yen", "accepted_yen", "rejected_yen")
    return [row["file_name"], *(row[name] for name in names)]


def _summary(name: str, totals: dict[str, Any]) -> str:
    texts = {
        "intake": _("%(rows)s bill items count, %(yen)s yen"),
        "assess": _("%(members)s members judged"),
        "rate": _(
            "%(points)s points from %(base_yen)s yen;"
            " left out: %(not_eligible_yen)s yen not eligible, %(not_member_yen)s yen of non-members"
        ),
        "post": _("%(granted)s points granted and %(taken)s taken back in %(wallets)s wallets"),
        "expire": _("%(points)s points lapsed in %(lots)s lots"),
        "allocate": _(
            "%(points)s points for %(items)s bills handed over;"
            " %(reserved)s points reserved by %(standing)s standing allocations, %(overdue)s left out as overdue"
        ),
        "report": _(
            "opening %(opening)s + granted %(granted)s - used %(used)s - lapsed %(lapsed)s + adjusted %(adjusted)s"
            " = closing %(closing)s points"
        ),
    }
    values = totals["items"] if name == "intake" else totals
    return texts[name] % {key: show.text_of(value) for key, value in values.items() if isinstance(value, int)}
