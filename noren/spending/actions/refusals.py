"""Why points are not taken, for a bill or for another use."""

from django.utils.translation import gettext_lazy as _

from noren.kit.errors import Refusal
from noren.points import actions as points
from noren.spending import rules


class NotPayable(Refusal):
    """The bill is not one that these points may pay."""

    code = "allocation.not_payable"


class BillsOverdue(Refusal):
    """The billing system says that bills of the member or of its corporation are overdue."""

    code = "allocation.overdue"


class TooMany(Refusal):
    """A number of points that nobody means."""

    code = "allocation.too_many"


class PointsWait(Refusal):
    """Points of a group wait for bills, and could come back to a pool that is no more."""

    code = "allocation.points_wait"


class BadSpan(Refusal):
    """A standing allocation that ends before it begins."""

    code = "allocation.bad_span"


class OverLimit(Refusal):
    """Standing allocations of a unit or person would come to more in a month than its limit."""

    code = "allocation.over_limit"


class StandingKnown(Refusal):
    """A member's bill has a standing allocation, or a wallet one of all that lapses, already."""

    code = "allocation.standing_known"


class UnknownStanding(Refusal):
    """There is no standing allocation of that id in the wallet."""

    code = "allocation.unknown_standing"


class ReservedForBills(Refusal):
    """Points for bills are allocated, not reserved."""

    code = "reservation.bill"


class UnknownReservation(Refusal):
    """The wallet has no reservation of that id."""

    code = "reservation.unknown"


class NotWaiting(Refusal):
    """The reservation was captured or voided otherwise before."""

    code = "reservation.not_waiting"


class Expired(Refusal):
    """The time in which the reservation could be captured is over."""

    code = "reservation.expired"


class TooMuch(Refusal):
    """More than was reserved, or more than is left to give back."""

    code = "reservation.too_much"


def must_be_sensible(amount: int) -> None:
    """Raises points.NotPositive, TooMany."""
    if amount <= 0:
        raise points.not_positive()
    if amount > rules.MOST:
        raise TooMany(_("More than %(most)s points are not taken at a time."), most=f"{rules.MOST:,}")
