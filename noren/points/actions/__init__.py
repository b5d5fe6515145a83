"""Every change of the books."""

from noren.points.actions.batch import SliceExpired, SlicePosted, expire_slice, open_clearing, post_slice
from noren.points.actions.months import ensure_month
from noren.points.actions.refusals import (
    AlreadyPosted,
    AlreadyReversed,
    InArrears,
    InsufficientPoints,
    KeyConflict,
    NoLot,
    NoSuchPosting,
    NoSuchWallet,
    NotPositive,
    NoUse,
    SameWallet,
)
from noren.points.actions.singles import Receipt, adjust, grant, reverse, spend, transfer
from noren.points.queries import posted

__all__ = [
    "AlreadyPosted",
    "AlreadyReversed",
    "InArrears",
    "InsufficientPoints",
    "KeyConflict",
    "NoLot",
    "NoSuchPosting",
    "NoSuchWallet",
    "NoUse",
    "NotPositive",
    "Receipt",
    "SameWallet",
    "SliceExpired",
    "SlicePosted",
    "adjust",
    "ensure_month",
    "expire_slice",
    "grant",
    "open_clearing",
    "post_slice",
    "posted",
    "reverse",
    "spend",
    "transfer",
]
