"""Apply: points for the bill of one member, once or every month."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from noren.accounts import queries as accounts
from noren.audit import actions as audit
from noren.groups import queries as groups
from noren.kit import sql
from noren.kit.actor import Actor
from noren.members import queries as members
from noren.members.queries import Member
from noren.members.rules import MemberKind
from noren.points import actions as points
from noren.points import rules as ledger
from noren.spending import queries, rules
from noren.spending.actions import refusals
from noren.spending.models import Allocation, Standing

WHOLE = 32_000
"""Lines of a posting that belongs to one allocation alone: more than it has."""


@transaction.atomic
def allocate(
    *,
    wallet_id: UUID,
    target: Member,
    amount: int,
    spenders: tuple[str, ...] = (),
    key: str,
    actor: Actor,
    now: datetime,
) -> UUID:
    """Take points for the bill of the month of `now` (until 23:00 JST of its last day); gives the allocation's id.

    1 point pays 1 yen. What the bill does not take is carried to later ones. The same key again is the same allocation.
    Raises NotPayable, BillsOverdue, TooMany, points.NotPositive, InsufficientPoints, OverBudget, NoSuchWallet,
    KeyConflict.
    """
    must_be_payable(wallet_id, target)
    refusals.must_be_sensible(amount)
    day, month = localtime(now).date(), rules.month_for(now)
    receipt = points.spend(
        wallet_id=wallet_id,
        points=amount,
        use=rules.BILL,
        budgets=spenders,
        against=ledger.reserved(rules.BILL),
        on=day,
        actor=actor,
        now=now,
        key=f"allocation/{key}",
        reason=f"{target.kind}:{target.member_id}",
    )
    if not receipt.replayed:
        _must_not_be_overdue(target)
        Allocation.objects.create(
            wallet_id=wallet_id,
            allocation_id=receipt.posting_id,
            month=month,
            origin=rules.Origin.ONCE,
            points=amount,
            posting_id=receipt.posting_id,
            effective_on=day,
            first_line=1,
            lines=WHOLE,
            made_by=str(actor),
            made_at=now,
            **_target(target),
        )
        detail = {"points": amount, "month": str(month), **_target(target)}
        _record("allocation.apply", target, detail, actor, now)
    return receipt.posting_id


@transaction.atomic
def set_standing(
    *,
    wallet_id: UUID,
    target: Member,
    amount: int | None,
    since: date,
    until: date | None = None,
    spenders: tuple[str, ...] = (),
    actor: Actor,
    now: datetime,
) -> UUID:
    """Points for the bills of a member every month: so many, or (None) all that lapses next. Gives its id.

    `since` and `until` are usage months, both included. `spenders`: all that stands for one of them must be within its
    limit of a month, if it has one. Raises NotPayable, TooMany, BadSpan, OverLimit, StandingKnown, points.NotPositive.
    """
    must_be_payable(wallet_id, target)
    if amount is not None:
        refusals.must_be_sensible(amount)
    if until is not None and until < since:
        raise refusals.BadSpan(_("It would end before it begins."))
    # One that is over, or whose payer may not pay any more, stands in nobody's way.
    earlier = Standing.objects.select_for_update().filter(uid=target.uid, ended_at=None)
    _end(earlier.filter(Q(until__lt=since) | ~Q(wallet_id__in=_payers(target))), target, actor, now)
    _must_be_within_limits(wallet_id, spenders, amount)
    try:
        with transaction.atomic():
            made = Standing.objects.create(
                wallet_id=wallet_id,
                points=amount,
                since=since,
                until=until,
                spenders=list(spenders),
                made_by=str(actor),
                made_at=now,
                **_target(target),
            )
    except IntegrityError as error:
        message = _("There is a standing allocation for this bill, or of all points that lapse, already. End it first.")
        raise refusals.StandingKnown(message) from error
    detail = {"points": amount, "since": str(since), "until": str(until or ""), **_target(target)}
    _record("allocation.standing", target, detail, actor, now)
    return made.standing_id


@transaction.atomic
def end_standing(standing_id: UUID, *, target: Member, actor: Actor, now: datetime) -> None:
    """No more for the bill of the member from the next close on; what was taken stays. Raises UnknownStanding."""
    found = Standing.objects.select_for_update().filter(standing_id=standing_id, uid=target.uid, ended_at=None)
    if not _end(found, target, actor, now):
        raise refusals.UnknownStanding(_("There is no such standing allocation."))


def _end(found: QuerySet[Standing], target: Member, actor: Actor, now: datetime) -> int:
    rows = list(found)
    for row in rows:
        row.ended_by, row.ended_at = str(actor), now
        row.save(update_fields=["ended_by", "ended_at"])
        _record("allocation.standing_end", target, {"id": row.standing_id}, actor, now)
    return len(rows)


def must_be_payable(wallet_id: UUID, target: Member) -> None:
    """A pool pays for members of its group, a member for itself, an account for its lines. Raises NotPayable."""
    if wallet_id not in _payers(target):
        raise refusals.NotPayable(_("These points cannot pay for %(member)s."), member=target.member_id)


def _must_not_be_overdue(target: Member) -> None:
    if queries.is_overdue(target):
        message = _("Bills of %(member)s are overdue. Points can be used for them again when they are paid.")
        raise refusals.BillsOverdue(message, member=target.member_id)


def _must_be_within_limits(wallet_id: UUID, spenders: tuple[str, ...], amount: int | None) -> None:
    asked = {"wallet_id": wallet_id, "spenders": list(spenders)}
    for limit, standing in sql.rows(lambda *row: row, "spending", "limits.sql", asked):
        if amount is None:
            raise refusals.OverLimit(_("There is a limit for each month. Say how many points."))
        if standing + amount > limit:
            message = _("The limit is %(limit)s points in a month; %(standing)s are used every month already.")
            raise refusals.OverLimit(message, limit=f"{limit:,}", standing=f"{standing:,}")


def _payers(target: Member) -> set[UUID]:
    pool = groups.pool_of(target.uid)
    if pool is not None:
        return {pool}
    owner = accounts.account_of_line(target.member_id) if target.kind is MemberKind.LINE else None
    own = {target.uid, *(one.uid for one in members.accounts([owner] if owner else []))}
    return own | set(groups.groups_of([target.uid]).values())


def _target(target: Member) -> dict[str, object]:
    return {"uid": target.uid, "kind": target.kind.value, "member_id": target.member_id}


def _record(act: str, target: Member, detail: dict[str, object], actor: Actor, now: datetime) -> None:
    told = {name: str(value) if isinstance(value, UUID) else value for name, value in detail.items()}
    audit.record(actor=actor, act=act, subject=target.member_id, detail=told, now=now, scope=target.corporation_id)
