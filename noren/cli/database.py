"""Make sure that the database a command needs is there."""

from contextvars import ContextVar
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext_lazy as _

from noren.kit import embedded, identity, schema
from noren.kit.errors import Refusal

USED: ContextVar[bool] = ContextVar("USED", default=False)
"""Whether the command works with the database."""


class NotInitialised(Refusal):
    """There is no data directory yet."""

    code = "database.not_initialised"


def home() -> Path:
    """The data directory."""
    return Path(settings.NOREN_HOME)


def start() -> None:
    """Start the embedded database unless one's own is named or it runs already."""
    if not settings.NOREN_DATABASE_URL:
        embedded.start(home())


def answers() -> bool:
    """Whether there is a connection to the database."""
    try:
        connection.ensure_connection()
    except DatabaseError:
        return False
    return True


def ready() -> None:
    """Have the database running with its tables up to date. Raises NotInitialised and embedded's refusals."""
    if not settings.NOREN_DATABASE_URL and not (home() / "postgres").exists():
        raise NotInitialised(_("%(home)s holds no data yet. Begin with “noren init” (or set NOREN_HOME)."), home=home())
    start()
    if schema.behind():
        raise NotInitialised(_("The tables are not those of this version of Noren. Run “noren init” once."))
    identity.check(home())
    USED.set(True)


def leave() -> None:
    """Close the connection of this thread, which has done its work."""
    connection.close()
