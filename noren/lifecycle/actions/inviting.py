"""Invite the person of an account, by mail or by a printed letter, and let them in once."""

from collections.abc import Callable
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
        subject, body = invitations(account.corporation_name, now)(account.name, account.login_id, token)
    outbox.mail(to=account.contact_mail, subject=subject, body=body, now=now)


def invitations(corporation: str, now: datetime) -> Callable[[str, str, str], tuple[str, str]]:
    """Writes invitations by mail: name, login id and plain token to subject and body, in the language active now."""
    subject, text = (
        _("Your business account"),
        _(
            "Dear %(name)s,\n\n"
            "%(corporation)s has a business account for you. Set it up here:\n\n%(link)s\n\n"
            "Your login ID: %(login_id)s\n"
            "The link works once, until %(until)s.\n"
        ),
    )
    until = f"{localtime(now + TICKET_LIFE):%Y-%m-%d %H:%M}"

    def invitation(name: str, login_id: str, token: str) -> tuple[str, str]:
        link = invitation_link(token)
        told = {"name": name, "corporation": corporation, "link": link, "login_id": login_id, "until": until}
        return subject, text % told

    return invitation


def peek(token: str, purpose: TicketPurpose, now: datetime) -> AccountRow:
    """Whose link it is; it stays unused. Raises TicketUnusable."""
    return accounts.peek(token, purpose, now)


@transaction.atomic
def accept(token: str, *, purpose: TicketPurpose, now: datetime) -> str:
    """Use an invitation or letter up; the account is active then. Gives its id. Raises TicketUnusable."""
    account_id, address = accounts.take(token, purpose=purpose, now=now)
    accounts.activate(account_id, mail_proved=bool(address), actor=accounts.herself(account_id), now=now)
    return account_id
