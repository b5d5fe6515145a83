"""What a user is told when the database cannot be had."""

import contextlib
import errno
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
from django.utils.translation import gettext_lazy as _

from noren.kit.errors import Refusal

SPARE_BYTES = 32 << 20  # with less, the server can write neither its next 16 MB of log nor its complaint
NO_SPACE = re.compile(r"No space left|[Qq]uota exceeded|File too large|File size limit")
# That a file of settings contains errors says less than the line before, which says which.
COMPLAINT = re.compile(
    r"(?:FATAL|PANIC|ERROR|[Ee]rror|LOG(?=: +(?:invalid|syntax|unrecognized))): +(?! |configuration file)(.+)"
)


class NoSpace(Refusal):
    """The disk of the data directory is full."""

    code = "database.no_space"


class NotOurs(Refusal):
    """Something else is in the place of the database, or it belongs to somebody else."""

    code = "database.not_ours"


class OtherVersion(Refusal):
    """The data was made by another PostgreSQL."""

    code = "database.other_version"


class WillNotStart(Refusal):
    """PostgreSQL gives up, in its own words."""

    code = "database.will_not_start"


class NotPermitted(Refusal):
    """The system does not let us, or does not let the server's user."""

    code = "database.not_permitted"


class SocketTaken(Refusal):
    """Something that is not this database listens where its socket should be."""

    code = "database.socket_taken"


class Elsewhere(Refusal):
    """The database runs, but not with the socket that Noren uses."""

    code = "database.elsewhere"


class Busy(Refusal):
    """The database is being started or stopped and that does not come to an end."""

    code = "database.busy"


@contextlib.contextmanager
def told(home: Path) -> Iterator[None]:
    """Turn what the system, its programs and the driver raise into refusals."""
    try:
        yield
    except OSError as error:
        raise of_system(error, home) from error
    except (psycopg.Error, subprocess.SubprocessError) as error:
        raise of_output(f"ERROR: {error}", home) from error


def of_system(error: OSError, home: Path) -> Refusal:
    """The refusal that tells an operating system's error."""
    path, why = error.filename or home, error.strerror or str(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return _no_space(home)
    if error.errno in (errno.EEXIST, errno.ENOTDIR):
        return NotOurs(_("%(path)s should be a directory, but is none. Choose another NOREN_HOME."), path=path)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        words = _("%(path)s: %(why)s. Run Noren as the user who made %(home)s, or choose another NOREN_HOME.")
        return NotPermitted(words, path=path, why=why, home=home)
    words = _("The system cannot run the database: %(path)s: %(why)s. Mend that, or choose another NOREN_HOME.")
    return WillNotStart(words, path=path, why=why)


def of_output(output: str, home: Path) -> Refusal:
    """The refusal that tells the last words of PostgreSQL's programs."""
    # With a full disk there may be no words at all.
    if NO_SPACE.search(output) or shutil.disk_usage(home).free < SPARE_BYTES:
        return _no_space(home)
    why, log = _last_words(output), home / "postgres.log"
    if "Permission denied" in output:
        words = _("The database's own user may not use a file: %(why)s. %(log)s tells more.")
        return NotPermitted(words, why=why, log=log)
    return WillNotStart(_("The database does not start: %(why)s. %(log)s tells more."), why=why, log=log)


def _last_words(output: str) -> str:
    lines = [line.strip().rstrip(".") for line in COMPLAINT.findall(output) or output.splitlines() if line.strip()]
    return lines[-1] if lines else "?"


def _no_space(home: Path) -> Refusal:
    return NoSpace(_("No space is left for the database in %(home)s. Make room, then try again."), home=home)
