"""Every read of the provider."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from noren.kit import sql
from noren.kit.errors import Refusal
from noren.kit.secrets import hashed
from noren.sso.models import Client, Device, Link
from noren.sso.rules import Algorithm, ClientAuth, SubjectType


class UnknownClient(Refusal):
    """There is no such partner."""

    code = "client.unknown"


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A partner service as it was registered."""

    client_id: str
    name: str
    auth_method: ClientAuth
    secret_hash: str
    jwks: Mapping[str, Any]
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...]
    backchannel_logout_uri: str
    scopes: tuple[str, ...]
    grant_types: tuple[str, ...]
    subject_type: SubjectType
    sector: str
    id_token_alg: Algorithm
    require_pkce: bool
    require_par: bool
    require_dpop: bool
    made_at: datetime


LISTS = ("redirect_uris", "post_logout_redirect_uris", "scopes", "grant_types")
"""Columns of a partner that hold a list."""


@dataclass(frozen=True, slots=True)
class LinkedService:
    """A partner that the account is linked to, and what it may learn."""

    client_id: str
    name: str
    scopes: tuple[str, ...]
    given_at: datetime
    used_at: datetime


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A device that waits."""

    device_hash: str
    client_id: str
    scope: str


def client(client_id: str) -> ClientRow | None:
    """The partner of that id that is in use."""
    keepable = client_id.isprintable()
    found = sql.mappings("sso", "client.sql", {"client_id": client_id}) if keepable else []
    return _client(found[0]) if found else None


def clients() -> list[ClientRow]:
    """Every partner in use, the oldest first."""
    ids = Client.objects.filter(disabled_at=None).order_by("made_at").values_list("client_id", flat=True)
    return [row for row in map(client, ids) if row is not None]


def _client(row: Mapping[str, Any]) -> ClientRow:
    """A row of the statement; its JSON columns come as text."""
    lists = {name: tuple(json.loads(row[name])) for name in LISTS}
    return ClientRow(
        **{
            **row,
            **lists,
            "jwks": json.loads(row["jwks"]),
            "auth_method": ClientAuth(row["auth_method"]),
            "subject_type": SubjectType(row["subject_type"]),
            "id_token_alg": Algorithm(row["id_token_alg"]),
        }
    )


def linked_services(account_id: str) -> tuple[LinkedService, ...]:
    """The partners that the account is linked to, the one used last first."""
    rows = Link.objects.filter(account_id=account_id, released_at=None, client__disabled_at=None)
    return tuple(
        LinkedService(row.client_id, row.client.name, tuple(row.scopes), row.given_at, row.used_at)
        for row in rows.select_related("client").order_by("-used_at")
    )


def linked_accounts(client_id: str, account_ids: Collection[str]) -> list[str]:
    """Those of the accounts that are linked to the partner."""
    rows = Link.objects.filter(client_id=client_id, account_id__in=list(account_ids), released_at=None)
    return list(rows.order_by("account_id").values_list("account_id", flat=True))


def waiting_device(user_code: str, now: datetime) -> DeviceRow | None:
    """The device that shows this code and waits."""
    plain = "".join(letter for letter in user_code.upper() if letter.isalpha())
    row = Device.objects.filter(user_code_hash=hashed(plain), grant=None, denied_at=None, expires_at__gt=now).first()
    return None if row is None else DeviceRow(row.device_hash, row.client_id, row.scope)


def person(grant_id: UUID, *, jti: str, now: datetime) -> dict[str, Any] | None:
    """Scope, claims asked, subject and the person's claims of an access token's grant; None: it has ended."""
    params = {"grant_id": grant_id, "revoked": hashed(f"revoked:{jti}"), "now": now}
    found = sql.mappings("sso", "person.sql", params)
    if not found:
        return None
    row = found[0]
    return {**row, "claims": json.loads(row["claims"]), "person": json.loads(row["person"])}


def introspected(
    *, credentials: Mapping[str, str], grant_id: UUID | None, claims: Mapping[str, Any], now: datetime
) -> dict[str, Any] | None:
    """What is known of a token's grant and client, for a client that proves itself; None: it does not."""
    revoked, holder = hashed(f"revoked:{claims.get('jti', '')}"), claims.get("client_id", "")
    params = {**credentials, "grant_id": grant_id, "revoked": revoked, "holder": holder, "now": now}
    found = sql.mappings("sso", "introspect.sql", params)
    return found[0] if found else None
