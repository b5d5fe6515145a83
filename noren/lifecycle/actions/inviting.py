"""Invite the person of an account, by mail or by a printed letter, and let them in once."""

from datetime import datetime
from typing import Literal

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from noren.accounts import actions as accounts
from noren.accounts import queries
from noren.accounts.queries import AccountRow
from noren.accounts.rules import TICKET_LIFE, TicketPurpose
from noren.kit.actor import Actor
from noren.outbox import actions as outbox

By = Literal["mail", "letter"]


def invitation_link(token: str) -> str:
    """Where an invitation by mail leads."""
    return f"{settings.NOREN_URL}/join/invitation/{token}/"


def letter_link(token: str) -> str:
    """Where the QR code of a letter leads."""
    return f"{settings.NOREN_URL}/join/letter/{token}/"


@transaction.atomic
def invite(account_id: str, *, by: By, actor: Actor, now: datetime) -> str:
    """A link by which the person sets the account up; gives its plain token. By mail it is sent to the contact mail.

    It works once, for that account and (by mail) while that is its address. Raises WrongState, NoMail, UnknownAccount.
    """
    purpose = TicketPurpose.INVITATION if by == "mail" else TicketPurpose.LETTER
    token = accounts.make_invitation(account_id, purpose=purpose, actor=actor, now=now)
    if by == "mail":
        _send(queries.account(account_id), token, now)
    return token


def _send(account: AccountRow, token: str, now: datetime) -> None:
    with translation.override(account.language):
        subject, body = invitation(account.name, account.login_id, account.corporation_name, token, now)
    outbox.mail(to=account.contact_mail, subject=subject, body=body, now=now)


def invitation(name: str, login_id: str, corporation: str, token: str, now: datetime) -> tuple[str, str]:
    """Subject and body of an invitation by mail, in the language that is active."""
    body = _(
        "Dear %(name)s,\n\n"
        "%(corporation)s has a business account for you. Set it up here:\n\n%(link)s\n\n"
        "Your login ID: %(login_id)s\n"
        "The link works once, until %(until)s.\n"
    ) % {
        "name": name,
        "corporation": corporation,
        "link": invitation_link(token),
        "login_id": login_id,
        "until": f"{localtime(now + TICKET_LIFE):%Y-%m-%d %H:%M}",
    }
    return _("Your business account"), body


def peek(token: str, purpose: TicketPurpose, now: datetime) -> AccountRow:
    """Whose link it is; it stays unused. Raises TicketUnusable."""
    return accounts.peek(token, purpose, now)


@transaction.atomic
def accept(token: str, *, purpose: TicketPurpose, now: datetime) -> str:
    """Use an invitation or letter up; the account is active then. Gives its id. Raises TicketUnusable."""
    account_id, address = accounts.take(token, purpose=purpose, now=now)
    accounts.activate(account_id, mail_proved=bool(address), actor=accounts.herself(account_id), now=now)
    return account_id
