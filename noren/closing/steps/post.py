"""Post what rating gave, less what is posted already, slice by slice: member by member first, then pool by pool."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from noren.closing import pools
from noren.closing.models import Step
from noren.closing.pools import Snapshot
from noren.closing.rules import slice_bounds, slices_for
from noren.closing.work import Work, keep, must_equal
from noren.kit.duck import literal
from noren.points import actions as points
from noren.points.actions import SlicePosted
from noren.points.rules import GROUP, LotKey, WalletKey
from noren.programme.rules import lapses_on, uses_text


def run(work: Work, step: Step) -> None:
    """Every slice is one transaction that also marks itself as done; the clearing account ends at zero."""
    if "target" not in step.totals:
        _open(work, step)
    found = Snapshot(work.connection, work.file("pools"), work.file("rated"), work.scratch)
    if "pool_slices" not in step.totals:
        keep(step, pool_slices=pools.bounds(found, work.month, work.slice_wallets))
    plain = step.totals["slices"]
    slices = plain + len(step.totals["pool_slices"])
    for number in range(step.slices_done, slices):
        work.progress("post", number, slices)
        with transaction.atomic():
            done = _post(work, found, step, number) if number < plain else _post_pools(work, found, step, number)
            _keep(step, number, done)
    work.progress("post", slices, slices)
    _bring_along(work, found)
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


def _post(work: Work, found: Snapshot, step: Step, number: int) -> SlicePosted:
    """Members whom no pool concerns."""
    lower, upper = slice_bounds(number, step.totals["slices"])
    target, aside = work.scratch / "target.csv", work.scratch / "aside.csv"
    pooled = pools.write_aside(found, lower, upper, aside)
    below = "" if upper is None else f" AND uid < {literal(upper)}::UUID"
    work.connection.execute(
        f"COPY (SELECT uid, kind, member_id, points FROM read_parquet({literal(work.file('rated'))})"
        f" WHERE points > 0 AND uid >= {literal(lower)}::UUID{below}"
        f" AND uid NOT IN ({found.members_in(lower, upper)}) ORDER BY uid)"
        f" TO {literal(target)} (FORMAT csv, HEADER false)"
    )
    return points.post_slice(
        run=work.run.run_id,
        slice_no=number,
        lower=lower,
        upper=upper,
        target=target,
        aside=aside if pooled else None,
        lot=_lot(work),
        usage_month=work.month,
        on=work.run.as_of,
        actor=work.actor,
        now=work.clock(),
    )


def _post_pools(work: Work, found: Snapshot, step: Step, number: int) -> SlicePosted:
    """Members of pools, and those who have left one since the month was posted."""
    turn, starts = number - step.totals["slices"], step.totals["pool_slices"]
    upper = UUID(starts[turn + 1]) if turn + 1 < len(starts) else None
    earners = work.scratch / "earners.csv"
    return points.post_pools(
        run=work.run.run_id,
        slice_no=number,
        earners=pools.write_earners(found, work.month, UUID(starts[turn]), upper, earners),
        lot=_lot(work),
        usage_month=work.month,
        on=work.run.as_of,
        actor=work.actor,
        now=work.clock(),
    )


def _bring_along(work: Work, found: Snapshot) -> None:
    """Who joined a pool while slices were posted brings what came into the own wallet after that.

    Carried on after a stop it finds nothing more of theirs, and others may have joined: so the key is of this moment.
    """
    now = work.clock()
    for pool_id, joined in pools.joined_since(found).items():
        with transaction.atomic():
            points.pool_in(
                pool=WalletKey(pool_id, GROUP, str(pool_id)),
                members=joined,
                on=work.run.as_of,
                actor=work.actor,
                now=now,
                key=f"{work.run.run_id}/{now.isoformat()}",
                reason="joined while a month was closed",
            )


def _keep(step: Step, number: int, done: SlicePosted) -> None:
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
