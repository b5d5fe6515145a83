"""The emergency lock: a link in each notice mail. Opening it only asks, because mail scanners open links."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from noren.accounts import actions as accounts
from noren.accounts.rules import TicketPurpose
from noren.lifecycle import actions as lifecycle


@csrf_exempt  # the link itself is the proof; a form from elsewhere cannot know it
@login_not_required
@require_http_methods(["GET", "POST"])
def self_lock(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, or lock the account and end all its sign-ins. Raises TicketUnusable."""
    now = timezone.now()
    account = accounts.peek(token, TicketPurpose.SELF_LOCK, now)
    if request.method == "POST":
        lifecycle.self_lock(token, now=now)
        return render(request, "sign_in/locked.html", {"account": account})
    return render(request, "sign_in/lock.html", {"account": account})
