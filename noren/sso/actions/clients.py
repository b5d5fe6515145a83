"""Register partner services."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from noren.audit import actions as audit
from noren.kit.actor import Actor
from noren.kit.errors import Refusal
from noren.kit.secrets import hashed, token
from noren.sso.models import Client
from noren.sso.queries import UnknownClient
from noren.sso.rules import SCOPES, SECRET_METHODS, USUAL_SCOPES, Algorithm, ClientAuth, GrantType, SubjectType

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class BadClient(Refusal):
    """A registration that cannot be."""

    code = "client.wrong"


@dataclass(frozen=True, slots=True)
class Made:
    """What the partner is given; the secret is shown this once."""

    client_id: str
    secret: str


@transaction.atomic
def add_client(
    *,
    name: str,
    redirect_uris: Sequence[str] = (),
    post_logout_redirect_uris: Sequence[str] = (),
    backchannel_logout_uri: str = "",
    auth_method: ClientAuth = ClientAuth.BASIC,
    jwks: Mapping[str, Any] | None = None,
    scopes: Sequence[str] = USUAL_SCOPES,
    grant_types: Sequence[GrantType] = (GrantType.CODE, GrantType.REFRESH),
    subject_type: SubjectType = SubjectType.PAIRWISE,
    sector: str = "",
    id_token_alg: Algorithm = Algorithm.ES256,
    require_pkce: bool = True,
    require_par: bool = False,
    require_dpop: bool = False,
    introspects_all: bool = False,
    actor: Actor,
    now: datetime,
) -> Made:
    """Register a partner service. Raises BadClient."""
    for uri in (*redirect_uris, *post_logout_redirect_uris, *filter(None, [backchannel_logout_uri])):
        _must_be_safe(uri)
    _must_fit(redirect_uris, grant_types, scopes, auth_method, jwks)
    secret = token() if auth_method in SECRET_METHODS else ""
    client_id = secrets.token_hex(12)
    hosts = {urlsplit(uri).netloc for uri in redirect_uris}
    Client.objects.create(
        client_id=client_id,
        name=name,
        auth_method=auth_method,
        secret_hash=hashed(secret) if secret else "",
        jwks=dict(jwks or {}),
        redirect_uris=list(redirect_uris),
        post_logout_redirect_uris=list(post_logout_redirect_uris),
        backchannel_logout_uri=backchannel_logout_uri,
        scopes=list(scopes),
        grant_types=[str(kind) for kind in grant_types],
        subject_type=subject_type,
        sector=sector or (hosts.pop() if len(hosts) == 1 else client_id),
        id_token_alg=id_token_alg,
        require_pkce=require_pkce or auth_method is ClientAuth.NONE,
        require_par=require_par,
        require_dpop=require_dpop,
        introspects_all=introspects_all,
        made_at=now,
    )
    audit.record(actor=actor, act="client.add", subject=client_id, detail={"name": name}, now=now)
    return Made(client_id, secret)


def _must_be_safe(uri: str) -> None:
    """Over https, or to this machine; whole, without a fragment (OAuth 2.1 2.3)."""
    parts = urlsplit(uri)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not safe or not parts.netloc or parts.fragment or "*" in uri:
        raise BadClient(_("“%(uri)s” must be a whole https address without “#” and “*”."), uri=uri)


def _must_fit(
    redirect_uris: Sequence[str],
    grant_types: Sequence[GrantType],
    scopes: Sequence[str],
    auth_method: ClientAuth,
    jwks: Mapping[str, Any] | None,
) -> None:
    if GrantType.CODE in grant_types and not redirect_uris:
        raise BadClient(_("A partner that people sign on to needs at least one redirect address."))
    if auth_method is ClientAuth.PRIVATE_KEY and not (jwks or {}).get("keys"):
        raise BadClient(_("private_key_jwt needs the partner's public keys (a JWK set)."))
    if auth_method is ClientAuth.NONE and GrantType.CLIENT in grant_types:
        raise BadClient(_("A partner without credentials cannot ask for tokens of its own."))
    if unknown := sorted(set(scopes) - set(SCOPES)):
        raise BadClient(_("Unknown scopes: %(scopes)s"), scopes=", ".join(unknown))


@transaction.atomic
def new_secret(client_id: str, *, actor: Actor, now: datetime) -> str:
    """A new secret; the old one stops working at once. Raises UnknownClient."""
    secret = token()
    changed = Client.objects.filter(client_id=client_id, auth_method__in=SECRET_METHODS, disabled_at=None).update(
        secret_hash=hashed(secret)
    )
    if not changed:
        raise UnknownClient(_("There is no partner with a secret under the id %(client)s."), client=client_id)
    audit.record(actor=actor, act="client.secret", subject=client_id, detail={}, now=now)
    return secret


@transaction.atomic
def disable_client(client_id: str, *, actor: Actor, now: datetime) -> None:
    """Nobody signs on to it any more, and its tokens end. Raises UnknownClient."""
    if not Client.objects.filter(client_id=client_id, disabled_at=None).update(disabled_at=now):
        raise UnknownClient(_("There is no partner with the id %(client)s."), client=client_id)
    audit.record(actor=actor, act="client.remove", subject=client_id, detail={}, now=now)
