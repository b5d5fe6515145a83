"""Points of a member, reserved for a use by a partner: captured, voided, given back. A partner sees its own alone."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from ninja import Body, Path, Router

from noren.api import asking, clock, cursors, problems, schemas
from noren.api.asking import Request
from noren.api.members import PAGE, Cursor, Limit, MemberId
from noren.api.once import Key, once
from noren.api.responses import CHANGE, READ, READ_LIST, opened_by
from noren.groups.queries import OwnMember
from noren.kit.months import first_day
from noren.programme import queries as programme
from noren.spending import actions, queries, rules
from noren.spending.queries import ReservationRow
from noren.sso.rules import POINTS_SPEND

USUAL_LIFE, LONGEST_LIFE = timedelta(days=7), timedelta(days=90)

ReservationId = Annotated[UUID, Path(description=_("The reservation's id."))]

router = Router(tags=["reservations"])


class Which(NamedTuple):
    """Whose reservation, and which."""

    member_id: UUID
    reservation_id: UUID


@router.post(
    "",
    response={201: schemas.ReservationOut, **CHANGE},
    **opened_by(POINTS_SPEND),
    operation_id="reserve",
    summary=_("Reserve points"),
    description=_(
        "The points leave their lots at once, those first that lapse first, and wait. The token must say that the "
        "person gave a second factor in the last ten minutes; otherwise the answer tells what to ask the person for."
    ),
)
def api_reserve(request: Request, member_id: MemberId, key: Key, wish: schemas.Reserve) -> HttpResponse:
    """Take points and let them wait."""
    now = clock.now()
    own = asking.member(request, member_id)
    expires_at = _expiry(wish.expires_at, now)

    def act() -> schemas.ReservationOut:
        asking.must_be_fresh(request.auth)
        asking.must_be_usable(own)
        _must_be_known(wish.use, now)
        made = actions.reserve(
            wallet_id=own.member.uid,
            use=wish.use,
            amount=wish.points,
            reference=wish.reference,
            expires_at=expires_at,
            scope=own.member.corporation_id,
            key=f"api/{request.auth.client_id}/{key}",
            actor=request.auth.actor,
            now=now,
        )
        return _told(_theirs(request, made))

    answer = once(request, key, wish, act, status=201)
    if answer.status_code == 201:
        answer["Location"] = f"{request.path}/{json.loads(answer.content)['id']}"
    return answer


@router.get(
    "",
    response={200: schemas.Reservations, **READ_LIST},
    **opened_by(POINTS_SPEND),
    operation_id="listReservations",
    summary=_("List a member's reservations"),
    description=_("Those that you made, page by page, the newest first. Give `next` back as `cursor`."),
)
def api_reservations(
    request: Request, member_id: MemberId, *, limit: Limit = PAGE, cursor: Cursor = ""
) -> dict[str, Any]:
    """A page of reservations."""
    own = asking.member(request, member_id)
    below = cursors.below("reservations", cursor)
    made_by = str(request.auth.actor)
    found = queries.reservations([own.member.uid], made_by=made_by, below=below, most=limit + 1)
    return cursors.page("reservations", found, limit, _place, _told)


@router.get(
    "/{reservation_id}",
    response={200: schemas.ReservationOut, **READ},
    **opened_by(POINTS_SPEND),
    operation_id="getReservation",
    summary=_("Get a reservation"),
    description=_("One that you made."),
)
def api_reservation(request: Request, member_id: MemberId, reservation_id: ReservationId) -> schemas.ReservationOut:
    """One reservation."""
    return _told(_one(request, asking.member(request, member_id), reservation_id))


@router.post(
    "/{reservation_id}/capture",
    response={200: schemas.ReservationOut, **CHANGE},
    **opened_by(POINTS_SPEND),
    operation_id="capture",
    summary=_("Capture reserved points"),
    description=_("The use happened: all of the points or fewer are used; the rest goes back to its lots."),
)
def api_capture(
    request: Request,
    member_id: MemberId,
    reservation_id: ReservationId,
    key: Key,
    wish: Annotated[schemas.Capture, Body()] = schemas.Capture(),  # noqa: B008  (frozen by use)
) -> HttpResponse:
    """Use what was reserved."""
    return _settled(request, Which(member_id, reservation_id), key, wish, partial(actions.capture, amount=wish.points))


@router.post(
    "/{reservation_id}/void",
    response={200: schemas.ReservationOut, **CHANGE},
    **opened_by(POINTS_SPEND),
    operation_id="void",
    summary=_("Void a reservation"),
    description=_("The use will not happen: all of the points go back to the lots they came from."),
)
def api_void(
    request: Request,
    member_id: MemberId,
    reservation_id: ReservationId,
    key: Key,
    wish: Annotated[schemas.Void, Body()] = schemas.Void(),  # noqa: B008  (frozen by use)
) -> HttpResponse:
    """Give all of it back."""
    return _settled(request, Which(member_id, reservation_id), key, wish, actions.void)


@router.post(
    "/{reservation_id}/reverse",
    response={200: schemas.ReservationOut, **CHANGE},
    **opened_by(POINTS_SPEND),
    operation_id="reverse",
    summary=_("Reverse captured points"),
    description=_(
        "What was used is given back, all of it or a part, as often as some is left. What comes back to a lot whose "
        "last day is past lapses again."
    ),
)
def api_reverse(
    request: Request,
    member_id: MemberId,
    reservation_id: ReservationId,
    key: Key,
    wish: Annotated[schemas.Reverse, Body()] = schemas.Reverse(),  # noqa: B008  (frozen by use)
) -> HttpResponse:
    """Give back what was used."""
    named = f"api/{request.auth.client_id}/{key}"
    step = partial(actions.give_back, amount=wish.points, key=named, reason=wish.reason)
    return _settled(request, Which(member_id, reservation_id), key, wish, step)


def _settled(request: Request, which: Which, key: str, wish: schemas.Asked, step: Callable[..., None]) -> HttpResponse:
    """Do the step with one of the partner's own reservations, once. Raises NotYours, UnknownReservation."""
    own = asking.member(request, which.member_id)

    def act() -> schemas.ReservationOut:
        _one(request, own, which.reservation_id)
        step(
            wallet_id=own.member.uid,
            reservation_id=which.reservation_id,
            actor=request.auth.actor,
            now=clock.now(),
        )
        return _told(_one(request, own, which.reservation_id))

    return once(request, key, wish, act)


def _one(request: Request, own: OwnMember, reservation_id: UUID) -> ReservationRow:
    """The partner's reservation of that id. Raises UnknownReservation for anybody else's."""
    return _theirs(request, queries.reservation([own.member.uid], reservation_id))


def _theirs(request: Request, found: ReservationRow | None) -> ReservationRow:
    if found is None or found.made_by != str(request.auth.actor):
        raise actions.UnknownReservation(gettext_lazy("There is no such reservation."))
    return found


def _must_be_known(use: str, now: datetime) -> None:
    """Raises UnknownUse, programme.NoProgramme."""
    if use != rules.BILL and use not in programme.in_force(first_day(localdate(now))).uses:
        raise problems.UnknownUse(gettext_lazy("The programme has no such use of points: %(use)s."), use=use)


def _expiry(wish: datetime | None, now: datetime) -> datetime:
    """When the reservation ends. Raises Invalid."""
    if wish is None:
        return now + USUAL_LIFE
    if not now < wish <= now + LONGEST_LIFE:
        reason = str(gettext_lazy("The time must lie ahead, at most 90 days."))
        raise problems.Invalid([{"place": "body", "field": "expires_at", "code": "out_of_range", "reason": reason}])
    return wish


def _told(row: ReservationRow) -> schemas.ReservationOut:
    return schemas.ReservationOut(
        id=row.reservation_id,
        use=row.use,
        reference=row.reference,
        points=row.points,
        captured=row.captured,
        given_back=row.given_back,
        state=row.state,
        expires_at=row.expires_at,
        made_at=row.made_at,
        settled_at=row.settled_at,
    )


def _place(row: ReservationRow) -> tuple[datetime, UUID]:
    return row.made_at, row.reservation_id
