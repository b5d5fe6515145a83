"""Redeem what was given: each kind is one statement that succeeds once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from noren.kit import sql
from noren.kit.secrets import hashed, token
from noren.sso.models import Pushed
from noren.sso.rules import PUSHED_LIFE, REFRESH_LIFE, ClientAuth, challenge_of, words
from noren.sso.tokens import Given, Refresh, read_code, read_refresh

PUSHED_PREFIX = "urn:ietf:params:oauth:request_uri:"


class MoreScope(Exception):  # noqa: N818  (an answer to the partner, told as an OAuth error)
    """A refresh for more than was granted."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a partner showed of itself; an assertion was believed before."""

    client_id: str
    auth: ClientAuth
    secret_hash: str = ""

    @property
    def params(self) -> dict[str, str]:
        """For statements that look at the client in passing."""
        return {"client_id": self.client_id, "auth": str(self.auth), "secret_hash": self.secret_hash}


def redeem_code(
    code: str, *, by: Credentials, redirect_uri: str, verifier: str, jkt: str, now: datetime
) -> tuple[Given, Refresh] | None:
    """The grant and its first refresh token; None: no, and if it was a replay, all that the code gave is revoked."""
    parts = read_code(code)
    if parts is None:
        return None
    grant_id, code_hash = parts
    refresh = Refresh.new(grant_id)
    params = {
        **by.params,
        "grant_id": grant_id,
        "code_hash": code_hash,
        "redirect_uri": redirect_uri,
        "challenge": challenge_of(verifier),
        "jkt": jkt,
        "handle_hash": refresh.handle_hash,
        "refresh_hash": refresh.secret_hash,
        "refresh_expires_at": now + REFRESH_LIFE,
        "now": now,
    }
    return _first(sql.mappings("sso", "redeem_code.sql", params), refresh)


def redeem_refresh(
    text: str, *, by: Credentials, jkt: str, scope: str = "", now: datetime
) -> tuple[Given, Refresh] | None:
    """The grant and the next refresh token; None: no, and if it was an older one, the grant is revoked.

    Raises MoreScope, and then the token stays as it is.
    """
    old = read_refresh(text)
    if old is None:
        return None
    new = Refresh.new(old.grant_id, old.handle)
    params = {
        **by.params,
        "grant_id": old.grant_id,
        "handle_hash": old.handle_hash,
        "old_hash": old.secret_hash,
        "new_hash": new.secret_hash,
        "refresh_expires_at": now + REFRESH_LIFE,
        "jkt": jkt,
        "scope": " ".join(words(scope)),
        "now": now,
    }
    found = sql.mappings("sso", "redeem_refresh.sql", params)
    if found and not found[0].pop("fits"):
        raise MoreScope
    return _first(found, new)


def _first(found: list[dict[str, Any]], refresh: Refresh) -> tuple[Given, Refresh] | None:
    return (Given.of(found[0]), refresh) if found and found[0]["given"] else None


def push(client_id: str, params: Mapping[str, str], *, now: datetime) -> str:
    """Keep an authorisation request; gives its address (RFC 9126 2.2), good once and for 90 seconds."""
    reference = token()
    Pushed.objects.create(
        uri_hash=hashed(reference), client_id=client_id, params=dict(params), expires_at=now + PUSHED_LIFE
    )
    return PUSHED_PREFIX + reference


def take_pushed(uri: str, *, client_id: str, now: datetime) -> dict[str, Any] | None:
    """The request behind the address, once; None: no."""
    params = {"uri_hash": hashed(uri.removeprefix(PUSHED_PREFIX)), "client_id": client_id, "now": now}
    found = sql.mappings("sso", "take_pushed.sql", params)
    return dict(json.loads(found[0]["params"])) if found and found[0]["given"] else None
