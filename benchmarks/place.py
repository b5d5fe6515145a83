"""A data directory of its own with its own server, gone at the end whatever happens."""

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from benchmarks import watch
from noren.kit import embedded

LIMIT_SECONDS = 3600
ROOT = Path(__file__).parents[1]
IMPORTED = "imported"


class DiskTooFullError(Exception):
    """The disk has no room for what is to be measured."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder for files and, in it, a data directory of Noren."""

    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def environment(self) -> dict[str, str]:
        # A user's Python keeps its bytecode, also where the one that measures is told not to.
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("NOREN_", "PYTHON"))}
        return {**kept, "NOREN_HOME": str(self.home), "NOREN_LANG": "en", "PYTHONPATH": str(ROOT)}

    def noren(self, *arguments: object) -> watch.Ran:
        """Run the whole command as a user would. Raises watch.CommandError."""
        return self.python("noren", *arguments)

    def python(self, module: str, *arguments: object, **environment: str) -> watch.Ran:
        """Run a module in a process of its own, on this data directory. Raises watch.CommandError."""
        command = [sys.executable, "-m", module, *map(str, arguments)]
        scratch = self.home / "scratch"
        return watch.run(command, environment={**self.environment, **environment}, scratch=scratch, limit=LIMIT_SECONDS)

    def conninfo(self, database: str = embedded.DATABASE, user: str = embedded.OWNER) -> str:
        return f"host='{embedded.socket_directory(self.home)}' user={user} dbname={database}"

    def execute(self, *statements: str, database: str = embedded.DATABASE) -> None:
        """Run statements as the owner, each on its own."""
        with psycopg.connect(self.conninfo(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def tidy(self) -> None:
        """Leave the tables as autovacuum would have left them by the next day.

        It never looks at empty ones: noted as empty, they would be planned for as empty after they have grown.
        """
        for table in self._filled_tables():
            self.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table)).as_string())

    def _filled_tables(self) -> list[str]:
        with psycopg.connect(self.conninfo()) as connection:
            rows = connection.execute(
                "SELECT relname FROM pg_stat_user_tables WHERE pg_relation_size(relid) > 0 ORDER BY relname"
            ).fetchall()
        return [row[0] for row in rows]

    def settle(self) -> None:
        """What was written before is on the disk, so that what comes next does not pay for it."""
        self.execute("CHECKPOINT")
        os.sync()

    def remember(self) -> None:
        """Keep the database as it is now, to come back to."""
        self.tidy()
        self.execute(_copy(embedded.DATABASE, IMPORTED), database="postgres")

    def restore(self) -> None:
        """Bring database and data directory back to what was remembered."""
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(embedded.DATABASE)).as_string()
        self.execute(drop, _copy(IMPORTED, embedded.DATABASE), database="postgres")
        for path in self.home.iterdir():
            if path.is_dir() and not path.name.startswith("postgres"):
                shutil.rmtree(path)


def _copy(source: str, target: str) -> str:
    words = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
    return words.format(sql.Identifier(target), sql.Identifier(source)).as_string()


@contextlib.contextmanager
def fresh(temp: Path, *, needs_bytes: int = 0) -> Iterator[Place]:
    """A new place with database and reference programme; server stopped and files removed at the end."""
    if shutil.disk_usage(temp).free < needs_bytes:
        raise DiskTooFullError(f"{temp} has less than {needs_bytes >> 30} GiB of room; name another folder with --temp")
    place = Place(Path(tempfile.mkdtemp(prefix="noren-bench-", dir=temp)))
    try:
        place.noren("init")
        yield place
    finally:
        with contextlib.suppress(OSError):
            embedded.stop(place.home)
        shutil.rmtree(place.folder, ignore_errors=True)
