"""Post what rating gave, less what is posted already, slice by slice."""

from django.db import transaction
from django.utils.translation import gettext as _

from noren.closing.models import Step
from noren.closing.rules import slice_bounds, slices_for
from noren.closing.work import Work, keep, must_equal
from noren.kit.duck import literal
from noren.points import actions as points
from noren.points.rules import LotKey
from noren.programme.rules import lapses_on, uses_text


def run(work: Work, step: Step) -> None:
    """Every slice is one transaction that also marks itself as done; the clearing account ends at zero."""
    if "target" not in step.totals:
        _open(work, step)
    for number in range(step.slices_done, step.totals["slices"]):
        work.progress("post", number, step.totals["slices"])
        with transaction.atomic():
            _post(work, step, number)
    work.progress("post", step.totals["slices"], step.totals["slices"])
    posted = step.totals["granted"] - step.totals["taken"]
    must_equal(_("points rated less points posted before, points posted"), _difference(step), posted)


def _difference(step: Step) -> int:
    return int(step.totals["target"]) - int(step.totals["before"])


def _open(work: Work, step: Step) -> None:
    """Fix the target and book the whole difference on the run's clearing account."""
    rated = work.connection.execute(
        f"SELECT count(*), coalesce(sum(points), 0)::BIGINT FROM read_parquet({literal(work.file('rated'))})"
    ).fetchone()
    members, target = rated or (0, 0)
    before = points.posted(work.month)
    points.ensure_month(work.run.as_of)
    with transaction.atomic():
        points.open_clearing(
            run=work.run.run_id,
            points=target - before,
            usage_month=work.month,
            on=work.run.as_of,
            actor=work.actor,
            now=work.clock(),
        )
        keep(
            step,
            target=target,
            before=before,
            slices=slices_for(members, work.slice_wallets),
            wallets=0,
            granted=0,
            taken=0,
        )


def _post(work: Work, step: Step, number: int) -> None:
    lower, upper = slice_bounds(number, step.totals["slices"])
    target = work.scratch / "target.csv"
    below = "" if upper is None else f" AND uid < {literal(upper)}::UUID"
    work.connection.execute(
        f"COPY (SELECT uid, kind, member_id, points FROM read_parquet({literal(work.file('rated'))})"
        f" WHERE points > 0 AND uid >= {literal(lower)}::UUID{below} ORDER BY uid)"
        f" TO {literal(target)} (FORMAT csv, HEADER false)"
    )
    done = points.post_slice(
        run=work.run.run_id,
        slice_no=number,
        lower=lower,
        upper=upper,
        target=target,
        lot=_lot(work),
        usage_month=work.month,
        on=work.run.as_of,
        actor=work.actor,
        now=work.clock(),
    )
    step.slices_done = number + 1
    keep(
        step,
        wallets=step.totals["wallets"] + done.wallets,
        granted=step.totals["granted"] + done.granted,
        taken=step.totals["taken"] + done.taken,
    )


def _lot(work: Work) -> LotKey:
    kind = work.programme.kind(work.programme.earning.kind)
    day = lapses_on(kind.expiry, work.run.as_of, work.programme.year_first_month)
    return LotKey(kind=kind.name, is_limited=kind.limited, uses=uses_text(kind.uses), lapses_on=day)
