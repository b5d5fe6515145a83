"""Why nothing is sold or given back at the counter."""

from noren.kit.errors import Refusal


class BadSale(Refusal):
    """No item, a price or a number of points that cannot be."""

    code = "counter.bad_sale"


class NotOffered(Refusal):
    """The programme in force knows no such use of points."""

    code = "counter.not_offered"


class OwnSale(Refusal):
    """Nobody sells to themselves."""

    code = "counter.own_sale"


class MayNotConsent(Refusal):
    """Who is named may not (or no longer) say yes to these points being used."""

    code = "counter.may_not_consent"


class QuoteOver(Refusal):
    """The quote has lapsed, or was cancelled or paid."""

    code = "counter.quote_over"


class QuoteKnown(Refusal):
    """The same key came with another quote."""

    code = "counter.quote_known"


class NoWay(Refusal):
    """There is no contact to which a code could be sent, or none that a code could be tried against."""

    code = "counter.no_way"


class NotConsented(Refusal):
    """The PIN is wrong, or cannot be tried."""

    code = "counter.not_consented"


class BadSignature(Refusal):
    """What was drawn is no signature."""

    code = "counter.bad_signature"


class TooMuchBack(Refusal):
    """More is to come back than is left of the price."""

    code = "counter.too_much_back"


class NoReason(Refusal):
    """A return is not explained."""

    code = "counter.no_reason"


class PoolGone(Refusal):
    """The group whose points they were is no more."""

    code = "counter.pool_gone"
