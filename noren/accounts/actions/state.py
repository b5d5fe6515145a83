"""Issue accounts and move them between their states."""

import secrets
import unicodedata
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from noren.accounts import queries
from noren.accounts.actions import contact, refusals
from noren.accounts.actions.rows import locked, must_live, must_move, raise_epoch, record, write
from noren.accounts.models import Account, LinkedLine, Organisation
from noren.accounts.rules import (
    CODE_ALPHABET,
    CODE_LENGTH,
    RESET_UNLOCKS,
    Kind,
    LockReason,
    LoginKind,
    State,
    Trigger,
    employee_login,
    login_key,
    login_kind,
)
from noren.kit.actor import Actor
from noren.kit.secrets import token

ID_LENGTH = 255


@transaction.atomic
def issue(
    *,
    corporation_id: str,
    login_id: str,
    name: str,
    name_kana: str = "",
    department: str = "",
    title: str = "",
    employee_number: str = "",
    contact_mail: str = "",
    contact_mobile: str = "",
    language: str = "ja",
    kind: Kind = Kind.CARRIER_FREE,
    active: bool = False,
    account_id: str = "",
    actor: Actor,
    now: datetime,
) -> str:
    """Make an account; gives its id. Without a login id it is the organisation's code and the employee number.

    `active`: the mail address was proved before; else the account waits for its invitation. `account_id` keeps
    the id of a system that is taken over. Raises UnknownCorporation, NoName, NoLogin, BadLogin, LoginTaken,
    OtherOrganisation, BadMail, BadMobile, BadId.
    """
    if not name.strip():
        raise refusals.NoName(_("An account needs the name of its person."))
    login_id, found_kind = login_of(corporation_id, login_id, employee_number)
    row = Account(
        account_id=_new_id(account_id),
        login_id=login_id,
        login_kind=found_kind,
        kind=kind,
        corporation_id=corporation_id,
        state=State.ACTIVE if active else State.INVITED,
        name=_tidy(name),
        name_kana=_tidy(name_kana),
        department=_tidy(department),
        title=_tidy(title),
        employee_number=employee_number.strip(),
        contact_mail=contact.tidy_mail(contact_mail),
        contact_mobile=contact.tidy_mobile(contact_mobile),
        language=language,
        password=make_password(None),
        issued_at=now,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise _taken(login_id) from error
    if active and row.contact_mail:
        contact.proved(row)
    detail = {"corporation": corporation_id, "kind": kind, "active": active}
    record(row, "issue", actor=actor, now=now, detail=detail)
    return row.account_id


def login_of(corporation_id: str, login_id: str, employee_number: str = "") -> tuple[str, LoginKind]:
    """The login id as it is kept, and its kind. Raises NoLogin, BadLogin, OtherOrganisation."""
    login_id, number = (unicodedata.normalize("NFKC", text).strip() for text in (login_id, employee_number))
    if not login_id and not number:
        raise refusals.NoLogin(_("An account needs a login ID or an employee number."))
    login_id = login_id or employee_login(organisation(corporation_id), number)
    kind = login_kind(login_key(login_id))
    if kind is None:
        message = _(
            "“%(login_id)s” cannot be a login ID. Use a mail address, or up to 257 half-width letters, digits and"
            " signs without a slash or space."
        )
        raise refusals.BadLogin(message, login_id=login_id)
    if kind is LoginKind.EMPLOYEE and login_key(login_id).partition("/")[0] != organisation(corporation_id):
        message = _("“%(login_id)s” begins with the code of another organisation. Yours is %(code)s.")
        raise refusals.OtherOrganisation(message, login_id=login_id, code=organisation(corporation_id))
    return login_id, kind


def organisation(corporation_id: str) -> str:
    """The corporation's code, made when it is asked for the first time."""
    found = queries.organisation_code(corporation_id)
    while found is None:
        code = "".join(secrets.choice(CODE_ALPHABET) for _place in range(CODE_LENGTH))
        Organisation.objects.bulk_create(
            [Organisation(corporation_id=corporation_id, code=code)], ignore_conflicts=True
        )
        found = queries.organisation_code(corporation_id)
    return found


def _taken(login_id: str) -> refusals.LoginTaken:
    return refusals.LoginTaken(_("The login ID %(login_id)s is taken."), login_id=login_id)


def _new_id(wished: str) -> str:
    if not wished:
        return token()
    if len(wished) > ID_LENGTH or not wished.isprintable() or Account.objects.filter(account_id=wished).exists():
        message = _("“%(account_id)s” cannot be an account's id: it is too long, cannot be printed, or is taken.")
        raise refusals.BadId(message, account_id=wished)
    return wished


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


@transaction.atomic
def activate(account_id: str, *, mail_proved: bool, actor: Actor, now: datetime) -> None:
    """The invitation was accepted; of an account that is active already nothing changes. Raises WrongState."""
    row = locked(account_id)
    if row.state != State.ACTIVE:
        must_move(row, State.ACTIVE)
        write(row, state=State.ACTIVE)
    if mail_proved and row.contact_mail:
        contact.proved(row)
    record(row, "activate", actor=actor, now=now)


@transaction.atomic
def lock(account_id: str, reason: LockReason, *, actor: Actor, now: datetime) -> bool:
    """Nobody signs in to it any more. False: it was locked already. Raises WrongState."""
    row = locked(account_id)
    if row.state == State.LOCKED:
        return False
    must_move(row, State.LOCKED)
    write(row, state=State.LOCKED, lock_reason=reason)
    raise_epoch(row, Trigger.LOCK, actor=actor, now=now, reason=reason)
    return True


@transaction.atomic
def unlock(account_id: str, *, actor: Actor, now: datetime) -> None:
    """Back into use. After a self-lock or a long sleep the next sign-in must change the password. Raises WrongState."""
    row = locked(account_id)
    if row.state != State.LOCKED:
        raise refusals.WrongState(_("The account %(login_id)s is not locked."), login_id=row.login_id)
    again = row.must_change_password or row.lock_reason in {LockReason.SELF, LockReason.DORMANT}
    detail = {"reason": row.lock_reason}
    write(row, must_change_password=again)
    _reopen(row, now)
    record(row, "unlock", actor=actor, now=now, detail=detail)


@transaction.atomic
def unlock_by_passkey(account_id: str, *, actor: Actor, now: datetime) -> bool:
    """Who showed a passkey, which nobody guesses, lifts the lock for wrong passwords. False: another lock, or none."""
    row = locked(account_id)
    if row.state != State.LOCKED or row.lock_reason != LockReason.PASSWORDS:
        return False
    _reopen(row, now)
    record(row, "unlock", actor=actor, now=now, detail={"by": "passkey"})
    return True


def _reopen(row: Account, now: datetime) -> None:
    write(row, state=State.ACTIVE, lock_reason="", last_used_at=now, dormant_notice_at=None)
    write(row, failed_passwords=0, failed_codes=0)


@transaction.atomic
def abolish(account_id: str, *, actor: Actor, now: datetime) -> None:
    """The end: what the person signed in with is gone, lines are unlinked, the id stays taken. Raises WrongState."""
    row = locked(account_id)
    must_move(row, State.ABOLISHED)
    trigger = Trigger.DELETE if row.kind == Kind.LINE_LINKED else Trigger.ABOLISH
    forget_credentials(row)
    LinkedLine.objects.filter(account=row, unlinked_at__isnull=True).update(unlinked_at=now)
    write(row, state=State.ABOLISHED, lock_reason="")
    raise_epoch(row, trigger, actor=actor, now=now)


@transaction.atomic
def reissue(account_id: str, login_id: str, *, actor: Actor, now: datetime) -> None:
    """A new login id for the same person, who sets everything up anew. Raises the refusals of `issue`, WrongState."""
    row = locked(account_id)
    must_move(row, State.INVITED)
    old = row.login_id
    _give_login(row, login_id)
    forget_credentials(row)
    write(row, state=State.INVITED, lock_reason="", failed_passwords=0, failed_codes=0, must_change_password=False)
    raise_epoch(row, Trigger.REISSUE, actor=actor, now=now, old=old, new=row.login_id)


@transaction.atomic
def change_login_id(account_id: str, login_id: str, *, actor: Actor, now: datetime) -> None:
    """Another login id. Raises NoLogin, BadLogin, LoginTaken, OtherOrganisation, WrongState."""
    row = locked(account_id)
    must_live(row)
    old = row.login_id
    _give_login(row, login_id)
    raise_epoch(row, Trigger.ID_CHANGE, actor=actor, now=now, old=old, new=row.login_id)


def _give_login(row: Account, login_id: str) -> None:
    kept, kind = login_of(row.corporation_id, login_id)
    try:
        with transaction.atomic():
            write(row, login_id=kept, login_kind=kind)
    except IntegrityError as error:
        raise _taken(kept) from error


def forget_credentials(row: Account) -> None:
    """Password, passkeys, authenticator apps and recovery codes; browsers trusted because of them are no more."""
    Authenticator.objects.filter(user_id=row.account_id).delete()
    write(row, password=make_password(None), password_changed_at=None)


def first_password(account_id: str, password: str, *, actor: Actor, now: datetime) -> None:
    """The password of a person who has none yet; nothing ends with it. Raises WrongState, Overloaded."""
    encoded = make_password(password)
    with transaction.atomic():
        row = locked(account_id)
        if row.state != State.ACTIVE or row.has_usable_password():
            raise refusals.WrongState(_("The account %(login_id)s has a password."), login_id=row.login_id)
        write(row, password=encoded, password_changed_at=now)
        record(row, "first_password", actor=actor, now=now)


def password_changed(account_id: str, *, password: str | None = None, actor: Actor, now: datetime) -> None:
    """Set the password (None: it was set) and end every sign-in.

    Who is locked cannot sign in, so this is a reset through the contact mail: it unlocks what wrong passwords or a
    long sleep had locked. Raises WrongState, Overloaded.
    """
    encoded = None if password is None else make_password(password)
    with transaction.atomic():
        row = locked(account_id)
        must_live(row)
        if encoded is not None:
            write(row, password=encoded)
        write(row, password_changed_at=now, must_change_password=False, failed_passwords=0, failed_codes=0)
        if row.state == State.LOCKED and row.lock_reason in RESET_UNLOCKS:
            _reopen(row, now)
            record(row, "unlock", actor=actor, now=now, detail={"by": "reset"})
        raise_epoch(row, Trigger.PASSWORD_CHANGE, actor=actor, now=now)


@transaction.atomic
def reset_password(account_id: str, *, actor: Actor, now: datetime) -> None:
    """The password counts no more and every sign-in ends; the person sets another one by a code.

    Raises WrongState, NoMail.
    """
    row = locked(account_id)
    if row.state not in {State.ACTIVE, State.LOCKED}:
        must_move(row, State.LOCKED)
    if not row.contact_mail and not row.mobile_verified_at:
        message = _("The account %(login_id)s has neither contact mail nor mobile. Let its person set it up anew.")
        raise refusals.NoMail(message, login_id=row.login_id)
    write(row, password=make_password(None), password_changed_at=None, must_change_password=False)
    raise_epoch(row, Trigger.PASSWORD_CHANGE, actor=actor, now=now, by="administrator")


@transaction.atomic
def require_password_change(account_id: str, *, actor: Actor, now: datetime) -> None:
    """The next sign-in must set a new password."""
    row = locked(account_id)
    write(row, must_change_password=True)
    record(row, "require_password_change", actor=actor, now=now)


@transaction.atomic
def end_sign_ins(account_id: str, trigger: Trigger, *, actor: Actor, now: datetime, **detail: object) -> None:
    """Something about the contract changed: everybody must sign in again."""
    raise_epoch(locked(account_id), trigger, actor=actor, now=now, **detail)


@transaction.atomic
def move_to_corporation(account_id: str, corporation_id: str, *, actor: Actor, now: datetime, **detail: object) -> None:
    """The person belongs to another corporation now; an employee's login id becomes one of the new organisation."""
    row = locked(account_id)
    must_live(row)
    write(row, corporation_id=corporation_id)
    if row.login_kind == LoginKind.EMPLOYEE:
        _give_login(row, employee_login(organisation(corporation_id), row.login_id.partition("/")[2]))
    raise_epoch(row, Trigger.NAME_CHANGE, actor=actor, now=now, corporation=corporation_id, **detail)


@transaction.atomic
def noticed(account_id: str, *, actor: Actor, now: datetime) -> None:
    """The person was told that the account sleeps."""
    row = locked(account_id)
    write(row, dormant_notice_at=now)
    record(row, "dormant_notice", actor=actor, now=now)
