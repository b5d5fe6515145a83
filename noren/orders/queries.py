"""Reads on the catalogue and on orders."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from noren.kit import db, sql
from noren.kit.errors import Refusal
from noren.orders import reading, rules
from noren.orders.definition import Catalogue as Definition
from noren.orders.definition import Item
from noren.orders.models import Catalogue, Handover, Order, Picture, Step, Stock
from noren.orders.rules import Address, OrderState
from noren.points.queries import Finding

EMPTY = Definition.model_construct(items=())


class UnknownItem(Refusal):
    """The catalogue has nothing of that code."""

    code = "catalogue.unknown_item"


class UnknownOrder(Refusal):
    """There is no order of that number."""

    code = "order.unknown"


class UnknownHandover(Refusal):
    """Nothing was handed over under that number."""

    code = "order.unknown_handover"


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order. `title` in the language of who looks; points for all of it."""

    wallet_id: UUID
    order_id: UUID
    number: str
    uid: UUID
    kind: str
    member_id: str
    code: str
    title: str
    use: str
    partner: str
    final: bool
    quantity: int
    points: int
    phone_model: str
    address: Address
    state: OrderState
    tracking: str
    account_id: str
    made_at: datetime

    @property
    def can_be_cancelled(self) -> bool:
        """Whether who ordered it may still take it back."""
        return self.state is OrderState.ORDERED and not self.final


@dataclass(frozen=True, slots=True)
class StepRow:
    """A change of state."""

    state: OrderState
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class HandoverRow:
    """Orders that were handed to a partner in one file."""

    number: int
    partner: str
    orders: int
    made_at: datetime


def told(text: Mapping[Any, str]) -> str:
    """The text in the language of who reads."""
    return text["ja" if get_language() == "ja" else "en"]


def catalogue() -> Definition:
    """The catalogue in force; without items where none was loaded: one statement."""
    digest = Catalogue.objects.order_by("-number").values_list("digest", flat=True).first()
    return EMPTY if digest is None else _read(digest)


@functools.lru_cache(maxsize=4)
def _read(digest: str) -> Definition:
    """The same text is the same catalogue, and reading one takes longer than the rest of a page."""
    source = Catalogue.objects.filter(digest=digest).values_list("source", flat=True)[0]
    return reading.FORMAT.read_text(source, "catalogue")


def item(code: str, on: date) -> Item:
    """An item that can be ordered on the day. Raises UnknownItem."""
    found = catalogue().item(code)
    if found is None or not rules.is_offered(found, on):
        raise UnknownItem(_("There is no item %(code)s in the catalogue."), code=code)
    return found


def stock() -> dict[str, int]:
    """How many of each stocked item can still be ordered: one statement."""
    return dict(Stock.objects.values_list("code", "available"))


def picture(name: str) -> tuple[bytes, str] | None:
    """A picture and its digest; None: there is none of that name."""
    found = Picture.objects.filter(name=name).first()
    return None if found is None else (bytes(found.content), found.digest)


def orders(*, account_id: str, below: tuple[datetime, UUID] | None = None, most: int) -> list[OrderRow]:
    """Orders that the account made, the newest first; `below`: those after that one.

    Whose points paid does not matter: who has a line later sees no address of who had it before.
    """
    found = Order.objects.filter(account_id=account_id)
    if below is not None:
        made_at, order_id = below
        found = found.filter(Q(made_at__lt=made_at) | Q(made_at=made_at, order_id__gt=order_id))
    return [_row(row) for row in found.order_by("-made_at", "order_id")[:most]]


def order(number: str, *, account_id: str) -> OrderRow | None:
    """One of them; None: the account made none of that number."""
    found = Order.objects.filter(account_id=account_id, number=number).first()
    return None if found is None else _row(found)


def every(states: Sequence[OrderState], most: int) -> list[OrderRow]:
    """Orders in these states, the newest first."""
    return [_row(row) for row in Order.objects.filter(state__in=states).order_by("-made_at", "order_id")[:most]]


def steps(wallet_id: UUID, order_id: UUID) -> list[StepRow]:
    """What became of an order, in its order: one statement."""
    found = Step.objects.filter(wallet_id=wallet_id, order_id=order_id).order_by("place")
    return [StepRow(OrderState(row.state), row.at, row.note) for row in found]


def handovers(partner: str = "") -> list[HandoverRow]:
    """What was handed to partners (to that one), in order."""
    return _handovers(Handover.objects.filter(**({"partner": partner} if partner else {})))


def handover(number: int) -> HandoverRow:
    """One of them. Raises UnknownHandover."""
    found = _handovers(Handover.objects.filter(number=number))
    if not found:
        raise UnknownHandover(_("Nothing was handed over under the number %(number)s."), number=number)
    return found[0]


def _handovers(found: QuerySet[Handover]) -> list[HandoverRow]:
    return [HandoverRow(**row) for row in found.order_by("number").values(*HandoverRow.__dataclass_fields__)]


def handed_over(number: int, target: Path) -> int:
    """Write the orders of a handover as CSV with a header; gives how many."""
    return db.copy_out(sql.text("orders", "export_handover.sql"), target, {"number": number})


def findings() -> list[Finding]:
    """What `noren verify` says of orders: points are where the state says, and limits count what was ordered."""
    asked = {
        "order.not_its_points": ("astray.sql", ("number", "state", "points", "reserved", "captured", "given_back")),
        "order.miscounted": ("miscounted.sql", ("holder", "item", "year", "counted", "ordered")),
    }
    found = {
        code: sql.rows(lambda *row, names=names: dict(zip(names, row, strict=True)), "orders", statement)
        for code, (statement, names) in asked.items()
    }
    return [Finding(code, tuple(rows)) for code, rows in found.items() if rows]


def _row(row: Order) -> OrderRow:
    address = Address(row.address_name, row.postal_code, row.prefecture, row.city, row.street, row.phone)
    own: dict[str, Any] = {"title": told(row.title), "address": address, "state": OrderState(row.state)}
    plain = {name: getattr(row, name) for name in OrderRow.__dataclass_fields__ if name not in own}
    return OrderRow(**plain, **own)
