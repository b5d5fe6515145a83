"""The page on which a person allows a device (RFC 8628 3.3)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from noren.accounts import actions as accounts
from noren.accounts import limits
from noren.idp.answers import clock
from noren.idp.people import may_link, person_of
from noren.sso import actions, queries
from noren.sso.labels import scope_texts
from noren.sso.rules import words

TRIES = 20
"""Codes that a person may type in ten minutes: they are short enough to be guessed at (RFC 8628 5.1)."""


@require_http_methods(["GET", "POST"])
def device(request: HttpRequest) -> HttpResponse:
    """Type the code, see which service it is, say yes or no."""
    given = request.POST if request.method == "POST" else request.GET
    code = str(given.get("user_code", ""))
    if not code:
        return render(request, "idp/device.html")
    now = clock()
    limits.count([limits.Limit("device", str(request.user.pk), TRIES, 600)], now=now)
    waiting = queries.waiting_device(code, now)
    client = queries.client(waiting.client_id) if waiting else None
    if waiting is None or client is None:
        problem = _("No device waits with this code. Look at the device's screen and type it again.")
        return render(request, "idp/device.html", {"problem": problem, "user_code": code}, status=400)
    decision = request.POST.get("decision")
    if decision not in ("yes", "no"):
        scopes = words(waiting.scope)
        return render(request, "idp/device.html", {"client": client, "user_code": code, "told": scope_texts(scopes)})
    person = person_of(request, words(waiting.scope)) if decision == "yes" else None
    if person is not None and not may_link(person, client.client_id):
        person = None
    if person is not None:
        actor = accounts.herself(person.account_id)
        actions.consent(person.account_id, client.client_id, words(waiting.scope), actor=actor, now=now)
    actions.decide_device(waiting, client, person, now=now)
    return render(request, "idp/device_done.html", {"client": client, "allowed": person is not None})
