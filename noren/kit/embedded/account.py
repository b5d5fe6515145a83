"""The user who runs the server, what root grants it, and how a program is run as this user.

PostgreSQL does not run as root. For root the server runs as the system user `pgserver`, who owns data and socket and
may pass through the directories above them, but not read them.
"""

import contextlib
import os
import pwd
import shutil
import stat
import struct
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from noren.kit.embedded import refusals

SYSTEM_USER = "pgserver"
RUN_SECONDS = 300

ACL = "system.posix_acl_access"
ACL_VERSION = struct.Struct("<I")
ACL_ENTRY = struct.Struct("<HHI")  # kind, rights, user
OWNER, USER, GROUP, MASK, OTHER = 0x01, 0x02, 0x04, 0x10, 0x20
NOBODY = 0xFFFFFFFF
PASS = 1


@dataclass(frozen=True, slots=True)
class Account:
    """The user who runs the server."""

    uid: int
    gid: int

    @property
    def is_another(self) -> bool:
        """Whether we have to change into this user."""
        return self.uid != os.geteuid()


def of_server() -> Account:
    """Ourselves, and for root the system user, made when missing. Raises NotPermitted."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    with contextlib.suppress(KeyError):
        return _system_user()
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin") or "useradd"
    command = [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/bin/false", SYSTEM_USER]
    with contextlib.suppress(OSError):
        subprocess.run(command, check=False, capture_output=True, timeout=RUN_SECONDS)
    with contextlib.suppress(KeyError):
        return _system_user()
    words = _("PostgreSQL does not run as root, and the user %(user)s cannot be made. Run Noren as another user.")
    raise refusals.NotPermitted(words, user=SYSTEM_USER)


def _system_user() -> Account:
    entry = pwd.getpwnam(SYSTEM_USER)
    return Account(entry.pw_uid, entry.pw_gid)


def name(uid: int) -> str:
    """The user's name, or the number of one without."""
    with contextlib.suppress(KeyError):
        return pwd.getpwuid(uid).pw_name
    return str(uid)


def give(path: Path, account: Account) -> None:
    """Let the server's user own what we made."""
    if account.is_another:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def let_reach(account: Account, paths: Iterable[Path]) -> None:
    """Let the server's user pass through the directories above these paths."""
    if account.is_another:
        for directory in {parent for path in paths for parent in path.parents}:
            if not directory.stat().st_mode & stat.S_IXOTH:
                _let_pass(directory, account.uid)


def let_read(account: Account, tree: Path) -> None:
    """Let everybody read the tree: the wheel's public files, installed by a root who shares nothing by default."""
    if account.is_another:
        for path in (tree, *tree.rglob("*")):
            mode = path.stat().st_mode
            if not mode & stat.S_IROTH:
                path.chmod(mode | 0o044 | (0o011 if mode & stat.S_IXUSR else 0))


def _let_pass(directory: Path, uid: int) -> None:
    """Let one user, and nobody else, pass: an entry in the directory's access control list, in the kernel's format.

    File systems without such lists get the next best, the right to pass, not to read, for everybody.
    """
    mode = directory.stat().st_mode
    rights = {(OWNER, NOBODY): mode >> 6 & 7, (GROUP, NOBODY): mode >> 3 & 7, (OTHER, NOBODY): mode & 7}
    with contextlib.suppress(OSError):  # it has no list yet
        old = os.getxattr(directory, ACL)[ACL_VERSION.size :]
        rights = {(kind, who): may for kind, may, who in ACL_ENTRY.iter_unpack(old)}
    rights[MASK, NOBODY] = rights.get((MASK, NOBODY), rights[GROUP, NOBODY]) | PASS
    rights[USER, uid] = rights.get((USER, uid), 0) | PASS
    entries = (ACL_ENTRY.pack(kind, may, who) for (kind, who), may in sorted(rights.items()))
    try:
        os.setxattr(directory, ACL, ACL_VERSION.pack(2) + b"".join(entries))
    except OSError:
        directory.chmod(mode | stat.S_IXOTH)


def run(command: list[str], account: Account, home: Path) -> str:
    """Run as the server's user, away from our terminal, and give what it prints; complaints go to the log.

    Raises the refusals that its last words mean.
    """
    drop = {"user": account.uid, "group": account.gid, "extra_groups": []} if account.is_another else {}
    log = home / "postgres.log"
    with log.open("ab") as complaints:
        done = _run(command, stderr=complaints, **drop)
    if done.returncode != 0:
        raise refusals.of_output(log.read_text(errors="replace"), home)
    return done.stdout


def _run(command: list[str], **how: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        errors="replace",
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},  # neither our secrets nor the user's PG* variables
        umask=0o077,
        start_new_session=True,
        timeout=RUN_SECONDS,
        **how,
    )
