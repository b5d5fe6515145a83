"""Points for bills: which month an application is for, how much of a bill points may pay, what an answer means. Pure.

Bill allocation is told in docs/rules/allocation.md. 1 point pays 1 yen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from noren.kit.months import add_months, first_day, last_day

BILL: Final = "bill"
"""The use: which lots may pay."""

MOST: Final = 10**12
"""No allocation is larger, so that sums can be kept."""

JAPAN: Final = ZoneInfo("Asia/Tokyo")
CUT_OFF: Final = time(23)


class Origin(StrEnum):
    """How an allocation came about."""

    ONCE = "once"
    STANDING = "standing"


class ItemState(StrEnum):
    """What the billing system has said of an item that was sent to it."""

    SENT = "sent"
    CONFIRMED = "confirmed"
    REDUCED = "reduced"
    REFUSED = "refused"


class HoldState(StrEnum):
    """waiting -> captured | voided: what became of points that were reserved."""

    WAITING = "waiting"
    CAPTURED = "captured"
    VOIDED = "voided"


class After(StrEnum):
    """What becomes of points that no bill took in the months for which they are carried."""

    LAPSE = "lapse"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Settled:
    """What an answer does with the points that were sent: paid, given back, or carried to the next bill."""

    paid: int
    returned: int
    carried: int


def month_for(now: datetime) -> date:
    """The usage month whose bill an application reduces: this one, or from 23:00 JST of its last day on the next."""
    there = now.astimezone(JAPAN)
    is_over = there.date() == last_day(there.date()) and there.time() >= CUT_OFF
    return add_months(there.date(), 1) if is_over else first_day(there.date())


def oldest(month: date, carry_months: int) -> date:
    """The first of the months whose allocations the bill of `month` may still take."""
    return add_months(month, -carry_months)


def pay(allocations: Sequence[int], bill_yen: int) -> tuple[int, ...]:
    """How much of a member's eligible charges the open points of each allocation pay, the oldest first."""
    rest, paid = max(bill_yen, 0), []
    for points in allocations:
        paid.append(min(points, rest))
        rest -= paid[-1]
    return tuple(paid)


def settle(state: ItemState, sent: int, taken: int, open_points: int) -> Settled:
    """What an answer does with an allocation of which `open_points` (the `sent` among them) are not settled yet.

    Confirmed: the sent ones are paid, the rest is carried. Reduced: `taken` are, the rest is carried. Refused: nothing
    is, and everything goes back.
    """
    if state is ItemState.REFUSED:
        return Settled(0, open_points, 0)
    paid = sent if state is ItemState.CONFIRMED else taken
    return Settled(paid, 0, open_points - paid)


def wrong(state: ItemState, sent: int, taken: int) -> str:
    """What is wrong with the points of an answer; empty: nothing. The code of a rejected row."""
    if state is ItemState.CONFIRMED and taken != sent:
        return "not_what_was_sent"
    if state is ItemState.REDUCED and not 0 <= taken < sent:
        return "not_less"
    if state is ItemState.REFUSED and taken:
        return "not_zero"
    return ""


def clearing(month: date, number: int) -> str:
    """The programme's account on which the points of a handover wait for its answer."""
    return f"clearing/allocation/{month:%Y-%m}/{number}"
