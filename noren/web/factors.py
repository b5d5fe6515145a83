"""Whether somebody has just shown a second factor: asked by every door before what matters."""

from datetime import datetime, timedelta

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
SENT = "code"
"""The method of a code by mail or short message: a second factor of those who have none of their own."""

SEEN = "guarded_seen"
"""Key in the session: when a page of a site that stands behind a second factor was last opened."""

IDLE = timedelta(minutes=10)
"""Such a site stays open for so long after each page; what changes something asks for a factor that is as fresh."""


def own_factors(request: HttpRequest) -> set[str]:
    """What the person has set up, but for recovery codes."""
    found = Authenticator.objects.filter(user_id=request.user.pk, type__in=FACTORS)
    return set(found.values_list("type", flat=True))


def is_fresh(request: HttpRequest) -> bool:
    """Whether a second factor was given in the last ten minutes."""
    since = timezone.now().timestamp() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return given_at(request, since=since) > since


def given_at(request: HttpRequest, *, since: float = 0.0) -> float:
    """When a second factor was given last (seconds since 1970; 0: never, or not later than `since`).

    A code that was sent is none for who has their own.
    """
    records = get_authentication_records(request, request.user)
    times = {name: max((one["at"] for one in records if one["method"] == name), default=0.0) for name in ("mfa", SENT)}
    counts = times[SENT] > max(times["mfa"], since) and not own_factors(request)
    last = max(times["mfa"], times[SENT] if counts else 0.0)
    return last if last > since else 0.0


def is_open(request: HttpRequest, *, fresh: bool) -> bool:
    """Whether a site behind a second factor opens to this request.

    `fresh`: only with a factor of the last ten minutes, however recently a page was opened.
    """
    now = timezone.now()
    if not is_fresh(request):
        seen = request.session.get(SEEN)
        if fresh or seen is None or datetime.fromisoformat(seen) < now - IDLE:
            return False
    _see(request, now)
    return True


def _see(request: HttpRequest, now: datetime) -> None:
    """Note it, at most once a minute, so that reading stays reading."""
    seen = request.session.get(SEEN)
    if seen is None or datetime.fromisoformat(seen) < now - timedelta(minutes=1):
        request.session[SEEN] = now.isoformat()


def step_up(request: HttpRequest) -> HttpResponseRedirect:
    """Ask for the second factor, then come back; what was sent with the request is not kept."""
    onward = request.get_full_path() if request.method == "GET" else request.path
    return HttpResponseRedirect(f"{reverse('account_second_step')}?{urlencode({'next': onward})}")
