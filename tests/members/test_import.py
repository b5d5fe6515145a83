"""Master data comes in through the front door: an upsert by the first column, a whole file or nothing."""

import json
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest
from django.db import connection

from noren.members.rules import MemberKind, uid_of
from tests.conftest import Place
from tests.members.desk import Desk

COUNTS = ("read", "accepted", "rejected", "added", "changed", "same")
CORPORATIONS = ("C1,7999901000001,見本商事,ミホンショウジ,corporation", "C2,,山田工務店,,sole_proprietor")
LINES = ("L1,C1,090-0000-0101,mobile,2012-04-01,,2021-07-01,", "L2,C1,,optical,2019-10-15,2021-07-20,,")
CONTRACTS = ("K1,C1,L1,,device_management,2021-04-01,", "K2,C1,L1,,office_extension,2020-01-01,2021-05-31")
EVERY = {"corporations": CORPORATIONS, "lines": LINES, "contracts": CONTRACTS}
TABLES = {"corporations": "members_corporation", "lines": "members_line", "contracts": "members_contract"}

LONG = "長" * 255
ODD_IDS = [
    "007",
    "7",
    " 7",
    "7 ",
    "None",
    "nan",
    "NULL",
    "1e3",
    "=1+1",
    "\\N",
    "\\.",
    LONG,
    "x" * 255,
    " ",
    "a;b",
    "%s",
]


@pytest.fixture
def desk(place: Place, tmp_path: Path) -> Desk:
    return Desk(place, tmp_path)


def counts(summary: dict[str, object]) -> tuple[object, ...]:
    return tuple(summary[name] for name in COUNTS)


def all_brought(desk: Desk) -> None:
    for kind, rows in EVERY.items():
        desk.bring(kind, *rows)


def test_new_rows_are_added_as_they_stand(desk: Desk) -> None:
    for kind, rows in EVERY.items():
        assert counts(desk.bring(kind, *rows)) == (2, 2, 0, 2, 0, 0)
    assert desk.stored("members_corporation") == [
        ("C1", "7999901000001", "見本商事", "ミホンショウジ", "corporation"),
        ("C2", "", "山田工務店", "", "sole_proprietor"),
    ]
    columns = "line_id, uid, corporation_id, phone_number, service, opened_on, closed_on, joined_on, withdrawn_on"
    assert desk.stored("members_line", columns) == [
        ("L1", uid_of(MemberKind.LINE, "L1"), "C1", "090-0000-0101", "mobile", date(2012, 4, 1), None, date(2021, 7, 1), None),
        ("L2", uid_of(MemberKind.LINE, "L2"), "C1", "", "optical", date(2019, 10, 15), date(2021, 7, 20), None, None),
    ]  # fmt: skip
    columns = "contract_id, corporation_id, line_id, account_id, solution, started_on, ended_on"
    assert desk.stored("members_contract", columns) == [
        ("K1", "C1", "L1", None, "device_management", date(2021, 4, 1), None),
        ("K2", "C1", "L1", None, "office_extension", date(2020, 1, 1), date(2021, 5, 31)),
    ]


def test_the_same_file_again_touches_no_row(desk: Desk) -> None:
    all_brought(desk)
    before = [desk.stored(table, "*, xmin::text") for table in TABLES.values()]
    for kind, rows in EVERY.items():
        assert counts(desk.bring(kind, *reversed(rows))) == (2, 2, 0, 0, 0, 2)
    assert [desk.stored(table, "*, xmin::text") for table in TABLES.values()] == before


CHANGED = {
    "corporations": (
        "C1,7999901000001,見本商事株式会社,ミホンショウジ,corporation",
        "C1,7999901000001,見本商事,,corporation",
        "C1,,見本商事,ミホンショウジ,government",
    ),
    "lines": (
        "L1,C2,090-0000-0101,mobile,2012-04-01,,2021-07-01,",
        "L1,C1,,mobile,2012-04-01,,,",
        "L1,C1,090-0000-0101,satellite,2012-04-02,2021-08-31,2021-07-02,2021-08-01",
    ),
    "contracts": (
        "K1,C2,L2,,device_management,2021-04-01,",
        "K1,C1,L1,,info_mail,2021-04-02,2021-04-02",
    ),
}


@pytest.mark.parametrize("kind", CHANGED)
def test_a_known_key_takes_on_every_column(desk: Desk, kind: str) -> None:
    all_brought(desk)
    columns = ", ".join(desk.columns(kind)[1:])
    for number, row in enumerate(CHANGED[kind]):
        twin = f"N{number}{row[2:]}"
        assert counts(desk.bring(kind, row, twin, EVERY[kind][1])) == (3, 3, 0, 1, 1, 1)
        assert counts(desk.bring(kind, EVERY[kind][1], row)) == (2, 2, 0, 0, 0, 2)
        # The twin was new, so it has every column of the file; the changed row must have the same.
        stored = dict(desk.stored(TABLES[kind], f"{desk.columns(kind)[0]}, ({columns})::text"))
        assert stored[row[:2]] == stored[f"N{number}"]


def test_rows_that_a_file_does_not_name_stay(desk: Desk) -> None:
    all_brought(desk)
    desk.bring("lines", LINES[0])
    desk.bring("lines")
    assert len(desk.stored("members_line")) == 2


def test_any_series_of_files_leaves_the_last_row_of_each_key(desk: Desk) -> None:
    chance = random.Random(3)
    known: dict[str, str] = {}
    for _file in range(6):
        keys = chance.sample(range(40), chance.randrange(1, 30))
        rows = {f"C{key}": f"C{key},,n{chance.randrange(2)},,corporation" for key in keys}
        added = len(rows.keys() - known.keys())
        same = sum(known.get(key) == row for key, row in rows.items())
        expected = (len(rows), len(rows), 0, added, len(rows) - added - same, same)
        assert counts(desk.bring("corporations", *rows.values())) == expected
        known |= rows
    assert {row[0]: row[2] for row in desk.stored("members_corporation")} == {
        key: row.split(",")[2] for key, row in known.items()
    }


def test_ids_survive_to_the_letter_in_the_database_and_in_exports(desk: Desk) -> None:
    ids = [*ODD_IDS, 'say "so"', "a,b", "two\nlines", "a\n\\.\nb"]
    quoted = {name: '"' + name.replace('"', '""') + '"' for name in ids}
    desk.bring("corporations", *(f"{quoted[name]},,Sample,,corporation" for name in ids))
    desk.bring("lines", *(f"{quoted[name]},{quoted[name]},,mobile,2012-04-01,,2021-07-01," for name in ids))
    desk.bring("contracts", *(f"{quoted[name]},{quoted[name]},{quoted[name]},,info_mail,2021-04-01," for name in ids))
    desk.close("2021-07", *(f"{quoted[name]},2021-07,{quoted[name]},,call,200" for name in ids))
    for table in TABLES.values():
        assert {row[0] for row in desk.stored(table)} == set(ids)
    out = desk.folder / "grants.parquet"
    desk.place.noren("export", "grants", "2021-07", "--out", out)
    found = duckdb.execute(f"SELECT member_id, points FROM read_parquet('{out}')").fetchall()
    assert sorted(found) == [(name, 3) for name in sorted(ids)]
    plain = [name for name in ids if "\n" not in name]
    assert {row["member_id"] for row in desk.exported("balances")} >= set(plain)


def _as_csv(desk: Desk) -> Path:
    return desk.file(
        "lines", "L1,C1,,mobile,2012-04-01,,,", 'L2,C1,"",mobile,2012-04-01,"","",', "L3,C1,nan,mobile,2012-04-01,,,"
    )


def _as_parquet(desk: Desk) -> Path:
    path = desk.folder / "lines.parquet"
    dates = ", ".join(f"NULL::DATE AS {name}" for name in ("closed_on", "joined_on", "withdrawn_on"))
    duckdb.execute(
        "COPY (SELECT line_id, 'C1' AS corporation_id, phone_number, 'mobile' AS service,"
        f" DATE '2012-04-01' AS opened_on, {dates}"
        f" FROM (VALUES ('L1', NULL), ('L2', ''), ('L3', 'nan')) AS t(line_id, phone_number)) TO '{path}'"
    )
    return path


@pytest.mark.parametrize("form", [_as_csv, _as_parquet])
def test_missing_optional_text_is_empty_and_a_word_is_a_word(desk: Desk, form: Callable[[Desk], Path]) -> None:
    desk.bring("corporations", "C1,,None,NULL,corporation", "C2,,nan,,corporation")
    desk.place.noren("import", "lines", form(desk))
    assert desk.stored("members_corporation")[0] == ("C1", "", "None", "NULL", "corporation")
    assert desk.stored("members_corporation")[1] == ("C2", "", "nan", "", "corporation")
    assert desk.stored("members_line", "line_id, phone_number, closed_on, joined_on, withdrawn_on") == [
        ("L1", "", None, None, None),
        ("L2", "", None, None, None),
        ("L3", "nan", None, None, None),
    ]


def test_of_several_files_the_later_wins_and_each_has_its_summary(desk: Desk) -> None:
    desk.bring("corporations", *CORPORATIONS)
    files = [
        desk.file("lines", row, name=name)
        for name, row in zip("ab", (LINES[0], LINES[0].replace("C1", "C2")), strict=True)
    ]
    for order, owner in ((files, "C2"), (files[::-1], "C1")):
        summaries = json.loads(desk.place.noren("import", "lines", *order, "--json").stdout)
        assert [one["file_name"] for one in summaries] == [path.name for path in order]
        assert [one["read"] for one in summaries] == [1, 1]
        assert desk.stored("members_line", "line_id, corporation_id") == [("L1", owner)]


def test_a_file_that_is_refused_leaves_those_before_it_in_and_those_after_it_out(desk: Desk) -> None:
    desk.bring("corporations", *CORPORATIONS)
    files = [desk.file("lines", row, name=name) for name, row in zip("abc", (LINES[0], "", LINES[1]), strict=True)]
    files[1].write_text("not,a,line\n", encoding="utf-8")
    assert desk.refused("import", "lines", *files).startswith("[file.header] ")
    assert [row[0] for row in desk.stored("members_line", "line_id")] == ["L1"]


def test_a_line_that_moves_to_another_corporation_keeps_its_wallet(desk: Desk) -> None:
    all_brought(desk)
    desk.close("2021-07", "i1,2021-07,L1,,call,2000")
    before = json.loads(desk.place.noren("history", "L1", "--json").stdout)
    desk.bring("lines", LINES[0].replace("C1", "C2"))
    assert json.loads(desk.place.noren("history", "L1", "--json").stdout) == before
    found = json.loads(desk.place.noren("explain", "L1", "2021-07", "--json").stdout)
    assert (found["member"]["corporation_id"], found["member"]["corporation_name"]) == ("C2", "山田工務店")
    assert desk.close("2021-07")["post"]["granted"] == 0


def test_a_contract_may_hang_on_an_account_and_counts_for_it(desk: Desk) -> None:
    all_brought(desk)
    desk.account("A1", "C1", date(2021, 7, 1))
    desk.bring("contracts", "K1,C1,,A1,device_management,2021-04-01,", "K9,C1,,A1,office_extension,2021-04-01,")
    desk.close("2021-07", "i1,2021-07,L1,,call,2000", "i2,2021-07,,A1,call,2000")
    stages = {row["member_id"]: (row["stage"], row["points"]) for row in desk.exported("grants", "2021-07")}
    # K1 left the line for the account: the line has no solution left, the account two.
    assert stages == {"A1": ("gold", "100"), "L1": ("3rd", "30")}


def test_an_import_takes_as_many_statements_for_many_rows_as_for_one(desk: Desk) -> None:
    def counted(execute: Callable[..., object], *arguments: object) -> object:
        asked[-1] += 1
        return execute(*arguments)

    asked: list[int] = []
    for size in (1, 2_000):
        asked.append(0)
        for kind, row in (
            ("corporations", "C{0},,Sample,,corporation"),
            ("lines", "L{0},C{0},,mobile,2012-04-01,,,"),
            ("contracts", "K{0},C{0},L{0},,info_mail,2021-04-01,"),
        ):
            with connection.execute_wrapper(counted):
                assert desk.bring(kind, *map(row.format, range(size)))["accepted"] == size
    assert 0 < asked[0] == asked[1] < 60


def test_an_import_leaves_no_scratch_behind(desk: Desk) -> None:
    all_brought(desk)
    desk.refused("import", "lines", desk.file("lines", "bad", name="bad"), "--strict")
    assert list((desk.place.home / "scratch").iterdir()) == []
