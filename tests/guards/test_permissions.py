"""The docs' table of permissions is the code's."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from noren.groups.labels import ROLES, STAFF_ROLES, matrix, staff_matrix
from noren.groups.rules import GRANTS, OF_STAFF, Permission, Role, StaffRole

Rows = list[tuple[Permission, object, list[bool]]]
PAGE = Path(__file__).parents[2] / "docs" / "rules" / "permissions.md"
PLACE = r"(?<=<!-- {0} -->\n).*?(?=<!-- end of {0} -->)"
TABLES: dict[str, tuple[Mapping[Any, object], Callable[[], Rows]]] = {
    "permissions": (ROLES, matrix),
    "staff": (STAFF_ROLES, staff_matrix),
}


def table(roles: Mapping[Any, object], rows: Callable[[], Rows]) -> str:
    """The table in Markdown, in English."""
    with translation.override("en"):
        heads = ["permission", "what it lets do", *(str(label).lower() for label in roles.values())]
        cells = [[f"`{one}`", str(label), *("yes" if mark else "" for mark in marks)] for one, label, marks in rows()]
    lines = [heads, ["---"] * len(heads), *cells]
    return "".join(f"| {' | '.join(line)} |\n".replace("|  |", "| |").replace("|  |", "| |") for line in lines)


@pytest.mark.parametrize("name", TABLES)
def test_the_page_has_the_table_of_the_code(name: str) -> None:
    found = re.search(PLACE.format(name), PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    assert found[0] == table(*TABLES[name]), f"write this into {PAGE.name}:\n{table(*TABLES[name])}"


def test_every_permission_and_role_has_words() -> None:
    assert list(ROLES) == list(Role)
    assert list(STAFF_ROLES) == list(StaffRole)
    assert [one for rows in (matrix, staff_matrix) for one, _label, _marks in rows()] == list(Permission)


def test_no_customer_has_a_permission_of_the_operators_people() -> None:
    assert not any(OF_STAFF & given for given in GRANTS.values())
