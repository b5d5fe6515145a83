"""`rules.is_member` as an Ibis expression."""

from datetime import date

import ibis
from ibis import Table
from ibis.expr.types import BooleanValue

from noren.kit.months import last_day


def is_member(members: Table, month: date) -> BooleanValue:
    """Whether each row (joined_on, withdrawn_on, closed_on) is a member in the month."""
    first = ibis.literal(month)
    return (
        members.joined_on.notnull()
        & (members.joined_on <= ibis.literal(last_day(month)))
        & (members.withdrawn_on.isnull() | (members.withdrawn_on > first))
        & (members.closed_on.isnull() | (members.closed_on > first))
    )
