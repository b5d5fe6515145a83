"""The docs' table of permissions is the code's."""

import re
from pathlib import Path

from django.utils import translation

from noren.groups.labels import ROLES, matrix
from noren.groups.rules import Permission, Role

PAGE = Path(__file__).parents[2] / "docs" / "rules" / "permissions.md"
PLACE = re.compile(r"(?<=<!-- permissions -->\n).*?(?=<!-- end of permissions -->)", re.DOTALL)


def table() -> str:
    """The table in Markdown, in English."""
    with translation.override("en"):
        heads = ["permission", "what it lets do", *(str(ROLES[role]).lower() for role in Role)]
        rows = [[f"`{one}`", str(label), *("yes" if mark else "" for mark in marks)] for one, label, marks in matrix()]
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n".replace("|  |", "| |").replace("|  |", "| |") for cells in lines)


def test_the_page_has_the_table_of_the_code() -> None:
    found = PLACE.search(PAGE.read_text(encoding="utf-8"))
    assert found is not None
    assert found[0] == table(), f"write this into {PAGE.name}:\n{table()}"


def test_every_permission_and_role_has_words() -> None:
    assert set(ROLES) == set(Role)
    assert [one for one, _label, _marks in matrix()] == list(Permission)
