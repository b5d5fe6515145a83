"""What happened at the door: sign-ins, wrong passwords, sessions that are ended from afar."""

import json
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from noren.accounts.actions import refusals, state
from noren.accounts.actions.rows import herself, record
from noren.accounts.models import Session, SignIn
from noren.accounts.rules import WRONG_PASSWORDS, LockReason, SignInResult
from noren.kit import sql
from noren.kit.actor import Actor


def signed_in(
    account_id: str,
    *,
    methods: Iterable[str] = (),
    service: str = "",
    address: str = "",
    agent: str = "",
    now: datetime,
) -> None:
    """The person signed in (or, with `service`, went on to a partner): the account is in use. One statement."""
    params = {
        "sign_in_id": uuid4(),
        "account_id": account_id,
        "result": SignInResult.SERVICE if service else SignInResult.SUCCEEDED,
        "methods": json.dumps(list(methods)),
        "service": service,
        "address": address,
        "agent": agent[:500],
        "now": now,
    }
    sql.run("accounts", "signed_in.sql", params)


@transaction.atomic
def sign_in_failed(
    account_id: str,
    *,
    result: SignInResult = SignInResult.WRONG_PASSWORD,
    methods: Iterable[str] = (),
    address: str = "",
    agent: str = "",
    now: datetime,
) -> bool:
    """Someone failed to sign in. The tenth wrong password in a row locks the account: True, then and only then."""
    _note(account_id, result, methods=methods, address=address, agent=agent, now=now)
    if result is not SignInResult.WRONG_PASSWORD:
        return False
    counted = sql.rows(
        lambda count, active: (count, active), "accounts", "wrong_password.sql", {"account_id": account_id}
    )
    if not counted or counted[0][0] < WRONG_PASSWORDS or not counted[0][1]:
        return False
    return state.lock(account_id, LockReason.PASSWORDS, actor=herself(account_id), now=now)


def _note(
    account_id: str,
    result: SignInResult,
    *,
    methods: Iterable[str],
    service: str = "",
    address: str,
    agent: str,
    now: datetime,
) -> None:
    SignIn.objects.create(
        account_id=account_id,
        at=now,
        result=result,
        methods=list(methods),
        service=service,
        address=address,
        agent=agent[:500],
    )


@transaction.atomic
def end_session(account_id: str, key_hash: str, *, actor: Actor, now: datetime) -> UUID | None:
    """Sign one browser out; gives the id by which partner services know it. Raises NoSuchSession."""
    found = Session.objects.filter(account_id=account_id, session_key=key_hash).select_for_update().first()
    if found is None:
        raise refusals.NoSuchSession(_("This browser is signed out already."))
    sid: UUID | None = found.sid
    Session.objects.filter(session_key=key_hash).delete()
    record(account_id, "end_session", actor=actor, now=now, detail={"sid": str(sid or "")})
    return sid


def tidy(now: datetime) -> None:
    """Remove sessions, security codes and counters that have expired."""
    sql.run("accounts", "tidy.sql", {"now": now})
