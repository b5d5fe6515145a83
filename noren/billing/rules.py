"""The layout of bill files, and which items of a month count."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Item:
    """A bill item: id, member, charge code, whole yen without tax (negative: discount or credit)."""

    item_id: str
    uid: UUID
    charge_code: str
    amount_yen: int


def effective_items(intakes: Iterable[Iterable[Item]]) -> dict[str, Item]:
    """The items that count after files have come in this order: of one item_id, the one that came last."""
    return {item.item_id: item for items in intakes for item in items}
