"""The whole ledger as text, without the times at which things were booked: two equal ledgers give equal texts."""

import psycopg

TABLES = {
    "points_wallet": "wallet_id, owner_kind, owner_id, points, arrears",
    "points_lot": "wallet_id, kind, uses, lapses_on, is_limited, granted, used, lapsed, remaining, is_open",
    "points_posting": "wallet_id, posting_id, natural_key, movement, effective_on, usage_month, use, corrects, run, reason, points",
    "points_entry": "wallet_id, posting_id, line, effective_on, kind, uses, lapses_on, points, movement, usage_month",
    "points_programme_entry": "wallet_id, posting_id, account, points, effective_on",
    "points_origin": "*",
}


def of(conninfo: str) -> dict[str, bytes]:
    """Every ledger table as CSV in the order of its columns."""
    with psycopg.connect(conninfo) as connection, connection.cursor() as cursor:
        return {table: _copy(cursor, table, columns) for table, columns in TABLES.items()}


def _copy(cursor: "psycopg.Cursor[tuple[object, ...]]", table: str, columns: str) -> bytes:
    rows = f"SELECT {columns} FROM {table} ORDER BY 1, 2, 3"
    with cursor.copy(f"COPY ({rows}) TO STDOUT (FORMAT csv)") as copy:
        return b"".join(bytes(block) for block in copy)
