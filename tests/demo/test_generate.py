"""The generated carrier keeps the rules of Noren's files and shows every case that a closing has to judge."""

import itertools
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from stdnum.jp import cn

from noren.demo.generate import Files, Size, generate
from noren.kit.months import add_months

MONTHS = tuple(add_months(date(2026, 1, 1), count) for count in range(4))
SIZE = Size(corporations=300, lines=2_500, largest=200)
ELIGIBLE = "('office_extension', 'device_management', 'device_rescue')"
SOLUTIONS = {
    "office_extension", "device_management", "device_rescue",
    "device_insurance", "bill_management", "info_mail",
}  # fmt: skip
CHARGES = {
    "basic_fee", "call", "packet", "option", "discount",
    "office_extension", "device_management", "device_rescue",
    "instalment", "content_fee", "universal_service_fee", "admin_fee", "construction", "cancellation_fee",
    "paper_statement_fee", "interconnection", "tax",
}  # fmt: skip
DATES = {"opened_on", "closed_on", "joined_on", "withdrawn_on", "started_on", "ended_on"}


class Carrier:
    """Generated files as tables of one DuckDB."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.connection = duckdb.connect()
        for name in ("corporations", "lines", "contracts", "people"):
            self._load(name, [getattr(files, name)])
        self._load("bills", list(files.bills.values()))

    def _load(self, table: str, paths: list[Path]) -> None:
        source = "read_parquet(?)" if paths[0].suffix == ".parquet" else "read_csv(?, all_varchar = true)"
        self.connection.execute(f"CREATE TABLE {table} AS FROM {source}", [[str(path) for path in paths]])
        for (column,) in self.rows(f"SELECT column_name FROM (DESCRIBE {table})"):
            if column in DATES:
                self.connection.execute(f"ALTER TABLE {table} ALTER {column} TYPE DATE")
            if column == "amount_yen":
                self.connection.execute(f"ALTER TABLE {table} ALTER {column} TYPE BIGINT")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query).fetchall()

    def value(self, query: str) -> Any:
        ((value,),) = self.rows(query)
        return value

    def column(self, query: str) -> list[Any]:
        return [value for (value,) in self.rows(query)]


@pytest.fixture(scope="module")
def carrier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Carrier]:
    made = Carrier(generate(tmp_path_factory.mktemp("carrier"), size=SIZE, seed=7, months=MONTHS))
    yield made
    made.connection.close()


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Carrier]:
    size = Size(corporations=40, lines=1_000, items_per_line=10, plain=True)
    folder = tmp_path_factory.mktemp("plain")
    made = Carrier(generate(folder, size=size, seed=7, months=MONTHS[:2], parquet=True))
    yield made
    made.connection.close()


def content(folder: Path, seed: int, *, parquet: bool = False, size: Size | None = None) -> dict[str, bytes]:
    small = size or Size(corporations=10, lines=60)
    generate(folder, size=small, seed=seed, months=MONTHS[:2], parquet=parquet)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_files_have_the_columns_of_intake(carrier: Carrier) -> None:
    headers = {
        "corporations": "corporation_id,corporate_number,name,name_kana,kind",
        "lines": "line_id,corporation_id,phone_number,service,opened_on,closed_on,joined_on,withdrawn_on",
        "contracts": "contract_id,corporation_id,line_id,account_id,solution,started_on,ended_on",
        "people": "person_id,corporation_id,department,title,name,name_kana,mail",
    }
    for name, header in headers.items():
        path: Path = getattr(carrier.files, name)
        assert path.read_text(encoding="utf-8").splitlines()[0] == header
    for path in carrier.files.bills.values():
        assert path.read_text(encoding="utf-8").splitlines()[0] == (
            "item_id,bill_month,line_id,account_id,charge_code,amount_yen"
        )


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("corporations", "corporation_id"),
        ("lines", "line_id"),
        ("lines", "phone_number"),
        ("contracts", "contract_id"),
        ("people", "person_id"),
        ("bills", "item_id"),
    ],
)
def test_ids_are_unique_and_present(carrier: Carrier, table: str, key: str) -> None:
    assert carrier.rows(f"SELECT {key} FROM {table} GROUP BY {key} HAVING count(*) > 1 OR {key} IS NULL") == []
    assert carrier.value(f"SELECT count(*) FROM {table}") > 0


@pytest.mark.parametrize(
    ("table", "keys", "other"),
    [
        ("lines", "corporation_id", "corporations"),
        ("contracts", "line_id, corporation_id", "lines"),
        ("people", "corporation_id", "corporations"),
        ("bills", "line_id", "lines"),
    ],
)
def test_what_is_named_exists(carrier: Carrier, table: str, keys: str, other: str) -> None:
    assert carrier.rows(f"SELECT {table} FROM {table} ANTI JOIN {other} USING ({keys})") == []


def test_counts_are_as_asked_and_sizes_are_skewed(carrier: Carrier) -> None:
    sizes = carrier.column("SELECT count(*) FROM lines GROUP BY corporation_id ORDER BY 1")
    assert len(sizes) == SIZE.corporations == carrier.value("SELECT count(*) FROM corporations")
    assert sum(sizes) == SIZE.lines
    assert sizes[len(sizes) * 6 // 10] <= 5
    assert 100 <= sizes[-1] <= SIZE.largest


@pytest.mark.parametrize(
    ("corporations", "lines", "largest"),
    [(1, 1, 500), (1, 500, 500), (7, 7, 500), (7, 14, 2), (9, 53, 6), (50, 2_000, 50), (2_000, 2_324, 2)],
)
def test_lines_are_shared_exactly_at_the_limits(tmp_path: Path, corporations: int, lines: int, largest: int) -> None:
    # In the last case two corporations tie for the last line, so that one is left over.
    size = Size(corporations=corporations, lines=lines, largest=largest, plain=True, items_per_line=1)
    made = Carrier(generate(tmp_path, size=size, seed=3, months=MONTHS[:1]))
    sizes = made.column("SELECT count(*) FROM lines GROUP BY corporation_id")
    made.connection.close()
    assert (len(sizes), sum(sizes)) == (corporations, lines)
    assert max(sizes) <= largest


def test_corporate_numbers_have_their_check_digit(carrier: Carrier) -> None:
    numbers = carrier.column("SELECT corporate_number FROM corporations WHERE corporate_number IS NOT NULL")
    assert all(cn.is_valid(number) for number in numbers)
    assert len(set(numbers)) == len(numbers) > SIZE.corporations / 2
    assert {number[1] for number in numbers} == {"9"}, "a registry code that no office has"
    assert set(carrier.column("SELECT DISTINCT kind FROM corporations WHERE corporate_number IS NULL")) == {
        "government", "sole_proprietor",
    }  # fmt: skip


def test_kinds_and_codes_are_known_and_all_occur(carrier: Carrier) -> None:
    assert set(carrier.column("SELECT kind FROM corporations")) == {
        "corporation", "government", "sole_proprietor",
    }  # fmt: skip
    assert set(carrier.column("SELECT service FROM lines")) == {
        "mobile", "optical", "fixed_wireless", "satellite",
    }  # fmt: skip
    assert set(carrier.column("SELECT solution FROM contracts")) == SOLUTIONS
    assert set(carrier.column("SELECT charge_code FROM bills")) == CHARGES


def test_names_are_words_with_readings_in_katakana(carrier: Carrier) -> None:
    names = carrier.rows("SELECT name, name_kana FROM corporations UNION ALL SELECT name, name_kana FROM people")
    for name, kana in names:
        assert re.fullmatch(r"[ァ-ヴー]+( [ァ-ヴー]+)?", kana), kana
        assert re.fullmatch(r"[ぁ-ヶー一-龠々]+( [ぁ-ヶー一-龠々]+)?", name), name
    assert len(set(names)) > 100
    assert carrier.value("SELECT count(*) FROM corporations WHERE name LIKE '株式会社%'") > 0
    assert carrier.value("SELECT count(*) FROM corporations WHERE name LIKE '%株式会社'") > 0


def test_no_file_has_words_for_nothing(carrier: Carrier) -> None:
    files = carrier.files
    for path in (files.corporations, files.lines, files.contracts, files.people, *files.bills.values()):
        assert not re.search(r"\b(none|nan|nat|null|\"\")\b", path.read_text(encoding="utf-8"), re.IGNORECASE)


def test_people_work_in_departments_and_have_mail(carrier: Carrier) -> None:
    assert carrier.value("SELECT count(DISTINCT corporation_id) FROM people") == SIZE.corporations
    assert carrier.rows(
        r"SELECT mail FROM people WHERE NOT regexp_full_match(mail, 'p\d+@c\d+\.example\.jp')"
    ) == []  # fmt: skip
    assert carrier.column("SELECT DISTINCT kind FROM people JOIN corporations USING (corporation_id)"
                          " WHERE department IS NULL") == ["sole_proprietor"]  # fmt: skip


def test_phone_numbers_look_right(carrier: Carrier) -> None:
    for service, number in carrier.rows("SELECT service, phone_number FROM lines"):
        pattern = r"0([36]\d|[1-9]{2})[2-9]\d{6}" if service == "optical" else r"0[789]0[1-9]\d{7}"
        assert re.fullmatch(pattern, number), (service, number)


def test_dates_of_lines_are_in_order_and_all_cases_occur_in_the_months(carrier: Carrier) -> None:
    assert carrier.rows(
        "SELECT * FROM lines WHERE opened_on > least(joined_on, closed_on) OR joined_on > withdrawn_on"
        " OR withdrawn_on > closed_on OR withdrawn_on IS NOT NULL AND joined_on IS NULL"
    ) == []  # fmt: skip
    inside = f"BETWEEN DATE '{MONTHS[0]}' AND DATE '{add_months(MONTHS[-1], 1)}' - 1"
    cases = {
        "opened": f"opened_on {inside}",
        "closed": f"closed_on {inside}",
        "joined late": f"joined_on {inside} AND opened_on < joined_on",
        "withdrawn": f"withdrawn_on {inside}",
        "no member": "joined_on IS NULL",
    }
    for case, condition in cases.items():
        count = carrier.value(f"SELECT count(*) FROM lines WHERE {condition}")
        assert 0.01 < count / SIZE.lines < 0.1, case


def test_contracts_are_within_the_life_of_their_line(carrier: Carrier) -> None:
    assert carrier.rows(
        "SELECT * FROM contracts JOIN lines USING (line_id) WHERE started_on < opened_on"
        " OR started_on >= ended_on OR ended_on > closed_on OR started_on >= closed_on"
        " OR (closed_on IS NOT NULL AND ended_on IS NULL) OR account_id IS NOT NULL"
    ) == []  # fmt: skip


@pytest.mark.parametrize("column", ["started_on", "ended_on"])
def test_contracts_start_and_end_around_month_borders(carrier: Carrier, column: str) -> None:
    days = dict(
        carrier.rows(
            f"SELECT CASE WHEN {column} = last_day({column}) THEN 0 ELSE day({column}) END, count(*)"
            f" FROM contracts WHERE {column} >= DATE '{MONTHS[0]}' - 1 GROUP BY 1"
        )
    )
    assert min(days.get(day, 0) for day in (0, 1, 2)) > 10


def test_a_solution_contracted_twice_occurs(carrier: Carrier) -> None:
    assert carrier.rows(
        f"SELECT 1 FROM contracts AS a JOIN contracts AS b USING (line_id, solution)"
        f" WHERE a.contract_id < b.contract_id AND b.started_on < a.ended_on AND solution IN {ELIGIBLE}"
    )  # fmt: skip


@pytest.mark.parametrize("month", MONTHS)
def test_every_stage_occurs_in_every_month(carrier: Carrier, month: date) -> None:
    judged = add_months(month, -1)  # the day after the end of month M-2
    counts = dict(
        carrier.rows(f"""
            WITH facts AS (
                SELECT line_id, date_diff('month', opened_on, DATE '{month}') AS tenure,
                    count(DISTINCT solution) FILTER (solution IN {ELIGIBLE} AND started_on < DATE '{judged}'
                        AND (ended_on IS NULL OR ended_on >= DATE '{judged}')) AS held
                FROM lines LEFT JOIN contracts USING (line_id)
                WHERE opened_on <= last_day(DATE '{month}') AND joined_on IS NOT NULL GROUP BY ALL)
            SELECT CASE WHEN held >= 2 THEN 'gold' WHEN held = 1 THEN 'one solution'
                WHEN tenure >= 180 THEN 'grand-premier'
                WHEN tenure >= 120 THEN 'premier' WHEN tenure >= 96 THEN '3rd' WHEN tenure >= 60 THEN '2nd'
                ELSE '1st' END AS stage, count(*) FROM facts GROUP BY 1""")
    )
    assert len(counts) == 7
    assert min(counts.values()) > SIZE.lines * 0.02
    assert 0.2 < counts["one solution"] / sum(counts.values()) < 0.3
    assert 0.07 < counts["gold"] / sum(counts.values()) < 0.13


def test_bills_have_items_of_exactly_the_lines_open_in_the_month(carrier: Carrier) -> None:
    for month in MONTHS:
        billed = set(carrier.column(f"SELECT line_id FROM bills WHERE bill_month = '{month:%Y-%m}'"))
        assert billed == set(
            carrier.column(
                f"SELECT line_id FROM lines WHERE opened_on <= last_day(DATE '{month}')"
                f" AND (closed_on IS NULL OR closed_on > DATE '{month}')"
            )
        )


def test_bill_items_are_those_of_their_month(carrier: Carrier) -> None:
    for month, path in carrier.files.bills.items():
        name = f"{month:%Y-%m}"
        for row in path.read_text(encoding="utf-8").splitlines()[1:]:
            item, bill_month, line, *_ = row.split(",")
            assert (item[:7], bill_month, item[8:17]) == (name, name, line[1:])
            assert re.fullmatch(r"\d{4}-\d{2}-\d{9}-\d{2}", item)


def test_bills_look_like_bills(carrier: Carrier) -> None:
    mean = carrier.value("SELECT count(*) / count(DISTINCT (line_id, bill_month)) FROM bills")
    assert SIZE.items_per_line - 0.5 < mean < SIZE.items_per_line + 0.5
    assert carrier.rows("SELECT * FROM bills WHERE (amount_yen < 0) <> (charge_code = 'discount')") == []
    assert carrier.rows("SELECT * FROM bills WHERE account_id IS NOT NULL OR line_id IS NULL") == []
    fees = carrier.column("SELECT amount_yen FROM bills WHERE charge_code = 'basic_fee'")
    assert (min(fees), max(fees)) == (1_500, 6_000)


def test_call_fee_varies_by_month_and_basic_fee_does_not(carrier: Carrier) -> None:
    varied = dict(
        carrier.rows(
            "SELECT charge_code, max(amounts) FROM (SELECT charge_code, count(DISTINCT amount_yen) AS amounts"
            " FROM bills GROUP BY line_id, charge_code) GROUP BY 1"
        )
    )
    assert varied["call"] == len(MONTHS)
    assert varied["basic_fee"] == 1


def test_credits_exceed_charges_of_a_few_lines(carrier: Carrier) -> None:
    sums = carrier.column("SELECT sum(amount_yen) FROM bills GROUP BY line_id, bill_month")
    assert 0 < sum(total < 0 for total in sums) < len(sums) / 50


def test_tax_is_a_tenth_of_the_other_items(carrier: Carrier) -> None:
    assert carrier.rows(
        "SELECT line_id, sum(amount_yen) FILTER (charge_code = 'tax') AS tax,"
        " sum(amount_yen) FILTER (charge_code <> 'tax') AS rest FROM bills GROUP BY line_id, bill_month"
        " HAVING tax <> greatest(rest, 0) // 10"
    ) == []  # fmt: skip


def test_solutions_are_charged_while_their_contract_is_in_force(carrier: Carrier) -> None:
    month = MONTHS[-1]
    held = carrier.rows(
        f"SELECT DISTINCT line_id, solution FROM contracts WHERE solution IN {ELIGIBLE}"
        f" AND started_on <= last_day(DATE '{month}') AND (ended_on IS NULL OR ended_on > DATE '{month}')"
    )
    charged = carrier.rows(
        f"SELECT line_id, charge_code FROM bills WHERE bill_month = '{month:%Y-%m}' AND charge_code IN {ELIGIBLE}"
    )
    assert sorted(held) == sorted(charged)


@pytest.mark.parametrize("parquet", [False, True])
def test_same_seed_same_bytes_and_other_seed_other_bytes(tmp_path: Path, *, parquet: bool) -> None:
    first, again, other = (
        content(tmp_path / name, seed, parquet=parquet) for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert first == again
    assert first.keys() == other.keys()
    assert [name for name in first if first[name] == other[name]] == []


def test_nothing_but_the_files_stays_in_the_folder(tmp_path: Path) -> None:
    assert sorted(content(tmp_path, 1)) == [
        "bills-2026-01.csv", "bills-2026-02.csv",
        "contracts.csv", "corporations.csv", "lines.csv", "people.csv",
    ]  # fmt: skip


def test_plain_lines_are_all_open_members_with_exactly_so_many_items(plain: Carrier) -> None:
    assert plain.rows(
        "SELECT count(*), count(joined_on), count(closed_on), count(withdrawn_on),"
        f" count(*) FILTER (joined_on < DATE '{MONTHS[0]}') FROM lines"
    ) == [(1_000, 1_000, 0, 0, 1_000)]  # fmt: skip
    assert plain.rows(
        "SELECT bill_month, line_id, count(*) FROM bills GROUP BY ALL HAVING count(*) <> 10"
        " OR count(DISTINCT item_id) <> 10"
    ) == []  # fmt: skip
    assert plain.value("SELECT count(*) FROM bills") == 20_000
    assert set(plain.column("SELECT charge_code FROM bills")) <= CHARGES


def test_plain_items_come_in_random_order(plain: Carrier) -> None:
    lines = plain.column("SELECT line_id FROM bills LIMIT 10_000")
    near = sum(abs(int(a[1:]) - int(b[1:])) < 10 for a, b in itertools.pairwise(lines))
    rising = sum(a < b for a, b in itertools.pairwise(lines))
    assert near < 400, "about 19 in a thousand neighbours are that close by chance"
    assert 4_500 < rising < 5_500


def test_progress_counts_the_files(tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    generate(
        tmp_path, size=Size(corporations=1, lines=1), seed=1, months=MONTHS[:2],
        progress=lambda _task, done, total: told.append((done, total)),
    )  # fmt: skip
    assert told == [(done, 6) for done in range(1, 7)]


@pytest.mark.parametrize(
    ("corporations", "lines", "items"),
    [(0, 0, 7), (2, 1, 7), (1, 501, 7), (1, 1, 6), (1, 1, 91), (200_000, 100_000_000, 7)],
)
def test_impossible_sizes_are_refused(corporations: int, lines: int, items: int) -> None:
    with pytest.raises(ValueError, match=r"."):
        Size(corporations=corporations, lines=lines, items_per_line=items)


def test_no_month_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="month"):
        generate(tmp_path, size=SIZE, seed=1, months=[])
