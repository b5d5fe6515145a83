"""CSV for spreadsheets: RFC 4180, UTF-8 with its mark, and no cell is taken for a formula."""

import csv
import io
from collections.abc import Iterable

MARK = "\ufeff"
"""What a file begins with, so that spreadsheets read it as UTF-8."""

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a formula begins with."""


def line(cells: Iterable[object]) -> str:
    """One line of the file, its end included."""
    out = io.StringIO()
    csv.writer(out).writerow([_harmless(cell) if isinstance(cell, str) else cell for cell in cells])
    return out.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(RISKY) else text
