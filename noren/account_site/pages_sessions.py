"""Where the account is signed in, and what happened at its door."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from noren.account_site import pages_kit
from noren.account_site.pages_again import recent_to_change
from noren.accounts import actions as accounts
from noren.accounts import labels, queries
from noren.accounts.rules import months_before
from noren.kit.secrets import hashed
from noren.lifecycle import actions as lifecycle
from noren.web import agents

KEPT_MONTHS = 13
PAGE = 50


@recent_to_change
@require_http_methods(["GET", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """The browsers that are signed in; sign one out, or all others."""
    this = hashed(request.session.session_key or "")
    if request.method == "POST":
        _end(request, this)
        return redirect("account_sessions")
    found = queries.sessions(pages_kit.mine(request), timezone.now())
    rows = [{"row": row, "browser": agents.short(row.agent)} for row in found]
    return pages_kit.page(request, "sessions", rows=rows, this=this, others=len(rows) > 1)


def _end(request: HttpRequest, this: str) -> None:
    account_id, actor, now = pages_kit.mine(request), pages_kit.me(request), timezone.now()
    if "others" in request.POST:
        lifecycle.end_other_sessions(account_id, this, actor=actor, now=now)
        messages.success(request, _("All other browsers are signed out."))
        return
    try:
        lifecycle.end_session(account_id, request.POST.get("key", ""), actor=actor, now=now)
    except accounts.NoSuchSession as unknown:
        raise Http404 from unknown
    messages.success(request, _("The browser is signed out."))


@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """Sign-ins, failed ones and the use of services, the newest first."""
    since = months_before(timezone.now(), KEPT_MONTHS)
    behind = request.GET.get("behind", "")
    page = queries.history(pages_kit.mine(request), since=since, behind=behind, size=PAGE)
    rows = [
        {
            "row": row,
            "result": labels.result(row.result, row.service),
            "methods": [labels.method(name) for name in row.methods],
            "browser": agents.short(row.agent),
        }
        for row in page.rows
    ]
    return pages_kit.page(request, "history", rows=rows, following=page.following, first=not behind)
