"""What uses points: allocations to bills (apply, hand over, take answers), and reservations for other uses."""

from noren.spending.actions.answering import Answered, take_answer
from noren.spending.actions.applying import allocate, end_standing, must_be_payable, set_standing
from noren.spending.actions.handing import end_old, hand_over, write_files
from noren.spending.actions.many import MOST, Look, Outcome, Wish, allocate_many, look_at_many
from noren.spending.actions.overdue import OverdueImported, import_overdue
from noren.spending.actions.refusals import (
    BadSpan,
    BillsOverdue,
    Expired,
    NotPayable,
    NotWaiting,
    OverLimit,
    PointsWait,
    ReservedForBills,
    StandingKnown,
    TooMany,
    TooMuch,
    UnknownReservation,
    UnknownStanding,
)
from noren.spending.actions.reserving import capture, expire_reservations, give_back, reserve, void
from noren.spending.actions.standing import Call, left_out, reserve_standing, wishes

__all__ = [
    "MOST",
    "Answered",
    "BadSpan",
    "BillsOverdue",
    "Call",
    "Expired",
    "Look",
    "NotPayable",
    "NotWaiting",
    "Outcome",
    "OverLimit",
    "OverdueImported",
    "PointsWait",
    "ReservedForBills",
    "StandingKnown",
    "TooMany",
    "TooMuch",
    "UnknownReservation",
    "UnknownStanding",
    "Wish",
    "allocate",
    "allocate_many",
    "capture",
    "end_old",
    "end_standing",
    "expire_reservations",
    "give_back",
    "hand_over",
    "import_overdue",
    "left_out",
    "look_at_many",
    "must_be_payable",
    "reserve",
    "reserve_standing",
    "set_standing",
    "take_answer",
    "void",
    "wishes",
    "write_files",
]
