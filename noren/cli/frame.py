"""Typer's own words, of help and of complaints, in the user's language: it knows English only."""

import functools
import importlib
import re
from collections.abc import Callable, Mapping
from typing import Any

import typer
from django.utils.translation import gettext_lazy as _
from typer.core import TyperCommand, TyperGroup

HELP = {
    r"^Usage: ": _("Usage: "),
    r"^Options:$": _("Options:"),
    r"^Arguments:$": _("Arguments:"),
    r"^Commands:$": _("Commands:"),
    r"Show this message and exit\.": _("Show this help."),
    r"\[required\]": _("[required]"),
    r"\[default:\s+(?P<value>[^\]]*)\]": _("[default: %(value)s]"),
}
COMPLAINTS = {
    r"Missing (?:argument|option|parameter) (?P<what>.+)\.": _("%(what)s is missing."),
    r"Missing command\.": _("A command is missing."),
    r"No such command (?P<what>.+?)\.": _("There is no command %(what)s."),
    r"No such option: (?P<what>\S+)": _("There is no option %(what)s."),
    r"Did you mean (?P<what>.+?)\?": _("Did you mean %(what)s?"),
    r"\(Possible options: (?P<what>.+)\)": _("Did you mean %(what)s?"),
    r"Option (?P<what>\S+) requires an argument\.": _("The option %(what)s needs a value."),
    r"Option (?P<what>\S+) does not take a value\.": _("The option %(what)s takes no value."),
    r"Got unexpected extra argument(?:s|\(s\))? \((?P<what>.+)\)": _("There is too much: %(what)s"),
    r"(?:Value error, )?(?P<value>'[^']*') is not (?:one of )?(?P<choices>.+)\.": _(
        "%(value)s is none of %(choices)s."
    ),
}


class _Command(TyperCommand):
    def get_help(self, ctx: Any) -> str:
        return _told(super().get_help(ctx), HELP)


class _Group(TyperGroup):
    def get_help(self, ctx: Any) -> str:
        return _told(super().get_help(ctx), HELP)


class Modules(_Group):
    """Commands whose modules are imported when one of theirs is called: each imports what the others do not need."""

    modules: Mapping[str, str]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command; for a name that is none, all are at hand to be proposed."""
        if cmd_name not in self.commands:
            for module in [self.modules[cmd_name]] if cmd_name in self.modules else self.modules.values():
                self._bring(module)
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: Any) -> list[str]:
        """All of them, in order."""
        del ctx
        for module in dict.fromkeys(self.modules.values()):
            self._bring(module)
        return list(self.modules)

    def _bring(self, module: str) -> None:
        part = Commands()
        importlib.import_module(f"noren.cli.commands.{module}").add_to(part)
        self.commands.update(typer.main.get_group(part).commands)


class Commands(typer.Typer):
    """A group of commands, plain text, in the user's language."""

    def __init__(self, cls: type[TyperGroup] = _Group, **how: Any) -> None:
        super().__init__(
            cls=cls,
            add_completion=False,
            rich_markup_mode=None,
            pretty_exceptions_enable=False,
            context_settings={"help_option_names": ["-h", "--help"]},
            **how,
        )

    def command(self, name: str | None = None, **how: Any) -> Callable[[Any], Any]:
        """Add a command of that name."""
        return super().command(name, cls=_Command, **how)


def complaint(text: str) -> str:
    """What Typer found wrong with the arguments."""
    return _told(text.removeprefix("Invalid value for "), COMPLAINTS)


def _told(text: str, phrases: dict[str, Any]) -> str:
    for pattern, message in phrases.items():
        text = re.sub(pattern, functools.partial(_filled, str(message)), text, flags=re.MULTILINE)
    return text


def _filled(message: str, found: re.Match[str]) -> str:
    return message % found.groupdict()
