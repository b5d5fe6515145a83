"""Django's settings, all from the environment. `docs/operations.md` lists every variable."""

import os
from pathlib import Path

from noren.kit import embedded

NOREN_HOME = Path(os.environ.get("NOREN_HOME", "var/noren")).resolve()
"""Data directory: embedded database, archive of bill items, rejects, scratch files."""

NOREN_DATABASE_URL = os.environ.get("NOREN_DATABASE_URL", "")
"""One's own PostgreSQL (15 or newer), as the role that owns the tables; empty = the embedded one."""

NOREN_APP_DATABASE_URL = os.environ.get("NOREN_APP_DATABASE_URL", "")
"""The same database as the application's role; empty = the owner's URL, acting as `noren_app`."""

INSTALLED_APPS = [
    "django.contrib.postgres",
    "noren.audit",
    "noren.programme",
    "noren.members",
    "noren.billing",
    "noren.points",
    "noren.closing",
]
