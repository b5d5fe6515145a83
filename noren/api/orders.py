"""What points buy, and orders: placed by a partner in the name of a person, with points of the person's own members."""

import json
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from ninja import Body, Path, Router

from noren.api import asking, clock, cursors, schemas
from noren.api.asking import Request
from noren.api.members import PAGE, Cursor, Limit, MemberId
from noren.api.once import Key, once
from noren.api.responses import CHANGE, READ, READ_LIST, opened_by
from noren.orders import actions, queries, rules
from noren.orders.actions import Wish
from noren.orders.definition import Item
from noren.orders.queries import OrderRow
from noren.orders.rules import NOWHERE, Address
from noren.sso.rules import POINTS_READ, POINTS_SPEND

Number = Annotated[str, Path(pattern=r"^[0-9A-Z]{5}-[0-9A-Z]{5}$", description=_("The order's number."))]

catalogue = Router(tags=["orders"])
router = Router(tags=["orders"])
placing = Router(tags=["orders"])


@catalogue.get(
    "",
    **opened_by(POINTS_READ, POINTS_SPEND),
    response={200: schemas.CatalogueOut, **READ},
    operation_id="getCatalogue",
    summary=_("Get the catalogue"),
    description=_("What can be ordered today, with its price and how many there are."),
)
def api_catalogue(request: Request) -> dict[str, Any]:
    """The items of today."""
    del request
    today, stock = localdate(clock.now()), queries.stock()
    offered = [item for item in queries.catalogue().items if rules.is_offered(item, today)]
    return {"items": [_item(item, stock.get(item.code, 0)) for item in offered]}


@placing.post(
    "",
    **opened_by(POINTS_SPEND),
    response={201: schemas.OrderOut, **CHANGE},
    operation_id="placeOrder",
    summary=_("Place an order"),
    description=_(
        "An item for the member, with the member's own points. They wait until the goods have left. The token must say "
        "that the person gave a second factor in the last ten minutes."
    ),
)
def api_place(request: Request, member_id: MemberId, key: Key, wish: schemas.PlaceOrder) -> HttpResponse:
    """Order, once."""
    own = asking.member(request, member_id)

    def act() -> schemas.OrderOut:
        asking.must_be_fresh(request.auth)
        asking.must_be_usable(own)
        number = actions.place(
            Wish(
                target=own.member,
                code=wish.item,
                quantity=wish.quantity,
                points=wish.points,
                phone_model=wish.phone_model,
                address=Address(**wish.address.dict()) if wish.address else NOWHERE,
            ),
            wallet_id=own.member.uid,
            account_id=request.auth.account_id,
            key=f"api/{request.auth.client_id}/{key}",
            actor=request.auth.actor,
            now=clock.now(),
        )
        return _told(_one(request, number))

    answer = once(request, key, wish, act, status=201)
    if answer.status_code == 201:
        answer["Location"] = f"/api/v1/orders/{json.loads(answer.content)['number']}"
    return answer


@router.get(
    "",
    **opened_by(POINTS_SPEND),
    response={200: schemas.Orders, **READ_LIST},
    operation_id="listOrders",
    summary=_("List the person's orders"),
    description=_("Page by page, the newest first; without addresses. Give `next` back as `cursor`."),
)
def api_orders(request: Request, *, limit: Limit = PAGE, cursor: Cursor = "") -> dict[str, Any]:
    """A page of orders."""
    below = cursors.below("orders", cursor)
    found = queries.orders(account_id=request.auth.account_id, below=below, most=limit + 1)
    return cursors.page("orders", found, limit, _place, _told)


@router.get(
    "/{number}",
    **opened_by(POINTS_SPEND),
    response={200: schemas.OrderOut, **READ},
    operation_id="getOrder",
    summary=_("Get an order"),
    description=_("One of the person's; without its address."),
)
def api_order(request: Request, number: Number) -> schemas.OrderOut:
    """One order."""
    return _told(_one(request, number))


@router.post(
    "/{number}/cancel",
    **opened_by(POINTS_SPEND),
    response={200: schemas.OrderOut, **CHANGE},
    operation_id="cancelOrder",
    summary=_("Cancel an order"),
    description=_("While nobody prepares it, and unless it is final: the points go back to the lots they came from."),
)
def api_cancel(
    request: Request,
    number: Number,
    key: Key,
    wish: Annotated[schemas.CancelOrder, Body()] = schemas.CancelOrder(),  # noqa: B008  (frozen by use)
) -> HttpResponse:
    """Take it back, once."""

    def act() -> schemas.OrderOut:
        asker = request.auth
        actions.cancel(number, account_id=asker.account_id, actor=asker.actor, now=clock.now())
        return _told(_one(request, number))

    return once(request, key, wish, act)


def _one(request: Request, number: str) -> OrderRow:
    """The person's order of that number. Raises UnknownOrder for anybody else's."""
    found = queries.order(number, account_id=request.auth.account_id)
    if found is None:
        raise queries.UnknownOrder(gettext_lazy("There is no order %(number)s."), number=number)
    return found


def _item(item: Item, available: int) -> schemas.ItemOut:
    return schemas.ItemOut(
        code=item.code,
        use=item.use,
        kinds=list(item.kinds) or None,
        title=queries.told(item.title),
        text=queries.told(item.text),
        points=rules.price(item, localdate(clock.now())),
        available=available if item.stocked else None,
        least=item.least,
        step=item.step,
        most=item.most,
        needs_line=item.line,
        needs_address=item.delivered,
        needs_phone_model=bool(item.not_for),
        is_final=item.final,
        until=item.until,
    )


def _told(row: OrderRow) -> schemas.OrderOut:
    return schemas.OrderOut(
        number=row.number,
        member_id=row.uid,
        item=row.code,
        title=row.title,
        use=row.use,
        quantity=row.quantity,
        points=row.points,
        state=row.state,
        tracking=row.tracking,
        can_be_cancelled=row.can_be_cancelled,
        made_at=row.made_at,
    )


def _place(row: OrderRow) -> tuple[datetime, UUID]:
    return row.made_at, row.order_id
