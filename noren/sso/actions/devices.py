"""Devices without a browser (RFC 8628)."""

import secrets
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from noren.kit import sql
from noren.kit.secrets import hashed, token
from noren.sso.actions.consent import Person, open_grant
from noren.sso.actions.redeeming import Credentials
from noren.sso.models import Device
from noren.sso.queries import ClientRow, DeviceRow
from noren.sso.rules import DEVICE_LIFE, DEVICE_PAUSE, REFRESH_LIFE, words
from noren.sso.tokens import Given, Refresh

ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
"""Letters that make no words and are not mistaken for others (RFC 8628 6.1)."""


class Waiting(StrEnum):
    """Why a device gets nothing."""

    PENDING = "authorization_pending"
    SLOW_DOWN = "slow_down"
    DENIED = "access_denied"
    EXPIRED = "expired_token"
    WRONG = "invalid_grant"


def start_device(client_id: str, scope: str, *, now: datetime) -> tuple[str, str]:
    """Device code and user code, good for ten minutes."""
    device_code, user_code = token(), "".join(secrets.choice(ALPHABET) for _place in range(8))
    Device.objects.create(
        device_hash=hashed(device_code),
        user_code_hash=hashed(user_code),
        client_id=client_id,
        scope=scope,
        expires_at=now + DEVICE_LIFE,
    )
    return device_code, f"{user_code[:4]}-{user_code[4:]}"


@transaction.atomic
def decide_device(device: DeviceRow, client: ClientRow, person: Person | None, *, now: datetime) -> bool:
    """Allow the device (or, without a person, deny it), once. False: it was decided before."""
    waiting = Device.objects.select_for_update().filter(
        device_hash=device.device_hash, grant=None, denied_at=None, expires_at__gt=now
    )
    if not waiting.exists():
        return False
    if person is None:
        return bool(waiting.update(denied_at=now))
    return bool(waiting.update(grant=open_grant(client, person, words(device.scope), now=now)))


@transaction.atomic
def redeem_device(device_code: str, *, by: Credentials, jkt: str, now: datetime) -> tuple[Given, Refresh] | Waiting:
    """The grant and its refresh token once the person has allowed it; why not, otherwise."""
    params = {**by.params, "device_hash": hashed(device_code), "pause": DEVICE_PAUSE, "jkt": jkt, "now": now}
    found = sql.mappings("sso", "redeem_device.sql", params)
    if not found:
        return Waiting.WRONG
    row = found[0]
    against = (
        (row["denied"], Waiting.DENIED),
        (row["expired"], Waiting.EXPIRED),
        (row["grant_id"] is None, Waiting.SLOW_DOWN if row["too_fast"] else Waiting.PENDING),
        (not row["given"], Waiting.WRONG),
    )
    if why := next((reason for speaks, reason in against if speaks), None):
        return why
    refresh = Refresh.new(row["grant_id"])
    opened = sql.mappings(
        "sso",
        "open_device_grant.sql",
        {
            "grant_id": row["grant_id"],
            "jkt": jkt,
            "handle_hash": refresh.handle_hash,
            "refresh_hash": refresh.secret_hash,
            "refresh_expires_at": now + REFRESH_LIFE,
            "now": now,
        },
    )
    return (Given.of(opened[0]), refresh) if opened else Waiting.WRONG
