"""How a corporation without a line joins by itself: at once, or after a person of the operator has looked at it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from noren.accounts import actions as accounts
from noren.accounts.actions import applications
from noren.accounts.actions.applications import Applicant
from noren.accounts.rules import TicketPurpose
from noren.groups import actions as groups
from noren.kit.actor import Actor
from noren.lifecycle import actions
from noren.members import actions as members
from noren.members import queries
from noren.members.rules import CorporationKind
from noren.outbox import actions as outbox


@dataclass(frozen=True, slots=True)
class Registered:
    """What came of it: an account, or just an application that is to be looked at."""

    account_id: str = ""
    application_id: UUID | None = None


def corporation_id_of(corporate_number: str) -> str:
    """The id of a corporation that joined by itself."""
    return f"N{corporate_number}"


def register(applicant: Applicant, *, journey_id: str, password: str, actor: Actor, now: datetime) -> Registered:
    """Make the corporation, its first account (active, with the password) and its membership, in one transaction.

    A corporation that is known already takes nobody in by itself: then an application is put to review.
    A journey registers once, however often it is asked to. Raises the refusals of lifecycle.actions.issue, Overloaded.
    """
    try:
        with transaction.atomic():
            own = applications.apply(applicant, journey_id=journey_id, actor=actor, now=now)
            if not own.new:
                return Registered(own.account_id, own.application_id)
            corporation_id = corporation_id_of(applicant.corporate_number)
            _add_corporation(corporation_id, CorporationKind.CORPORATION, applicant, actor, now)
            account_id = _issue(corporation_id, applicant, active=True, actor=actor, now=now)
            accounts.first_password(account_id, password, actor=actor, now=now)
            groups.make_administrator(account_id, actor=actor, now=now)
            applications.decide(own.application_id, approved=True, reason="", actor=actor, now=now)
            applications.issued(own.application_id, account_id)
    except members.KnownCorporation:
        return apply(applicant, journey_id=journey_id, actor=actor, now=now)
    return Registered(account_id, own.application_id)


@transaction.atomic
def apply(applicant: Applicant, *, journey_id: str, actor: Actor, now: datetime) -> Registered:
    """Put an application on the review list and tell so by mail; once for a journey."""
    applied = applications.apply(applicant, journey_id=journey_id, actor=actor, now=now)
    if not applied.new:
        return Registered(applied.account_id, applied.application_id)
    with translation.override(applicant.language):
        subject = _("We have your application")
        body = _(
            "Dear %(person)s,\n\nthank you for applying for %(name)s. We are looking at it and will write to you.\n"
        )
    _mail(applicant, subject, body, now)
    return Registered(application_id=applied.application_id)


@transaction.atomic
def approve(application_id: UUID, *, actor: Actor, now: datetime) -> str:
    """Approve an application: corporation, account, membership, and an invitation by mail; the account's id.

    Raises UnknownApplication, DecidedApplication, the refusals of lifecycle.actions.issue, KnownCorporation.
    """
    applicant = applications.decide(application_id, approved=True, reason="", actor=actor, now=now)
    known = queries.corporation_numbered(applicant.corporate_number) if applicant.corporate_number else None
    corporation_id = known or _new_corporation(application_id, applicant, actor, now)
    account_id = _issue(corporation_id, applicant, active=False, actor=actor, now=now)
    if known is None:
        groups.make_administrator(account_id, actor=actor, now=now)
    applications.issued(application_id, account_id)
    actions.invite(account_id, by="mail", actor=actor, now=now)
    return account_id


@transaction.atomic
def refuse(application_id: UUID, *, reason: str, actor: Actor, now: datetime) -> None:
    """Refuse an application and tell why by mail. Raises UnknownApplication, DecidedApplication."""
    applicant = applications.decide(application_id, approved=False, reason=reason, actor=actor, now=now)
    with translation.override(applicant.language):
        subject = _("Your application")
        body = _("Dear %(person)s,\n\nwe cannot accept your application for %(name)s.\n\n%(reason)s\n")
    _mail(applicant, subject, body, now, reason=reason)


@transaction.atomic
def accept_with_password(token: str, password: str, *, now: datetime) -> str:
    """Use an invitation by mail up and set the first password; the account's id. Raises TicketUnusable, Overloaded."""
    account_id = actions.accept(token, purpose=TicketPurpose.INVITATION, now=now)
    accounts.first_password(account_id, password, actor=accounts.herself(account_id), now=now)
    return account_id


def _new_corporation(application_id: UUID, applicant: Applicant, actor: Actor, now: datetime) -> str:
    """One of a sole proprietor, or of a number that became free."""
    number = applicant.corporate_number
    kind = CorporationKind.CORPORATION if number else CorporationKind.SOLE_PROPRIETOR
    corporation_id = corporation_id_of(number) if number else f"S{application_id.hex}"
    _add_corporation(corporation_id, kind, applicant, actor, now)
    return corporation_id


def _add_corporation(
    corporation_id: str, kind: CorporationKind, applicant: Applicant, actor: Actor, now: datetime
) -> None:
    members.add_corporation(
        corporation_id=corporation_id,
        kind=kind,
        name=applicant.name,
        name_kana=applicant.name_kana,
        corporate_number=applicant.corporate_number,
        actor=actor,
        now=now,
    )


def _issue(corporation_id: str, applicant: Applicant, *, active: bool, actor: Actor, now: datetime) -> str:
    return actions.issue(
        corporation_id=corporation_id,
        login_id=applicant.login_id,
        name=applicant.person,
        name_kana=applicant.person_kana,
        department=applicant.department,
        title=applicant.title,
        contact_mail=applicant.mail,
        language=applicant.language,
        active=active,
        actor=actor,
        now=now,
    )


def _mail(applicant: Applicant, subject: str, body: str, now: datetime, **more: str) -> None:
    told = body % {"person": applicant.person, "name": applicant.name, **more}
    outbox.mail(to=applicant.mail, subject=subject, body=told, now=now)
