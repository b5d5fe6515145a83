"""Lock, unlock, reissue, abolish: whatever ends sign-ins also ends them at partner services."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from noren.accounts import actions as accounts
from noren.accounts import queries
from noren.accounts.rules import LockReason, SignInResult, TicketPurpose
from noren.groups import actions as groups
from noren.kit.actor import Actor
from noren.lifecycle.actions.grouping import leave_any_group
from noren.lifecycle.actions.issuing import end_membership
from noren.members import queries as members
from noren.sso import actions as sso


@transaction.atomic
def lock(account_id: str, reason: LockReason, *, actor: Actor, now: datetime) -> bool:
    """Nobody signs in to it any more. False: it was locked already. Raises WrongState, UnknownAccount."""
    changed = accounts.lock(account_id, reason, actor=actor, now=now)
    if changed:
        sso.end(account_id=account_id, now=now)
    return changed


@transaction.atomic
def unlock(account_id: str, *, actor: Actor, now: datetime) -> None:
    """Back into use, by an administrator. Raises WrongState, UnknownAccount."""
    accounts.unlock(account_id, actor=actor, now=now)


@transaction.atomic
def self_lock(token: str, *, now: datetime) -> str:
    """Lock the account by the link in a notice mail; gives its id. Works once. Raises TicketUnusable."""
    account_id, _address = accounts.take(token, purpose=TicketPurpose.SELF_LOCK, now=now)
    lock(account_id, LockReason.SELF, actor=accounts.herself(account_id), now=now)
    return account_id


@transaction.atomic
def abolish(account_id: str, *, on: date | None = None, actor: Actor, now: datetime) -> None:
    """The account and its membership end; lines go on as members of their own.

    A representative is replaced first. Raises WrongState, BadDay, StillRepresents.
    """
    groups.end_roles(account_id, actor=actor, now=now)
    lines = members.lines(queries.line_ids(account_id))
    leave_any_group([*members.accounts([account_id]), *lines], actor=actor, now=now)
    accounts.abolish(account_id, actor=actor, now=now)
    if members.account_members(account_id):
        end_membership(account_id, on=on, actor=actor, now=now)
    sso.end(account_id=account_id, now=now)


@transaction.atomic
def reissue(account_id: str, login_id: str, *, actor: Actor, now: datetime) -> None:
    """A new login id for the same person; everything they signed in with is gone and they are invited anew.

    The account id, the points, the lines and the linked services stay.
    Raises NoLogin, BadLogin, LoginTaken, OtherOrganisation, WrongState.
    """
    accounts.reissue(account_id, login_id, actor=actor, now=now)
    sso.end(account_id=account_id, now=now)


@transaction.atomic
def change_login_id(account_id: str, login_id: str, *, actor: Actor, now: datetime) -> None:
    """Another login id. Raises NoLogin, BadLogin, LoginTaken, OtherOrganisation, WrongState."""
    accounts.change_login_id(account_id, login_id, actor=actor, now=now)
    sso.end(account_id=account_id, now=now)


@transaction.atomic
def password_changed(account_id: str, *, password: str | None = None, actor: Actor, now: datetime) -> None:
    """Set the password (None: it was set) and end every sign-in. Raises WrongState, Overloaded."""
    accounts.password_changed(account_id, password=password, actor=actor, now=now)
    sso.end(account_id=account_id, now=now)


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
    """Someone failed to sign in. Too many wrong passwords or codes in a row lock: True, then and only then."""
    locked = accounts.sign_in_failed(account_id, result=result, methods=methods, address=address, agent=agent, now=now)
    if locked:
        sso.end(account_id=account_id, now=now)
    return locked


@transaction.atomic
def end_session(account_id: str, key_hash: str, *, actor: Actor, now: datetime) -> None:
    """Sign one browser out, also of the partner services it went on to. Raises NoSuchSession."""
    queries.account(account_id)
    sid = accounts.end_session(account_id, key_hash, actor=actor, now=now)
    if sid is not None:
        sso.end(account_id=account_id, now=now, sid=sid)
