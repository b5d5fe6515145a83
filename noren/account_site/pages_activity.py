"""What was done to the account, by whom: the part of the audit that is the person's to see."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from noren.account_site import pages_kit
from noren.audit import labels, queries, rules

PAGE = 50


@require_GET
def activity(request: HttpRequest) -> HttpResponse:
    """Acts on the account, the newest first. Reasons are the administrators' own and are not told."""
    account_id, behind = pages_kit.mine(request), request.GET.get("behind", "")
    page = queries.search(queries.Wanted(scopes=None, subjects=[account_id]), behind=behind, size=PAGE)
    rows = [
        {
            "at": row.booked_at,
            "who": labels.WHO[rules.who(row.actor, account_id)],
            "what": labels.own(row.act),
            "changes": _changes(row),
        }
        for row in page.rows
    ]
    return pages_kit.page(request, "activity", rows=rows, following=page.following, first=not behind)


def _changes(row: queries.RecordRow) -> list[dict[str, Any]]:
    """Fields that changed, with the values before and after."""
    before, after = row.before or {}, row.after or {}
    return [
        {"field": name, "before": before.get(field), "after": after[field]}
        for field, name in labels.FIELDS.items()
        if field in after
    ]
