"""What changes the catalogue and orders."""

from noren.orders.actions.catalogue import load, set_stock
from noren.orders.actions.fulfilling import Fulfilled, hand_over, take_answer, write_file, write_missing
from noren.orders.actions.ordering import Wish, cancel, check, place
from noren.orders.actions.refusals import (
    LimitReached,
    NeedsAddress,
    NeedsLine,
    NeedsModel,
    NeedsReason,
    NotCancellable,
    NotForModel,
    NotNext,
    NotPlain,
    NotStocked,
    NotSuchANumber,
    PriceChanged,
    SoldOut,
    UnknownKind,
    UnknownUse,
    sold_out,
)
from noren.orders.actions.tidying import tidy

__all__ = [
    "Fulfilled",
    "LimitReached",
    "NeedsAddress",
    "NeedsLine",
    "NeedsModel",
    "NeedsReason",
    "NotCancellable",
    "NotForModel",
    "NotNext",
    "NotPlain",
    "NotStocked",
    "NotSuchANumber",
    "PriceChanged",
    "SoldOut",
    "UnknownKind",
    "UnknownUse",
    "Wish",
    "cancel",
    "check",
    "hand_over",
    "load",
    "place",
    "set_stock",
    "sold_out",
    "take_answer",
    "tidy",
    "write_file",
    "write_missing",
]
