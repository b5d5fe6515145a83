"""The steps of a close in their order, how one member is rated, how members are cut into slices."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from noren.programme import rules as programme
from noren.programme.definition import Definition
from noren.stages.rules import Contract, facts_of


class StepName(StrEnum):
    """In this order. One more has its place: notify after report."""

    INTAKE = "intake"
    ASSESS = "assess"
    RATE = "rate"
    POST = "post"
    EXPIRE = "expire"
    ALLOCATE = "allocate"
    REPORT = "report"


CLOSE = tuple(StepName)
EXPIRE_ONLY = (StepName.EXPIRE,)


@dataclass(frozen=True, slots=True)
class Rated:
    """What a close gives one member: the facts, the stage and its rate, yen that earn, points."""

    tenure_months: int | None
    solutions: int
    stage: str
    rate: int
    base_yen: int
    points: int


def rate_member(
    definition: Definition,
    month: date,
    *,
    opened_on: date | None,
    contracts: Iterable[Contract],
    amounts: Iterable[tuple[str, int]],
    spend_yen: int = 0,
    paid_yen: int = 0,
) -> Rated:
    """Rate one member from its own contracts and bill items (charge code, yen), less what points have paid of them.

    The reference to which `expressions.rate` is held. `opened_on` None: an account, without tenure.
    """
    facts = facts_of(definition, month, opened_on=opened_on, contracts=contracts, spend_yen=spend_yen)
    stage = programme.stage_for(facts, definition)
    base_yen = programme.base_for(amounts, definition, paid_yen)
    points = programme.points_for(base_yen, stage, definition)
    return Rated(facts.tenure_months, len(facts.solutions), stage.name, stage.points, base_yen, points)


def slices_for(wallets: int, size: int) -> int:
    """How many slices of about `size` wallets a run over so many wallets is cut into."""
    return max(1, -(-wallets // size))


def slice_bounds(number: int, count: int) -> tuple[UUID, UUID | None]:
    """Lower bound (included) and upper bound (excluded, None: open) of slice `number` of `count`, from 0.

    Wallet ids are digests, so equal ranges hold about equally many.
    """
    size = (1 << 128) // count
    upper = None if number == count - 1 else UUID(int=(number + 1) * size)
    return UUID(int=number * size), upper


def already_taken(taken: Sequence[str], given: Sequence[str]) -> int:
    """How many of the given files (by digest, in order) have just been taken in, so that only the rest is left.

    Files apply in the order in which they come, the later one wins. The given files that are the last ones taken
    need not be taken again: a repeated or resumed close goes on after them. An older file that is given once more
    is taken again, because it now comes last.
    """
    most = min(len(taken), len(given))
    return next(size for size in range(most, -1, -1) if list(taken[len(taken) - size :]) == list(given[:size]))
