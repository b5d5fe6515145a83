"""Django's settings, all from the environment. `docs/operations.md` lists every variable."""

import os
from pathlib import Path
from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from noren.kit import embedded
from noren.kit.errors import Refusal


class BadSetting(Refusal):
    """An environment variable that cannot be read. Told in English: the language is a setting, too."""

    code = "setting"


def _count(name: str, usual: int) -> int:
    text = os.environ.get(name, "") or str(usual)
    if not text.isdecimal() or int(text) < 1:
        raise BadSetting("%(name)s must be a whole number of 1 or more, not “%(text)s”.", name=name, text=text)
    return int(text)


NOREN_HOME = Path(os.environ.get("NOREN_HOME", "") or "var/noren").expanduser().absolute()
"""Data directory: embedded database, archive of bill items, rejects, scratch files."""

NOREN_DATABASE_URL = os.environ.get("NOREN_DATABASE_URL", "")
"""One's own PostgreSQL (15 or newer), as the role that owns the tables; empty = the embedded one."""

NOREN_APP_DATABASE_URL = os.environ.get("NOREN_APP_DATABASE_URL", "")
"""The same database as a login of the role `noren_app`; empty = the owner's login, acting as `noren_app`."""

NOREN_SLICE_WALLETS = _count("NOREN_SLICE_WALLETS", 200_000)
"""Wallets posted in one transaction: larger is faster, smaller loses less to a crash."""


def _database(conninfo: str, **extra: str) -> dict[str, Any]:
    """A connection in Django's words. Statements are prepared by the server: the ledger sends few, often."""
    try:
        given: dict[str, Any] = {**conninfo_to_dict(conninfo), **extra}
    except ProgrammingError as error:
        raise BadSetting("A database URL cannot be read: %(why)s", why=str(error).strip()) from error
    if not given.get("dbname"):
        raise BadSetting("A database URL must name a database, as in postgresql://user@host/noren.")
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    plain = {name: str(given.pop(key, "")) for key, name in names.items()}
    options = {**given, "server_side_binding": True, "prepare_threshold": 3}
    return {"ENGINE": "django.db.backends.postgresql", **plain, "OPTIONS": options}


def _databases() -> dict[str, dict[str, Any]]:
    if NOREN_APP_DATABASE_URL and not NOREN_DATABASE_URL:
        raise BadSetting("NOREN_APP_DATABASE_URL goes with NOREN_DATABASE_URL; set both or none.")
    if not NOREN_DATABASE_URL:
        local = f"host='{embedded.socket_directory(NOREN_HOME)}' dbname={embedded.DATABASE}"
        return {
            "default": _database(local, user=embedded.APP_ROLE),
            "owner": _database(local, user=embedded.OWNER),
        }
    owner = _database(NOREN_DATABASE_URL)
    if NOREN_APP_DATABASE_URL:
        return {"default": _database(NOREN_APP_DATABASE_URL), "owner": owner}
    return {"default": _database(NOREN_DATABASE_URL, options=f"-c role={embedded.APP_ROLE}"), "owner": owner}


DATABASES = _databases()
"""`default` may not change what was posted; `owner` makes the tables and is used by `noren init` alone."""

INSTALLED_APPS = [
    "noren.audit",
    "noren.programme",
    "noren.members",
    "noren.billing",
    "noren.points",
    "noren.closing",
]

USE_TZ = True
TIME_ZONE = "Asia/Tokyo"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parents[1] / "locale"]
SECRET_KEY = os.environ.get("NOREN_SECRET_KEY", "")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
