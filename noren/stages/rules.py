"""The stage of one member in one month: the reference to which `expressions.assess` is held."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from noren.programme import rules as programme
from noren.programme.definition import Definition


@dataclass(frozen=True, slots=True)
class Contract:
    """A solution contract of the member."""

    solution: str
    started_on: date
    ended_on: date | None


def facts_of(
    definition: Definition,
    month: date,
    *,
    opened_on: date | None,
    contracts: Iterable[Contract],
    spend_yen: int = 0,
) -> programme.Facts:
    """What the stage month is judged by: tenure of the line (None: an account), solutions in force, spend."""
    day = programme.solutions_day(definition, month)
    judged = programme.tenure_month(definition, month)
    return programme.Facts(
        tenure_months=None if opened_on is None else programme.tenure_in(opened_on, judged),
        solutions=frozenset(
            contract.solution
            for contract in contracts
            if contract.solution in definition.solutions.eligible
            and programme.in_force(contract.started_on, contract.ended_on, day)
        ),
        spend_yen=spend_yen,
    )
