"""Tables and roles: made by the owner, used by the application's role."""

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, ProgrammingError, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext_lazy as _

from noren.kit import identity, sql
from noren.kit.errors import Refusal

OWNER = "owner"
OLDEST = 150000


class TooOld(Refusal):
    """The PostgreSQL server is older than Noren needs."""

    code = "database.too_old"


class NoRole(Refusal):
    """The application's role is missing and may not be made."""

    code = "database.no_role"


def build() -> None:
    """Make or upgrade the tables. Raises TooOld, NoRole."""
    connection = connections[OWNER]
    connection.ensure_connection()
    version = connection.connection.info.server_version
    if version < OLDEST:
        raise TooOld(
            _("PostgreSQL 15 or newer is needed; the server is version %(version)d."), version=version // 10000
        )
    try:
        sql.run("kit", "application_role.sql", using=OWNER)
    except ProgrammingError as error:
        raise NoRole(
            _(
                "The role noren_app cannot be made: %(why)s."
                " Have a superuser run: CREATE ROLE noren_app; GRANT noren_app TO %(user)s;"
            ),
            why=str(error).splitlines()[0],
            user=connection.settings_dict["USER"],
        ) from error
    call_command("migrate", database=OWNER, verbosity=0, interactive=False)
    sql.run("kit", "migrations_readable.sql", using=OWNER)
    identity.make()


def behind() -> bool:
    """Whether some migration has not been applied."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
