"""Every change of the books."""

from noren.points.actions.batch import SliceExpired, expire_slice, open_clearing, post_slice
from noren.points.actions.months import ensure_month
from noren.points.actions.pools import PooledIn, pool_in, post_pools, set_budget
from noren.points.actions.refusals import (
    AlreadyPosted,
    AlreadyReversed,
    InArrears,
    InsufficientPoints,
    KeyConflict,
    NegativeBudget,
    NoLot,
    NoSuchPosting,
    NoSuchWallet,
    NotPositive,
    NoUse,
    OverBudget,
    SameWallet,
)
from noren.points.actions.singles import Receipt, adjust, grant, reverse, spend, transfer
from noren.points.actions.slices import SlicePosted
from noren.points.queries import posted

__all__ = [
    "AlreadyPosted",
    "AlreadyReversed",
    "InArrears",
    "InsufficientPoints",
    "KeyConflict",
    "NegativeBudget",
    "NoLot",
    "NoSuchPosting",
    "NoSuchWallet",
    "NoUse",
    "NotPositive",
    "OverBudget",
    "PooledIn",
    "Receipt",
    "SameWallet",
    "SliceExpired",
    "SlicePosted",
    "adjust",
    "ensure_month",
    "expire_slice",
    "grant",
    "open_clearing",
    "pool_in",
    "post_pools",
    "post_slice",
    "posted",
    "reverse",
    "set_budget",
    "spend",
    "transfer",
]
