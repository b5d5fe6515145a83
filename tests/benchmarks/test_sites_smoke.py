"""Signing on and the member home, a blink of each: everything runs, is counted and is told. No time is judged."""

import os
from pathlib import Path

import pytest

from benchmarks import pinned, report_sites, rival
from tests import soak
from tests.benchmarks.test_smoke import bench

SMALL = ("--site-seconds", "0.3", "--connections", "2")
FLOORS = {"es256", "rs256", "verify", "argon2id"}


@pytest.mark.soak
@soak.alone("one measurement is tried every time, test_audit_smoke.py")
def test_signing_on_is_measured_beside_the_reference_and_its_floors(tmp_path: Path) -> None:
    [result] = bench(tmp_path / "out", tmp_path / "temp", "signon", *SMALL)
    assert set(result["primitives_ms"]) == FLOORS
    assert min(result["primitives_ms"].values()) > 0
    assert set(result["ours"]) == set(report_sites.GOALS)
    for unit in result["ours"].values():
        assert unit["units"] > 0
        assert unit["p50_ms"] <= unit["p95_ms"]
        assert unit["cpu_ms"] > 0
    if rival.installed():
        assert {"version", "refresh", "code", "client", "introspect"} == set(result["rival"])
    assert result["machine"]["commit"]


@pytest.mark.soak
@soak.alone("one measurement is tried every time, test_audit_smoke.py")
def test_the_member_home_is_measured(tmp_path: Path) -> None:
    small = ("--months", "1", "--lines", "20", "--readers", "2", "--site-seconds", "0.3")
    [result] = bench(tmp_path / "out", tmp_path / "temp", "home", *small)
    assert result["pages"] > 0
    assert result["p50_ms"] <= result["p95_ms"]
    assert result["cpu_ms"] > 0


@pytest.mark.soak
@soak.alone("one measurement is tried every time, test_audit_smoke.py")
def test_reserving_is_measured_beside_the_same_statements(tmp_path: Path) -> None:
    [result] = bench(tmp_path / "out", tmp_path / "temp", "reserve", *SMALL)
    assert result["rate"] > 0
    assert result["floor"] > 0
    assert result["p50_ms"] <= result["p99_ms"]


def test_a_process_and_what_came_of_it_is_counted() -> None:
    child = os.posix_spawn("/bin/sleep", ["sleep", "60"], {})
    try:
        assert {os.getpid(), child} <= set(pinned.tree(os.getpid()))
        before = pinned.cpu_seconds(os.getpid())
        sum(number * number for number in range(2_000_000))
        assert pinned.cpu_seconds(os.getpid()) > before
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)


def test_a_block_runs_on_one_core() -> None:
    before = os.sched_getaffinity(0)
    with pinned.on(pinned.REST):
        assert os.sched_getaffinity(0) == {pinned.REST}
    assert os.sched_getaffinity(0) == before
