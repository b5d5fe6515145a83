"""Order an item, and take an order back."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from noren.groups import queries as groups
from noren.kit import sql
from noren.kit.actor import Actor
from noren.kit.months import fiscal_year
from noren.members import queries as members
from noren.members.queries import Member
from noren.members.rules import MemberKind
from noren.orders import queries, rules
from noren.orders.actions import refusals
from noren.orders.actions.states import Change, held, move
from noren.orders.definition import Item
from noren.orders.models import Order, Stock
from noren.orders.rules import NOWHERE, Address, OrderState
from noren.points import actions as points
from noren.points.rules import request_hash
from noren.programme import queries as programme
from noren.spending import actions as spending


@dataclass(frozen=True, slots=True)
class Wish:
    """What is ordered for whom. `points`: for all of it, as they were looked at. `phone_model`: where the item asks."""

    target: Member
    code: str
    quantity: int
    points: int
    phone_model: str = ""
    address: Address = NOWHERE


@transaction.atomic
def place(
    wish: Wish,
    *,
    wallet_id: UUID,
    account_id: str,
    spenders: tuple[str, ...] = (),
    key: str,
    actor: Actor,
    now: datetime,
) -> str:
    """Order, with points of the wallet; gives the order's number. The same key again is the same order.

    `account_id`: whose order it is, who is told of it.
    Raises UnknownItem, NotSuchANumber, NeedsLine, NeedsModel, NotForModel, NeedsAddress, NotPlain, PriceChanged,
    SoldOut, LimitReached, spending.NotPayable, and what spending.reserve raises. Whatever is refused leaves nothing.
    """
    before = _before(wish, wallet_id, key)
    if before is not None:
        return before.number
    today = localtime(now).date()
    item = queries.item(wish.code, today)
    check(item, wish, today)
    spending.must_be_payable(wallet_id, wish.target)
    reserved = spending.reserve(
        wallet_id=wallet_id,
        use=item.use,
        kinds=item.kinds,
        amount=wish.points,
        spenders=spenders,
        reference=f"{item.code} x {wish.quantity}",
        scope=wish.target.corporation_id,
        key=f"order/{key}",
        actor=actor,
        now=now,
    )
    # The reservation holds the wallet, so of two of the same key one waits there and then finds the other's order.
    made = _before(wish, wallet_id, key)
    if made is None:
        made = _new(item, wish, today)
        made.wallet_id, made.order_id = wallet_id, reserved.reservation_id
        made.number = rules.order_number(made.order_id)
        made.key, made.asked, made.account_id, made.made_at = key, _asked(wish), account_id, now
        move(made, Change(OrderState.ORDERED, actor, now))
    return made.number


@transaction.atomic
def cancel(number: str, *, account_id: str = "", actor: Actor, now: datetime, note: str = "") -> None:
    """Take an order back; its points, stock and limits come back. Again: nothing.

    Nobody may have it yet, and it must not be final; or its partner has let the time for an answer pass, final or not.
    `account_id`: only if it is an order of that account, and nobody has it. `note`: why; must be given if one has.
    Raises UnknownOrder, NotCancellable, NeedsReason.
    """
    order = held(number, account_id=account_id)
    if order.state == OrderState.CANCELLED:
        return
    if order.state == OrderState.SENT and not account_id:
        _must_be_late(order, now)
        if not note.strip():
            raise refusals.NeedsReason(_("The partner has this order. Say why it is cancelled."))
    elif order.state != OrderState.ORDERED or order.final:
        raise refusals.NotCancellable(_("This order cannot be cancelled any more."))
    move(order, Change(OrderState.CANCELLED, replace(actor, reason=note or actor.reason), now, note))


def check(item: Item, wish: Wish, today: date) -> None:
    """What can be said of a wish without looking at points, stock and limits. Raises the refusals of `place`."""
    if not rules.is_number(item, wish.quantity):
        raise refusals.NotSuchANumber(
            _("Order from %(least)s to %(most)s, in steps of %(step)s."),
            least=f"{item.least:,}",
            most=f"{item.most:,}",
            step=f"{item.step:,}",
        )
    if item.line and wish.target.kind is not MemberKind.LINE:
        raise refusals.NeedsLine(_("This is for lines only. Choose a line."))
    if item.not_for and not wish.phone_model.strip():
        raise refusals.NeedsModel(_("Enter the model of the phone."))
    if rules.is_refused_for(item, wish.phone_model):
        raise refusals.NotForModel(_("This is not offered for %(model)s."), model=wish.phone_model)
    told = list(asdict(wish.address).values()) if item.delivered else []
    if not all(told):
        raise refusals.NeedsAddress(_("Enter the whole address."))
    for text in (*told, *filter(None, [wish.phone_model])):
        if not rules.is_plain(text):
            message = _("“%(text)s” cannot be printed. Write it in one line, and begin with a letter or a figure.")
            raise refusals.NotPlain(message, text=text)
    if wish.points != rules.price(item, today) * wish.quantity:
        raise refusals.PriceChanged(_("The price has changed. Look at it again."))


def _must_be_late(order: Order, now: datetime) -> None:
    until = queries.answer_by(order.wallet_id, order.order_id)
    if now <= until:
        message = _("The partner has this order and may answer until %(until)s.")
        raise refusals.NotCancellable(message, until=f"{localtime(until):%Y-%m-%d %H:%M}")


def _new(item: Item, wish: Wish, today: date) -> Order:
    """The order, with stock and limits taken, and not kept yet."""
    target = wish.target
    year = fiscal_year(today, programme.in_force(today).year_first_month)
    _take_stock(item, wish.quantity)
    return Order(
        uid=target.uid,
        kind=target.kind.value,
        member_id=target.member_id,
        corporation_id=target.corporation_id,
        code=item.code,
        title=item.title,
        use=item.use,
        partner=item.partner,
        final=item.final,
        stocked=item.stocked,
        quantity=wish.quantity,
        points=wish.points,
        year=year,
        answer_within=timedelta(days=item.answer_within_days),
        taken=_take_limits(item, wish, year),
        phone_model=wish.phone_model,
        **_columns(wish.address if item.delivered else NOWHERE),
    )


def _before(wish: Wish, wallet_id: UUID, key: str) -> Order | None:
    """The order that was made under the key. Raises points.KeyConflict when it was for something else."""
    made = Order.objects.filter(wallet_id=wallet_id, key=key).first()
    if made is not None and bytes(made.asked) != _asked(wish):
        raise points.key_conflict()
    return made


def _asked(wish: Wish) -> bytes:
    return request_hash("order", **{**asdict(wish), "target": str(wish.target.uid)})


def _columns(address: Address) -> dict[str, str]:
    told = asdict(address)
    return {"address_name": told.pop("name"), **told}


def _take_stock(item: Item, quantity: int) -> None:
    if item.stocked:
        enough = Stock.objects.filter(code=item.code, available__gte=quantity)
        if not enough.update(available=F("available") - quantity):
            raise refusals.sold_out()


def _take_limits(item: Item, wish: Wish, year: int) -> list[list[str]]:
    """Count the order for all whom the item's limits name; gives holder and code of each."""
    target = wish.target
    lines = len(members.line_ids(target.corporation_id)) if item.limits.per_line_year else 0
    group_id = groups.groups_of([target.uid]).get(target.uid) if item.limits.group_year else None
    counted = rules.counted(item, uid=target.uid, group_id=group_id, corporation_id=target.corporation_id, lines=lines)
    for one in counted:
        if not sql.run("orders", "take.sql", {**asdict(one), "year": year, "quantity": wish.quantity}):
            message = _("No more than %(most)s of these may be ordered in a programme year.")
            raise refusals.LimitReached(message, most=f"{one.most:,}")
    return [[one.holder, one.code] for one in counted]
