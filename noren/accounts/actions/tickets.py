"""Links that work once."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from noren.accounts import queries
from noren.accounts.actions import refusals
from noren.accounts.actions.rows import locked, record
from noren.accounts.models import Ticket
from noren.accounts.queries import AccountRow
from noren.accounts.rules import SELF_LOCK_LIFE, TICKET_LIFE, State, TicketPurpose
from noren.kit import sql
from noren.kit.actor import Actor
from noren.kit.secrets import hashed, token

INVITING = (TicketPurpose.INVITATION, TicketPurpose.LETTER)
STATES = {
    TicketPurpose.INVITATION: [State.INVITED, State.ACTIVE],
    TicketPurpose.LETTER: [State.INVITED, State.ACTIVE],
    TicketPurpose.SELF_LOCK: [State.ACTIVE, State.LOCKED],
}
"""In which state of the account a ticket serves."""


@transaction.atomic
def make_invitation(account_id: str, *, purpose: TicketPurpose, actor: Actor, now: datetime) -> str:
    """A link by which the person sets up the account; gives its plain token. Earlier ones are revoked.

    Also for an account in use whose person has set up nothing yet. Raises WrongState, NoMail.
    """
    row = locked(account_id)
    waiting = row.state == State.ACTIVE and not queries.has_credentials(account_id)
    if row.state != State.INVITED and not waiting:
        message = _("The account %(login_id)s has been set up already. Reissue it to invite its person again.")
        raise refusals.WrongState(message, login_id=row.login_id)
    if purpose is TicketPurpose.INVITATION and not row.contact_mail:
        message = _("The account %(login_id)s has no contact mail. Print a letter instead.")
        raise refusals.NoMail(message, login_id=row.login_id)
    earlier = Ticket.objects.filter(account=row, purpose__in=INVITING, used_at__isnull=True, revoked_at__isnull=True)
    earlier.update(revoked_at=now)
    plain = _make(account_id, purpose, row.contact_mail if purpose is TicketPurpose.INVITATION else "", now)
    record(row, "invite", actor=actor, now=now, detail={"by": purpose})
    return plain


def self_lock_ticket(account_id: str, *, now: datetime) -> str:
    """A link by which the person locks the account in an emergency; gives its plain token."""
    return _make(account_id, TicketPurpose.SELF_LOCK, "", now)


def _make(account_id: str, purpose: TicketPurpose, address: str, now: datetime) -> str:
    plain = token()
    life = SELF_LOCK_LIFE if purpose is TicketPurpose.SELF_LOCK else TICKET_LIFE
    Ticket.objects.create(
        token_hash=hashed(plain),
        purpose=purpose,
        account_id=account_id,
        address=address,
        made_at=now,
        expires_at=now + life,
    )
    return plain


def take(plain: str, *, purpose: TicketPurpose, now: datetime) -> tuple[str, str]:
    """Use the ticket up: account id and the address to which it was bound. Raises TicketUnusable."""
    return _one("take_ticket.sql", plain, purpose, now)


def peek(plain: str, purpose: TicketPurpose, now: datetime) -> AccountRow:
    """Whose ticket it is; it stays unused. Raises TicketUnusable."""
    return queries.account(_one("peek_ticket.sql", plain, purpose, now)[0])


def _one(statement: str, plain: str, purpose: TicketPurpose, now: datetime) -> tuple[str, str]:
    params = {"token_hash": hashed(plain), "purpose": purpose.value, "now": now}
    states = [state.value for state in STATES[purpose]]
    found = sql.rows(
        lambda account_id, address: (account_id, address), "accounts", statement, {**params, "states": states}
    )
    if not found:
        raise refusals.ticket_unusable()
    return found[0]
