"""The accounting of the month: opening + granted - used - lapsed + adjusted = closing, by cohort."""

import csv
from dataclasses import asdict, fields
from datetime import timedelta
from pathlib import Path

from django.utils.translation import gettext as _

from noren.closing import queries
from noren.closing.models import Step
from noren.closing.work import Work, keep, month_folder, must_equal
from noren.kit import db, files
from noren.points import queries as points
from noren.points.queries import Cohort

FIGURES = ("opening", "granted", "used", "lapsed", "adjusted", "closing")


def run(work: Work, step: Step) -> None:
    """Write the cohorts as a file for finance and keep their sums."""
    since = queries.accounted_until(work.run.as_of) + timedelta(days=1)
    with db.snapshot():  # single operations go on meanwhile
        cohorts, given = points.report(since, work.run.as_of), points.given(work.run.as_of)
    held = sum(cohort.closing for cohort in cohorts)
    must_equal(_("points of the wallets, points that the programme gave"), held, given)
    for cohort in cohorts:
        moved = cohort.opening + cohort.granted - cohort.used - cohort.lapsed + cohort.adjusted
        must_equal(_("opening and movements, closing"), moved, cohort.closing)
    path = month_folder(work.home, work.month) / f"accounting-{work.run.number}.csv"
    with files.whole(path) as target:
        _write(target, cohorts)
    sums = {name: sum(getattr(cohort, name) for cohort in cohorts) for name in FIGURES}
    keep(step, file=path.name, since=str(since), cohorts=len(cohorts), **sums)


def _write(target: Path, cohorts: list[Cohort]) -> None:
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([field.name for field in fields(Cohort)])
        writer.writerows([*asdict(cohort).values()] for cohort in cohorts)
