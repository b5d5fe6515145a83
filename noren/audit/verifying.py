"""Compute the chain anew from the rows and compare it with the links."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from noren.audit import queries
from noren.audit.rules import START, Head, link_hash
from noren.kit import db, sql
from noren.kit.progress import Progress

AT_ONCE = 20_000
"""Links that are held in memory."""

LOWEST = -(2**63)
"""Before every number that a link can have."""

MOST_ROWS = 100
"""Rows that are named for each kind of fault."""

SEALED_WITHIN = timedelta(minutes=10)
"""A row that is older than this and not linked was overlooked, or its link is gone."""


@dataclass(slots=True)
class Finding:
    """A kind of fault: how many there are, and the first of them."""

    code: str
    count: int = 0
    rows: list[dict[str, object]] = field(default_factory=list)

    def add(self, **row: object) -> None:
        """One more."""
        self.count += 1
        if len(self.rows) < MOST_ROWS:
            self.rows.append(row)


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found in so many links; `waiting` rows will be linked. No findings: nothing was changed."""

    links: int
    head: Head
    waiting: int
    findings: tuple[Finding, ...]


class _Findings(dict[str, Finding]):
    def __missing__(self, code: str) -> Finding:
        return self.setdefault(code, Finding(f"audit.{code}"))


def verify(*, noted: Head | None = None, now: datetime, progress: Progress) -> Verified:
    """Compute every hash anew. With a head that was noted elsewhere, the chain must still contain it.

    Everything is read as it was at one moment; memory stays the same whatever the length of the chain.
    """
    found = _Findings()
    with db.snapshot():
        head = queries.head()
        links = _walk(head, noted, found, progress)
        waiting = _unlinked(now, found)
    return Verified(links, head, waiting, tuple(found[code] for code in sorted(found)))


def _walk(head: Head, noted: Head | None, found: _Findings, progress: Progress) -> int:
    """Link after link; a fault is told once, what follows is compared with the hash that is there."""
    count, last, previous = 0, 0, START
    seen = noted is None or noted == Head(0, START.hex())
    for number, digest, record_id, line in _links(head.number, progress):
        if number != last + 1:
            found["gap"].add(behind=last, next=number)
        if line is None:
            found["missing"].add(number=number, record_id=record_id)
        elif number == last + 1 and link_hash(previous, line) != digest:
            found["altered"].add(number=number, record_id=record_id)
        seen = seen or noted == Head(number, digest.hex())
        count, last, previous = count + 1, number, digest
    if not seen:
        found["head"].add(noted=str(noted))
    return count


def _links(total: int, progress: Progress) -> Iterator[tuple[int, bytes, UUID, str | None]]:
    behind = LOWEST
    while rows := sql.rows(_link, "audit", "chain.sql", {"behind": behind, "most": AT_ONCE}):
        yield from rows
        behind = rows[-1][0]
        progress("audit", behind, total)


def _link(number: int, digest: Any, record_id: UUID, line: str | None) -> tuple[int, bytes, UUID, str | None]:
    return number, bytes(digest), record_id, line


def _unlinked(now: datetime, found: _Findings) -> int:
    """Rows that wait for their link; too old ones are a finding."""
    params = {"before": now - SEALED_WITHIN, "most": MOST_ROWS}
    [(every, old, first)] = sql.rows(lambda *row: row, "audit", "unlinked.sql", params)
    if old:
        found["unlinked"].count = old
        found["unlinked"].rows = [{"record_id": record_id} for record_id in first]
    return int(every) - int(old)
