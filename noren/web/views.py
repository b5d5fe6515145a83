"""Pages that belong to no site: health, and the demo's outbox."""

import email
import email.policy
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

LETTERS = 50


@login_not_required
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Whether the web server and its database answer."""
    del request
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@login_not_required
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """The mails and short messages that the demo has sent; 404 where real people sign in."""
    if not settings.NOREN_DEMO:
        raise Http404
    paths = sorted((Path(settings.NOREN_HOME) / "outbox").glob("[0-9]*.eml"), reverse=True)[:LETTERS]
    return render(request, "web/outbox.html", {"letters": [_letter(path) for path in paths]})


def _letter(path: Path) -> dict[str, Any]:
    letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = letter.get_body(("plain",))
    return {
        "to": str(letter["To"]),
        "subject": str(letter["Subject"]),
        "date": letter["Date"].datetime,
        "body": "" if body is None else str(body.get_content()),
    }
