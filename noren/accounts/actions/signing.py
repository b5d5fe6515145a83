"""What happened at the door: sign-ins, wrong passwords, sessions that are ended from afar."""

import json
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from noren.accounts.actions import refusals, state
from noren.accounts.actions.rows import locked, record
from noren.accounts.models import Account, Session, SignIn
from noren.accounts.rules import WRONG_CODES, WRONG_PASSWORDS, LockReason, SignInResult
from noren.kit import sql
from noren.kit.actor import Actor, ActorKind

COUNTED = {
    SignInResult.WRONG_PASSWORD: ("wrong_password.sql", WRONG_PASSWORDS),
    SignInResult.WRONG_CODE: ("wrong_code.sql", WRONG_CODES),
}
"""What locks: how it is counted, and how many in a row."""

GUARD = Actor(ActorKind.SYSTEM, "noren")
"""Who locks then: it is not known who has failed so often."""


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
    counts: bool = True,
    now: datetime,
) -> bool:
    """Someone failed to sign in. The tenth wrong password in a row locks the account: True, then and only then.

    So does the twentieth wrong code: whoever gave it knows the password, which must be changed. `counts` False: a
    stranger may have done it.
    """
    _note(account_id, result, methods=methods, address=address, agent=agent, now=now)
    if not counts or result not in COUNTED:
        return False
    statement, most = COUNTED[result]
    counted = sql.rows(lambda count, active: (count, active), "accounts", statement, {"account_id": account_id})
    if not counted or counted[0][0] < most or not counted[0][1]:
        return False
    if result is SignInResult.WRONG_CODE:
        state.require_password_change(account_id, actor=GUARD, now=now)
    return state.lock(account_id, LockReason.PASSWORDS, actor=GUARD, now=now)


def code_was_right(account_id: str) -> None:
    """Wrong codes before it are forgiven."""
    Account.objects.filter(account_id=account_id, failed_codes__gt=0).update(failed_codes=0)


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
    row = locked(account_id)
    mine = Session.objects.filter(account_id=account_id).select_for_update()
    found = mine.filter(session_key=key_hash).first() if key_hash.isalnum() else None
    if found is None:
        raise refusals.NoSuchSession(_("This browser is signed out already."))
    sid: UUID | None = found.sid
    Session.objects.filter(session_key=key_hash).delete()
    record(row, "end_session", actor=actor, now=now, detail={"sid": str(sid or "")})
    return sid


def tidy(now: datetime) -> None:
    """Remove sessions, security codes and counters that have expired."""
    sql.run("accounts", "tidy.sql", {"now": now})
