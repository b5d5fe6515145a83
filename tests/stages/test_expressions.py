"""The rule in plain Python and the expression on DuckDB agree for whatever a programme file can say."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from noren.programme import expressions
from noren.programme.definition import Definition
from noren.programme.rules import Facts, stage_for
from tests import soak
from tests.closing.test_rating import Person, by_expression, by_rule, people
from tests.strategies import NEW, months

SOLUTIONS = ("office_extension", "device_management", "device_rescue")
NUMBERS = {
    "tenure_months": st.sampled_from([0, 1, 11, 12, 59, 60, 61]),
    "solutions": st.integers(0, 4),
    "spend_yen": st.sampled_from([0, 1, 999, 1_000, 9_999_999, 10_000_000]),
}


def bounds(number: st.SearchStrategy[int]) -> st.SearchStrategy[dict[str, int]]:
    one = st.builds(lambda name, limit: {name: limit}, st.sampled_from(["at_least", "at_most", "exactly"]), number)
    between = st.builds(lambda a, b: {"at_least": min(a, b), "at_most": max(a, b)}, number, number)
    return one | between


LEAF = st.fixed_dictionaries(
    {},
    optional={
        **{name: bounds(number) for name, number in NUMBERS.items()},
        "holds": st.lists(st.sampled_from(SOLUTIONS), min_size=1, max_size=3),
    },
).filter(bool)


def nested(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Conditions that combine some, perhaps beside words of their own."""
    listed = st.lists(inner, min_size=1, max_size=3)
    combined = st.fixed_dictionaries({}, optional={"all": listed, "any": listed}).filter(bool)
    return st.builds(lambda own, more: {**own, **more}, st.just({}) | LEAF, combined)


CONDITIONS: st.SearchStrategy[dict[str, Any]] = st.recursive(LEAF, nested, max_leaves=6)

JUDGEMENTS = st.fixed_dictionaries(
    {
        "tenure": st.fixed_dictionaries({"at": st.sampled_from(["stage_month", "previous_year_end"])}),
        "solutions": st.fixed_dictionaries(
            {"at": st.sampled_from(["month_end", "previous_year_end"]), "months_before": st.integers(0, 13)}
        ),
    }
)


def definition(conditions: list[dict[str, Any]], **changed: Any) -> Definition:
    """A programme with a stage for each condition above the first."""
    stages = [{"name": "s0", "points": 1}]
    stages += [{"name": f"s{n}", "points": n * 7, "when": when} for n, when in enumerate(conditions, start=1)]
    return Definition.model_validate({**NEW.model_dump(exclude_unset=True), "stages": stages, **changed})


DEFINITIONS = st.builds(definition, st.lists(CONDITIONS, max_size=4))

FACTS = st.lists(
    st.builds(
        Facts,
        st.none() | NUMBERS["tenure_months"],
        st.frozensets(st.sampled_from(SOLUTIONS)),
        NUMBERS["spend_yen"],
    ),
    min_size=1,
    max_size=30,
)


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def stages_by_expression(
    connection: duckdb.DuckDBPyConnection, programme: Definition, facts: list[Facts]
) -> list[tuple[str, int]]:
    rows = ", ".join(
        f"({place}, {'NULL' if one.tenure_months is None else one.tenure_months}::BIGINT, {len(one.solutions)},"
        f" {one.spend_yen}::BIGINT, {', '.join(str(solution in one.solutions) for solution in SOLUTIONS)})"
        for place, one in enumerate(facts)
    )
    has = ", ".join(expressions.HELD.format(solution) for solution in SOLUTIONS)
    connection.execute(
        "CREATE OR REPLACE TABLE facts AS SELECT * FROM"
        f" (VALUES {rows}) AS t (place, tenure_months, solutions, spend_yen, {has})"
    )
    table = ibis.duckdb.from_connection(connection).table("facts")
    stages = table.select(
        "place",
        stage=expressions.stage_name(table, programme),
        points=expressions.stage_points(table, programme),
    ).order_by("place")
    found = connection.execute(ibis.to_sql(stages, dialect="duckdb")).fetchall()
    return [(stage, points) for _place, stage, points in found]


BUNDLE = definition(
    [
        {"any": [{"holds": ["device_rescue"]}, {"tenure_months": {"at_most": 12}}]},
        {"all": [{"solutions": {"exactly": 1}}, {"spend_yen": {"at_least": 1_000}}], "tenure_months": {"at_least": 0}},
    ]
)


@pytest.mark.soak
@settings(max_examples=soak.many(150, 3_000), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DEFINITIONS, FACTS)
@example(BUNDLE, [Facts(None, frozenset({"device_rescue"}), 1_000), Facts(None), Facts(12), Facts(13)])
def test_rule_equals_expression_whatever_the_definition(
    connection: duckdb.DuckDBPyConnection, programme: Definition, facts: list[Facts]
) -> None:
    by_rules = [stage_for(one, programme) for one in facts]
    found = stages_by_expression(connection, programme, facts)
    assert found == [(stage.name, stage.points) for stage in by_rules]


@st.composite
def months_of_members(draw: st.DrawFn) -> tuple[Definition, date, list[Person]]:
    """A programme that judges on days of its own, and a month of members around these days."""
    programme = definition(
        draw(st.lists(CONDITIONS, max_size=3)),
        judgement=draw(JUDGEMENTS),
        year_first_month=draw(st.integers(1, 12)),
        solutions={"eligible": draw(st.permutations(SOLUTIONS)), "other": ["info_mail"]},
    )
    month = draw(months)
    return programme, month, draw(people(programme, month))


@pytest.mark.soak
@settings(
    max_examples=soak.many(20, 500),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)
@given(months_of_members())
def test_facts_are_judged_on_the_days_that_the_definition_names(
    tmp_path: Path, case: tuple[Definition, date, list[Person]]
) -> None:
    programme, month, everybody = case
    assert by_expression(programme, month, everybody, tmp_path) == by_rule(programme, month, everybody)
