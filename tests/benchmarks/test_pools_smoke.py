"""Pools are measured on a tiny carrier. No time is judged."""

from pathlib import Path

import pytest

from tests import soak
from tests.benchmarks.test_smoke import bench


@pytest.mark.soak
@soak.alone("one measurement is tried every time, test_audit_smoke.py")
def test_pools_are_measured_beside_their_floors(tmp_path: Path) -> None:
    small = ("--pool-members", "100", "--seconds", "1", "--hot-seconds", "1", "--scale", "1", "--clients", "2")
    [result] = bench(tmp_path / "out", tmp_path / "temp", "pools", *small)
    assert 0 < result["joined"]["members"] <= 20
    assert set(result["plain"]) == set(result["pooled"]) == {"first", "again", "corrected"}
    for used in result["used"].values():
        assert (used["spends"] > 0, used["refused"]) == (True, 0)
    assert result["floor"]["rate"] > 0
