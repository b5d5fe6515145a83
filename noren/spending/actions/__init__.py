"""What uses points: allocations to bills (apply, hand over, take answers), and reservations for other uses."""

from noren.spending.actions.answering import Answered, sentence, take_answer
from noren.spending.actions.applying import allocate, end_standing, must_be_payable, set_standing
from noren.spending.actions.handing import end_old, hand_over, write_files
from noren.spending.actions.refusals import (
    BadSpan,
    Expired,
    NotPayable,
    NotWaiting,
    PointsWait,
    ReservedForBills,
    StandingKnown,
    TooMany,
    TooMuch,
    UnknownReservation,
    UnknownStanding,
)
from noren.spending.actions.reserving import capture, expire_reservations, give_back, reserve, void
from noren.spending.actions.standing import Call, reserve_standing, wishes

__all__ = [
    "Answered",
    "BadSpan",
    "Call",
    "Expired",
    "NotPayable",
    "NotWaiting",
    "PointsWait",
    "ReservedForBills",
    "StandingKnown",
    "TooMany",
    "TooMuch",
    "UnknownReservation",
    "UnknownStanding",
    "allocate",
    "capture",
    "end_old",
    "end_standing",
    "expire_reservations",
    "give_back",
    "hand_over",
    "must_be_payable",
    "reserve",
    "reserve_standing",
    "sentence",
    "set_standing",
    "take_answer",
    "void",
    "wishes",
    "write_files",
]
