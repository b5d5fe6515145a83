"""The rule in plain Python and the expression on DuckDB give the same answers on random months."""

import csv
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import ibis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from noren.closing.expressions import COLUMNS, rate
from noren.closing.rules import Rated, rate_member
from noren.members.rules import is_member
from noren.programme import rules as programme
from noren.programme.definition import Definition, Rounding
from noren.stages.expressions import assess
from noren.stages.rules import Contract
from tests import soak
from tests.strategies import NEW, OLD, VENDOR, days_around, months

YEN = st.integers(-3_000, 60_000) | st.sampled_from([-1, 0, 1, 199, 200, 201, 399, 400, 999, 1_000, 9_007_199_254_740])


@dataclass
class Person:
    """A member with everything that its points hang on."""

    opened_on: date | None
    joined_on: date | None
    withdrawn_on: date | None
    closed_on: date | None
    contracts: list[Contract]
    amounts: list[tuple[str, int]]
    spend_yen: int = field(default=0)
    paid_yen: int = field(default=0)


def people(definition: Definition, month: date) -> st.SearchStrategy[list[Person]]:
    day = days_around(month)
    maybe = st.none() | day
    codes = sorted(definition.charge_codes)
    solutions = sorted(definition.solution_codes) or ["none"]
    person = st.builds(
        Person,
        opened_on=maybe,
        joined_on=st.one_of(day, maybe),
        withdrawn_on=st.one_of(st.none(), maybe),
        closed_on=st.one_of(st.none(), maybe),
        contracts=st.lists(st.builds(Contract, st.sampled_from(solutions), day, maybe), max_size=4),
        amounts=st.lists(st.tuples(st.sampled_from(codes), YEN), max_size=6),
        spend_yen=st.integers(0, 100_000_000) if definition.uses_spend else st.just(0),
        paid_yen=st.just(0) | st.integers(1, 5_000),
    )
    return st.lists(person, max_size=12)


ROUNDINGS = [
    Rounding.model_validate({"of": of, "to": to})
    for of in ("units", "points")
    for to in ("floor", "half_up", "ceiling")
]


def rounded_as(definition: Definition, rounding: Rounding) -> Definition:
    return definition.model_copy(update={"earning": definition.earning.model_copy(update={"rounding": rounding})})


@st.composite
def cases(draw: st.DrawFn) -> tuple[Definition, date, list[Person]]:
    definition = rounded_as(draw(st.sampled_from([NEW, OLD, VENDOR])), draw(st.sampled_from(ROUNDINGS)))
    month = draw(months)
    return definition, month, draw(people(definition, month))


def by_rule(definition: Definition, month: date, everybody: list[Person]) -> dict[int, Rated]:
    return {
        number: rate_member(
            definition,
            month,
            opened_on=one.opened_on,
            contracts=one.contracts,
            amounts=one.amounts,
            spend_yen=one.spend_yen,
            paid_yen=one.paid_yen,
        )
        for number, one in enumerate(everybody)
        if is_member(month, joined_on=one.joined_on, withdrawn_on=one.withdrawn_on, closed_on=one.closed_on)
    }


def _table(
    connection: duckdb.DuckDBPyConnection, name: str, columns: dict[str, str], rows: list[list[Any]], at: Path
) -> None:
    path = at / f"{name}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    connection.execute(
        f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM"
        f" read_csv('{path}', header=false, auto_detect=false, columns={columns})"
    )


def by_expression(definition: Definition, month: date, everybody: list[Person], at: Path) -> dict[int, Rated]:
    with duckdb.connect() as connection:
        numbered = [(UUID(int=number), one) for number, one in enumerate(everybody)]
        days = ("opened_on", "joined_on", "withdrawn_on", "closed_on")
        _table(
            connection,
            "members",
            {"uid": "UUID", "kind": "VARCHAR", "member_id": "VARCHAR", **dict.fromkeys(days, "DATE")},
            [[uid, "line", uid.int, *(getattr(one, day) for day in days)] for uid, one in numbered],
            at,
        )
        _table(
            connection,
            "contracts",
            {"uid": "UUID", "solution": "VARCHAR", "started_on": "DATE", "ended_on": "DATE"},
            [[uid, c.solution, c.started_on, c.ended_on] for uid, one in numbered for c in one.contracts],
            at,
        )
        _table(
            connection,
            "items",
            {"uid": "UUID", "charge_code": "VARCHAR", "amount_yen": "BIGINT"},
            [[uid, code, yen] for uid, one in numbered for code, yen in one.amounts],
            at,
        )
        _table(
            connection,
            "spend",
            {"uid": "UUID", "spend_yen": "BIGINT"},
            [[u, o.spend_yen] for u, o in numbered],
            at,
        )
        _table(
            connection,
            "paid",
            {"uid": "UUID", "paid_yen": "BIGINT"},
            [[u, o.paid_yen] for u, o in numbered if o.paid_yen],
            at,
        )
        backend = ibis.duckdb.from_connection(connection)
        members, contracts, spend, paid = map(backend.table, ("members", "contracts", "spend", "paid"))
        stages = assess(members, contracts, spend, definition, month)
        rated = ibis.to_sql(rate(backend.table("items"), stages, paid, definition), dialect="duckdb")
        columns = ", ".join(f"{name}::{kind}" for name, kind in COLUMNS.items())
        rows = connection.execute(f"SELECT {columns} FROM ({rated})").fetchall()
    found = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    return {int(row["member_id"]): Rated(**{name: row[name] for name in Rated.__dataclass_fields__}) for row in found}


@pytest.mark.soak
@settings(
    max_examples=soak.many(40, 2_000),
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.function_scoped_fixture,
        HealthCheck.data_too_large,
    ],
)
@given(case=cases())
def test_rule_equals_expression(case: tuple[Definition, date, list[Person]], tmp_path: Path) -> None:
    definition, month, everybody = case
    assert by_expression(definition, month, everybody, tmp_path) == by_rule(definition, month, everybody)


@pytest.mark.parametrize("rounding", ROUNDINGS, ids=lambda one: f"{one.of}-{one.to}")
def test_division_is_exact_up_to_the_limit(rounding: Rounding, tmp_path: Path) -> None:
    definition, month = rounded_as(NEW, rounding), date(2021, 7, 1)
    limit = programme.largest_base(definition)
    everybody = [
        Person(date(2000, 1, 1), date(2020, 1, 1), None, None, [], [("call", base)])
        for base in (0, 199, 200, 201, limit - 1, limit)
    ]
    assert by_expression(definition, month, everybody, tmp_path) == by_rule(definition, month, everybody)


def test_each_rounding_gives_what_a_hand_computes() -> None:
    base, stage = 6_500, NEW.stages[2]
    points = {(one.of, one.to): programme.points_for(base, stage, rounded_as(NEW, one)) for one in ROUNDINGS}
    assert points == {
        ("units", "floor"): 96,
        ("units", "half_up"): 99,
        ("units", "ceiling"): 99,
        ("points", "floor"): 97,
        ("points", "half_up"): 98,
        ("points", "ceiling"): 98,
    }
