"""Files that are either whole or not there."""

import contextlib
import errno
import hashlib
import os
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from noren.kit.errors import Refusal


class NoSpace(Refusal):
    """The disk is full."""

    code = "disk.full"


class NotWritable(Refusal):
    """A file cannot be written where it was asked for."""

    code = "file.not_writable"


class NotFound(Refusal):
    """There is no such file."""

    code = "file.not_found"


class Unreadable(Refusal):
    """A file that may not or cannot be read."""

    code = "file.unreadable"


@contextlib.contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a scratch name beside `path`; rename it to `path` when the block ends well, remove it otherwise.

    The content is on the disk before it gets its final name, so a crash leaves the old file or the new one.
    Raises NoSpace, NotWritable.
    """
    scratch = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch.touch()
        yield scratch
        _sync(scratch)
        scratch.replace(path)
        _sync(path.parent)
    except OSError as error:
        raise refusal_of(error, path) from error
    finally:
        # Where it could not be made it cannot be removed either; why is told already.
        with contextlib.suppress(OSError):
            scratch.unlink(missing_ok=True)


def refusal_of(error: OSError, path: Path) -> Refusal:
    """The refusal that tells an operating system's error in the user's words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return NoSpace(_("No space is left on the disk that holds %(path)s."), path=path)
    return NotWritable(_("%(path)s cannot be written: %(why)s."), path=path, why=error.strerror or error)


def must_be_readable(path: Path) -> None:
    """See that the file can be opened. Raises NotFound, Unreadable."""
    with _opened(path):
        pass


def sha256(path: Path) -> str:
    """Hex digest of the file's bytes. Raises NotFound, Unreadable."""
    with _opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[BufferedReader]:
    try:
        with path.open("rb") as file:
            yield file
    except FileNotFoundError as error:
        raise NotFound(_("There is no file %(file)s."), file=path) from error
    except OSError as error:
        raise Unreadable(_("%(file)s cannot be read: %(why)s."), file=path, why=error.strerror) from error


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
