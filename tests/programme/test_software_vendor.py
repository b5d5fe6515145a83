"""The second programme that ships: accounts instead of lines, stages by yearly spend, points of 24 months.

Every figure is computed by hand from programmes/software-vendor: 1, 2 or 3 points for each full ¥100, granted on the
15th of the month after; gold from ¥10,000,000 and platinum from ¥50,000,000 spent in the twelve months before.
"""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from django.db import connections

from noren.kit.months import add_months, month_text
from noren.programme import queries
from tests import servers
from tests.conftest import Place, point_to
from tests.members.desk import Desk

PROGRAMME = Path(__file__).parents[2] / "programmes/software-vendor"


@pytest.fixture
def desk(server: servers.Server, tmp_path: Path) -> Iterator[Desk]:
    """A place of its own that runs the vendor's programme, with two customers' accounts."""
    name = f"v{os.urandom(6).hex()}"
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        point_to(server, name)
        place = Place(tmp_path / "home", server.conninfo(name), server, name)
        place.noren("init", "--programme", PROGRAMME)
        desk = Desk(place, tmp_path)
        desk.bring("corporations", "C1,,見本ソフト,,corporation", "C2,,山田工務店,,sole_proprietor")
        desk.account("A1", "C1", date(2024, 1, 1))
        desk.account("A2", "C2", date(2024, 1, 1))
        yield desk
        connections.close_all()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def rated(desk: Desk, month: str) -> dict[str, tuple[str, int, int]]:
    """Stage, base and points of each account in a month."""
    rows = desk.exported("grants", month)
    assert {(row["tenure_months"], row["solutions"], row["programme_version"]) for row in rows} == {
        ("", "0", "software-vendor/2024-01-01")
    }
    return {row["member_id"]: (row["stage"], int(row["base_yen"]), int(row["points"])) for row in rows}


def lots(desk: Desk) -> list[tuple[str, str, int]]:
    return [(row["member_id"], row["lapses_on"], int(row["points"])) for row in desk.exported("balances")]


def test_init_loads_the_programme_and_no_other(desk: Desk) -> None:
    assert [one.version for one in queries.versions()] == ["software-vendor/2024-01-01"]
    assert "platinum" in desk.place.noren("programme", "list").stdout


def test_a_month_before_the_programme_cannot_be_closed(desk: Desk) -> None:
    bills = desk.file("bills", "a,2023-12,,A1,licence,1000")
    assert desk.refused("close", "2023-12", "--bills", bills).startswith("[programme.none] ")


def test_the_stage_follows_what_was_spent_in_the_months_before(desk: Desk) -> None:
    january = [
        "a1,2024-01,,A1,licence,9000000",
        "a2,2024-01,,A1,subscription,1000050",
        "a3,2024-01,,A1,discount,-100",
        "a4,2024-01,,A1,hardware,70000000",  # earns nothing and is no spend
        "b1,2024-01,,A2,training,9999999",
    ]
    desk.close("2024-01", *january)
    # Nobody has spent anything yet. 9,999,950 yen: 99,999 points. 9,999,999 yen: 99,999 points.
    assert rated(desk, "2024-01") == {"A1": ("standard", 9_999_950, 99_999), "A2": ("standard", 9_999_999, 99_999)}

    february = ["a1,2024-02,,A1,licence,50", "b1,2024-02,,A2,support,1"]
    desk.close("2024-02", *february)
    # Both are below 10,000,000 yen, by 50 and by 1; neither reaches a full 100 yen.
    assert rated(desk, "2024-02") == {"A1": ("standard", 50, 0), "A2": ("standard", 1, 0)}

    desk.close("2024-03", "a1,2024-03,,A1,licence,40000000", "b1,2024-03,,A2,licence,250")
    # January and February make exactly 10,000,000 yen: gold, 2 points. 400,000 and 2 units.
    assert rated(desk, "2024-03") == {"A1": ("gold", 40_000_000, 800_000), "A2": ("gold", 250, 4)}

    desk.close("2024-04", "a1,2024-04,,A1,licence,1099", "b1,2024-04,,A2,licence,1099")
    # A1 has spent 50,000,000 yen: platinum, 10 units of 3 points. A2 10,000,250 yen: 10 units of 2.
    assert rated(desk, "2024-04") == {"A1": ("platinum", 1_099, 30), "A2": ("gold", 1_099, 20)}
    assert sorted(lots(desk)) == [
        ("A1", "2026-02-28", 99_999),
        ("A1", "2026-04-30", 800_000),
        ("A1", "2026-05-31", 30),
        ("A2", "2026-02-28", 99_999),
        ("A2", "2026-04-30", 4),
        ("A2", "2026-05-31", 20),
    ]
    desk.place.noren("verify")


def test_spend_counts_for_twelve_months_and_no_longer(desk: Desk) -> None:
    first = date(2024, 1, 1)
    desk.close("2024-01", "a,2024-01,,A1,licence,10000000")
    stages = []
    for count in (11, 12, 13):
        month = month_text(add_months(first, count))
        desk.close(month, f"a,{month},,A1,licence,100")
        stages.append((month, *rated(desk, month)["A1"]))
    # January 2025 looks at January to December 2024, February 2025 at February 2024 to January 2025.
    assert stages == [
        ("2024-12", "gold", 100, 2),
        ("2025-01", "gold", 100, 2),
        ("2025-02", "standard", 100, 1),
    ]


def test_a_corrected_month_moves_the_stage_of_later_months_when_they_are_closed_again(desk: Desk) -> None:
    desk.close("2024-01", "a,2024-01,,A1,licence,9999999")
    desk.close("2024-02", "a,2024-02,,A1,licence,1000")
    desk.close("2024-01", "a,2024-01,,A1,licence,10000000", name="correction")
    assert rated(desk, "2024-02")["A1"] == ("standard", 1_000, 10)
    steps = desk.close("2024-02")
    assert rated(desk, "2024-02")["A1"] == ("gold", 1_000, 20)
    assert (steps["post"]["granted"], steps["post"]["taken"]) == (10, 0)


def test_points_lapse_at_the_end_of_the_month_two_years_after_the_grant(desk: Desk) -> None:
    desk.close("2024-01", "a,2024-01,,A1,licence,12345")
    desk.close("2024-02", "a,2024-02,,A1,licence,100")
    # Granted on 15 February 2024 and on 15 March 2024.
    assert lots(desk) == [("A1", "2026-02-28", 123), ("A1", "2026-03-31", 1)]
    left = []
    for day in ("2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01"):
        desk.place.noren("expire", "--as-of", day)
        left.append(sum(points for _member, _day, points in lots(desk)))
    assert left == [124, 1, 1, 0]
    desk.place.noren("verify")
