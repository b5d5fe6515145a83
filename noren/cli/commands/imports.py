"""Bring corporations, lines and contracts in."""

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from noren.accounts.actions import pins
from noren.accounts.actions.pins import PinsImported
from noren.cli import arguments, files, frame, show
from noren.kit import intake
from noren.lifecycle import actions as lifecycle
from noren.members import actions
from noren.members.actions import Kind
from noren.spending.actions import overdue as overdues
from noren.spending.actions.overdue import OverdueImported

Files = Annotated[list[Path], typer.Argument(metavar="FILE", help=_("CSV or Parquet files."))]


def add_to(app: typer.Typer) -> None:
    """Add `import` with one command for each kind of file."""
    group = frame.Commands(help=_("Bring master data in."))
    group.command("corporations", help=_("Corporations: add new ones, change known ones."))(corporations)
    group.command("lines", help=_("Lines: add new ones, change known ones."))(lines)
    group.command("contracts", help=_("Solution contracts: add new ones, change known ones."))(contracts)
    group.command("line-pins", help=_("PINs of lines, by which people link a line to their account."))(line_pins)
    group.command("overdue", help=_("Whose bills are overdue: replaces what was known."))(overdue)
    app.add_typer(group, name="import")


def corporations(
    paths: Files,
    *,
    encoding: arguments.Encoding = "auto",
    rejects: arguments.Rejects = None,
    strict: arguments.Strict = False,
    as_json: arguments.AsJson = False,
) -> None:
    """Import corporations."""
    _bring_in(Kind.CORPORATIONS, paths, encoding=encoding, rejects=rejects, strict=strict, as_json=as_json)


def lines(
    paths: Files,
    *,
    encoding: arguments.Encoding = "auto",
    rejects: arguments.Rejects = None,
    strict: arguments.Strict = False,
    as_json: arguments.AsJson = False,
) -> None:
    """Import lines."""
    _bring_in(Kind.LINES, paths, encoding=encoding, rejects=rejects, strict=strict, as_json=as_json)


def contracts(
    paths: Files,
    *,
    encoding: arguments.Encoding = "auto",
    rejects: arguments.Rejects = None,
    strict: arguments.Strict = False,
    as_json: arguments.AsJson = False,
) -> None:
    """Import solution contracts."""
    _bring_in(Kind.CONTRACTS, paths, encoding=encoding, rejects=rejects, strict=strict, as_json=as_json)


def line_pins(
    path: Annotated[Path, typer.Argument(metavar="FILE", help=_("CSV or Parquet file."))],
    *,
    encoding: arguments.Encoding = "auto",
    rejects: arguments.Rejects = None,
    strict: arguments.Strict = False,
    as_json: arguments.AsJson = False,
) -> None:
    """Import the PINs of lines."""
    [done] = files.take_in(pins.import_pins, [path], encoding=encoding, rejects=rejects, strict=strict)
    _tell(done, pins.REASONS, as_json=as_json)


def overdue(
    path: Annotated[Path, typer.Argument(metavar="FILE", help=_("CSV or Parquet file."))],
    *,
    encoding: arguments.Encoding = "auto",
    rejects: arguments.Rejects = None,
    strict: arguments.Strict = False,
    as_json: arguments.AsJson = False,
) -> None:
    """Import whose bills are overdue."""
    [done] = files.take_in(overdues.import_overdue, [path], encoding=encoding, rejects=rejects, strict=strict)
    _tell(done, overdues.REASONS, as_json=as_json)


def _tell(done: PinsImported | OverdueImported, texts: intake.Texts, *, as_json: bool) -> None:
    """Of such a file nothing is told but its rows."""
    if as_json:
        show.print_json(asdict(done))
        return
    heads = {"read": _("Read"), "accepted": _("Accepted"), "rejected": _("Rejected")}
    files.tell(_("Import"), heads, [done], texts)


def _bring_in(
    kind: Kind,
    paths: list[Path],
    *,
    encoding: intake.Encoding,
    rejects: Path | None,
    strict: bool,
    as_json: bool,
) -> None:
    """Each file is in as a whole or not at all."""
    take = partial(actions.import_file, kind=kind)
    done = files.take_in(take, paths, encoding=encoding, rejects=rejects, strict=strict)
    if kind is Kind.LINES:
        lifecycle.follow_lines(actor=arguments.actor(), now=arguments.clock())
    if as_json:
        show.print_json([asdict(one) for one in done])
        return
    heads = {
        "read": _("Read"),
        "accepted": _("Accepted"),
        "rejected": _("Rejected"),
        "added": _("New"),
        "changed": _("Changed"),
        "same": _("Same"),
    }
    files.tell(_("Import"), heads, done, actions.REASONS)
