"""Why a job cannot be made, ordered, approved or undone."""

from noren.kit.errors import Refusal


class WrongState(Refusal):
    """The job is not in the state that this needs."""

    code = "job.state"


class HasErrors(Refusal):
    """All or nothing was wanted, and some row cannot be done."""

    code = "job.has_errors"


class NothingToDo(Refusal):
    """No row of the job is to be done."""

    code = "job.nothing"


class OwnJob(Refusal):
    """Nobody approves their own job."""

    code = "job.own"


class NeedsGroup(Refusal):
    """The operation is about a group, and none was named."""

    code = "job.needs_group"


class TooLate(Refusal):
    """The day within which a job can be undone has passed."""

    code = "job.too_late"
