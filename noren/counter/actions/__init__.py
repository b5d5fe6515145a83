"""What is done at the counter: look up, offer, consent, give back, tidy up."""

from noren.counter.actions.consenting import Given, send_code, settle
from noren.counter.actions.quoting import Sale, cancel, look_up, open_quote
from noren.counter.actions.refusals import (
    BadSale,
    BadSignature,
    MayNotConsent,
    NoReason,
    NotConsented,
    NotOffered,
    NoWay,
    OwnSale,
    PoolGone,
    QuoteKnown,
    QuoteOver,
    TooMuchBack,
)
from noren.counter.actions.returning import give_back
from noren.counter.actions.tidying import tidy

__all__ = [
    "BadSale",
    "BadSignature",
    "Given",
    "MayNotConsent",
    "NoReason",
    "NoWay",
    "NotConsented",
    "NotOffered",
    "OwnSale",
    "PoolGone",
    "QuoteKnown",
    "QuoteOver",
    "Sale",
    "TooMuchBack",
    "cancel",
    "give_back",
    "look_up",
    "open_quote",
    "send_code",
    "settle",
    "tidy",
]
