"""The stages of all members of a month as one Ibis expression; equals `rules.facts_of` and `stage_for`."""

from datetime import date

import ibis
from ibis import Table

from noren.members import expressions as members_expressions
from noren.programme import expressions as programme
from noren.programme.definition import Definition
from noren.programme.rules import solutions_day, tenure_month


def assess(members: Table, contracts: Table, spend: Table | None, definition: Definition, month: date) -> Table:
    """Members of the month with their stage.

    members: uid, kind, member_id, opened_on, joined_on, withdrawn_on, closed_on, one row each.
    contracts: uid, solution, started_on, ended_on. spend: uid, spend_yen, one row each.
    Gives uid, kind, member_id, tenure_months (null: no line), solutions, spend_yen, stage, rate.
    """
    here = members.filter(members_expressions.is_member(members, month))
    facts = here.left_join(_held(contracts, definition, month), "uid").drop("uid_right")
    facts = _with_spend(facts, spend)
    facts = facts.mutate(
        tenure_months=_tenure(facts, tenure_month(definition, month)),
        solutions=facts.solutions.fill_null(0),
        **{
            programme.HELD.format(code): facts[programme.HELD.format(code)].fill_null(False)
            for code in definition.solutions.eligible
        },
    )
    return facts.select(
        "uid",
        "kind",
        "member_id",
        "tenure_months",
        "solutions",
        "spend_yen",
        stage=programme.stage_name(facts, definition),
        rate=programme.stage_points(facts, definition),
    )


def _held(contracts: Table, definition: Definition, month: date) -> Table:
    """Per member: which eligible solutions are in force on the day of judgement, and how many distinct ones."""
    day = ibis.literal(solutions_day(definition, month))
    live = contracts.filter(
        contracts.solution.isin(definition.solutions.eligible)
        & (contracts.started_on <= day)
        & (contracts.ended_on.isnull() | (contracts.ended_on > day))
    )
    return live.group_by("uid").agg(
        solutions=live.solution.nunique(),
        **{programme.HELD.format(code): (live.solution == code).any() for code in definition.solutions.eligible},
    )


def _tenure(members: Table, judged: date) -> ibis.expr.types.IntegerValue:
    """Calendar-month difference from the month of opening, 0 before it, null without a line."""
    opened = members.opened_on
    months = judged.year * 12 + judged.month - (opened.year().cast("int64") * 12 + opened.month().cast("int64"))
    return ibis.ifelse(months < 0, 0, months)


def _with_spend(facts: Table, spend: Table | None) -> Table:
    if spend is None:
        return facts.mutate(spend_yen=ibis.literal(0, type="int64"))
    joined = facts.left_join(spend, "uid").drop("uid_right")
    return joined.mutate(spend_yen=joined.spend_yen.fill_null(0))
