"""Every write of bulk jobs: a file becomes a job, is judged, ordered, approved, carried out and undone."""

from noren.bulk.actions.adding import Added, Wish, add
from noren.bulk.actions.ordering import approve, commit, undo
from noren.bulk.actions.printing import Printed, print_letters
from noren.bulk.actions.refusals import HasErrors, NeedsGroup, NothingToDo, OwnJob, TooLate, WrongState
from noren.bulk.actions.working import tidy, work

__all__ = [
    "Added",
    "HasErrors",
    "NeedsGroup",
    "NothingToDo",
    "OwnJob",
    "Printed",
    "TooLate",
    "Wish",
    "WrongState",
    "add",
    "approve",
    "commit",
    "print_letters",
    "tidy",
    "undo",
    "work",
]
