"""The same rules as `rules.py`, as Ibis expressions that DuckDB runs today and Spark can run tomorrow.

The vocabulary is restricted on purpose: whole numbers, explicit nulls, no user functions, no in-memory tables.
tests/closing/test_rating.py holds both to the same answers on random months.
"""

import functools
import operator
from collections.abc import Iterable

import ibis
from ibis import Table
from ibis.expr.types import BooleanValue, IntegerColumn, IntegerValue, StringValue, Value

from noren.programme import rules
from noren.programme.definition import Bounds, Condition, Definition

HELD = "has_{}"
"""Boolean column of the facts for one eligible solution."""


def stage_name(facts: Table, definition: Definition) -> StringValue:
    """Name of the stage of each row of the facts (tenure_months, solutions, spend_yen, has_<solution> …)."""
    return _of_stage(facts, definition, "name")


def stage_points(facts: Table, definition: Definition) -> IntegerValue:
    """Points per unit of the stage of each row of the facts."""
    return _of_stage(facts, definition, "points").cast("int64")


def points_for(base_yen: IntegerColumn, rate: IntegerColumn, definition: Definition) -> IntegerValue:
    """The points of a base of 0 yen or more, with the rounding of the programme; equals rules.points_for.

    Engines divide whole numbers as floating point. The remainder is taken away first, so the quotient is a whole
    number, and IEEE division of two whole numbers below 2**53 with a whole quotient is exact. The close refuses a
    base above rules.largest_base.
    """
    if definition.earning.rounding.of == "points":
        return _rounded(base_yen * rate, definition)
    return _rounded(base_yen, definition) * rate


def _rounded(number: IntegerValue, definition: Definition) -> IntegerValue:
    numerator, denominator = rules.fraction(number, definition.earning)
    return ((numerator - numerator % denominator) / denominator).cast("int64")


def eligible(charge_code: StringValue, definition: Definition) -> BooleanValue:
    """Whether a charge earns points."""
    return charge_code.isin(definition.earning.eligible_charges)


def _of_stage(facts: Table, definition: Definition, field: str) -> Value:
    """The conditions from the highest stage down: the first that holds wins. There may be only the first stage."""
    branches = [
        (holds(stage.when, facts), getattr(stage, field))
        for stage in reversed(definition.stages)
        if stage.when is not None
    ]
    otherwise = ibis.literal(getattr(definition.stages[0], field))
    return ibis.cases(*branches, else_=otherwise) if branches else otherwise


def holds(condition: Condition, facts: Table) -> BooleanValue:
    """Whether everything that the condition names is true of a row of the facts."""
    return _every(_terms(condition, facts))


def _terms(condition: Condition, facts: Table) -> Iterable[BooleanValue]:
    if condition.tenure_months is not None:
        yield facts.tenure_months.notnull() & _within(condition.tenure_months, facts.tenure_months.fill_null(0))
    if condition.solutions is not None:
        yield _within(condition.solutions, facts.solutions)
    if condition.spend_yen is not None:
        yield _within(condition.spend_yen, facts.spend_yen)
    if condition.holds is not None:
        yield _every(facts[HELD.format(solution)] for solution in condition.holds)
    if condition.all is not None:
        yield _every(holds(part, facts) for part in condition.all)
    if condition.any is not None:
        yield functools.reduce(operator.or_, (holds(part, facts) for part in condition.any))


def _within(bounds: Bounds, value: IntegerValue) -> BooleanValue:
    compare = {"at_least": operator.ge, "at_most": operator.le, "exactly": operator.eq}
    return _every(compare[name](value, limit) for name, limit in bounds.model_dump(exclude_none=True).items())


def _every(terms: Iterable[BooleanValue]) -> BooleanValue:
    return functools.reduce(operator.and_, terms)
