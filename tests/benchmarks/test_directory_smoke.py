"""The list of accounts is measured beside its floor."""

from pathlib import Path

import pytest

from tests import soak
from tests.benchmarks.test_smoke import bench


@pytest.mark.soak
@soak.alone("one measurement is tried every time, test_audit_smoke.py")
def test_the_directory_is_measured_beside_its_floor(tmp_path: Path) -> None:
    [result] = bench(tmp_path / "out", tmp_path / "temp", "directory", "--pool-members", "300")
    assert len(result["searches"]["floor"]) == len(result["searches"]["all"]) == 20
    assert all(min(found) > 0 for found in result["searches"].values())
