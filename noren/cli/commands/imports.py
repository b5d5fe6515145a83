"""Bring corporations, lines and contracts in."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from django.db import transaction
from django.utils.translation import gettext as _

from noren.accounts.actions import pins
from noren.accounts.actions.pins import PinsImported
from noren.cli import arguments, database, frame, show
from noren.kit import duck, intake
from noren.lifecycle import actions as lifecycle
from noren.members import actions
from noren.members.actions import Imported, Kind
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
    _bring_one(pins.import_pins, pins.REASONS, path, encoding=encoding, rejects=rejects, strict=strict, as_json=as_json)


def overdue(
    path: Annotated[Path, typer.Argument(metavar="FILE", help=_("CSV or Parquet file."))],
    *,
    encoding: arguments.Encoding = "auto",
    rejects: arguments.Rejects = None,
    strict: arguments.Strict = False,
    as_json: arguments.AsJson = False,
) -> None:
    """Import whose bills are overdue."""
    take, texts = overdues.import_overdue, overdues.REASONS
    _bring_one(take, texts, path, encoding=encoding, rejects=rejects, strict=strict, as_json=as_json)


def _bring_one(
    take: Callable[..., PinsImported | OverdueImported],
    texts: intake.Texts,
    path: Path,
    *,
    encoding: intake.Encoding,
    rejects: Path | None,
    strict: bool,
    as_json: bool,
) -> None:
    """One file, of which nothing is told but its rows."""
    database.ready()
    with show.Bars() as bars, duck.connect(database.home() / "scratch") as (connection, folder):
        done = take(
            connection,
            folder,
            path=path,
            encoding=encoding,
            strict=strict,
            rejects=intake.rejects_file(rejects, path, [path]),
            home=database.home(),
            actor=arguments.actor(),
            now=arguments.clock(),
            progress=bars,
        )
    if as_json:
        show.print_json(asdict(done))
        return
    heads = [_("File"), _("Read"), _("Accepted"), _("Rejected")]
    show.table(_("Import"), heads, [[done.file_name, done.read, done.accepted, done.rejected]])
    show.rejected(done.file_name, done.reasons, texts, done.rejects)


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
    database.ready()
    done = []
    with show.Bars() as bars, duck.connect(database.home() / "scratch") as (connection, folder):
        for path in paths:
            with transaction.atomic():
                done.append(
                    actions.import_file(
                        connection,
                        folder,
                        kind=kind,
                        path=path,
                        encoding=encoding,
                        strict=strict,
                        rejects=intake.rejects_file(rejects, path, paths),
                        home=database.home(),
                        actor=arguments.actor(),
                        now=arguments.clock(),
                        progress=bars,
                    )
                )
    if kind is Kind.LINES:
        lifecycle.follow_lines(actor=arguments.actor(), now=arguments.clock())
    _show(done, as_json=as_json)


def _show(done: list[Imported], *, as_json: bool) -> None:
    if as_json:
        show.print_json([asdict(one) for one in done])
        return
    show.table(
        _("Import"),
        [_("File"), _("Read"), _("Accepted"), _("Rejected"), _("New"), _("Changed"), _("Same")],
        [[one.file_name, one.read, one.accepted, one.rejected, one.added, one.changed, one.same] for one in done],
    )
    for one in done:
        show.rejected(one.file_name, one.reasons, actions.REASONS, one.rejects)
