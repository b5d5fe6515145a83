"""Why points are not taken for a bill."""

from noren.kit.errors import Refusal


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
