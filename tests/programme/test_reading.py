"""What is wrong in a programme file is told with file, line, rule and what to do."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "noren.config.settings")

from noren.programme import reading

GOOD = (Path(__file__).parents[2] / "programmes/reference/2021-07-01.toml").read_text(encoding="utf-8")


def problems(text: str) -> list[tuple[str, str]]:
    """(the text of the line named, the rule named) of each problem."""
    with pytest.raises(reading.BadDefinition) as caught:
        reading.FORMAT.read_text(text, "my.toml")
    lines = text.splitlines()
    assert all(problem.file == "my.toml" and problem.advice for problem in caught.value.problems)
    return [(lines[problem.line - 1].strip(), problem.rule) for problem in caught.value.problems]


def changed(before: str, after: str) -> str:
    assert before in GOOD
    return GOOD.replace(before, after, 1)


def test_the_shipped_programmes_are_good() -> None:
    for file in sorted((Path(__file__).parents[2] / "programmes").glob("*/*.toml")):
        definition, _text = reading.FORMAT.read_file(file)
        assert str(definition.effective_from) == file.stem
        assert definition.programme == file.parent.name


@pytest.mark.parametrize(
    ("before", "after", "line", "rule"),
    [
        ("unit_yen = 200", "unit_yen = 0", "unit_yen = 0", "earning.unit_yen"),
        ("unit_yen = 200", "unit_yen = 200.5", "unit_yen = 200.5", "earning.unit_yen"),
        ("unit_yen = 200", 'unit_yen = "200"', 'unit_yen = "200"', "earning.unit_yen"),
        ("grant_day = 10", "grant_day = 31", "grant_day = 31", "earning.grant_day"),
        ("grant_day = 10\n", "", "[earning]", "earning.grant_day"),
        ("points = 3", "points = -3", "points = -3", "stages[2].points"),
        ("points = 3", "point = 3", "point = 3", "stages[2].point"),
        ('name = "premier"', 'name = "Premier"', 'name = "Premier"', "stages[3].name"),
        ("tenure_months = { at_least = 96 }", "tenure = { at_least = 96 }", "when = { tenure = { at_least = 96 } }", "stages[2].when.tenure"),
        ("solutions = { at_least = 2 }", "solutions = { }", "when = { solutions = { } }", "stages[5].when.solutions"),
        ("solutions = { exactly = 1 }", "solutions = { exactly = 1, at_least = 1 }", "when = { any = [{ tenure_months = { at_least = 180 } }, { solutions = { exactly = 1, at_least = 1 } }] }", "stages[4].when.any[1].solutions"),
        ('name = "2nd"', 'name = "1st"', "[[stages]]", "stages"),
        ("when = { tenure_months = { at_least = 60 } }", "", "[[stages]]", "stages[1].when"),
        ('kind = "normal"', 'kind = "gold"', 'kind = "gold"', "earning.kind"),
        ("day = 31", "day = 32", 'expiry = { policy = "programme_year", years = 3, month = 5, day = 32 }', "kinds[0].expiry.programme_year.day"),
        ('policy = "months"', 'policy = "never"', 'expiry = { policy = "never", months = 6 }', "kinds[1].expiry"),
        ('"bill", "data_topup", "battery", "accessories", "donation", "device", "repair"]\nexpiry', '"wine"]\nexpiry', 'uses = ["wine"]', "kinds[1].uses"),
        ("effective_from = 2021-07-01", "", "# The reference programme as it has been since 1 July 2021: points from the number of eligible solutions", "effective_from"),
        ('"instalment", ', '"instalment", "call", ', "eligible_charges = [", "earning.eligible_charges"),
        ('at = "month_end"', 'at = "some_day"', 'solutions = { at = "some_day", months_before = 2 }', "judgement.solutions.at"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(before: str, after: str, line: str, rule: str) -> None:
    assert (line, rule) in problems(changed(before, after))


def test_broken_toml_is_named_with_its_line() -> None:
    text = changed("unit_yen = 200", "unit_yen = = 200")
    assert problems(text) == [("unit_yen = = 200", "TOML")]


def test_several_mistakes_are_told_at_once() -> None:
    text = changed("unit_yen = 200", "unit_yen = 0").replace("points = 3", "points = -3")
    assert {rule for _line, rule in problems(text)} == {"earning.unit_yen", "stages[2].points"}


def test_a_solution_named_in_a_condition_is_an_eligible_one() -> None:
    text = changed("solutions = { at_least = 2 }", 'holds = ["device_insurance"]')
    assert problems(text) == [("[[stages]]", "stages[5].when")] or problems(text)[0][1] == "stages[5].when"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(reading.NoDefinition):
        reading.FORMAT.read_file(tmp_path / "none.toml")


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(reading.NoDefinition):
        reading.FORMAT.read_file(tmp_path / "bad.toml")
