"""Take what has lapsed: lots whose day is past, and every lot of members who are none any more."""

from django.db import transaction
from django.utils.translation import gettext as _

from noren.closing.models import Step
from noren.closing.rules import slice_bounds, slices_for
from noren.closing.work import Work, keep, must_equal
from noren.members import queries as members
from noren.points import actions as points
from noren.points import queries as points_queries


def run(work: Work, step: Step) -> None:
    """Every slice is one transaction that also marks itself as done."""
    if "slices" not in step.totals:
        points.ensure_month(work.run.as_of)
        keep(step, slices=slices_for(points_queries.wallet_count(), work.slice_wallets), lots=0, points=0)
    ended = work.scratch / "ended.csv"
    members.ended(work.run.as_of, ended)
    for number in range(step.slices_done, step.totals["slices"]):
        work.progress("expire", number, step.totals["slices"])
        lower, upper = slice_bounds(number, step.totals["slices"])
        with transaction.atomic():
            lapsed = points.expire_slice(
                run=work.run.run_id,
                slice_no=number,
                lower=lower,
                upper=upper,
                as_of=work.run.as_of,
                ended=ended,
                actor=work.actor,
                now=work.clock(),
            )
            step.slices_done = number + 1
            keep(step, lots=step.totals["lots"] + lapsed.lots, points=step.totals["points"] + lapsed.points)
    work.progress("expire", step.totals["slices"], step.totals["slices"])
    booked = points_queries.lapsed_by(work.run.run_id)
    must_equal(_("points lapsed in lots, points booked as lapsed"), step.totals["points"], booked)
