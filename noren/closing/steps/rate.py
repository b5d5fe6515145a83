"""Turn bill items and stages into points per member."""

from django.utils.translation import gettext as _

from noren.billing import queries as billing
from noren.closing.expressions import COLUMNS, rate, statement, table_of
from noren.closing.models import Step
from noren.closing.work import ControlTotal, Work, keep, must_equal
from noren.kit import files
from noren.kit.duck import PARQUET, literal
from noren.programme.rules import largest_base
from noren.spending import queries as spending


def run(work: Work, step: Step) -> None:
    """Write one row per member of the month with base, points and their reason, sorted by uid."""
    billing.items_view(work.connection, work.home, work.month)
    spending.paid_view(work.connection, work.scratch, work.month)
    items, stages = table_of(work.connection, "items"), table_of(work.connection, "stages", work.file("stages"))
    rated = statement(rate(items, stages, table_of(work.connection, "paid"), work.programme))
    with files.whole(work.file("rated")) as target:
        columns = ", ".join(f"{name}::{kind} AS {name}" for name, kind in COLUMNS.items())
        work.connection.execute(f"COPY (SELECT {columns} FROM ({rated}) ORDER BY uid) TO {literal(target)} {PARQUET}")
    keep(step, **_totals(work))


def _totals(work: Work) -> dict[str, object]:
    """Every yen of the month is in the base of a member, or left out for a reason; the parts make the whole."""
    rated = f"read_parquet({literal(work.file('rated'))})"
    found = work.connection.execute(
        "SELECT count(*), coalesce(sum(items), 0)::BIGINT, coalesce(sum(items_yen), 0)::BIGINT,"
        " coalesce(sum(eligible_yen), 0)::BIGINT, coalesce(sum(paid_yen), 0)::BIGINT,"
        " coalesce(sum(base_yen), 0)::BIGINT,"
        f" coalesce(sum(points), 0)::BIGINT, coalesce(max(base_yen), 0)::BIGINT FROM {rated}"
    ).fetchone()
    assert found is not None  # noqa: S101  (an aggregate always gives one row)
    members, rows, yen, eligible, paid, base, points, largest = found
    if largest > largest_base(work.programme):
        raise ControlTotal(_("A member's base of %(yen)d yen is too large to be rated exactly."), yen=largest)
    stages = work.connection.execute("SELECT count(*) FROM stages").fetchone()
    must_equal(_("members judged, members rated"), (stages or (0,))[0], members)
    every = billing.effective(work.connection, work.home, work.month)
    return {
        "members": members,
        "points": points,
        "base_yen": base,
        "eligible_yen": eligible,
        "not_eligible_yen": yen - eligible,
        "not_member_yen": every["yen"] - yen,
        "not_member_rows": every["rows"] - rows,
        "paid_yen": paid,
        "below_zero_yen": base - (eligible - paid),
        "stages": _by_stage(work, rated),
    }


def _by_stage(work: Work, rated: str) -> list[dict[str, object]]:
    found = work.connection.execute(
        f"SELECT stage, count(*), sum(base_yen)::BIGINT, sum(points)::BIGINT FROM {rated} GROUP BY stage"
    ).fetchall()
    rows = {name: figures for name, *figures in found}
    return [
        {
            "stage": stage.name,
            "rate": stage.points,
            **dict(zip(("members", "base_yen", "points"), figures, strict=True)),
        }
        for stage in work.programme.stages
        for figures in [rows.get(stage.name, [0, 0, 0])]
    ]
