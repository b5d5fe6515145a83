"""Why something is not ordered, or an order not changed."""

from django.utils.translation import gettext_lazy as _

from noren.kit.errors import Refusal


class NotSuchANumber(Refusal):
    """More or fewer than may be ordered at a time, or not in steps."""

    code = "order.quantity"


class NeedsLine(Refusal):
    """The item is for lines only."""

    code = "order.needs_line"


class NeedsModel(Refusal):
    """The item is not for every phone, so the model must be named."""

    code = "order.needs_model"


class NotForModel(Refusal):
    """The item does not fit the phone."""

    code = "order.not_for_model"


class NeedsAddress(Refusal):
    """The item is delivered, and a part of the address is missing."""

    code = "order.needs_address"


class NotPlain(Refusal):
    """A name, an address or a model with characters that nobody sees, or that begins as a formula does."""

    code = "order.text"


class PriceChanged(Refusal):
    """The price is not the one that was looked at."""

    code = "order.price_changed"


class SoldOut(Refusal):
    """There are not as many."""

    code = "order.sold_out"


class LimitReached(Refusal):
    """More than the member, its group or its corporation may have in a programme year."""

    code = "order.limit_reached"


class NotCancellable(Refusal):
    """The order cannot be taken back, or not any more."""

    code = "order.not_cancellable"


class NeedsReason(Refusal):
    """The partner has the order, and it is not said why it is cancelled."""

    code = "order.needs_reason"


class NotNext(Refusal):
    """An order cannot go from its state to the one wished."""

    code = "order.not_next"


class WasCancelled(NotNext):
    """Nothing follows when an order was cancelled: its points went back."""

    code = "order.was_cancelled"


class UnknownUse(Refusal):
    """An item names a use that the programme does not have."""

    code = "catalogue.unknown_use"


class UnknownKind(Refusal):
    """An item names a kind of points that no version of the programme lets be used so."""

    code = "catalogue.unknown_kind"


class NotStocked(Refusal):
    """The item has no stock: it can be ordered as often as one likes."""

    code = "catalogue.not_stocked"


def sold_out() -> Refusal:
    """The refusal of more than there are, for those who look before anything is taken."""
    return SoldOut(_("There are not as many left."))
