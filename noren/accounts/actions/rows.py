"""What the other modules of this package share: a locked row, an audit row, the epoch."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from noren.accounts import queries
from noren.accounts.actions.refusals import WrongState
from noren.accounts.models import Account, Ticket
from noren.accounts.rules import State, TicketPurpose, Trigger, may_move
from noren.audit import actions as audit
from noren.kit.actor import Actor, ActorKind

TOLD = (
    "login_id",
    "kind",
    "corporation_id",
    "state",
    "lock_reason",
    "name",
    "name_kana",
    "department",
    "title",
    "employee_number",
    "contact_mail",
    "contact_mobile",
    "two_step",
    "language",
    "must_change_password",
)
"""What the audit tells before and after a change; passwords and counters are not among it."""


def locked(account_id: str) -> Account:
    """The row, kept from everybody else until the transaction ends. Raises UnknownAccount."""
    found = Account.objects.filter(account_id=account_id).select_for_update().first()
    if found is None:
        queries.account(account_id)
    assert found is not None  # noqa: S101  (the line above has raised)
    found.as_recorded = _told(found)
    return found


def _told(row: Account) -> dict[str, Any]:
    return {name: getattr(row, name) for name in TOLD}


def must_move(row: Account, to: State) -> None:
    """Raises WrongState."""
    if not may_move(State(row.state), to):
        raise WrongState(
            _("The account %(login_id)s is %(state)s; this cannot be done with it."),
            login_id=row.login_id,
            state=row.state,
        )


def must_live(row: Account) -> None:
    """Nothing is done with an abolished account. Raises WrongState."""
    must_move(row, State.INVITED)


def write(row: Account, **fields: object) -> None:
    """Change these columns and no others."""
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=[*fields, *(["login_key"] if "login_id" in fields else [])])


def raise_epoch(row: Account, trigger: Trigger, *, actor: Actor, now: datetime, **detail: object) -> None:
    """End every sign-in: whoever remembers the old number must sign in again. Open invitations end with them."""
    write(row, epoch=row.epoch + 1)
    open_tickets = Ticket.objects.filter(account=row, used_at__isnull=True, revoked_at__isnull=True)
    open_tickets.exclude(purpose=TicketPurpose.SELF_LOCK).update(revoked_at=now)
    record(row, trigger.value, actor=actor, now=now, detail=detail)


def record(row: Account, act: str, *, actor: Actor, now: datetime, detail: Mapping[str, object] | None = None) -> None:
    """One audit row about the account, with what has changed in it since it was locked or last recorded."""
    after = _told(row)
    changed = [name for name in TOLD if row.as_recorded.get(name, "") != after[name]]
    audit.record(
        actor=actor,
        act=f"account.{act}",
        subject=row.account_id,
        detail=detail,
        now=now,
        scope=row.corporation_id,
        before={name: row.as_recorded[name] for name in changed if name in row.as_recorded} or None,
        after={name: after[name] for name in changed} or None,
    )
    row.as_recorded = after


def herself(account_id: str) -> Actor:
    """The account's person as the one who acts."""
    return Actor(ActorKind.MEMBER, account_id)
