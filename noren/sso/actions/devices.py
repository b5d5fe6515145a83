"""Devices without a browser (RFC 8628)."""

import secrets
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

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


def redeem_device(device_code: str, *, by: Credentials, jkt: str, now: datetime) -> tuple[Given, Refresh] | Waiting:
    """The grant and its refresh token once the person has allowed it; why not, otherwise."""
    refresh = Refresh.new(UUID(int=0))
    params = {
        **by.params,
        "device_hash": hashed(device_code),
        "pause": DEVICE_PAUSE,
        "jkt": jkt,
        "handle_hash": refresh.handle_hash,
        "refresh_hash": refresh.secret_hash,
        "refresh_expires_at": now + REFRESH_LIFE,
        "now": now,
    }
    found = sql.mappings("sso", "redeem_device.sql", params)
    if not found:
        return Waiting.WRONG
    row = found[0]
    denied, expired, allowed, too_fast = (row.pop(name) for name in ("denied", "expired", "allowed", "too_fast"))
    against = (
        (denied, Waiting.DENIED),
        (expired, Waiting.EXPIRED),
        (not allowed, Waiting.SLOW_DOWN if too_fast else Waiting.PENDING),
        (not row["given"], Waiting.WRONG),
    )
    if why := next((reason for speaks, reason in against if speaks), None):
        return why
    given = Given.of(row)
    return given, replace(refresh, grant_id=given.grant_id)
