"""The archive belongs to its database, and holds what was taken in; if not, everything that needs it says so."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import servers
from tests.members.desk import Desk
from tests.shelf import filled

BILLS = "archive/2021-07/bills-0001.parquet"


@pytest.fixture
def desk(server: servers.Server, tmp_path: Path) -> Iterator[Desk]:
    with filled(server, tmp_path, july) as made:
        yield made


def july(desk: Desk) -> None:
    """One line, closed once."""
    desk.bring("corporations", "C1,,見本商事,,corporation")
    desk.bring("lines", "L1,C1,,mobile,2021-01-10,,2021-01-01,")
    desk.close("2021-07", "a,2021-07,L1,,call,10000")


def codes(desk: Desk) -> list[str]:
    done = desk.place.noren("verify", "--json", check=False)
    findings = json.loads(done.stdout)["findings"]
    assert done.returncode == (1 if findings else 0)
    return [finding["code"] for finding in findings]


def test_bill_items_that_are_gone_are_missed_by_everyone(desk: Desk) -> None:
    (desk.place.home / BILLS).unlink()
    for command in (("close", "2021-07"), ("explain", "L1", "2021-07")):
        assert desk.refused(*command).startswith(f"[archive.damaged] {BILLS} ")
    assert codes(desk) == ["billing.archive_damaged"]


def test_bill_items_of_somebody_else_are_noticed(desk: Desk) -> None:
    other = Desk(desk.place, desk.folder)
    other.close("2021-08", "b,2021-08,L1,,call,20000")
    shutil.copy(desk.place.home / "archive/2021-08/bills-0001.parquet", desk.place.home / BILLS)
    assert "rows=1 yen=10000" in desk.refused("close", "2021-07")
    assert codes(desk) == ["billing.archive_damaged"]


def test_a_damaged_file_is_noticed(desk: Desk) -> None:
    (desk.place.home / BILLS).write_bytes(b"PAR1 no more")
    assert desk.refused("close", "2021-07").startswith("[archive.damaged] ")


def test_results_that_are_gone_are_missed(desk: Desk) -> None:
    (desk.place.home / "archive/2021-07/rated-1.parquet").unlink()
    for command in (("export", "grants", "2021-07", "--out", desk.folder / "g.csv"), ("explain", "L1", "2021-07")):
        assert desk.refused(*command).startswith("[archive.damaged] ")
    assert codes(desk) == ["closing.result_missing"]
    desk.close("2021-07")
    assert codes(desk) == []


def test_points_posted_by_nobody_are_noticed(desk: Desk) -> None:
    with desk.connect() as connection:
        connection.execute("UPDATE closing_step SET totals = jsonb_set(totals, '{points}', '7') WHERE name = 'rate'")
    assert codes(desk) == ["closing.posted_not_rated"]


def test_a_data_directory_of_another_database_is_refused(desk: Desk) -> None:
    mark = desk.place.home / "installation"
    ours = mark.read_text(encoding="utf-8")
    for text in ("0c6e25a4-0000-4000-8000-000000000000\n", None):
        mark.unlink()
        if text:
            mark.write_text(text, encoding="utf-8")
        for command in (("close", "2021-07"), ("verify",), ("import", "lines", desk.file("lines"))):
            assert desk.refused(*command).startswith("[database.other_home] ")
        mark.write_text(ours, encoding="utf-8")
    assert codes(desk) == []


def test_a_new_data_directory_is_closed_to_others(desk: Desk) -> None:
    assert desk.place.home.stat().st_mode & 0o777 == 0o700


def test_the_demo_does_not_mix_with_customers(desk: Desk) -> None:
    bills = desk.stored("billing_intake")
    done = desk.place.noren("demo", check=False)
    assert (done.returncode, done.stderr.partition("]")[0]) == (1, "[demo.not_empty")
    assert bills == desk.stored("billing_intake")
