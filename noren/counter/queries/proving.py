"""What `noren verify` says of the counter: quotes, receipts and the books tell the same."""

from noren.kit import sql
from noren.points.queries import MAX_FAULTS, Finding

ASKED = ("not_their_points", "not_their_receipts")
"""Each is a file that returns the rows at fault."""


def findings() -> list[Finding]:
    """Receipts that are not in the books as they say, and quotes whose state their receipts do not bear out."""
    found = {name: sql.mappings("counter", f"{name}.sql", {"limit": MAX_FAULTS}) for name in ASKED}
    return [Finding(f"counter.{name}", tuple(rows)) for name, rows in found.items() if rows]
