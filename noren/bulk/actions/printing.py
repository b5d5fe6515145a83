"""Letters for the people of an issue job that no mail reaches. Their links are made when they are printed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from noren.accounts import actions as accounts
from noren.accounts.actions import Deed
from noren.accounts.rules import TICKET_LIFE, TicketPurpose
from noren.bulk import letters
from noren.bulk.actions.ordering import allowed
from noren.bulk.actions.refusals import WrongState
from noren.bulk.letters import Letter
from noren.bulk.models import Row
from noren.bulk.rules import JobState, Operation, Outcome
from noren.groups import queries as groups
from noren.kit.actor import Actor
from noren.lifecycle import actions as lifecycle
from noren.members import queries as members

LETTERS_PER_FILE = 1_000
"""So that a file can be printed, and memory stays the same whatever the size of the job."""


@dataclass(frozen=True, slots=True)
class Printed:
    """How many letters the file has, and how many files the job makes."""

    letters: int
    parts: int


@transaction.atomic
def print_letters(job_id: UUID, out: BinaryIO, *, part: int = 1, actor: Actor, now: datetime) -> Printed:
    """Write the letters of a part (from 1) as one PDF; who has set the account up gets none.

    Each has a new link; links of letters that were printed before end. Raises UnknownJob, NotAllowed, WrongState.
    """
    job = allowed(job_id, actor, JobState.DONE)
    if job.operation != Operation.ISSUE:
        raise WrongState(_("Letters are for jobs that issue accounts."))
    issued = Row.objects.filter(job=job, outcome=Outcome.DONE, given__contact_mail__isnull=True)
    first = (part - 1) * LETTERS_PER_FILE
    rows = list(issued.order_by("number")[first : first + LETTERS_PER_FILE])
    waiting = set(accounts.hold_unused([row.account_id for row in rows]))
    waiting -= set(groups.holding(waiting))  # who has a role by now is invited by somebody who stands above it
    rows = [row for row in rows if row.account_id in waiting]
    tokens = accounts.invite_many(
        [row.account_id for row in rows], TicketPurpose.LETTER, Deed(actor, now, f"job {job_id}")
    )
    corporation = members.corporation_name(job.corporation_id)
    count = letters.write(_letters(rows, tokens, corporation, now), out)
    return Printed(count, -(-issued.count() // LETTERS_PER_FILE))


def _letters(rows: list[Row], tokens: dict[str, str], corporation: str, now: datetime) -> Iterator[Letter]:
    for row in rows:
        yield Letter(
            corporation=corporation,
            department=row.given.get("department", ""),
            name=row.given["name"],
            login_id=row.given["login_id"],
            language=row.given["language"],
            link=lifecycle.letter_link(tokens[row.account_id]),
            until=now + TICKET_LIFE,
        )
