"""Join, withdraw, move: single changes of lines and accounts as members, each inside the caller's transaction."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from noren.kit import sql
from noren.kit.errors import Refusal
from noren.members import queries
from noren.members.models import Account, Contract, Line
from noren.members.rules import MemberKind, uid_of


class WithdrawnBefore(Refusal):
    """Who withdrew does not join again with the same account."""

    code = "membership.withdrawn"


class NotAMember(Refusal):
    """Neither joined nor withdrawn already."""

    code = "membership.none"


class BadDay(Refusal):
    """A day before the beginning, or one that has not come."""

    code = "membership.bad_day"


class LineClosed(Refusal):
    """The line has ended already."""

    code = "line.closed"


def add_account(account_id: str, corporation_id: str, *, joined_on: date | None) -> None:
    """The account as one that can be a member; without a day it is none yet. Raises UnknownCorporation."""
    queries.corporation_name(corporation_id)
    Account.objects.create(
        account_id=account_id,
        uid=uid_of(MemberKind.ACCOUNT, account_id),
        corporation_id=corporation_id,
        joined_on=joined_on,
    )


def add_accounts(account_ids: Sequence[str], corporation_id: str, *, joined_on: date | None) -> None:
    """`add_account` for many."""
    params = {"account_ids": list(account_ids), "corporation_id": corporation_id, "joined_on": joined_on}
    sql.run("members", "add_accounts.sql", params)


def withdraw_accounts(account_ids: Sequence[str], on: date) -> list[tuple[str, str]]:
    """End the memberships of those that are members; gives their account ids and corporations."""
    params = {"account_ids": list(account_ids), "on": on}
    return sql.rows(lambda *row: row, "members", "withdraw_accounts.sql", params)


def join_account(account_id: str, on: date) -> bool:
    """The account joins the programme; False: it is a member. Raises UnknownMember, WithdrawnBefore."""
    row = _account(account_id)
    if row.withdrawn_on is not None:
        raise WithdrawnBefore(
            _("The account %(account_id)s has withdrawn. Issue a new account to join again."), account_id=account_id
        )
    if row.joined_on is not None:
        return False
    Account.objects.filter(account_id=account_id).update(joined_on=on)
    return True


def join_line(line_id: str, on: date) -> bool:
    """The line joins the programme; False: it is or was a member."""
    return bool(Line.objects.filter(line_id=line_id, joined_on__isnull=True).update(joined_on=on))


def join_lines(line_ids: Sequence[str], on: date) -> int:
    """`join_line` for many; how many were no members."""
    return Line.objects.filter(line_id__in=list(line_ids), joined_on__isnull=True).update(joined_on=on)


def withdraw_account(account_id: str, on: date) -> None:
    """The membership ends; its points lapse with the next close or `noren expire`. Raises NotAMember, BadDay."""
    row = _account(account_id)
    if row.joined_on is None or row.withdrawn_on is not None:
        raise NotAMember(_("The account %(account_id)s is not a member."), account_id=account_id)
    if on < row.joined_on:
        raise BadDay(_("%(day)s lies before the beginning, %(begin)s."), day=on, begin=row.joined_on)
    Account.objects.filter(account_id=account_id).update(withdrawn_on=on)


def close_line(line_id: str, on: date, today: date) -> None:
    """The line contract ends. Raises UnknownMember, LineClosed, BadDay."""
    row = queries.line(line_id)
    if row.closed_on is not None:
        raise LineClosed(_("The line %(line_id)s closed on %(day)s."), line_id=line_id, day=row.closed_on)
    if on < row.opened_on:
        raise BadDay(_("%(day)s lies before the beginning, %(begin)s."), day=on, begin=row.opened_on)
    if on > today:
        raise BadDay(_("%(day)s has not come yet. Cancel the line on that day."), day=on)
    Line.objects.filter(line_id=line_id).update(closed_on=on)


def continue_line(line_id: str, account_id: str) -> None:
    """The account has what the closed line had, and what still comes for its last months."""
    Line.objects.filter(line_id=line_id).update(continued_by_id=account_id)


def change_number(line_id: str, phone_number: str) -> str:
    """The line has another phone number and stays the same member; gives the old one. Raises UnknownMember."""
    old = queries.line(line_id).phone_number
    Line.objects.filter(line_id=line_id).update(phone_number=phone_number)
    return old


def move_to_corporation(kind: MemberKind, member_id: str, corporation_id: str) -> None:
    """The line or account, and its contracts, belong to another corporation. Raises UnknownCorporation."""
    queries.corporation_name(corporation_id)
    if kind is MemberKind.LINE:
        Line.objects.filter(line_id=member_id).update(corporation_id=corporation_id)
        Contract.objects.filter(line_id=member_id).update(corporation_id=corporation_id)
    else:
        Account.objects.filter(account_id=member_id).update(corporation_id=corporation_id)
        Contract.objects.filter(account_id=member_id).update(corporation_id=corporation_id)


def _account(account_id: str) -> Account:
    row = Account.objects.filter(account_id=account_id).select_for_update().first()
    if row is None:
        raise queries.UnknownMember(_("No line or account has the id %(name)s."), name=account_id)
    return row
