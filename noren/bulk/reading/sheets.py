"""A look into an XLSX file before it is opened: a small file must not make a huge table.

The library lays a sheet out as a rectangle from its first to its last cell, so two cells far apart take all memory.
"""

import io
import re
import zipfile

from django.utils.translation import gettext_lazy as _

from noren.bulk.reading.refusals import TooLarge

MOST_UNPACKED = 400 << 20
MOST_COLUMNS = 26
BLOCK = 4 << 20
OVERLAP = 64

FAR = re.compile(rb"""\sr\s*=\s*["'](?:[A-Za-z]{2}|[A-Za-z]?0*(?:[2-9]\d{5}|\d{7}))""")
"""A cell or row beyond column Z or row 199,999: nothing that a job can hold."""


def must_be_bounded(content: bytes) -> None:
    """Raises TooLarge, zipfile.BadZipFile."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
            raise _too_large()
        for entry in archive.infolist():
            if entry.filename.lower().startswith("xl/worksheets/"):
                _look_through(archive, entry)


def _look_through(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    with archive.open(entry) as sheet:
        tail = b""
        while block := sheet.read(BLOCK):
            if FAR.search(tail + block):
                raise _too_large()
            tail = block[-OVERLAP:]


def _too_large() -> TooLarge:
    message = _("The sheet has cells beyond column %(column)s or row %(row)d. Delete them, or save it as CSV.")
    return TooLarge(message, column="Z", row=199_999)
