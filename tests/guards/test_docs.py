"""The docs say what the code does: examples run, and nothing that a user meets is left out."""

import ast
import doctest
import importlib
import os
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import pytest
import typer.main
from typer.core import TyperGroup

import noren
from noren.kit.errors import Refusal

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("docs/**/*.md"), *ROOT.glob("*.md")])
RULES = sorted(ROOT.glob("docs/rules/*.md"))
README_LINES = 80

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
VARIABLE = re.compile(r"(?:os\.environ(?:\.get\(|\[)|_(?:count|one_of|origin|host_and_port|switch)\()\s*\"([A-Z_]+)\"")
PAGE_CODE = re.compile(r"code(?:=|\": )\"([a-z]+\.[a-z_]+)\"")
BUILT_IN = {"--help"}


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _examples(text: str) -> str:
    """The doctest blocks of a page, on their own lines, all else blank: a failure names the page's line."""
    kept = [""] * (text.count("\n") + 1)
    for block in BLOCK.finditer(text):
        if block[1] == "python" and ">>>" in block[2]:
            first = text.count("\n", 0, block.start(2))
            for place, line in enumerate(block[2].splitlines()):
                kept[first + place] = line
    return "\n".join(kept)


def _sections(text: str) -> list[str]:
    """The page cut before every heading."""
    return re.split(r"^(?=#+ )", text, flags=re.MULTILINE)


def _anchors(path: Path) -> set[str]:
    heads = HEADING.findall(path.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


def _modules() -> Iterator[str]:
    for found in pkgutil.walk_packages(noren.__path__, "noren."):
        if ".migrations" not in found.name and not found.name.endswith("__main__"):
            yield found.name


@pytest.fixture(scope="module")
def everything_imported() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "noren.config.settings")
    django.setup()
    for name in _modules():
        importlib.import_module(name)


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_examples_run(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    examples = _examples(page.read_text(encoding="utf-8"))
    parsed = doctest.DocTestParser().get_doctest(examples, {}, _name(page), str(page), 0)
    told: list[str] = []
    result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(parsed, out=told.append)
    assert not result.failed, "".join(told)
    assert result.attempted or page not in RULES, f"{_name(page)} has no example"


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(BLOCK.sub("", page.read_text(encoding="utf-8"))):
        if "://" in link or link.startswith("mailto:"):
            continue
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        assert target.exists(), f"{_name(page)}: {link}"
        assert not anchor or anchor in _anchors(target), f"{_name(page)}: {link}"


def _commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    if isinstance(command, TyperGroup):
        for part in command.list_commands(typer.Context(command)):
            yield from _commands(command.commands[part], f"{name} {part}")
    else:
        yield name, command


def _app() -> list[tuple[str, Any]]:
    app = importlib.import_module("noren.cli.app").app
    return list(_commands(typer.main.get_command(app), "noren"))


@pytest.mark.usefixtures("everything_imported")
def test_every_command_and_option_is_told() -> None:
    sections = _sections(_text("docs/operations.md"))
    missing = []
    for name, command in _app():
        here = "\n".join(section for section in sections if f"`{name}" in section)
        words = [name, *(word for param in command.params for word in (*param.opts, *param.secondary_opts))]
        missing += [(name, word) for word in words if f"`{word}" not in here and word.startswith(("-", "noren"))]
    assert not [(name, word) for name, word in missing if word not in BUILT_IN]


@pytest.mark.usefixtures("everything_imported")
def test_no_other_command_is_told() -> None:
    known = {name for name, _ in _app()}
    known |= {name.rpartition(" ")[0] for name in known}
    for page in PAGES:
        for told in re.findall(r"`(noren(?: [a-z]+(?:-[a-z]+)*)+)", page.read_text(encoding="utf-8")):
            assert told in known, f"{_name(page)}: {told}"


def test_every_variable_is_told() -> None:
    told = _text("docs/operations.md")
    read = {name for path in (ROOT / "noren").rglob("*.py") for name in VARIABLE.findall(path.read_text("utf-8"))}
    assert read
    assert not {name for name in read if f"`{name}`" not in told}


def _subclasses(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for inner in kind.__subclasses__():
        yield inner
        yield from _subclasses(inner)


def _refusal_codes() -> set[str]:
    own = {kind.code for kind in _subclasses(Refusal) if kind.__module__.startswith("noren.")}
    return own - {Refusal.code}


def _failure_codes() -> set[str]:
    """First of each tuple that `noren.cli.failures` returns, for failures that are no refusals."""
    tree = ast.parse(_text("noren/cli/failures.py"))
    firsts = [
        node.value.elts[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple)
    ]
    return {first.value for first in firsts if isinstance(first, ast.Constant) and isinstance(first.value, str)} - {""}


@pytest.mark.usefixtures("everything_imported")
def test_every_code_is_told_and_no_other() -> None:
    told = re.findall(r"^\| `([a-z_.]+)` \|", _text("docs/codes.md"), re.MULTILINE)
    assert len(told) == len(set(told))
    pages = {code for path in (ROOT / "noren").glob("*/**/*.py") for code in PAGE_CODE.findall(path.read_text("utf-8"))}
    policies = set(importlib.import_module("noren.accounts.policy").Why)
    assert set(told) == _refusal_codes() | _failure_codes() | pages | policies


@pytest.mark.usefixtures("everything_imported")
def test_every_reason_for_a_rejected_row_is_told() -> None:
    told = _text("docs/files.md")
    reasons = importlib.import_module("noren.billing.actions").REASONS
    assert not {code for code in reasons if f"| `{code}` |" not in told}


@pytest.mark.usefixtures("everything_imported")
def test_every_finding_is_told() -> None:
    told = set(re.findall(r"^- `points\.([a-z_]+)`", _text("docs/codes.md"), re.MULTILINE))
    assert told == set(importlib.import_module("noren.points.queries").INVARIANTS)


def test_every_package_is_told() -> None:
    told = _text("docs/architecture.md")
    packages = {path.parent.name for path in (ROOT / "noren").glob("*/__init__.py")}
    assert not {name for name in packages if f"| `{name}` |" not in told}


def test_every_decision_is_in_the_index() -> None:
    told = _text("docs/adr/index.md")
    decisions = sorted((ROOT / "docs/adr").glob("0*.md"))
    assert not [path.name for path in decisions if f"({path.name})" not in told]
    assert not [path.name for path in decisions if len(path.read_text("utf-8").splitlines()) > 60]


def test_readme_begins_with_the_two_commands() -> None:
    text = _text("README.md")
    lines = [
        line.partition("#")[0].strip()
        for kind, body in BLOCK.findall(text)
        if kind in ("", "sh", "bash", "console")
        for line in body.splitlines()
    ]
    commands = [line.removeprefix("$ ") for line in lines if line]
    assert commands[:2] == ["make run", "make test"]
    assert len(text.splitlines()) <= README_LINES
