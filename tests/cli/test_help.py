"""`--help` of every command works and shows every option, in both languages."""

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
import typer.main
from typer.core import TyperGroup

HELP = """
import contextlib, io, json, sys
from noren.cli import start
texts = {}
for words in json.loads(sys.argv[1]):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = start.run([*words, "--help"])
    texts[" ".join(words)] = [status, out.getvalue()]
print(json.dumps(texts))
"""
JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")


def commands(command: Any, words: tuple[str, ...] = ()) -> dict[str, Any]:
    """Every command and group by the words that call it."""
    found = {" ".join(words): command}
    if isinstance(command, TyperGroup):
        for name in command.list_commands(typer.Context(command)):
            found |= commands(command.commands[name], (*words, name))
    return found


@pytest.fixture(scope="module")
def known() -> dict[str, Any]:
    from noren.cli.app import app  # noqa: PLC0415  (conftest sets Django up)

    return commands(typer.main.get_command(app))


def helps(known: dict[str, Any], language: str) -> dict[str, str]:
    """The help of every command, all from one process in this language."""
    asked = json.dumps([name.split() for name in known])
    environment = {
        **os.environ,
        "NOREN_LANG": language,
        "DJANGO_SETTINGS_MODULE": "noren.config.settings",
        "COLUMNS": "200",
    }
    ran = subprocess.run(
        [sys.executable, "-c", HELP, asked], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert ran.stderr == ""
    answers = json.loads(ran.stdout)
    assert {status for status, _text in answers.values()} == {0}
    return {name: text for name, (_status, text) in answers.items()}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_command_shows_its_options_and_what_they_mean(known: dict[str, Any], language: str) -> None:
    texts = helps(known, language)
    assert {"close", "import lines", "export grants", "programme check", "history", "stop"} <= texts.keys()
    for name, command in known.items():
        options = [param for param in command.params if param.param_type_name == "option"]
        for option in options:
            assert all(re.search(rf"(^|\s){word}\b", texts[name]) for word in option.opts), (name, option.opts)
        for inner in getattr(command, "commands", {}):
            assert re.search(rf"^\s+{inner}\s+\S", texts[name], re.MULTILINE), (name, inner)
        own = texts[name].split("--help")[0] if options else texts[name]
        assert bool(JAPANESE.search(own)) == (language == "ja"), name


def test_every_option_and_argument_is_explained(known: dict[str, Any]) -> None:
    silent = [
        (name, param.name)
        for name, command in known.items()
        for param in command.params
        if not (getattr(param, "help", "") or param.name == "help")
    ]
    assert silent == []


def test_no_command_at_all_shows_the_help(known: dict[str, Any]) -> None:
    environment = {**os.environ, "NOREN_LANG": "en"}
    ran = subprocess.run(
        [sys.executable, "-m", "noren"], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert all(re.search(rf"^\s+{name}\s", ran.stdout, re.MULTILINE) for name in known if name and " " not in name)


def test_words_of_the_framework_are_translated(known: dict[str, Any]) -> None:
    """They are found by their patterns: a new release of Typer with other words shows here."""
    everything = "\n".join(helps(known, "ja").values())
    for word in ("Usage:", "Options:", "Arguments:", "Commands:", "Show this message", "[required]", "[default:"):
        assert word not in everything
