"""The audit's measurement on a few rows: it runs, is counted and is told. No time is judged."""

from pathlib import Path

from tests.benchmarks.test_smoke import bench


def test_the_audit_is_measured_beside_its_floor(tmp_path: Path) -> None:
    [result] = bench(tmp_path / "out", tmp_path / "temp", "audit", "--records", "1k")
    assert result["items"] == 1_000
    for way in ("statement", "sent"):
        assert result[way]["write"]["rows"] == 1_000
        assert result[way]["seal"]["rows"] >= 1_000
    assert result["verify"]["rows"] == result["statement"]["seal"]["rows"] + result["sent"]["seal"]["rows"]
    assert min(result["floor"]["seconds"]) > 0
    assert result["verify"]["peak_bytes"] > 20 << 20
