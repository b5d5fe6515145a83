"""A month is closed for members of pools: through the front door, again after joining and leaving, and after a stop."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from noren.closing import queries as closing
from noren.groups import queries as groups
from noren.groups.rules import GroupState
from noren.lifecycle import actions as lifecycle
from noren.members import queries as members
from noren.points import actions as points
from noren.points import queries
from noren.points.actions import SlicePosted
from noren.points.rules import GROUP, WalletKey
from tests.cast import ENGINEER, NOW
from tests.conftest import Place
from tests.groups.cast import a_group, person
from tests.members.desk import Desk

KITA, MINAMI = UUID(int=5 << 96), UUID(int=6 << 96)
ON = date(2021, 8, 10)
LINES = ("L1", "L2", "L3", "L4")
BILLS = [f"{number},2021-07,L{number},,call,{10_000 * number}" for number in range(1, 5)]


class Inside:
    """Who is in which group now, as the close is told."""

    def __init__(self) -> None:
        self.pools: dict[str, UUID] = {}

    def write(self, target: Path) -> int:
        """Stands in for the list of groups."""
        rows = (f"{uid(member)},{pool},{pool}\n" for member, pool in self.pools.items())
        target.write_text("".join(rows))
        return len(self.pools)

    def join(self, pool: UUID, *names: str) -> None:
        """They join together, with their points."""
        self.pools |= dict.fromkeys(names, pool)
        points.pool_in(
            pool=WalletKey(pool, GROUP, str(pool)),
            members=map(uid, names),
            on=ON,
            actor=ENGINEER,
            now=NOW,
            key=f"join {names} {len(queries.brought(uid(names[0])))}",
            reason="joined",
        )


@pytest.fixture
def desk(place: Place, tmp_path: Path) -> Desk:
    desk = Desk(place, tmp_path)
    desk.bring("corporations", "C1,,見本商事,,corporation")
    desk.bring("lines", *(f"{line},C1,,mobile,2021-01-10,,2021-01-01," for line in LINES))
    return desk


@pytest.fixture
def inside(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Inside]:
    """Whatever is done, the books balance after it."""
    inside = Inside()
    monkeypatch.setattr(groups, "pools", inside.write)
    yield inside
    said = json.loads(desk.place.noren("verify", "--json", check=False).stdout)
    assert (said["findings"], said["ok"]) == ([], True)


def uid(name: str) -> UUID:
    return members.member(name).uid


def held(*wallets: UUID | str) -> list[int]:
    return [queries.balance(uid(one) if isinstance(one, str) else one, ON).total for one in wallets]


def posted(steps: dict[str, Any]) -> tuple[int, int]:
    return steps["post"]["granted"], steps["post"]["taken"]


def test_members_of_pools_earn_into_them(desk: Desk, inside: Inside) -> None:
    inside.join(KITA, "L1", "L2")
    inside.join(MINAMI, "L3")
    steps = desk.close("2021-07", *BILLS)
    assert posted(steps) == (500, 0)
    assert steps["intake"]["pooled"] == 3
    assert steps["post"]["wallets"] == 4
    assert held(KITA, MINAMI, *LINES) == [150, 150, 0, 0, 0, 200]
    assert [row.posted for row in queries.pool_origins(KITA)] == [
        points for _uid, points in sorted([(uid("L1"), 50), (uid("L2"), 100)])
    ]
    assert {row["member_id"]: row["points"] for row in desk.exported("grants", "2021-07")}["L2"] == "100"


def test_closed_again_after_joining_and_leaving_only_what_differs_is_posted(desk: Desk, inside: Inside) -> None:
    inside.join(KITA, "L1")
    desk.close("2021-07", *BILLS)
    inside.join(KITA, "L2")
    del inside.pools["L1"]
    inside.join(MINAMI, "L3")
    assert held(KITA, MINAMI, *LINES) == [150, 150, 0, 0, 0, 200]
    assert posted(desk.close("2021-07")) == (0, 0)
    more = [f"{number},2021-07,L{number},,call,{amount}" for number, amount in ((1, 16_000), (2, 12_000), (3, 44_000))]
    assert posted(desk.close("2021-07", *more, name="more")) == (100, 40)
    assert held(KITA, MINAMI, *LINES) == [110, 220, 30, 0, 0, 200]
    less = [f"{number},2021-07,L{number},,call,0" for number in (1, 2, 3)]
    assert posted(desk.close("2021-07", *less, name="less")) == (0, 360)
    assert held(KITA, MINAMI, *LINES) == [0, 0, 0, 0, 0, 200]


def test_what_a_line_earned_before_it_joined_stays_and_what_it_earns_later_goes_to_the_pool(
    desk: Desk, inside: Inside
) -> None:
    desk.close("2021-07", *BILLS)
    inside.join(KITA, *LINES)
    desk.close("2021-08", *(row.replace("2021-07", "2021-08") for row in BILLS))
    assert held(KITA, *LINES) == [1000, 0, 0, 0, 0]
    assert [(row.usage_month, row.brought, row.posted) for row in queries.pool_origins(KITA, origins=[uid("L1")])] == [
        (date(2021, 7, 1), 50, 0),
        (date(2021, 8, 1), 0, 50),
    ]


@pytest.mark.parametrize("slice_wallets", [1, 2, 200_000])
def test_pools_are_closed_in_slices_of_any_size(
    place: Place, tmp_path: Path, slice_wallets: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(Place(place.home, place.url, place.server, place.database, slice_wallets), tmp_path)
    desk.bring("corporations", "C1,,見本商事,,corporation")
    desk.bring("lines", *(f"{line},C1,,mobile,2021-01-10,,2021-01-01," for line in LINES))
    inside = Inside()
    monkeypatch.setattr(groups, "pools", inside.write)
    inside.join(KITA, "L1", "L4")
    inside.join(MINAMI, "L2")
    desk.close("2021-07", *BILLS)
    del inside.pools["L4"], inside.pools["L2"]
    assert posted(
        desk.close("2021-07", "1,2021-07,L1,,call,0", "2,2021-07,L2,,call,0", "4,2021-07,L4,,call,42000", name="more")
    ) == (10, 150)
    assert held(KITA, MINAMI, *LINES) == [200, 0, 0, 0, 150, 10]
    assert place.noren("verify").returncode == 0


def test_a_close_that_was_stopped_between_its_slices_ends_as_it_would_have(
    desk: Desk, inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside.join(KITA, "L1", "L2")
    inside.join(MINAMI, "L3")
    with monkeypatch.context() as patch:

        def stopped(**_values: object) -> SlicePosted:
            raise KeyboardInterrupt

        patch.setattr(points, "post_pools", stopped)
        bills = desk.file("bills", *BILLS)
        assert desk.place.noren("close", "2021-07", "--bills", bills, check=False).returncode == 130
    assert held(KITA, MINAMI, *LINES) == [0, 0, 0, 0, 0, 200]
    inside.pools = {"L4": KITA}
    runs = json.loads(desk.place.noren("close", "2021-07", "--bills", bills, "--json").stdout)["runs"]
    assert [(run["steps"]["post"]["granted"], run["steps"]["post"]["taken"]) for run in runs] == [(500, 0), (0, 0)]
    assert held(KITA, MINAMI, *LINES) == [350, 150, 0, 0, 0, 0]


def test_a_close_that_was_begun_before_there_were_pools_is_carried_on(
    desk: Desk, inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    del inside
    bills = desk.file("bills", *BILLS)
    with monkeypatch.context() as patch:
        patch.setattr(points, "post_slice", lambda **_values: (_ for _ in ()).throw(KeyboardInterrupt))
        assert desk.place.noren("close", "2021-07", "--bills", bills, check=False).returncode == 130
    with desk.connect() as connection:
        connection.execute("UPDATE closing_step SET totals = totals - 'pooled' - 'pool_slices'")
    (desk.place.home / "archive/2021-07/pools-1.parquet").unlink()
    desk.place.noren("close", "2021-07", "--bills", bills)
    assert held(*LINES) == [50, 100, 150, 200]
    (desk.place.home / "archive/2021-07/pools-2.parquet").unlink()
    found = json.loads(desk.place.noren("verify", "--json", check=False).stdout)["findings"]
    assert found == [
        {
            "code": "closing.result_missing",
            "rows": [{"run": "close/2021-07/2", "file": "archive/2021-07/pools-2.parquet"}],
        }
    ]
    desk.place.noren("close", "2021-07", "--bills", bills)


def test_pooled_points_lapse_on_their_day_and_outlive_the_line(desk: Desk, inside: Inside) -> None:
    inside.join(KITA, "L1", "L2")
    desk.close("2021-07", *BILLS)
    desk.bring("lines", "L1,C1,,mobile,2021-01-10,2021-08-20,2021-01-01,", name="closed")
    desk.place.noren("expire", "--as-of", "2021-08-20")
    assert held(KITA) == [150]
    desk.place.noren("expire", "--as-of", "2025-06-01")
    assert held(KITA, *LINES) == [0, 0, 0, 0, 0]


def test_explain_leads_to_the_pool(desk: Desk, inside: Inside) -> None:
    inside.join(KITA, "L1")
    desk.close("2021-07", *BILLS)
    found = json.loads(desk.place.noren("explain", "L1", "2021-07", "--json").stdout)
    assert found["postings"] == []
    assert [(row["wallet_id"], row["movement"], row["points"]) for row in found["pooled"]] == [(str(KITA), "grant", 50)]
    assert str(KITA) in desk.place.noren("explain", "L1", "2021-07").stdout
    assert str(KITA) not in desk.place.noren("explain", "L2", "2021-07").stdout


def test_what_was_earned_for_a_month_is_told_wherever_it_went(desk: Desk, inside: Inside) -> None:
    inside.join(KITA, "L1")
    desk.close("2021-07", *BILLS)
    month, found = closing.last_month([uid("L1"), uid("L2")])
    assert (month, found) == (date(2021, 7, 1), {uid("L1"): 50, uid("L2"): 100})


def test_who_joins_while_a_close_is_under_way_loses_nothing(
    desk: Desk, inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.close("2021-07", *BILLS)
    inside.join(MINAMI, "L3")
    post_slice = points.post_slice

    def join_and_post(**values: Any) -> SlicePosted:
        inside.join(KITA, "L1")
        return post_slice(**values)

    monkeypatch.setattr(points, "post_slice", join_and_post)
    more = "1,2021-07,L1,,call,16000", "2,2021-07,L2,,call,22000"
    assert posted(desk.close("2021-07", *more, name="more")) == (40, 0)
    assert held(KITA, MINAMI, *LINES) == [80, 150, 0, 110, 0, 200]


def test_lines_of_a_management_group_earn_into_its_pool(desk: Desk) -> None:
    group = a_group(person("hanako"))
    lifecycle.join_group(group, line_ids=["L1"], actor=ENGINEER, now=NOW)
    desk.close("2021-07", *BILLS)
    assert held(group, *LINES) == [50, 0, 100, 150, 200]


def test_members_of_a_group_that_is_dissolved_while_a_close_is_under_way_earn_for_themselves(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended, stays = a_group(person("hanako")), a_group(person("taro"), name="支社")
    lifecycle.join_group(ended, line_ids=["L1"], actor=ENGINEER, now=NOW)
    lifecycle.join_group(stays, line_ids=["L2"], actor=ENGINEER, now=NOW)
    post_slice = points.post_slice

    def post_and_dissolve(**values: Any) -> SlicePosted:
        if groups.group(ended).state == GroupState.ACTIVE:
            lifecycle.dissolve_group(ended, actor=ENGINEER, now=NOW)
        return post_slice(**values)

    monkeypatch.setattr(points, "post_slice", post_and_dissolve)
    desk.close("2021-07", *BILLS)
    assert held(ended, stays, *LINES) == [0, 100, 50, 0, 150, 200]
    assert desk.place.noren("verify").returncode == 0
