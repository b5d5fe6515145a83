"""Every act that the code writes down has a name for administrators, and one for the person if it concerns them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from noren.accounts.rules import Trigger
from noren.audit import labels
from noren.members.actions import Kind
from noren.orders.rules import OrderState

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for path in (ROOT / "noren").rglob("*.py") if "migrations" not in path.parts)
STATEMENTS = sorted((ROOT / "noren").rglob("*.sql"))
WRITERS = {"record", "_record", "Entry", "raise_epoch"}
"""Functions that are given an act, by keyword or among their first arguments."""

ACT = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.[a-z_]+)+")
VARIABLE: dict[str, set[Any]] = {"account.{}": set(Trigger), "{}.import": set(Kind), "order.{}": set(OrderState)}
"""Acts whose other part is a value of the code, by their form: what it can be."""

CONCERN = ("account.", "membership.", "service.")
"""What such acts are done to is an account."""


def _texts(node: ast.AST, names: dict[str, ast.AST]) -> Iterator[str]:
    """The texts that an expression can be; a place in it that varies is {}."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body, names)
        yield from _texts(node.orelse, names)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    elif isinstance(node, ast.Name) and node.id in names:
        yield from _texts(names[node.id], {})


def _calls(tree: ast.AST) -> Iterator[tuple[str, list[str]]]:
    """Writers that are called: their name, and the texts that may be acts."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        assigned: dict[str, Any] = {
            target.id: node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(function):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                given = [*node.args[:2], *(word.value for word in node.keywords if word.arg == "act")]
                if name in WRITERS:
                    yield name, [text for one in given for text in _texts(one, assigned)]


def _prefix(path: Path) -> str:
    """What a package's own writer puts before the act it is given."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    wholes = {text for _name, texts in _calls(tree) for text in texts if text.endswith(".{}")}
    return wholes.pop().removesuffix("{}") if len(wholes) == 1 else ""


def written() -> set[str]:
    """Every act that the source holds."""
    found: set[str] = set()
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        rows = path.parent / "rows.py"
        prefix = _prefix(path) or (_prefix(rows) if rows.exists() else "")
        for _name, texts in _calls(tree):
            for text in texts:
                if "{}" in text:
                    found |= {text.format(value) for value in VARIABLE.get(text, ())}
                elif ACT.fullmatch(text):
                    found.add(text)
                elif prefix and re.fullmatch("[a-z_]+", text):
                    found.add(prefix + text)
    for path in STATEMENTS:
        text = path.read_text(encoding="utf-8")
        if "INTO audit_record" in text:
            found |= set(re.findall(r"'([a-z-]+\.[a-z_.]+)'", text))
    return found


def test_known_acts_are_seen() -> None:
    """Each way in which the source writes one."""
    assert {
        "account.lock",
        "account.two_step",
        "account.name_change",
        "application.refuse",
        "contracts.import",
        "group.grant",
        "group.join",
        "group.roles_end",
        "group.unit_remove",
        "line-pins.import",
        "membership.join",
        "run.begin",
        "sso.key.revoke",
    } <= written()


def test_every_act_has_a_label_and_no_other() -> None:
    assert written() ^ set(labels.LABELS) == set()


def test_acts_on_an_account_are_told_to_its_person() -> None:
    assert {act for act in written() if act.startswith(CONCERN)} - set(labels.OWN) == set()
    assert set(labels.OWN) <= set(labels.LABELS)


@pytest.mark.parametrize("act", sorted(labels.LABELS))
def test_labels_are_told_apart(act: str) -> None:
    same = [other for other, label in labels.LABELS.items() if str(label) == str(labels.LABELS[act])]
    assert same == [act]
