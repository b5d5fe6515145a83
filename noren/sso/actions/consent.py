"""A person's yes to a partner, what follows from it, and how it is taken back."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from noren.accounts import queries as accounts
from noren.audit import actions as audit
from noren.kit import sql
from noren.kit.actor import Actor
from noren.kit.secrets import hashed, peppered, token
from noren.sso.actions.ending import end
from noren.sso.models import Grant, Link
from noren.sso.queries import ClientRow
from noren.sso.rules import CODE_LIFE, POINTS_SPEND, SubjectType


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in, and how: seconds since 1970 of the last proof, what was used.

    `factor_time`: of the last second factor; looked up only for what spends points.
    """

    account_id: str
    epoch: int
    sid: UUID | None
    auth_time: int
    acr: str
    amr: Sequence[str]
    methods: Sequence[str] = ()
    """The same in the words of policies, which tell a code by mail from an app."""
    began_at: datetime | None = None
    factor_time: int = 0

    def proved_at(self, scopes: Collection[str]) -> int:
        """When the person proved who they are, as far as these scopes are concerned: by a second factor, to spend."""
        return self.factor_time if POINTS_SPEND in scopes else self.auth_time


def subject_of(client: ClientRow, account_id: str) -> str:
    """By which subject the partner knows the account: pairwise by sector (OpenID Core 8.1), or the same for all."""
    sector = client.sector if client.subject_type is SubjectType.PAIRWISE else ""
    return peppered(f"{sector}\n{account_id}", purpose="sso.subject")


@transaction.atomic
def consent(account_id: str, client_id: str, scopes: Sequence[str], *, actor: Actor, now: datetime) -> None:
    """The person agrees that the partner learns what these scopes hand over, in addition to what it may already."""
    link, made = Link.objects.select_for_update().get_or_create(
        account_id=account_id,
        client_id=client_id,
        defaults={"scopes": list(scopes), "given_at": now, "used_at": now},
    )
    kept: list[str] = []
    if not made:
        kept = link.scopes if link.released_at is None else []
        link.scopes = list(dict.fromkeys([*kept, *scopes]))
        link.given_at, link.released_at = now, None
        link.save()
    audit.record(
        actor=actor,
        act="service.link",
        subject=account_id,
        detail={"client": client_id},
        now=now,
        scope=accounts.corporation_of(account_id),
        before={"scopes": kept} if kept else None,
        after={"scopes": link.scopes},
    )


@transaction.atomic
def release(account_id: str, client_id: str, *, actor: Actor, now: datetime) -> bool:
    """The partner is no longer linked: its tokens end at once and it is told. False: it was not linked."""
    changed = Link.objects.filter(account_id=account_id, client_id=client_id, released_at=None).update(released_at=now)
    if changed:
        end(account_id=account_id, client_id=client_id, now=now)
        scope, detail = accounts.corporation_of(account_id), {"client": client_id}
        audit.record(actor=actor, act="service.release", subject=account_id, detail=detail, now=now, scope=scope)
    return bool(changed)


def open_grant(client: ClientRow, person: Person, scopes: Sequence[str], *, now: datetime) -> Grant:
    """A grant on the strength of this sign-in, without a code."""
    used = {"amr": list(person.amr), "methods": list(person.methods)}
    return Grant.objects.create(**_of_sign_in(client, person, scopes), **used, made_at=now)


def authorize(
    client: ClientRow,
    person: Person,
    scopes: Sequence[str],
    *,
    redirect_uri: str,
    challenge: str,
    nonce: str,
    jkt: str,
    claims: Mapping[str, Any],
    now: datetime,
) -> str | None:
    """The authorisation code, good for a minute and one redemption; None: the person has not agreed to all of it."""
    secret, grant_id = token(), uuid4()
    params = {
        **_of_sign_in(client, person, scopes),
        "grant_id": grant_id,
        "amr": json.dumps(list(person.amr)),
        "methods": json.dumps(list(person.methods)),
        "claims": json.dumps(dict(claims)),
        "redirect_uri": redirect_uri,
        "challenge": challenge,
        "nonce": nonce,
        "jkt": jkt,
        "code_hash": hashed(secret),
        "code_expires_at": now + CODE_LIFE,
        "now": now,
    }
    return f"{grant_id.hex}.{secret}" if sql.run("sso", "authorize.sql", params) else None


def _of_sign_in(client: ClientRow, person: Person, scopes: Sequence[str]) -> dict[str, Any]:
    """What every grant on the strength of a sign-in has."""
    return {
        "client_id": client.client_id,
        "account_id": person.account_id,
        "epoch": person.epoch,
        "sid": person.sid,
        "scope": " ".join(scopes),
        "subject": subject_of(client, person.account_id),
        "auth_time": person.proved_at(scopes),
        "acr": person.acr,
        "began_at": person.began_at,
    }
