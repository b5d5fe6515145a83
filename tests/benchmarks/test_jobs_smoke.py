"""The measurement of bulk jobs on a few rows: it runs, is counted and is told. No time is judged."""

from pathlib import Path

import pytest

from tests import soak
from tests.benchmarks.test_smoke import bench


@pytest.mark.soak
@soak.alone("one measurement is tried every time, test_audit_smoke.py")
def test_bulk_jobs_are_measured_beside_their_floors(tmp_path: Path) -> None:
    [result] = bench(tmp_path / "out", tmp_path / "temp", "jobs", "--rows", "300")
    assert result["items"] == 300
    for operation in ("issue", "change", "lock"):
        assert result[operation]["check"]["to_do"] == 300
        assert result[operation]["commit"]["done"] == 300
        assert result[operation]["commit"]["changed"] == 0
    assert min(result["floor"].values()) > 0
