"""What each kind of failure is called and what it tells the user to do."""

import duckdb
from django.db import DatabaseError, OperationalError
from django.utils.translation import gettext as _
from typer.exceptions import TyperException

from noren.cli import frame
from noren.cli.start import FAILED
from noren.kit.errors import Refusal


def describe(error: Exception) -> tuple[str, str, int]:
    """Stable code (may be empty), message and exit code of a failure."""
    if isinstance(error, Refusal):
        return error.code, str(error), FAILED
    if isinstance(error, TyperException):
        return "arguments", _arguments(error), error.exit_code
    if isinstance(error, duckdb.Error):
        return _engine(error)
    if isinstance(error, DatabaseError):
        return _database(error)
    if isinstance(error, OSError):
        return _system(error)
    return (
        "internal",
        _("An error in Noren itself: %(what)s. NOREN_DEBUG=1 shows where.") % {"what": repr(error)},
        FAILED,
    )


def _arguments(error: TyperException) -> str:
    context = getattr(error, "ctx", None)
    told = frame.complaint(error.format_message())
    if context is None:
        return told
    return told + "\n" + _("See “%(command)s --help”.") % {"command": context.command_path}


def _engine(error: duckdb.Error) -> tuple[str, str, int]:
    text = str(error)
    if "No space left" in text or "write all the data" in text:
        return "disk.full", _("No space is left on the disk of the data directory."), FAILED
    return "engine", _("The bill engine failed: %(what)s") % {"what": text.splitlines()[0]}, FAILED


def _database(error: DatabaseError) -> tuple[str, str, int]:
    text = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
    if "No space left" in text or "could not extend file" in text:
        return "disk.full", _("No space is left on the disk of the database."), FAILED
    if isinstance(error, OperationalError):
        advice = _(
            "The database cannot be reached or went away: %(what)s."
            " See that it runs and that its URL is right, then give the same command again."
        )
        return "database.gone", advice % {"what": text}, FAILED
    return "database", _("The database refused: %(what)s") % {"what": text}, FAILED


def _system(error: OSError) -> tuple[str, str, int]:
    what = f"{error.filename}: {error.strerror}" if error.filename else (error.strerror or repr(error))
    return "system", _("The system refused: %(what)s") % {"what": what}, FAILED
