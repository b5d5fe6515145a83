"""A month is closed from files, through the command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.closing import carrier
from tests.closing.carrier import FORMS, KINDS, Carrier
from tests.conftest import Place


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Carrier:
    return carrier.make(tmp_path_factory.mktemp("carrier"))


def bring_in(place: Place, files: Carrier) -> None:
    for kind in KINDS:
        place.noren("import", kind, files.file(kind))


def close(place: Place, *bills: Path, **options: str) -> dict[str, Any]:
    arguments = [part for path in bills for part in ("--bills", path)]
    extra = [part for name, value in options.items() for part in (f"--{name.replace('_', '-')}", value)]
    answer: dict[str, Any] = json.loads(place.noren("close", "2021-07", *arguments, *extra, "--json").stdout)
    return answer


def grants(place: Place) -> list[dict[str, str]]:
    out = place.home / "grants.csv"
    place.noren("export", "grants", "2021-07", "--out", out)
    return carrier.read(out)


def balances(place: Place) -> dict[str, int]:
    out = place.home / "balances.csv"
    place.noren("export", "balances", "--out", out)
    sums: dict[str, int] = {}
    for row in carrier.read(out):
        sums[row["member_id"]] = sums.get(row["member_id"], 0) + int(row["points"])
    return sums


def points_of(rated: dict[str, Any]) -> dict[str, int]:
    return {member: one.points for member, one in rated.items() if one.points}


def posted(answer: dict[str, Any]) -> tuple[int, int]:
    """Points granted and taken back by the runs of a close."""
    steps = [run["steps"]["post"] for run in answer["runs"]]
    return sum(step["granted"] for step in steps), sum(step["taken"] for step in steps)


def test_every_member_gets_what_the_rules_give(place: Place, made: Carrier) -> None:
    bring_in(place, made)
    close(place, made.bills)
    rated = carrier.expected(made)
    assert grants(place) == carrier.as_grants(rated)
    assert len({one.stage for one in rated.values()}) == 6
    assert place.noren("verify").stdout.strip() == "The books balance."


@pytest.mark.parametrize("form", FORMS)
def test_the_same_files_in_another_form_give_the_same(place: Place, made: Carrier, form: str, tmp_path: Path) -> None:
    other = FORMS[form](made, tmp_path / form)
    bring_in(place, other)
    close(place, other.bills)
    assert grants(place) == carrier.as_grants(carrier.expected(made))


def test_broken_rows_are_accounted_for(place: Place, made: Carrier, tmp_path: Path) -> None:
    other = carrier.with_broken_rows(made, tmp_path / "broken")
    bring_in(place, other)
    (intake,) = close(place, other.bills)["runs"][0]["steps"]["intake"]["intakes"]
    good = made.rows("bills-2021-07")
    assert intake["accepted_rows"] == len(good)
    assert intake["accepted_yen"] == sum(int(row["amount_yen"]) for row in good)
    assert intake["read_rows"] == intake["accepted_rows"] + intake["rejected_rows"]
    assert intake["read_yen"] == intake["accepted_yen"] + intake["rejected_yen"]
    assert len(Path(intake["rejects"]).read_text(encoding="utf-8-sig").splitlines()) > intake["rejected_rows"] > 0


def test_run_twice_it_posts_nothing(place: Place, made: Carrier) -> None:
    bring_in(place, made)
    close(place, made.bills)
    before = balances(place)
    assert posted(close(place, made.bills)) == (0, 0)
    assert posted(close(place)) == (0, 0)
    assert balances(place) == before


def test_a_corrected_file_posts_only_the_difference(place: Place, made: Carrier) -> None:
    bring_in(place, made)
    close(place, made.bills)
    items = made.rows("bills-2021-07")
    changed = [{**row, "amount_yen": str(int(row["amount_yen"]) + 5_000)} for row in items[:40]]
    withdrawn = [{**row, "amount_yen": "0"} for row in items[40:80]]
    late = [{**items[80], "item_id": "late-1", "charge_code": "call", "amount_yen": "20000"}]
    correction = made.with_bills([*changed, *withdrawn, *late], "correction")
    answer = close(place, correction)
    by_id = {row["item_id"]: row for row in [*items, *changed, *withdrawn, *late]}
    rated = carrier.expected(made, list(by_id.values()))
    assert grants(place) == carrier.as_grants(rated)
    granted, taken = posted(answer)
    before, after = points_of(carrier.expected(made)), points_of(rated)
    moved = [after.get(member, 0) - before.get(member, 0) for member in before.keys() | after.keys()]
    assert (granted, taken) == (sum(d for d in moved if d > 0), -sum(d for d in moved if d < 0))
    assert taken > 0
    assert granted > 0
    place.noren("verify")


def test_an_older_file_given_again_comes_last_and_wins(place: Place, made: Carrier) -> None:
    bring_in(place, made)
    items = made.rows("bills-2021-07")
    correction = made.with_bills([{**row, "amount_yen": "1"} for row in items[:50]], "correction-2")
    close(place, made.bills)
    close(place, correction)
    close(place, made.bills)
    assert grants(place) == carrier.as_grants(carrier.expected(made))


def test_the_later_of_two_files_wins(place: Place, made: Carrier) -> None:
    bring_in(place, made)
    items = made.rows("bills-2021-07")
    late = [{**row, "amount_yen": "777"} for row in items[:50]]
    close(place, made.bills, made.with_bills(late, "late"))
    by_id = {row["item_id"]: row for row in [*items, *late]}
    assert grants(place) == carrier.as_grants(carrier.expected(made, list(by_id.values())))


def test_inside_a_file_the_first_of_two_equal_keys_counts(place: Place, made: Carrier) -> None:
    bring_in(place, made)
    items = made.rows("bills-2021-07")
    twice = made.with_bills([*items, *({**row, "amount_yen": "9"} for row in items[:9])], "twice")
    (intake,) = close(place, twice)["runs"][0]["steps"]["intake"]["intakes"]
    assert intake["rejected_rows"] == 9
    assert grants(place) == carrier.as_grants(carrier.expected(made))


def test_grants_lapse_by_the_programme_year_of_the_business_date(place: Place, made: Carrier) -> None:
    bring_in(place, made)
    close(place, made.bills)
    out = place.home / "b.csv"
    place.noren("export", "balances", "--out", out)
    assert {(row["kind"], row["lapses_on"]) for row in carrier.read(out)} == {("normal", "2025-05-31")}
    place.noren("expire", "--as-of", "2025-05-31")
    assert balances(place)
    place.noren("expire", "--as-of", "2025-06-01")
    assert balances(place) == {}
    place.noren("verify")


def test_points_of_closed_lines_lapse(place: Place, made: Carrier) -> None:
    bring_in(place, made)
    close(place, made.bills)
    gone = [row for row in made.rows("lines") if row["closed_on"] == ""][:5]
    ending = [{**row, "closed_on": "2021-09-15"} for row in gone]
    place.noren("import", "lines", made.with_bills(ending, "closing-lines"))
    place.noren("expire", "--as-of", "2021-09-14")
    before = balances(place)
    place.noren("expire", "--as-of", "2021-09-15")
    left = balances(place)
    assert before.keys() - left.keys() == {row["line_id"] for row in gone} & before.keys()
    place.noren("verify")


def test_explain_leads_down_to_items_and_contracts(place: Place, made: Carrier) -> None:
    bring_in(place, made)
    close(place, made.bills)
    rated = carrier.expected(made)
    member = max(rated, key=lambda name: rated[name].points)
    found = json.loads(place.noren("explain", member, "2021-07", "--json").stdout)
    mine = [row for row in made.rows("bills-2021-07") if row["line_id"] == member]
    assert {item["item_id"]: item["amount_yen"] for item in found["items"]} == {
        row["item_id"]: int(row["amount_yen"]) for row in mine
    }
    counted = sum(item["amount_yen"] for item in found["items"] if item["reason"] == "counts")
    assert found["rating"]["base_yen"] == max(0, counted) == rated[member].base_yen
    assert found["rating"]["points"] == rated[member].points == sum(row["points"] for row in found["postings"])
    assert [lot["remaining"] for lot in found["lots"]] == [rated[member].points]
    assert rated[member].stage in place.noren("explain", member, "2021-07").stdout


def test_a_gap_between_closed_months_is_told(place: Place, made: Carrier) -> None:
    bring_in(place, made)
    close(place, made.bills)
    items = [{**row, "bill_month": "2021-09"} for row in made.rows("bills-2021-07")]
    bills = made.with_bills(items, "bills-2021-09")
    answer = json.loads(place.noren("close", "2021-09", "--bills", bills, "--json").stdout)
    assert answer["gaps"] == ["2021-08"]


def test_the_old_programme_rates_the_months_before_july(place: Place, made: Carrier) -> None:
    bring_in(place, made)
    items = [{**row, "bill_month": "2021-06"} for row in made.rows("bills-2021-07")]
    bills = made.with_bills(items, "bills-2021-06")
    answer = json.loads(place.noren("close", "2021-06", "--bills", bills, "--json").stdout)
    assert answer["runs"][0]["programme_version"] == "reference/2000-04-01"


@pytest.mark.parametrize(
    ("arguments", "code", "status"),
    [
        (("close", "2021-13"), "arguments", 2),
        (("close", "July"), "arguments", 2),
        (("close", "2021-07"), "close.no_bills", 1),
        (("close", "2021-07", "--bills", "none.csv"), "file.not_found", 1),
        (("close", "1999-01", "--bills", "none.csv"), "programme.none", 1),
        (("explain", "nobody", "2021-07"), "member.unknown", 1),
        (("export", "grants", "2021-07", "--out", "x.csv"), "close.not_closed", 1),
        (("export", "grants", "2021-07", "--out", "x.xlsx"), "export.format", 1),
        (("expire", "--as-of", "2021-02-30"), "arguments", 2),
        (("import", "lines"), "arguments", 2),
        (("close", "2021-07", "--engine", "abacus"), "arguments", 2),
        (("frobnicate",), "arguments", 2),
    ],
)
def test_wrong_use_is_told_in_one_clear_message(
    place: Place, arguments: tuple[str, ...], code: str, status: int
) -> None:
    done = place.noren(*arguments, check=False)
    assert (done.returncode, done.stdout) == (status, "")
    assert done.stderr.startswith(f"[{code}] ")
