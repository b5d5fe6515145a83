"""End what partners hold, and tell them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db import transaction

from noren.kit import sql
from noren.outbox import actions as outbox
from noren.sso import proofs, tokens
from noren.sso.actions.redeeming import Credentials
from noren.sso.models import Grant
from noren.sso.rules import ACCESS_LIFE, ANSWER_LIFE, LOGOUT_TOKEN_LIFE


@transaction.atomic
def end(*, account_id: str, now: datetime, sid: UUID | str | None = None, client_id: str = "") -> None:
    """Revoke what partners hold for the account: all of it, that of one sign-in, or that of one partner.

    Every partner that wants to know gets a logout token through the outbox, for as long as the token counts.
    Offline access outlives a sign-out.
    """
    params = {"account_id": account_id, "sid": sid, "client_id": client_id, "now": now}
    for row in sql.mappings("sso", "end.sql", params):
        _call(row, now)


@transaction.atomic
def end_many(account_ids: Sequence[str], *, now: datetime) -> None:
    """`end` for all that partners hold of many accounts."""
    for row in sql.mappings("sso", "end_many.sql", {"account_ids": list(account_ids), "now": now}):
        _call(row, now)


def _call(row: Mapping[str, Any], now: datetime) -> None:
    """Tell a partner that a sign-in has ended."""
    text = tokens.logout_token(
        issuer=settings.NOREN_URL,
        client_id=row["client_id"],
        subject=row["subject"],
        sid=row["sid"],
        now=now,
    )
    outbox.post(
        url=row["backchannel_logout_uri"],
        body=urlencode({"logout_token": text}),
        now=now,
        useless_after=now + LOGOUT_TOKEN_LIFE,
    )


def revoke(text: str, *, by: Credentials, issuer: str, now: datetime) -> None:
    """Revoke a refresh token with its grant, or one access token, if it is the partner's own (RFC 7009)."""
    refresh = tokens.read_refresh(text)
    claims = None if refresh else tokens.read_access(text, issuer=issuer, now=now)
    if refresh is not None:
        Grant.objects.filter(
            grant_id=refresh.grant_id,
            handle_hash=refresh.handle_hash,
            refresh_hash=refresh.secret_hash,
            client_id=by.client_id,
            revoked_at=None,
        ).update(revoked_at=now)
    elif claims is not None and claims["client_id"] == by.client_id:
        proofs.see_once(proofs.Once.of("revoked", claims["jti"], until=now + ACCESS_LIFE))


def tidy(now: datetime) -> None:
    """Remove what has expired."""
    sql.run("sso", "tidy.sql", {"now": now, "answer_life": ANSWER_LIFE})
