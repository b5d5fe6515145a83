"""Judge the stage of every member of the month."""

from pathlib import Path

import ibis
from django.utils.translation import gettext as _

from noren.closing import queries
from noren.closing.models import Step
from noren.closing.work import Work, keep, must_equal, result_file, tables
from noren.kit import files
from noren.kit.duck import PARQUET, literal
from noren.programme.rules import spend_months
from noren.stages.expressions import assess


def run(work: Work, step: Step) -> None:
    """Write one row per member of the month: tenure, solutions, stage, rate."""
    sources = {"members": work.file("members"), "contracts": work.file("contracts")}
    with tables(work, **sources) as given, files.whole(work.file("stages")) as target:
        stages = assess(given["members"], given["contracts"], _spend(work), work.programme, work.month)
        work.connection.execute(f"COPY ({ibis.to_sql(stages, dialect='duckdb')}) TO {literal(target)} {PARQUET}")
    counted = work.connection.execute(
        f"SELECT stage, count(*) FROM read_parquet({literal(work.file('stages'))}) GROUP BY stage"
    ).fetchall()
    by_stage = {stage.name: dict(counted).get(stage.name, 0) for stage in work.programme.stages}
    must_equal(_("members judged, rows written"), sum(by_stage.values()), sum(dict(counted).values()))
    keep(step, members=sum(by_stage.values()), stages=by_stage)


def _spend(work: Work) -> ibis.Table | None:
    """What each member spent in the months that count, from the closes of those months."""
    if not work.programme.uses_spend:
        return None
    first, last = spend_months(work.programme, work.month)
    runs = queries.latest_runs(first, last)
    rated = [result_file(work.home, month, run.number, "rated") for month, run in runs.items()]
    work.connection.execute("CREATE OR REPLACE VIEW spend AS " + _spend_sql(rated))
    return ibis.duckdb.from_connection(work.connection).table("spend")


def _spend_sql(rated: list[Path]) -> str:
    if not rated:
        return "SELECT NULL::UUID AS uid, 0::BIGINT AS spend_yen WHERE false"
    names = ", ".join(literal(path) for path in rated)
    return f"SELECT uid, sum(base_yen)::BIGINT AS spend_yen FROM read_parquet([{names}]) GROUP BY uid"
