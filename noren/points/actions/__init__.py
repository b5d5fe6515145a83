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
    insufficient,
    key_conflict,
    not_positive,
)
from noren.points.actions.singles import Receipt, adjust, give_up, grant, reverse, spend, transfer
from noren.points.actions.slices import SlicePosted
from noren.points.actions.waiting import WISHES_PER_SLICE, SliceReserved, move, reserve_slice, return_slice
from noren.points.queries import posted

__all__ = [
    "WISHES_PER_SLICE",
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
    "SliceReserved",
    "adjust",
    "ensure_month",
    "expire_slice",
    "give_up",
    "grant",
    "insufficient",
    "key_conflict",
    "move",
    "not_positive",
    "open_clearing",
    "pool_in",
    "post_pools",
    "post_slice",
    "posted",
    "reserve_slice",
    "return_slice",
    "reverse",
    "set_budget",
    "spend",
    "transfer",
]
