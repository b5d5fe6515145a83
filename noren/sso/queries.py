"""Every read of the provider."""

import json
from collections.abc import Mapping
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
    row = Client.objects.filter(client_id=client_id, disabled_at=None).first()
    return None if row is None else _client(row)


def clients() -> list[ClientRow]:
    """Every partner in use, the oldest first."""
    return [_client(row) for row in Client.objects.filter(disabled_at=None).order_by("made_at")]


def _client(row: Client) -> ClientRow:
    return ClientRow(
        client_id=row.client_id,
        name=row.name,
        auth_method=ClientAuth(row.auth_method),
        secret_hash=row.secret_hash,
        jwks=row.jwks,
        redirect_uris=tuple(row.redirect_uris),
        post_logout_redirect_uris=tuple(row.post_logout_redirect_uris),
        backchannel_logout_uri=row.backchannel_logout_uri,
        scopes=tuple(row.scopes),
        grant_types=tuple(row.grant_types),
        subject_type=SubjectType(row.subject_type),
        sector=row.sector,
        id_token_alg=Algorithm(row.id_token_alg),
        require_pkce=row.require_pkce,
        require_par=row.require_par,
        require_dpop=row.require_dpop,
        made_at=row.made_at,
    )


def linked_services(account_id: str) -> tuple[LinkedService, ...]:
    """The partners that the account is linked to, the one used last first."""
    rows = Link.objects.filter(account_id=account_id, released_at=None).select_related("client").order_by("-used_at")
    return tuple(
        LinkedService(row.client_id, row.client.name, tuple(row.scopes), row.given_at, row.used_at) for row in rows
    )


def agreed_scopes(account_id: str, client_id: str) -> frozenset[str]:
    """What the person has agreed to hand over to the partner."""
    row = Link.objects.filter(account_id=account_id, client_id=client_id, released_at=None).first()
    return frozenset(row.scopes if row else ())


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
    *, credentials: Mapping[str, str], grant_id: UUID | None, jti: str, now: datetime
) -> dict[str, Any] | None:
    """What is known of a token's grant, for a client that proves itself; None: it does not."""
    params = {**credentials, "grant_id": grant_id, "revoked": hashed(f"revoked:{jti}"), "now": now}
    found = sql.mappings("sso", "introspect.sql", params)
    return found[0] if found else None
