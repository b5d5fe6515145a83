"""`noren programme check`, `load` and `list` through the front door, in both languages."""

import re
from datetime import date
from pathlib import Path

import pytest

from noren.programme import queries
from noren.programme.queries import NoProgramme
from tests import servers
from tests.conftest import Place
from tests.members.desk import Desk

ROOT = Path(__file__).parents[2] / "programmes"
NEW = (ROOT / "reference/2021-07-01.toml").read_text(encoding="utf-8")
PROBLEM = re.compile(r"(?:\[programme\.definition\] )?(?P<file>.+):(?P<line>\d+): (?P<rule>[^:]+): (?P<advice>.+)")
LANGUAGES = ["en", "ja"]


@pytest.fixture
def desk(place: Place, tmp_path: Path) -> Desk:
    return Desk(place, tmp_path)


@pytest.fixture
def nowhere(tmp_path: Path) -> Place:
    """A place without a database: what needs none must not ask for one."""
    return Place(tmp_path / "home", "", servers.Server("", ""), "")


def written(folder: Path, text: str, name: str = "mine.toml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def starting(day: str) -> str:
    return NEW.replace("effective_from = 2021-07-01", f"effective_from = {day}")


def versions() -> list[str]:
    return [one.version for one in queries.versions()]


def closed(desk: Desk, month: str) -> None:
    desk.bring("corporations", "C1,,Sample,,corporation")
    desk.bring("lines", "L1,C1,,mobile,2012-04-01,,2020-01-01,")
    desk.close(month, f"i1,{month},L1,,basic_fee,4980")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("file", sorted(ROOT.glob("*/*.toml")), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_good_file_is_shown_with_its_stages(
    nowhere: Place, file: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOREN_LANG", language)
    done = nowhere.noren("programme", "check", file)
    stages = re.findall(r'^name = "([^"]+)"\npoints', file.read_text(encoding="utf-8"), re.MULTILINE)
    shown = [line.split("│")[1].strip() for line in done.stdout.splitlines() if line.count("│") == 4]
    assert shown == stages
    assert f"{file.parent.name}/{file.stem}" in done.stdout.splitlines()[-1]
    assert done.stderr == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_is_told_in_a_line_of_its_own(
    nowhere: Place, tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOREN_LANG", language)
    text = NEW.replace("unit_yen = 200", "unit_yen = 0").replace("points = 3", "points = -3")
    file = written(tmp_path, text.replace('at = "month_end"', 'at = "some_day"'))
    done = nowhere.noren("programme", "check", file, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("[programme.definition] ")
    assert not nowhere.home.exists()
    told = [PROBLEM.fullmatch(line) for line in done.stderr.splitlines()]
    lines = file.read_text(encoding="utf-8").splitlines()
    assert [
        (match["file"], lines[int(match["line"]) - 1].split(" =")[0], match["rule"]) for match in told if match
    ] == [
        (str(file), "unit_yen", "earning.unit_yen"),
        (str(file), "solutions", "judgement.solutions.at"),
        (str(file), "points", "stages[2].points"),
    ]
    assert len(told) == 3
    assert all(match and "%" not in match["advice"] for match in told)


@pytest.mark.parametrize("command", ["check", "load"])
def test_a_file_that_is_no_programme_is_refused(desk: Desk, command: str) -> None:
    for content, code in (
        (None, "programme.file"),
        (b"\xff\xfe\x00\x01", "programme.file"),
        (b"unit_yen = = 200\n", "programme.definition"),
    ):
        path = desk.folder / "mine.toml"
        if content is not None:
            path.write_bytes(content)
        said = desk.refused("programme", command, path)
        assert said.startswith(f"[{code}] ")
        assert "mine.toml" in said


def test_a_folder_is_no_programme_file(nowhere: Place) -> None:
    done = nowhere.noren("programme", "check", ROOT, check=False)
    assert (done.returncode, done.stderr.split()[0]) == (1, "[programme.file]")


def test_a_version_is_in_force_until_the_next_begins(place: Place, tmp_path: Path) -> None:
    place.noren("programme", "load", written(tmp_path, starting("2025-04-01")))
    assert versions() == ["reference/2000-04-01", "reference/2021-07-01", "reference/2025-04-01"]
    months = [(2000, 4), (2021, 6), (2021, 7), (2025, 3), (2025, 4), (2099, 12)]
    assert [queries.in_force(date(*month, 1)).effective_from.year for month in months] == [
        2000, 2000, 2021, 2021, 2025, 2025,
    ]  # fmt: skip
    with pytest.raises(NoProgramme, match="2000-03"):
        queries.in_force(date(2000, 3, 1))


def test_list_shows_every_version_the_earliest_first(place: Place) -> None:
    shown = place.noren("programme", "list").stdout
    assert shown.index("2000-04-01") < shown.index("2021-07-01")
    assert shown.count("grand-premier") == 2


def test_the_same_files_again_change_nothing(desk: Desk) -> None:
    before = desk.stored("programme_version")
    desk.place.noren("programme", "load", ROOT / "reference")
    assert desk.stored("programme_version") == before


def test_a_version_may_be_changed_until_it_has_closed_a_month(desk: Desk) -> None:
    changed = NEW.replace("points = 10\n", "points = 12\n")
    desk.place.noren("programme", "load", written(desk.folder, changed))
    assert queries.version("reference/2021-07-01").stages[-1].points == 12
    closed(desk, "2021-07")
    said = desk.refused("programme", "load", written(desk.folder, NEW))
    assert said.startswith("[programme.in_use] reference/2021-07-01 ")
    assert queries.version("reference/2021-07-01").stages[-1].points == 12
    desk.place.noren("programme", "load", written(desk.folder, changed))


def test_a_version_that_closed_no_month_may_change_although_another_did(desk: Desk) -> None:
    closed(desk, "2021-06")
    desk.place.noren("programme", "load", written(desk.folder, NEW.replace("points = 10\n", "points = 12\n")))
    assert queries.version("reference/2021-07-01").stages[-1].points == 12


def test_another_programme_needs_a_place_of_its_own(desk: Desk) -> None:
    said = desk.refused("programme", "load", ROOT / "software-vendor")
    assert said.startswith("[programme.other] ")
    assert "reference" in said
    assert "software-vendor" in said
    assert len(versions()) == 2


def test_a_folder_is_loaded_as_a_whole_or_not_at_all(desk: Desk) -> None:
    folder = desk.folder / "both"
    written(folder, starting("2025-04-01"), "2025-04-01.toml")
    written(folder, starting("2026-04-01").replace("unit_yen = 200", "unit_yen = 0"), "2026-04-01.toml")
    assert desk.refused("programme", "load", folder).startswith("[programme.definition] ")
    assert len(versions()) == 2


def test_a_folder_without_programme_files_is_told(desk: Desk) -> None:
    (desk.folder / "none").mkdir()
    assert desk.refused("programme", "load", desk.folder / "none").startswith("[programme.file] ")
