"""Issue an account, which joins the programme with it; join and withdraw where these are steps of their own."""

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from noren.accounts import actions as accounts
from noren.accounts import queries
from noren.accounts.rules import Kind
from noren.audit import actions as audit
from noren.groups import actions as groups
from noren.kit.actor import Actor
from noren.kit.errors import Refusal
from noren.lifecycle.actions.grouping import leave_any_group
from noren.members import memberships
from noren.members import queries as members


class MembershipGoesWithAccount(Refusal):
    """An account without membership is not offered here."""

    code = "membership.goes_with_account"


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
    lines: Sequence[str] = (),
    active: bool = False,
    account_id: str = "",
    joined_on: date | None = None,
    actor: Actor,
    now: datetime,
) -> str:
    """Make an account and let it join the programme with its lines; gives its id.

    Under NOREN_JOIN_WITH_ACCOUNT=off it is no member until `join`. `account_id` and `joined_on` keep what a system
    that is taken over had. Raises the refusals of accounts.actions.issue and link_line, UnknownCorporation, BadDay.
    """
    members.corporation_name(corporation_id)
    account_id = accounts.issue(
        corporation_id=corporation_id,
        login_id=login_id,
        name=name,
        name_kana=name_kana,
        department=department,
        title=title,
        employee_number=employee_number,
        contact_mail=contact_mail,
        contact_mobile=contact_mobile,
        language=language,
        kind=Kind.LINE_LINKED if lines else Kind.CARRIER_FREE,
        active=active,
        account_id=account_id,
        actor=actor,
        now=now,
    )
    groups.follow([account_id])
    memberships.add_account(account_id, corporation_id, joined_on=None)
    for line_id in lines:
        accounts.link_line(account_id, line_id, actor=actor, now=now)
    if settings.NOREN_JOIN_WITH_ACCOUNT or joined_on is not None:
        _join(account_id, lines, joined_on, actor, now)
    return account_id


@transaction.atomic
def join(account_id: str, *, joined_on: date | None = None, actor: Actor, now: datetime) -> bool:
    """The account joins the programme; False: it is a member. Raises UnknownMember, WithdrawnBefore, BadDay."""
    return _join(account_id, (), joined_on, actor, now)


def _join(account_id: str, lines: Sequence[str], on: date | None, actor: Actor, now: datetime) -> bool:
    on = _not_later(on, now)
    joined = memberships.join_account(account_id, on)
    for line_id in lines:
        memberships.join_line(line_id, on)
    if joined:
        _record(account_id, "join", on, actor, now)
    return joined


@transaction.atomic
def withdraw(account_id: str, *, on: date | None = None, actor: Actor, now: datetime) -> None:
    """The membership ends and the account stays; its points lapse with the next close or `noren expire`.

    Raises MembershipGoesWithAccount, NotAMember, BadDay, StillRepresents.
    """
    if settings.NOREN_JOIN_WITH_ACCOUNT:
        raise MembershipGoesWithAccount(_("Membership goes with the account. Abolish the account to withdraw."))
    groups.end_roles(account_id, actor=actor, now=now)
    leave_any_group(members.accounts([account_id]), actor=actor, now=now)
    end_membership(account_id, on=on, actor=actor, now=now)


def end_membership(account_id: str, *, on: date | None = None, actor: Actor, now: datetime) -> None:
    """The membership ends on that day (None: today). Raises NotAMember, BadDay."""
    on = _not_later(on, now)
    memberships.withdraw_account(account_id, on)
    _record(account_id, "withdraw", on, actor, now)


def _record(account_id: str, act: str, on: date, actor: Actor, now: datetime) -> None:
    scope = queries.corporation_of(account_id)
    detail = {"on": str(on)}
    audit.record(actor=actor, act=f"membership.{act}", subject=account_id, detail=detail, now=now, scope=scope)


def _not_later(on: date | None, now: datetime) -> date:
    today = localtime(now).date()
    if on is not None and on > today:
        raise memberships.BadDay(_("%(day)s has not come yet."), day=on)
    return on or today
