"""Codes of authenticator apps and recovery codes: each is good for one use, however many ask at the same moment."""

from datetime import datetime

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.db import transaction

LAST = "last_counter"
"""Key in an authenticator's data: the time step of the last code that was used; older ones are refused."""

CODES = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)


@transaction.atomic
def use(account_id: str, code: str, *, now: datetime) -> Authenticator | None:
    """Use the code up and give what it came from; None: it is wrong or was used before.

    The rows stay locked for the whole check, so that of many who bring the same code one succeeds.
    """
    mine = Authenticator.objects.select_for_update().filter(user_id=account_id, type__in=CODES).order_by("pk")
    for authenticator in mine:
        taken = _take_totp if authenticator.type == Authenticator.Type.TOTP else _take_recovery
        if taken(authenticator, code, now):
            return authenticator
    return None


def step(secret: str, code: str, *, now: datetime) -> int | None:
    """The time step whose code that is, within the tolerance; None: wrong."""
    current = int(now.timestamp()) // app_settings.TOTP_PERIOD
    around = range(current - app_settings.TOTP_TOLERANCE, current + app_settings.TOTP_TOLERANCE + 1)
    right = (
        counter
        for counter in around
        if compare_user_code(actual=code, expected=totp.format_hotp_value(totp.hotp_value(secret, counter)))
    )
    return next(right, None)


def used(account_id: str, counter: int) -> None:
    """Note that the code of that time step was used when the app was set up."""
    with transaction.atomic():
        for authenticator in Authenticator.objects.select_for_update().filter(
            user_id=account_id, type=Authenticator.Type.TOTP
        ):
            _save(authenticator, {LAST: counter})


def _take_totp(authenticator: Authenticator, code: str, now: datetime) -> bool:
    counter = step(decrypt(authenticator.data["secret"]), code, now=now)
    if counter is None or counter <= authenticator.data.get(LAST, -1):
        return False
    _save(authenticator, {LAST: counter})
    return True


def _take_recovery(authenticator: Authenticator, code: str, now: datetime) -> bool:
    del now
    mask = authenticator.data["used_mask"]
    for number, expected in enumerate(authenticator.wrap().generate_codes()):
        if not mask & 1 << number and compare_user_code(actual=code, expected=expected):
            _save(authenticator, {"used_mask": mask | 1 << number})
            return True
    return False


def _save(authenticator: Authenticator, change: dict[str, int]) -> None:
    authenticator.data = {**authenticator.data, **change}
    authenticator.save(update_fields=["data"])
