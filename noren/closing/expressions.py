"""Rating, the narrow waist: bill items and stages in, points per member with their reason out."""

from pathlib import Path

import ibis
from ibis import Table

from noren.kit.duck import Connection, literal
from noren.programme import expressions as programme
from noren.programme.definition import Definition

COLUMNS = {
    "uid": "UUID",
    "kind": "VARCHAR",
    "member_id": "VARCHAR",
    "tenure_months": "BIGINT",
    "solutions": "BIGINT",
    "spend_yen": "BIGINT",
    "stage": "VARCHAR",
    "rate": "BIGINT",
    "items": "BIGINT",
    "items_yen": "BIGINT",
    "eligible_yen": "BIGINT",
    "paid_yen": "BIGINT",
    "base_yen": "BIGINT",
    "points": "BIGINT",
}
"""What rating gives, and the types it is kept in: sums are wider in the engine and would become floating point."""


def rate(items: Table, stages: Table, paid: Table, definition: Definition) -> Table:
    """One row per member of the month, with or without bill items; see COLUMNS.

    items: uid, charge_code, amount_yen. stages: what `stages.expressions.assess` gives. paid: uid, paid_yen, a member
    once: what points have paid of the month's bill.
    base_yen = the eligible yen less that, never below 0; points = base / unit x rate, one rounding per member.
    """
    eligible = programme.eligible(items.charge_code, definition)
    sums = items.group_by("uid").agg(
        items=items.count(),
        items_yen=items.amount_yen.sum(),
        eligible_yen=ibis.ifelse(eligible, items.amount_yen, 0).sum(),
    )
    joined = stages.left_join(sums, "uid").drop("uid_right").left_join(paid, "uid").drop("uid_right")
    filled = joined.mutate(
        items=joined["items"].fill_null(0),
        items_yen=joined.items_yen.fill_null(0),
        eligible_yen=joined.eligible_yen.fill_null(0),
        paid_yen=joined.paid_yen.fill_null(0),
    )
    left = filled.eligible_yen - filled.paid_yen
    based = filled.mutate(base_yen=ibis.ifelse(left < 0, 0, left))
    rated = based.mutate(points=programme.points_for(based.base_yen, based.rate, definition))
    return rated.select(*COLUMNS)


def table_of(connection: Connection, name: str, file: Path | None = None) -> Table:
    """The view `name` of the engine as a table of expressions; made of a Parquet file if one is given."""
    if file is not None:
        connection.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM read_parquet({literal(file)})")
    return ibis.duckdb.from_connection(connection).table(name)


def statement(table: Table) -> str:
    """The expression as DuckDB's SQL."""
    return str(ibis.to_sql(table, dialect="duckdb"))
