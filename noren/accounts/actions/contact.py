"""How a person is reached, and what is known of them."""

import unicodedata
from datetime import datetime

import phonenumbers
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from noren.accounts.actions import refusals
from noren.accounts.actions.rows import locked, record, write
from noren.accounts.models import Account
from noren.accounts.rules import TwoStep
from noren.kit.actor import Actor

REGION = "JP"
"""Where a number without a country code is."""


def tidy_mail(mail: str) -> str:
    """The address as it is kept; empty stays empty. Raises BadMail."""
    mail = unicodedata.normalize("NFKC", mail).strip().lower()
    try:
        if mail:
            validate_email(mail)
    except ValidationError as error:
        raise refusals.BadMail(_("“%(mail)s” is not a mail address."), mail=mail) from error
    return mail


def tidy_mobile(mobile: str) -> str:
    """The number in E.164 (+819012345678); empty stays empty. Raises BadMobile."""
    if not mobile.strip():
        return ""
    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", mobile), REGION)
    except phonenumbers.NumberParseException as error:
        raise _bad_mobile(mobile) from error
    if not phonenumbers.is_valid_number(number):
        raise _bad_mobile(mobile)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _bad_mobile(mobile: str) -> refusals.BadMobile:
    return refusals.BadMobile(_("“%(mobile)s” is not a phone number."), mobile=mobile)


@transaction.atomic
def set_contact_mail(account_id: str, mail: str, *, actor: Actor, now: datetime) -> None:
    """The address that the person proved to be theirs (empty: none). Raises BadMail."""
    row = locked(account_id)
    write(row, contact_mail=tidy_mail(mail))
    proved(row)
    record(row, "contact_mail", actor=actor, now=now)


def proved(row: Account) -> None:
    """Let allauth know the contact mail as verified, and no other address."""
    EmailAddress.objects.filter(user_id=row.account_id).delete()
    if row.contact_mail:
        EmailAddress.objects.create(user_id=row.account_id, email=row.contact_mail, verified=True, primary=True)


@transaction.atomic
def set_contact_mobile(account_id: str, mobile: str, *, actor: Actor, now: datetime) -> None:
    """The number that the person proved to be theirs (empty: none). Raises BadMobile."""
    number = tidy_mobile(mobile)
    row = locked(account_id)
    write(row, contact_mobile=number, mobile_verified_at=now if number else None)
    record(row, "contact_mobile", actor=actor, now=now)


@transaction.atomic
def set_two_step(account_id: str, two_step: TwoStep, *, actor: Actor, now: datetime) -> None:
    """When the second step is asked."""
    row = locked(account_id)
    write(row, two_step=two_step)
    record(row, "two_step", actor=actor, now=now)


@transaction.atomic
def set_user_data(
    account_id: str,
    *,
    name: str,
    name_kana: str = "",
    department: str = "",
    title: str = "",
    employee_number: str = "",
    language: str = "",
    actor: Actor,
    now: datetime,
) -> None:
    """What the corporation and partner services know of the person; an empty language stays. Raises NoName."""
    given = {
        "name": name,
        "name_kana": name_kana,
        "department": department,
        "title": title,
        "employee_number": employee_number,
    }
    fields = {key: unicodedata.normalize("NFKC", text).strip() for key, text in given.items()}
    if not fields["name"]:
        raise refusals.NoName(_("An account needs the name of its person."))
    row = locked(account_id)
    write(row, **fields, language=language or row.language)
    record(row, "user_data", actor=actor, now=now)
