"""Write down who did what, in the transaction that did it; link what was committed into the chain.

A writer only adds rows and waits for nobody. The sealer comes after it: it gives every committed row a number and a
hash over the row and the hash before it, so that a later change of any of them shows (docs/rules/audit.md).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from noren.audit.rules import START, link_hash
from noren.kit import sql
from noren.kit.actor import Actor

AT_ONCE = 200_000
"""Rows that are linked in one transaction."""

FETCHED = 5_000
"""Rows that are held in memory while they are linked."""

Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Entry:
    """One of many rows. `before` and `after` hold the fields that changed, and never a secret."""

    act: str
    subject: str
    detail: Facts = field(default_factory=dict)
    scope: str = ""
    reason: str = ""
    before: Facts | None = None
    after: Facts | None = None


def record(
    *,
    actor: Actor,
    act: str,
    subject: str,
    detail: Facts | None = None,
    now: datetime,
    scope: str = "",
    reason: str = "",
    before: Facts | None = None,
    after: Facts | None = None,
) -> None:
    """Add one row: the actor did the act (`lines.import`) to the subject.

    `scope` is the id of the corporation to which the subject belongs (empty: the installation), `reason` what an
    administrator gave as one (empty: what came with the actor), `before` and `after` the fields that changed. Never a
    secret, in none of them.
    """
    params = {
        "record_id": uuid4(),
        "now": now,
        "actor": str(actor),
        "act": act,
        "subject": subject,
        "detail": _json(detail or {}),
        "scope": scope,
        "reason": reason or actor.reason,
        "before": _json(before),
        "after": _json(after),
    }
    sql.run("audit", "record.sql", params)


def record_many(entries: Iterable[Entry], *, actor: Actor, now: datetime) -> int:
    """Add a row for each entry, by COPY; gives how many. Memory stays the same whatever their number.

    A statement that changes many rows adds theirs itself, see docs/rules/audit.md.
    """
    with connection.cursor() as cursor:
        with cursor.copy(sql.text("audit", "copy_records.sql")) as copy:
            for one in entries:
                told = (one.act, one.subject, _json(one.detail), one.scope, one.reason or actor.reason)
                copy.write_row((now, str(actor), *told, _json(one.before), _json(one.after)))
        return int(cursor.rowcount)


def _json(facts: Facts | None) -> str | None:
    return None if facts is None else json.dumps(dict(facts), cls=DjangoJSONEncoder, ensure_ascii=False)


def seal(*, thorough: bool = False) -> int:
    """Link every row that is committed and not linked yet; gives how many.

    Others that do the same wait for each other; writers wait for nobody. `thorough` looks at every row there is
    instead of those since the mark. No transaction may be open.
    """
    linked = last = _seal_some(thorough)
    while last == AT_ONCE:
        last = _seal_some(thorough)
        linked += last
    return linked


@transaction.atomic(durable=True)
def _seal_some(thorough: bool) -> int:
    """Link up to so many rows: all of it or, when the process dies, nothing.

    Rows are found by the transaction that wrote them. Below `until` all of them have ended when the rows are read, so
    that nothing can appear there any more once these are linked; what commits late lies above, however old it is.
    """
    sql.value("audit", "hold_chain.sql")
    [(since, until)] = sql.rows(lambda since, until: (since, until), "audit", "settled.sql")
    linked = _link("0" if thorough else since)
    if linked < AT_ONCE:
        sql.run("audit", "settle.sql", {"until": until})
    return linked


def _link(since: str) -> int:
    """Link what waits; the rows are read from a cursor, piece by piece."""
    linked, head = 0, None
    with connection.chunked_cursor() as waiting:
        waiting.execute(sql.text("audit", "waiting.sql"), {"since": since, "most": AT_ONCE})
        while rows := waiting.fetchmany(FETCHED):
            head = _append(head or _head(), rows)
            linked += len(rows)
    return linked


def _head() -> tuple[int, bytes]:
    found = sql.rows(lambda number, digest: (number, bytes(digest)), "audit", "head.sql")
    return found[0] if found else (0, START)


def _append(head: tuple[int, bytes], rows: Iterable[tuple[UUID, str]]) -> tuple[int, bytes]:
    """Put these rows behind the head; gives the new one."""
    number, digest = head
    with connection.cursor() as cursor, cursor.copy(sql.text("audit", "copy_links.sql")) as copy:
        for record_id, line in rows:
            number, digest = number + 1, link_hash(digest, line)
            copy.write_row((number, record_id, digest))
    return number, digest
