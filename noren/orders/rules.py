"""Orders: what may be ordered, for how many points, and what may become of an order. Pure.

Told in docs/rules/orders.md. An order is of one item. Its points wait (`reserved/USE`) until the goods have left.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from noren.kit.sheet import RISKY
from noren.orders.definition import Item


class OrderState(StrEnum):
    """ordered -> sent -> shipped -> delivered, with the ways out beside it.

    What is `sent` and cancelled is what its partner did not answer in time.
    """

    ORDERED = "ordered"
    CANCELLED = "cancelled"
    SENT = "sent"
    REFUSED = "refused"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    RETURNED = "returned"


S = OrderState
NEXT: Mapping[OrderState, frozenset[OrderState]] = {
    S.ORDERED: frozenset({S.SENT, S.CANCELLED}),
    S.SENT: frozenset({S.REFUSED, S.SHIPPED, S.DELIVERED, S.CANCELLED}),
    S.SHIPPED: frozenset({S.DELIVERED, S.RETURNED}),
    S.DELIVERED: frozenset({S.RETURNED}),
    S.CANCELLED: frozenset(),
    S.REFUSED: frozenset(),
    S.RETURNED: frozenset(),
}
"""What may come after what. `sent`: handed to the partner who fulfils it."""

ANSWERS = (S.SHIPPED, S.DELIVERED, S.REFUSED, S.RETURNED)
"""What a partner may say of an order."""


class Effect(StrEnum):
    """What a change of state does with the points of an order."""

    NONE = "none"
    CAPTURE = "capture"
    VOID = "void"
    GIVE_BACK = "give_back"


def effect(before: OrderState, after: OrderState) -> Effect:
    """Points are used when the goods leave, go back when nothing comes, and come back when the goods do."""
    if after in {S.CANCELLED, S.REFUSED}:
        return Effect.VOID
    if after is S.RETURNED:
        return Effect.GIVE_BACK
    return Effect.CAPTURE if before is S.SENT else Effect.NONE


@dataclass(frozen=True, slots=True)
class Address:
    """Where something is delivered to, in Japan."""

    name: str
    postal_code: str
    prefecture: str
    city: str
    street: str
    phone: str


NOWHERE = Address("", "", "", "", "", "")


@dataclass(frozen=True, slots=True)
class Counted:
    """For whom (`member:UID` …) an order counts, under which code, and how many they may have in a programme year."""

    holder: str
    code: str
    most: int


def is_offered(item: Item, on: date) -> bool:
    """Whether it can be ordered on the day."""
    return item.since <= on and (item.until is None or on <= item.until)


def price(item: Item, on: date) -> int:
    """Points for one on the day: the last price that has begun."""
    return [one.points for one in item.prices if one.since <= on][-1]


def is_number(item: Item, quantity: int) -> bool:
    """Whether so many may be ordered at a time: from `least` to `most`, in steps."""
    return item.least <= quantity <= item.most and (quantity - item.least) % item.step == 0


def is_refused_for(item: Item, model: str) -> bool:
    """Whether the item is refused for a phone of that model (a part of the name, in any width and case)."""
    named = _plain(model)
    return any(_plain(word) in named for word in item.not_for)


def counted(item: Item, *, uid: UUID, group_id: UUID | None, corporation_id: str, lines: int) -> tuple[Counted, ...]:
    """For whom an order counts in the programme year, and how many each may have; in one order, so that locks are.

    What is limited by lines counts together with the other items of its use. `lines`: open lines of the corporation;
    they stand for the lines of its consolidated bill.
    """
    limits = item.limits
    found = []
    if limits.per_line_year is not None:
        found.append(Counted(f"corporation:{corporation_id}", item.use, limits.per_line_year * lines))
    if limits.group_year is not None and group_id is not None:
        found.append(Counted(f"group:{group_id}", item.code, limits.group_year))
    if limits.member_year is not None:
        found.append(Counted(f"member:{uid}", item.code, limits.member_year))
    return tuple(found)


def is_plain(text: str) -> bool:
    """Whether a partner can print the text: something to see, in one line, and no formula of a spreadsheet."""
    shown = text.strip()
    hidden = any(unicodedata.category(one).startswith("C") for one in text)
    return bool(shown) and not hidden and not shown.startswith(RISKY)


DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no letter that looks like a figure."""


def order_number(order_id: UUID) -> str:
    """What people call an order: 50 bits of its id, as `7K3M9-QPD2X`."""
    bits = order_id.int >> 78
    text = "".join(DIGITS[(bits >> shift) & 31] for shift in range(45, -5, -5))
    return f"{text[:5]}-{text[5:]}"


def _plain(text: str) -> str:
    """Letters and figures alone: no blank, hyphen or mark that nobody sees makes another word."""
    return "".join(one for one in unicodedata.normalize("NFKC", text).casefold() if one.isalnum())
