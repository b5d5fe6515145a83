"""What an administrator does for the person of an account: the person is told, and nothing lets the other one in."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from noren.accounts import actions as accounts
from noren.accounts import queries
from noren.accounts.queries import AccountRow
from noren.accounts.rules import Trigger
from noren.audit import actions as audit
from noren.kit.actor import Actor
from noren.lifecycle.actions.inviting import invite
from noren.lifecycle.actions.state import change_login_id, reissue
from noren.outbox import actions as outbox
from noren.outbox.rules import Channel
from noren.sso import actions as sso

Letter = tuple[Channel, str, str, str]


@transaction.atomic
def reset_password(account_id: str, *, actor: Actor, now: datetime) -> None:
    """The password counts no more; the person is told how to set another one. Raises WrongState, NoMail."""
    accounts.reset_password(account_id, actor=actor, now=now)
    sso.end(account_id=account_id, now=now)
    account = queries.account(account_id)
    with translation.override(account.language):
        body = _(
            "Dear %(name)s,\n\nan administrator of %(corporation)s has reset the password of your account %(login_id)s."
            " Set a new one here; a code will be sent to you:\n\n%(link)s\n"
        )
        _tell(account, _("Your password was reset"), body, "/account/password/reset/", now)


@transaction.atomic
def sign_out(account_id: str, *, actor: Actor, now: datetime) -> None:
    """Every browser and device is signed out, here and at partner services; none is trusted. Raises UnknownAccount."""
    accounts.end_sign_ins(account_id, Trigger.SIGN_OUT, actor=actor, now=now)
    sso.end(account_id=account_id, now=now)


@transaction.atomic
def start_anew(account_id: str, *, actor: Actor, now: datetime) -> None:
    """Everything the person signed in with is gone; who has a contact mail is invited by it. Raises WrongState."""
    account = queries.account(account_id)
    reissue(account_id, account.login_id, actor=actor, now=now)
    if account.contact_mail:
        invite(account_id, by="mail", actor=actor, now=now)


@transaction.atomic
def recommend_passkey(account_id: str, *, actor: Actor, now: datetime) -> None:
    """A mail that leads to setting up a passkey. Raises NoMail, WrongState."""
    account = queries.account(account_id)
    if not account.contact_mail:
        raise accounts.NoMail(_("The account %(login_id)s has no contact mail."), login_id=account.login_id)
    with translation.override(account.language):
        body = _(
            "Dear %(name)s,\n\n%(corporation)s recommends signing in with a passkey: the face, the finger or the PIN of"
            " your device instead of a password. It takes a minute:\n\n%(link)s\n"
        )
        _tell(account, _("Sign in without a password"), body, "/account/2fa/passkeys/add/", now)
    audit.record(
        actor=actor, act="account.recommend_passkey", subject=account_id, now=now, scope=account.corporation_id
    )


@transaction.atomic
def change_contact(account_id: str, *, mail: str, mobile: str, actor: Actor, now: datetime) -> None:
    """Contact data that an administrator vouches for; the person is told where they were reached before.

    Raises BadMail, BadMobile, WrongState.
    """
    before = queries.account(account_id)
    if accounts.tidy_mail(mail) != before.contact_mail:
        accounts.set_contact_mail(account_id, mail, actor=actor, now=now)
    if accounts.tidy_mobile(mobile) != before.contact_mobile:
        accounts.set_contact_mobile(account_id, mobile, actor=actor, now=now)
    after = queries.account(account_id)
    if (after.contact_mail, after.contact_mobile) != (before.contact_mail, before.contact_mobile):
        tell_contact_changed([before], now)


@transaction.atomic
def rename(account_id: str, login_id: str, *, actor: Actor, now: datetime) -> None:
    """Another login id, given by an administrator; the person is told which one it is now.

    Raises NoLogin, BadLogin, LoginTaken, OtherOrganisation, WrongState.
    """
    change_login_id(account_id, login_id, actor=actor, now=now)
    tell_renamed([queries.account(account_id)], now)


def tell_renamed(accounts_now: Sequence[AccountRow], now: datetime) -> None:
    """Tell people that an administrator has given them another login ID, and which one it is."""
    outbox.letters(_letters(accounts_now, _renamed, "/account/login/"), now=now)


def tell_contact_changed(before: Sequence[AccountRow], now: datetime) -> None:
    """Tell people, where they were reached until now, that an administrator has changed their contact data."""
    outbox.letters(_letters(before, _contact_changed, "/account/"), now=now)


def _renamed() -> tuple[str, str]:
    return _("Your login ID was changed"), _(
        "Dear %(name)s,\n\nan administrator of %(corporation)s has changed the login ID of your account. It is now:"
        "\n\n%(login_id)s\n\nYou were signed out everywhere. Sign in with the new ID:\n\n%(link)s\n"
    )


def _contact_changed() -> tuple[str, str]:
    return _("The contact data of your account was changed"), _(
        "Dear %(name)s,\n\nan administrator of %(corporation)s has changed the contact data of your account"
        " %(login_id)s. If you did not expect this, ask your administrator.\n\n%(link)s\n"
    )


def _letters(told: Sequence[AccountRow], text: Callable[[], tuple[str, str]], path: str) -> Iterator[Letter]:
    """Subject and body, to each in their language; those whom nothing reaches get none."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            subject, body = text()
        for one in told:
            if one.language == language and (one.contact_mail or one.contact_mobile):
                yield _letter(one, subject, body, path)


def _tell(account: AccountRow, subject: str, body: str, path: str, now: datetime) -> None:
    outbox.letters([_letter(account, subject, body, path)], now=now)


def _letter(account: AccountRow, subject: str, body: str, path: str) -> Letter:
    """By mail, or to the mobile of who has no mail."""
    values = {
        "name": account.name,
        "corporation": account.corporation_name,
        "login_id": account.login_id,
        "link": f"{settings.NOREN_URL}{path}",
    }
    if account.contact_mail:
        return Channel.MAIL, account.contact_mail, subject, body % values
    return Channel.SMS, account.contact_mobile, "", body % values
