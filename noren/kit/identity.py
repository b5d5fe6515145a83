"""A data directory and its database are a pair: bill items lie in the one, what was posted for them in the other."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from noren.kit import files, sql
from noren.kit.errors import Refusal

MARK = "installation"
"""The file in the data directory that names its database."""

RESULTS = "archive"


class OtherHome(Refusal):
    """The data directory belongs to another database."""

    code = "database.other_home"


def make() -> None:
    """Give the database its identity, as its owner; one that has it keeps it."""
    sql.run("kit", "make_identity.sql", using="owner")


def check(home: Path) -> None:
    """See that the data directory is the database's; one without results becomes it. Raises OtherHome."""
    ours, mark = str(sql.value("kit", "identity.sql")), home / MARK
    theirs = mark.read_text(encoding="utf-8").strip() if mark.exists() else ""
    if theirs == ours:
        return
    if theirs or (home / RESULTS).exists():
        message = _(
            "%(home)s belongs to another database. Use the pair that belongs together: correct NOREN_HOME or"
            " NOREN_DATABASE_URL, or restore both from one backup."
        )
        raise OtherHome(message, home=home)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)  # what customers paid is nobody else's business
    with files.whole(mark) as target:
        target.write_text(ours + "\n", encoding="utf-8")
