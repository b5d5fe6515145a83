"""Points for the bills of the month: standing allocations are reserved, and what the bills take is handed over."""

from django.db import transaction

from noren.closing import queries as closing
from noren.closing.models import Step
from noren.closing.work import Work, keep
from noren.spending import actions as spending
from noren.spending import queries
from noren.spending.rules import After


def run(work: Work, step: Step) -> None:
    """Each slice of standing allocations is one transaction, and so is the handover; its files are written last."""
    if "standing" not in step.totals:
        keep(step, standing=0, reserved=0)
    for wished in spending.wishes(work.month, work.scratch):
        work.progress("allocate", step.totals["standing"], None)
        with transaction.atomic():
            done = spending.reserve_standing(_call(work), work.month, step.slices_done, wished)
            step.slices_done += 1
            keep(step, standing=step.totals["standing"] + done.wishes, reserved=step.totals["reserved"] + done.points)
    if "overdue" not in step.totals:
        keep(step, overdue=spending.left_out(work.month, work.scratch))
    if "items" not in step.totals:
        _hand_over(work, step)
    if step.totals["handover"]:
        made = queries.handover(work.month, step.totals["handover"])
        path = spending.write_files(work.connection, made, home=work.home, folder=work.scratch)
        keep(step, file=str(path.relative_to(work.home)))


def _call(work: Work) -> spending.Call:
    """By the clock of its own transaction: what happens to a wallet in between is told apart by it."""
    return spending.Call(work.run.run_id, work.run.as_of, work.actor, work.clock())


def _hand_over(work: Work, step: Step) -> None:
    rule, call = work.programme.allocation, _call(work)
    with transaction.atomic():
        made = spending.hand_over(
            work.connection,
            call,
            month=work.month,
            home=work.home,
            folder=work.scratch,
            charges=work.programme.payable_charges,
            carry_months=rule.carry_months,
        )
        returned, lost = spending.end_old(
            call,
            month=work.month,
            closed_since=closing.closed_since(work.month),
            folder=work.scratch,
            carry_months=rule.carry_months,
            after=After(rule.after),
        )
        figures = {"handover": made.number, "items": made.items, "points": made.points} if made else {}
        keep(step, **{"handover": 0, "items": 0, "points": 0, **figures}, returned=returned, lost=lost)
