"""The data directory and the server's settings."""

import contextlib
import os
import shutil
from importlib import resources
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from noren.kit.embedded import account, places, refusals

OWNER = "noren"
SETTINGS = "noren.conf"
MB = 1 << 20


def make(home: Path, user: account.Account) -> None:
    """Make the data directory unless it is there. Raises NotOurs, OtherVersion, NoSpace, WillNotStart.

    It is made beside its place, so that half a directory never has the name of a whole one.
    """
    if _is_there(home / "postgres", user):
        return
    part = home / "postgres.part"
    if part.exists():
        shutil.rmtree(part)
    part.mkdir(mode=0o700)
    account.give(part, user)
    try:
        _fill(part, home, user)
        part.rename(home / "postgres")
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _fill(part: Path, home: Path, user: account.Account) -> None:
    initdb = [str(places.programs() / "initdb"), "-D", str(part), "-U", OWNER, "--auth=trust", "--lc-messages=C"]
    # Sorting must not change with the system's library, or indexes break when a distribution is upgraded.
    locale = ["--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    account.run([*initdb, *locale], user, home)
    _write(part / SETTINGS, "", os.O_TRUNC, user)
    _write(part / "postgresql.conf", f"\ninclude '{SETTINGS}'\n", os.O_APPEND, user)


def _is_there(path: Path, user: account.Account) -> bool:
    """Whether the data is there. Raises NotOurs, OtherVersion."""
    if not path.exists():
        return False
    owner = path.stat().st_uid
    if owner in (os.geteuid(), user.uid) and not any(path.iterdir()):
        return False
    if owner != user.uid:
        words = _("%(path)s belongs to the user %(owner)s. Run Noren as this user, or: chown -R %(user)s %(path)s")
        raise refusals.NotOurs(words, path=path, owner=account.name(owner), user=account.name(user.uid))
    if not (path / "PG_VERSION").is_file():
        words = _("%(path)s holds something that is not Noren's database. Choose another NOREN_HOME.")
        raise refusals.NotOurs(words, path=path)
    found = version(path)
    if found != places.MAJOR:
        words = _("%(path)s was made by PostgreSQL %(found)s, Noren brings %(ours)s. Convert it with pg_upgrade.")
        raise refusals.OtherVersion(words, path=path, found=found, ours=places.MAJOR)
    return True


def version(path: Path) -> str:
    """The major version of the PostgreSQL that made the data."""
    return (path / "PG_VERSION").read_text(errors="replace").strip()


def write_settings(home: Path, user: account.Account) -> None:
    """Write the settings for this machine and this version of Noren; `postgresql.conf` includes them."""
    template = resources.files(__package__).joinpath(SETTINGS).read_text(encoding="utf-8")
    _write(home / "postgres" / SETTINGS, template.format(**_values(home)), os.O_TRUNC, user)


def _write(path: Path, text: str, how: int, user: account.Account) -> None:
    # Root must not be led to another file by the user who owns the directory.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | how, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        if user.is_another:
            os.fchown(handle, user.uid, user.gid)


def _values(home: Path) -> dict[str, object]:
    memory, disk = _memory() // MB, shutil.disk_usage(home).total // MB
    return {
        "port": places.PORT,
        "socket": places.socket_directory(home),
        "shared_buffers": min(4096, max(128, memory // 8)),
        "effective_cache_size": max(256, memory // 2),
        "work_mem": min(64, max(8, memory // 384)),
        "maintenance_work_mem": min(1024, max(64, memory // 16)),
        "max_wal_size": min(8192, max(512, disk // 8)),
        "min_wal_size": min(1024, max(128, disk // 64)),
    }


def _memory() -> int:
    """Bytes of memory of this machine, or of this container when it has less."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for limit in ("memory.max", "memory/memory.limit_in_bytes"):
        with contextlib.suppress(OSError, ValueError):  # not there, or "max"
            return min(machine, int((Path("/sys/fs/cgroup") / limit).read_text()))
    return machine
