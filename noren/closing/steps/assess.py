"""Judge the stage of every member of the month."""

from pathlib import Path

from django.utils.translation import gettext as _
from ibis import Table

from noren.closing import queries
from noren.closing.expressions import statement, table_of
from noren.closing.models import Step
from noren.closing.work import Work, keep, must_equal, result_file
from noren.kit import files
from noren.kit.duck import PARQUET, literal
from noren.programme.rules import spend_months
from noren.stages.expressions import assess


def run(work: Work, step: Step) -> None:
    """Write one row per member of the month: tenure, solutions, stage, rate."""
    members, contracts = (table_of(work.connection, name, work.file(name)) for name in ("members", "contracts"))
    stages = assess(members, contracts, _spend(work), work.programme, work.month)
    with files.whole(work.file("stages")) as target:
        work.connection.execute(f"COPY ({statement(stages)}) TO {literal(target)} {PARQUET}")
    counted = work.connection.execute(
        f"SELECT stage, count(*) FROM read_parquet({literal(work.file('stages'))}) GROUP BY stage"
    ).fetchall()
    by_stage = {stage.name: dict(counted).get(stage.name, 0) for stage in work.programme.stages}
    must_equal(_("members judged, rows written"), sum(by_stage.values()), sum(dict(counted).values()))
    keep(step, members=sum(by_stage.values()), stages=by_stage)


def _spend(work: Work) -> Table | None:
    """What each member spent in the months that count, from the closes of those months."""
    if not work.programme.uses_spend:
        return None
    first, last = spend_months(work.programme, work.month)
    runs = queries.latest_runs(first, last)
    rated = [result_file(work.home, month, run.number, "rated") for month, run in runs.items()]
    work.connection.execute("CREATE OR REPLACE VIEW spend AS " + _spend_sql(rated))
    return table_of(work.connection, "spend")


def _spend_sql(rated: list[Path]) -> str:
    if not rated:
        return "SELECT NULL::UUID AS uid, 0::BIGINT AS spend_yen WHERE false"
    names = ", ".join(literal(path) for path in rated)
    return f"SELECT uid, sum(base_yen)::BIGINT AS spend_yen FROM read_parquet([{names}]) GROUP BY uid"
