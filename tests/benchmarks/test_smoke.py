"""The whole machinery on a tiny carrier: it runs, writes sane results and leaves nothing behind. No time is judged."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.place import ROOT
from tests import soak

PAGE = "# Page\n<!-- results -->\nold\n<!-- end of results -->\nend\n"


def bench(out: Path, temp: Path, *arguments: str) -> list[dict[str, Any]]:
    out.mkdir()
    temp.mkdir()
    (out / "README.md").write_text(PAGE, encoding="utf-8")
    command = [sys.executable, "-m", "benchmarks", *arguments, "--out", str(out), "--temp", str(temp)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert list(temp.iterdir()) == []
    page = (out / "README.md").read_text(encoding="utf-8")
    assert page.startswith("# Page\n")
    assert page.endswith("end\n")
    assert "old" not in page
    assert done.stdout.strip() in page
    return [json.loads(path.read_text(encoding="utf-8")) for path in (out / "results").glob("*.json")]


@pytest.mark.soak
@soak.alone("one measurement is tried every time, test_audit_smoke.py")
@pytest.mark.soak
@soak.alone("one measurement is tried every time, test_audit_smoke.py")
def test_close_is_measured_beside_its_floor(tmp_path: Path) -> None:
    [result] = bench(tmp_path / "out", tmp_path / "temp", "close", "--items", "1k")
    assert (result["items"], result["members"], result["floor"]["copied_rows"] % 3) == (1_000, 100, 0)
    assert set(result["steps"]) == {"intake", "assess", "rate", "post", "expire", "allocate", "report"}
    assert sum(result["steps"].values()) <= result["close"]["seconds"]
    assert result["ratio"] == pytest.approx(result["close"]["seconds"] / result["floor"]["seconds"], rel=0.05)
    assert result["close"]["peak_bytes"] > 50 << 20
    assert result["watched"]["statements"] > 20
    assert result["machine"]["postgresql"]


@pytest.mark.soak
@soak.alone("one measurement is tried every time, test_audit_smoke.py")
def test_spending_is_measured_beside_its_floor(tmp_path: Path) -> None:
    small = ("--wallets", "100", "--seconds", "1", "--hot-seconds", "1", "--scale", "1", "--clients", "2")
    [result] = bench(tmp_path / "out", tmp_path / "temp", "spend", *small)
    assert 0 < result["wallets"] <= 100
    for way in ("spread", "hot"):
        assert result[way]["spends"] > 0
        assert result[way]["p50_ms"] <= result[way]["p99_ms"]
        assert sum(result[way]["windows"]) > 0
    assert result["hot"]["refused"] == 0
    assert result["hot"]["hot_updates"]["points_wallet"] is not None
    assert result["floor"]["rate"] > 0
