"""A person's members: points, lots, history, and why a month has its points."""

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as _
from ninja import Path, Query, Router

from noren.api import asking, clock, cursors, schemas
from noren.api.asking import Request
from noren.api.responses import READ, READ_ARCHIVE, READ_LIST, opened_by
from noren.closing import explain as closing
from noren.groups import queries as groups
from noren.kit.months import parse_month
from noren.points import queries as points
from noren.points.queries import Asked, Place, StatementRow
from noren.points.rules import Movement
from noren.sso.rules import POINTS_READ, POINTS_SPEND
from noren.web import archive

PAGE, MOST = 50, 100

MemberId = Annotated[UUID, Path(description=_("The member's id, as the list of members tells it."))]
Month = Annotated[
    str, Path(pattern="^20[0-9]{2}-(0[1-9]|1[0-2])$", description=_("The month of use, such as 2021-07."))
]
Limit = Annotated[int, Query(ge=1, le=MOST, description=_("How many at most."))]
Cursor = Annotated[str, Query(max_length=500, description=_("Where the list goes on: `next` of the page before."))]

router = Router(tags=["members"])


@router.get(
    "",
    **opened_by(POINTS_READ, POINTS_SPEND),
    response={200: schemas.Members, **READ},
    operation_id="listMembers",
    summary=_("List the person's members"),
    description=_("The business account and the lines of the person, as far as they ever joined the programme."),
)
def api_members(request: Request) -> dict[str, Any]:
    """The members."""
    return {
        "items": [
            schemas.MemberOut(
                id=own.member.uid,
                kind=own.member.kind.value,
                member_id=own.member.member_id,
                joined_on=own.joined_on,
                withdrawn_on=own.withdrawn_on,
                is_pooled=own.pool is not None,
            )
            for own in groups.own_members(request.auth.account_id)
        ]
    }


@router.get(
    "/{member_id}/balance",
    **opened_by(POINTS_READ),
    response={200: schemas.BalanceOut, **READ},
    operation_id="getBalance",
    summary=_("Get a member's balance"),
    description=_("The member's own points. Points of a group are not among them."),
)
def api_balance(request: Request, member_id: MemberId) -> dict[str, Any]:
    """The balance."""
    today = localdate(clock.now())
    found = points.balance(asking.member(request, member_id).member.uid, today)
    return {"total": found.total, "limited": found.limited, "spendable": found.spendable, "on": today}


@router.get(
    "/{member_id}/lots",
    **opened_by(POINTS_READ),
    response={200: schemas.Lots, **READ},
    operation_id="listLots",
    summary=_("List a member's lots"),
    description=_("Points of one kind, with the same uses and the same last day, are one lot."),
)
def api_lots(request: Request, member_id: MemberId) -> dict[str, Any]:
    """The lots."""
    return {"items": points.lots(asking.member(request, member_id).member.uid)}


@router.get(
    "/{member_id}/history",
    **opened_by(POINTS_READ),
    response={200: schemas.History, **READ_LIST},
    operation_id="listHistory",
    summary=_("List what happened to a member's points"),
    description=_("Page by page, the newest business day first. Give `next` back as `cursor`, and the same filters."),
)
def api_history(
    request: Request,
    member_id: MemberId,
    *,
    since: Annotated[date | None, Query(description=_("First business day."))] = None,
    until: Annotated[date | None, Query(description=_("Last business day."))] = None,
    movement: Annotated[Movement | None, Query(description=_("Only these movements."))] = None,
    limit: Limit = PAGE,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """A page of the history."""
    wallet = asking.member(request, member_id).member.uid
    asked = Asked(since=since or date.min, until=until or date.max, movement=movement, limit=limit + 1)
    if cursor:
        asked = replace(asked, below=_below(cursor))
    return cursors.page("history", points.statement([wallet], asked), limit, _place, _posting)


@router.get(
    "/{member_id}/months/{month}/explanation",
    **opened_by(POINTS_READ),
    response={200: schemas.ExplanationOut, **READ_ARCHIVE},
    operation_id="explainMonth",
    summary=_("Explain a member's points of a month"),
    description=_("Down to the bill items, the contracts and the postings, as of the last close of the month."),
)
def api_explanation(request: Request, member_id: MemberId, month: Month) -> dict[str, Any]:
    """Why these points."""
    member = asking.member(request, member_id).member
    return closing.as_dict(archive.explained(member, parse_month(month)))


def _posting(row: StatementRow) -> dict[str, Any]:
    return {
        "posting_id": row.place.posting_id,
        "on": row.place.effective_on,
        "booked_at": row.place.booked_at,
        "movement": row.movement,
        "usage_month": row.usage_month,
        "kinds": row.kinds.split(),
        "lapses_on": row.lapses_on,
        "points": row.points,
        "balance": row.balance,
        "use": row.use,
    }


def _place(row: StatementRow) -> tuple[object, ...]:
    return row.place.effective_on, row.place.booked_at, row.place.posting_id, row.place.wallet_id


def _below(cursor: str) -> Place:
    day, at, posting, wallet = cursors.read("history", cursor)
    return Place(date.fromisoformat(day), datetime.fromisoformat(at), UUID(posting), UUID(wallet))
