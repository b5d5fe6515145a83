"""What the other modules of this package share: a locked row, an audit row, the epoch."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from noren.accounts import queries
from noren.accounts.actions.refusals import WrongState
from noren.accounts.models import Account, Ticket
from noren.accounts.rules import State, TicketPurpose, Trigger, may_move
from noren.audit import actions as audit
from noren.kit.actor import Actor, ActorKind


def locked(account_id: str) -> Account:
    """The row, kept from everybody else until the transaction ends. Raises UnknownAccount."""
    found = Account.objects.filter(account_id=account_id).select_for_update().first()
    if found is None:
        queries.account(account_id)
    assert found is not None  # noqa: S101  (the line above has raised)
    return found


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
    record(row.account_id, trigger.value, actor=actor, now=now, detail=detail)


def record(
    account_id: str, act: str, *, actor: Actor, now: datetime, detail: Mapping[str, object] | None = None
) -> None:
    """One audit row about the account."""
    audit.record(actor=actor, act=f"account.{act}", subject=account_id, detail=detail or {}, now=now)


def herself(account_id: str) -> Actor:
    """The account's person as the one who acts."""
    return Actor(ActorKind.MEMBER, account_id)
