"""What changes allocations: apply, hand over, take answers."""

from noren.spending.actions.answering import Answered, sentence, take_answer
from noren.spending.actions.applying import allocate, end_standing, set_standing
from noren.spending.actions.handing import end_old, hand_over, write_files
from noren.spending.actions.many import MOST, Look, Outcome, Wish, allocate_many, look_at_many
from noren.spending.actions.overdue import OverdueImported, import_overdue
from noren.spending.actions.refusals import (
    BadSpan,
    BillsOverdue,
    NotPayable,
    OverLimit,
    PointsWait,
    StandingKnown,
    TooMany,
    UnknownStanding,
)
from noren.spending.actions.standing import Call, left_out, reserve_standing, wishes

__all__ = [
    "MOST",
    "Answered",
    "BadSpan",
    "BillsOverdue",
    "Call",
    "Look",
    "NotPayable",
    "Outcome",
    "OverLimit",
    "OverdueImported",
    "PointsWait",
    "StandingKnown",
    "TooMany",
    "UnknownStanding",
    "Wish",
    "allocate",
    "allocate_many",
    "end_old",
    "end_standing",
    "hand_over",
    "import_overdue",
    "left_out",
    "look_at_many",
    "reserve_standing",
    "sentence",
    "set_standing",
    "take_answer",
    "wishes",
    "write_files",
]
