"""Set up Django and the language, run the command, and tell every failure in one line."""

import os
import sys

import django
from django.utils import translation
from django.utils.translation import gettext as _

from noren.kit.errors import Refusal

FAILED = 1
STOPPED = 130
"""What Typer returns after Ctrl-C."""


def run(arguments: list[str]) -> int:
    """Run one command; gives the exit code."""
    try:
        django.setup()
    except Refusal as error:
        _say(f"[{error.code}] {error}")
        return FAILED
    translation.activate(language())
    try:
        from noren.cli.app import app  # noqa: PLC0415  (help texts are translated when the commands are imported)

        status = int(app(arguments or ["--help"], prog_name="noren", standalone_mode=False) or 0)
    except KeyboardInterrupt:
        status = STOPPED
    except Exception as error:  # noqa: BLE001  (the last place: no traceback reaches a user)
        if not _was_stopped(error):
            return tell(error)
        status = STOPPED
    if status == STOPPED:
        _say(_("Stopped. Nothing half-done stays; give the same command again to carry on."))
    return status


def _was_stopped(error: BaseException | None) -> bool:
    """Whether Ctrl-C is behind it: DuckDB and the database's driver make errors of their own of it."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def language() -> str:
    """`ja` or `en`: from NOREN_LANG, else from the terminal's locale."""
    wished = os.environ.get("NOREN_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "ja" if wished.lower().startswith("ja") else "en"


def tell(error: Exception) -> int:
    """Say what went wrong in the user's words; gives the exit code."""
    from noren.cli import failures  # noqa: PLC0415  (Typer and DuckDB are imported with the commands)

    if os.environ.get("NOREN_DEBUG"):
        raise error
    code, message, status = failures.describe(error)
    _say(f"[{code}] {message}" if code else message)
    return status


def _say(message: str) -> None:
    print(message, file=sys.stderr)  # noqa: T201  (a command line speaks)
