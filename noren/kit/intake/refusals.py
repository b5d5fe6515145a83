"""The ways a whole file is refused, before any of its rows is looked at."""

from django.utils.translation import gettext_lazy as _

from noren.kit.errors import Refusal


class EmptyFile(Refusal):
    code = "file.empty"


class NotATable(Refusal):
    """A spreadsheet, an archive, a picture: bytes that are neither CSV nor Parquet."""

    code = "file.binary"


class BadEncoding(Refusal):
    code = "file.encoding"


class BadParquet(Refusal):
    code = "file.parquet"


class BadHeader(Refusal):
    """The column names are not those of the layout."""

    code = "file.header"


class Unbalanced(Exception):  # noqa: N818  (an accident of ours, never an answer to the user)
    """The rows that came out are not the rows that went in."""


def bad_header(name: str, found: tuple[str, ...], wanted: tuple[str, ...]) -> BadHeader:
    """The refusal that names the columns which are missing, unexpected or there twice."""
    missing = [column for column in wanted if column not in found]
    unexpected = sorted({column for column in found if column not in wanted or found.count(column) > 1})
    # A file of another kind may begin with a very long line; its first names tell enough.
    shown = [repr(column[:40]) for column in unexpected[:10]] + ["…"] * (len(unexpected) > 10)
    return BadHeader(
        _(
            "The columns of %(file)s are not as expected; correct its first line. "
            "Missing: %(missing)s. Unexpected: %(unexpected)s."
        ),
        file=name,
        missing=", ".join(missing) or "-",
        unexpected=", ".join(shown) or "-",
    )
