"""Where a list goes on that is sorted by a moment, the newest first: as it stands in an address."""

from datetime import UTC, datetime
from uuid import UUID


def place(at: datetime, row_id: UUID) -> str:
    """The row behind which the next page begins."""
    return f"{at.isoformat()}_{row_id}"


def read(text: str) -> tuple[datetime, UUID] | None:
    """The same, read again; None, which is the top, for what cannot be read."""
    at, _bar, row_id = text.partition("_")
    try:
        moment = datetime.fromisoformat(at)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)), UUID(row_id)
    except ValueError:
        return None
