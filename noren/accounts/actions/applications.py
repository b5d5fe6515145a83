"""Joins: those that a person of the operator looks at, and those that a corporation decided by itself."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from noren.accounts.models import Application
from noren.audit import actions as audit
from noren.kit.actor import Actor
from noren.kit.errors import Refusal


class UnknownApplication(Refusal):
    """No application has that id."""

    code = "application.unknown"


class DecidedApplication(Refusal):
    """The application was approved or refused before."""

    code = "application.decided"


@dataclass(frozen=True, slots=True)
class Applied:
    """An application. `new`: it was made just now. `account_id`: what its own applicant made of it."""

    application_id: UUID
    new: bool
    account_id: str


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who wants to join: the corporation (without number: a sole proprietor) and its person."""

    corporate_number: str
    name: str
    name_kana: str
    person: str
    person_kana: str
    department: str
    title: str
    login_id: str
    mail: str
    language: str


def apply(applicant: Applicant, *, journey_id: str, actor: Actor, now: datetime) -> Applied:
    """Put an application on the review list, once for a journey: who comes second waits, and gets the first one's."""
    about = {"made_at": now, **asdict(applicant)}
    row, new = Application.objects.get_or_create(journey_id=journey_id, defaults=about)
    if new:
        audit.record(actor=actor, act="application.make", subject=str(row.pk), detail={"name": applicant.name}, now=now)
    by_itself = row.decided_by == str(actor)
    return Applied(application_id=row.pk, new=new, account_id=str(row.account_id) if by_itself else "")


def decide(application_id: UUID, *, approved: bool, reason: str, actor: Actor, now: datetime) -> Applicant:
    """Approve or refuse an application, once; who applied. Raises UnknownApplication, DecidedApplication."""
    open_ones = Application.objects.filter(pk=application_id, decided_at__isnull=True)
    decided = open_ones.update(decided_at=now, decided_by=str(actor), approved=approved, reason=reason)
    row = Application.objects.filter(pk=application_id).first()
    if row is None:
        raise UnknownApplication(_("There is no application %(id)s."), id=application_id)
    if not decided:
        raise DecidedApplication(_("The application %(id)s was decided before."), id=application_id)
    act = "application.approve" if approved else "application.refuse"
    audit.record(actor=actor, act=act, subject=str(application_id), now=now, reason=reason)
    return Applicant(**{name: getattr(row, name) for name in Applicant.__slots__})


def issued(application_id: UUID, account_id: str) -> None:
    """Note which account came of an application."""
    Application.objects.filter(pk=application_id).update(account_id=account_id)
