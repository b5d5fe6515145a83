"""`noren job`: from a file to its end, in both languages, and clear words for wrong input."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from python_calamine import CalamineWorkbook

from noren.accounts import queries
from noren.bulk import sheets
from noren.bulk.reading import fields, tables, titles
from noren.bulk.rules import COLUMNS, Operation
from tests.bulk.desk import file
from tests.members.desk import MARK, Desk

PEOPLE = file(("ログインID", "氏名", "部署"), ("hanako", "山田　花子", "営業部"), ("a b", "太郎", ""))


@pytest.fixture
def path(desk: Desk) -> Path:
    """A file with a good row and a bad one."""
    where = desk.folder / "people.csv"
    where.write_bytes(PEOPLE)
    return where


def added(desk: Desk, path: Path, *more: str) -> dict[str, Any]:
    told = desk.place.noren("job", "add", path, "--operation", "issue", "--corporation", "C1", "--json", *more)
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def test_a_job_from_its_file_to_its_end(desk: Desk, path: Path) -> None:
    job = added(desk, path)
    assert (job["state"], job["rows"], job["to_do"], job["errors"]) == ("judged", 2, 1, 1)
    assert job["reasons"] == [{"reason": "login_id:login.bad", "rows": 1}]
    assert queries.by_login("hanako") is None
    shown = desk.place.noren("job", "show", job["job_id"]).stdout
    assert "checked, to be confirmed" in shown
    assert "Login ID cannot be a login ID." in shown
    done = json.loads(desk.place.noren("job", "commit", job["job_id"], "--json").stdout)
    assert (done["state"], done["done"]) == ("done", 1)
    assert queries.by_login("hanako") is not None
    assert job["job_id"] in desk.place.noren("job", "list").stdout
    undone = json.loads(desk.place.noren("job", "undo", job["job_id"], "--json").stdout)
    assert undone["state"] == "undone"


def test_the_same_file_again_is_told(desk: Desk, path: Path) -> None:
    first = added(desk, path)["job_id"]
    said = desk.place.noren("job", "add", path, "--operation", "issue", "--corporation", "C1").stdout
    assert "The same file was given within a day" in said
    assert first in said
    assert added(desk, path, "--again")["job_id"] != first


def test_a_result_file_tells_each_row_in_the_language_and_encoding(desk: Desk) -> None:
    path = desk.folder / "people.csv"
    path.write_bytes(PEOPLE.decode().encode("cp932"))
    job = added(desk, path)["job_id"]
    desk.place.noren("job", "commit", job)
    out = desk.folder / "result.csv"
    desk.place.noren("job", "result", job, "--out", out)
    rows = list(csv.DictReader(out.read_bytes().decode("cp932").splitlines()))
    assert [(row["Row"], row["Result"], row["Code"]) for row in rows] == [
        ("2", "done", ""),
        ("3", "error", "login.bad"),
    ]
    assert rows[0]["Name"] == "山田 花子"
    assert rows[0]["Changes"] == "Login ID: - → hanako; Name: - → 山田 花子"
    book = desk.folder / "result.xlsx"
    desk.place.noren("job", "result", job, "--out", book)
    assert CalamineWorkbook.from_path(str(book)).get_sheet_by_index(0).to_python()[1][:2] == ["2", "done"]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("operation", list(Operation))
def test_templates_can_be_read_as_they_are(operation: Operation, form: sheets.Form, language: str) -> None:
    with translation.override(language):
        content = sheets.template(operation, form)
    table = tables.open_table(content)
    assert list(table.header) == [titles.title(field, language) for field in COLUMNS[operation]]
    reader = fields.reader(operation, titles.fields(table.header, operation), "abc234")
    rows = [reader.read(cells) for _number, cells in table.rows]
    assert [faults for _given, faults in rows] == [[], []]
    if operation is Operation.ISSUE:
        assert rows[0][0]["employee_number"] == "000123"
    assert content.startswith(MARK.encode()) or form == "xlsx"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("job", "show", "x"), "is not the id of a job"),
        (("job", "show", "00000000-0000-0000-0000-000000000000"), "[job.unknown]"),
        (("job", "add", "none.csv", "--operation", "issue", "--corporation", "C1"), "[file.not_found]"),
        (("job", "template", "issue", "--out", "x.pdf"), "ends in neither"),
    ],
)
def test_wrong_input_gets_a_clear_message(desk: Desk, arguments: tuple[str, ...], said: str) -> None:
    done = desk.place.noren(*arguments, check=False)
    assert done.returncode != 0
    assert said in done.stderr


def test_a_membership_job_needs_its_group(desk: Desk, path: Path) -> None:
    said = desk.refused("job", "add", path, "--operation", "membership", "--corporation", "C1")
    assert said.startswith("[job.needs_group]")
