"""What happens to a line happens to its account: cancellation, another number, another name."""

from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localtime

from noren.accounts import actions as accounts
from noren.accounts import queries
from noren.accounts.rules import Trigger
from noren.audit import actions as audit
from noren.groups import actions as groups
from noren.groups import queries as places
from noren.kit.actor import Actor
from noren.lifecycle.actions.grouping import follow_account, leave_any_group
from noren.members import memberships
from noren.members import queries as members
from noren.members.rules import MemberKind
from noren.points import actions as points
from noren.points import queries as balances
from noren.points.rules import WalletKey
from noren.sso import actions as sso


def link_line(account_id: str, line_id: str, *, pin: str | None, actor: Actor, now: datetime) -> None:
    """Link a line; it joins the programme with it. `pin` None: its number was proved by a code.

    A wrong PIN stays counted, so no transaction may be open when one is given.
    Raises LineNotLinked, LineTaken, WrongState.
    """
    if pin is not None:
        accounts.check_pin(line_id, pin)
    with transaction.atomic():
        accounts.link_line(account_id, line_id, actor=actor, now=now)
        follow_account(account_id, line_id, actor=actor, now=now)
        if settings.NOREN_JOIN_WITH_ACCOUNT:
            memberships.join_line(line_id, localtime(now).date())


def unlink_line(account_id: str, line_id: str, *, actor: Actor, now: datetime) -> None:
    """The line goes on as a member of its own. Raises NotLinked."""
    accounts.unlink_line(account_id, line_id, actor=actor, now=now)


@transaction.atomic
def cancel_line(line_id: str, on: date, *, forced: bool = False, actor: Actor, now: datetime) -> None:
    """The line contract ends. Its account survives, carrier-free without another line, and takes over its points.

    Without an account, or when the operator ends it (`forced`), the points lapse with the next close or `noren
    expire`. Raises UnknownMember, LineClosed, BadDay.
    """
    account_id = queries.account_of_line(line_id)
    memberships.close_line(line_id, on, localtime(now).date())
    audit.record(
        actor=actor,
        act="line.cancel",
        subject=line_id,
        detail={"forced": forced, "account": account_id},
        now=now,
        scope=members.line(line_id).corporation_id,
        after={"closed_on": on},
    )
    if account_id is None:
        leave_any_group(members.lines([line_id]), actor=actor, now=now)
    else:
        _leave_line(line_id, account_id, forced=forced, actor=actor, now=now)


def follow_lines(*, actor: Actor, now: datetime) -> int:
    """Let accounts follow what an import did to their lines, and take points that came late for closed ones; how many.

    A line that closed leaves its points; one that has another number goes on; one that belongs to another corporation
    now is the account's no more, with all its points. Each of these ends the sign-ins. One transaction for each line.
    To be called when lines were imported and when a month was closed.
    """
    closed = queries.closed_lines(localtime(now).date())
    for line_id, account_id in closed:
        with transaction.atomic():
            _leave_line(line_id, account_id, forced=False, actor=actor, now=now)
    changed = _follow_numbers(actor, now) + _leave_moved(actor, now)
    owners = dict(members.continued_lines())
    late = balances.with_points(owners)
    for uid in late:
        with transaction.atomic():
            _take_over(uid, owners[uid], actor, now)
    return len(closed) + changed + len(late)


def _follow_numbers(actor: Actor, now: datetime) -> int:
    found = queries.renumbered_lines()
    for line_id, account_id in found:
        with transaction.atomic():
            _renumbered(line_id, account_id, actor, now)
    return len(found)


def _renumbered(line_id: str, account_id: str, actor: Actor, now: datetime) -> None:
    accounts.follow_number(line_id)
    _end(account_id, Trigger.NUMBER_CHANGE, actor, now, line=line_id)


def _leave_moved(actor: Actor, now: datetime) -> int:
    found = queries.moved_lines()
    for line_id, account_id in found:
        with transaction.atomic():
            leave_any_group(members.lines([line_id]), actor=actor, now=now)
            accounts.unlink_line(account_id, line_id, actor=actor, now=now)
            _end(account_id, Trigger.NAME_CHANGE, actor, now, line=line_id)
    return len(found)


def _leave_line(line_id: str, account_id: str, *, forced: bool, actor: Actor, now: datetime) -> None:
    """The account goes on without the closed line, with its points if it was not ended by force."""
    leave_any_group(members.lines([line_id]), actor=actor, now=now)
    accounts.unlink_line(account_id, line_id, actor=actor, now=now)
    is_member = bool(members.account_members(account_id)) or _joins(account_id, now)
    if is_member and not forced:
        memberships.continue_line(line_id, account_id)
        _take_over(members.line(line_id).uid, account_id, actor, now)
    trigger = Trigger.FORCED_CANCELLATION if forced else Trigger.LINE_CANCELLATION
    _end(account_id, trigger, actor, now, line=line_id)


def _joins(account_id: str, now: datetime) -> bool:
    """An account that was no member of its own continues its line's membership, unless it has withdrawn."""
    try:
        return memberships.join_account(account_id, localtime(now).date())
    except memberships.WithdrawnBefore:
        return False


def _take_over(source: UUID, account_id: str, actor: Actor, now: datetime) -> None:
    """Move what can be used today to the account's wallet; kind and last day stay. What is owed stays behind."""
    today = localtime(now).date()
    if balances.balance(source, today).spendable <= 0:
        return
    target = members.account_members(account_id)[0]
    points.transfer(
        source_id=source,
        target=WalletKey(target.uid, MemberKind.ACCOUNT, account_id),
        on=today,
        actor=actor,
        now=now,
        key=f"line.continued/{now.isoformat()}",
        reason="line closed, account goes on",
    )


@transaction.atomic
def change_number(line_id: str, phone_number: str, *, actor: Actor, now: datetime) -> None:
    """Another phone number: membership, tenure and points go on. Raises UnknownMember."""
    old = memberships.change_number(line_id, phone_number)
    account_id = queries.account_of_line(line_id)
    if account_id is not None:
        _renumbered(line_id, account_id, actor, now)
    audit.record(
        actor=actor,
        act="line.number",
        subject=line_id,
        detail={"account": account_id},
        now=now,
        scope=members.line(line_id).corporation_id,
        before={"phone_number": old},
        after={"phone_number": phone_number},
    )


@transaction.atomic
def change_name(account_id: str, corporation_id: str, *, succession: bool = False, actor: Actor, now: datetime) -> None:
    """The account and its lines belong to another corporation now. Points follow in a succession, else they are lost.

    Lost is then also what comes back later of points that were used or reserved before.
    Raises UnknownAccount, UnknownCorporation, WrongState, LoginTaken, StillRepresents.
    """
    members.corporation_name(corporation_id)
    moved = [*members.accounts([account_id]), *(one.line for one in queries.lines(account_id))]
    groups.end_roles(account_id, actor=actor, now=now)
    leave_any_group(moved, actor=actor, now=now)
    for member in moved:
        memberships.move_to_corporation(member.kind, member.member_id, corporation_id)
    theirs = {*(member.uid for member in moved), *members.continued_by(account_id), *places.inherited_by(account_id)}
    lost = 0 if succession else sum(_give_up(one, now=now, actor=actor, to=corporation_id) for one in sorted(theirs))
    detail = {"succession": succession, "points_lost": lost}
    accounts.move_to_corporation(account_id, corporation_id, actor=actor, now=now, **detail)
    groups.follow([account_id])
    sso.end(account_id=account_id, now=now)


def _give_up(wallet_id: UUID, *, to: str, actor: Actor, now: datetime) -> int:
    """Take the points of a wallet whose member goes to another corporation; gives how many. What comes back lapses."""
    try:
        given_up = points.give_up(
            wallet_id=wallet_id,
            on=localtime(now).date(),
            actor=actor,
            now=now,
            key=f"name.change/{to}/{now.isoformat()}",
            reason="name change",
        )
    except points.NoSuchWallet:
        return 0
    return -given_up.points


def _end(account_id: str, trigger: Trigger, actor: Actor, now: datetime, **detail: object) -> None:
    accounts.end_sign_ins(account_id, trigger, actor=actor, now=now, **detail)
    sso.end(account_id=account_id, now=now)
