"""Whether somebody has just shown a second factor: asked by every door before what matters."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
SENT = "code"
"""The method of a code by mail or short message: a second factor of those who have none of their own."""


def own_factors(request: HttpRequest) -> set[str]:
    """What the person has set up, but for recovery codes."""
    found = Authenticator.objects.filter(user_id=request.user.pk, type__in=FACTORS)
    return set(found.values_list("type", flat=True))


def is_fresh(request: HttpRequest) -> bool:
    """Whether a second factor was given in the last ten minutes; a code that was sent is none for who has their own."""
    given = {record["method"] for record in _records(request)}
    return "mfa" in given or (SENT in given and not own_factors(request))


def _records(request: HttpRequest) -> list[dict[str, str]]:
    since = timezone.now().timestamp() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, request.user)
    return [record for record in records if record["at"] > since]
