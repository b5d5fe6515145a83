import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import options, report, watch
from benchmarks.place import ROOT

RESULTS = report.read(ROOT / "benchmarks" / "results")


def test_medians_of_the_last_call_count() -> None:
    runs = [
        {"what": "close", "session": "2", "items": 5, "close": {"seconds": seconds}, "watched": watched}
        for seconds, watched in ((3.0, None), (1.0, None), (2.0, {"buffer_bytes": 7}))
    ]
    old = {"what": "close", "session": "1", "items": 5, "close": {"seconds": 99.0}, "watched": None}
    [group] = report._latest([old, *runs])
    middle = report._median(group)
    assert (middle["close"]["seconds"], middle["watched"]["buffer_bytes"], middle["runs"]) == (2.0, 7, 3)


def test_kept_results_are_the_tables_of_the_page() -> None:
    page = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    assert RESULTS
    assert report.text(RESULTS) in page


def test_kept_results_tell_where_they_come_from() -> None:
    for result in RESULTS:
        assert {"cores", "cpu", "memory_gib", "postgresql", "duckdb", "commit"} <= set(result["machine"])
        assert result["seed"]
        assert "noren-bench-" not in json.dumps(result)


@pytest.mark.parametrize(("text", "items"), [("1m,500k", (500_000, 1_000_000)), ("20", (20,)), ("5M", (5_000_000,))])
def test_sizes_are_read(text: str, items: tuple[int, ...]) -> None:
    assert options.sizes(text) == items


def test_kinds_are_all_unless_named() -> None:
    assert options.read([], "now").kinds == options.KINDS
    assert options.read(["spend"], "now").kinds == ("spend",)


def test_watched_command_tells_its_memory_and_output() -> None:
    ran = watch.run([sys.executable, "-c", "print(len(bytearray(300 << 20)))"], environment={}, limit=60)
    assert ran.output.strip() == str(300 << 20)
    # The system counts this process with it, as the child was before it became a program of its own.
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    assert 300 << 20 < ran.peak_bytes < max(500 << 20, own + (10 << 20))


def test_files_of_a_watched_command_are_seen(tmp_path: Path) -> None:
    code = (
        "import time, pathlib as p; p.Path('spill').mkdir(); p.Path('spill/x').write_bytes(b'x' * 9999); time.sleep(1)"
    )
    command = ["sh", "-c", f'cd {tmp_path} && exec {sys.executable} -c "{code}"']
    ran = watch.run(command, environment={}, scratch=tmp_path, limit=60)
    assert ran.scratch_bytes >= ran.spill_bytes >= 9999


def test_command_that_fails_or_hangs_is_ended(tmp_path: Path) -> None:
    with pytest.raises(watch.CommandError, match="exit 3"):
        watch.run([sys.executable, "-c", "raise SystemExit(3)"], environment={}, limit=60)
    mark = tmp_path / "mark"
    code = f"import os, time; open({str(mark)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    with pytest.raises(watch.CommandError, match="too long"):
        watch.run([sys.executable, "-c", code], environment={}, limit=2)
    assert not Path("/proc", mark.read_text()).exists()


def test_command_line_refuses_what_it_does_not_know() -> None:
    command = [sys.executable, "-m", "benchmarks", "closing"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "close|spend" in done.stderr
