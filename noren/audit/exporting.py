"""The audit as a file for people."""

import json
from collections.abc import Iterator

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from noren.audit import labels, queries
from noren.audit.queries import RecordRow, Wanted
from noren.kit import sheet


def csv_lines(wanted: Wanted) -> Iterator[str]:
    """A CSV file with these rows, the newest first: memory stays the same whatever their number."""
    heads = (
        *(_("Time"), _("Who"), _("Act"), _("Meaning"), _("Subject"), _("Corporation"), _("Reason")),
        *(_("Before"), _("After"), _("More")),
    )
    yield sheet.MARK + sheet.line(heads)
    for row in queries.every(wanted):
        yield sheet.line(_cells(row))


def _cells(row: RecordRow) -> list[str]:
    at = localtime(row.booked_at).isoformat(timespec="seconds")
    told = [at, row.actor, row.act, labels.label(row.act), row.subject, row.scope, row.reason]
    return [*told, *map(_json, (row.before, row.after, row.detail))]


def _json(facts: dict[str, object] | None) -> str:
    return json.dumps(facts, ensure_ascii=False) if facts else ""
