"""Who earns into which pool when a month is closed, and how those members are cut into slices."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from noren.groups import actions, queries
from noren.kit.duck import PARQUET, Connection, csv_of, literal
from noren.points import queries as points

COLUMNS = {"uid": "UUID", "pool_id": "UUID", "pool_owner_id": "VARCHAR"}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Where a close keeps which member earned into which pool, where its rated members are, and scratch files.

    A close that was begun before there were pools has none kept.
    """

    connection: Connection
    kept: Path
    rated: Path
    scratch: Path

    @property
    def pools(self) -> str:
        """The members of pools, as a table."""
        if self.kept.exists():
            return f"read_parquet({literal(self.kept)})"
        columns = ", ".join(f"NULL::{kind} AS {name}" for name, kind in COLUMNS.items())
        return f"(SELECT {columns} WHERE false)"

    def members_in(self, lower: UUID, upper: UUID | None) -> str:
        """Members of pools with an id in the range, as a query."""
        return f"SELECT uid FROM {self.pools} WHERE {_within('uid', lower, upper)}"


def snapshot(connection: Connection, folder: Path, target: Path) -> int:
    """Write which member earns into which pool now, as Parquet sorted by uid: uid, pool_id, pool_owner_id. How many."""
    plain = folder / "pools.csv"
    count = queries.pools(plain)
    connection.execute(f"COPY (SELECT * FROM {csv_of(plain, COLUMNS)} ORDER BY uid) TO {literal(target)} {PARQUET}")
    plain.unlink()
    return count


def bounds(found: Snapshot, month: date, size: int) -> list[str]:
    """Where slices of about so many members whom pools concern begin, by pool or, for one that is in none, by wallet.

    The first begins at the lowest id and there is always one: somebody may bring points into a pool meanwhile.
    """
    others = _others(found, month, UUID(int=0), None)
    homes = f"SELECT pool_id AS home FROM {found.pools} UNION ALL SELECT uid FROM {others}"
    cuts = found.connection.execute(
        f"SELECT DISTINCT home FROM (SELECT home, row_number() OVER (ORDER BY home) AS place FROM ({homes}))"
        f" WHERE place > 1 AND place % {size} = 1 ORDER BY home"
    ).fetchall()
    return [str(UUID(int=0)), *(str(home) for (home,) in cuts if home != UUID(int=0))]


def write_aside(found: Snapshot, lower: UUID, upper: UUID | None, target: Path) -> int:
    """Write the members of pools with an id in the range, CSV without header; how many."""
    members = found.members_in(lower, upper)
    written = found.connection.execute(f"COPY ({members}) TO {literal(target)} (FORMAT csv, HEADER false)").fetchone()
    return int((written or (0,))[0])


def write_earners(found: Snapshot, month: date, lower: UUID, upper: UUID | None, target: Path) -> Path:
    """Write what the month should give the members of the pools in the range, and those in the range who left one.

    Those of a pool that was dissolved meanwhile earn for themselves; the other pools stay until the transaction ends.
    Columns as for points.actions.post_pools.
    """
    others = _others(found, month, lower, upper)
    ours = f"SELECT uid, pool_id, pool_owner_id FROM {found.pools} WHERE {_within('pool_id', lower, upper)}"
    pools = found.connection.execute(f"SELECT DISTINCT pool_id FROM ({ours})").fetchall()
    ended = [str(pool_id) for pool_id in actions.keep_active([pool_id for (pool_id,) in pools])]
    still = f"pool_id::VARCHAR NOT IN (SELECT unnest({ended}::VARCHAR[]))"
    concerned = (
        f"SELECT uid, if({still}, pool_id, NULL) AS pool_id, if({still}, pool_owner_id, NULL) AS pool_owner_id"
        f" FROM ({ours}) UNION ALL SELECT uid, NULL, NULL FROM {others}"
    )
    found.connection.execute(
        "COPY (SELECT uid, rated.kind, rated.member_id, coalesce(rated.points, 0), pool_id, pool_owner_id"
        f" FROM ({concerned}) LEFT JOIN read_parquet({literal(found.rated)}) AS rated USING (uid))"
        f" TO {literal(target)} (FORMAT csv, HEADER false)"
    )
    return target


def joined_since(found: Snapshot) -> dict[UUID, list[UUID]]:
    """Who is in a pool now and was in none, or in another, when the snapshot was made: pool -> members."""
    now = found.scratch / "pools-now.parquet"
    snapshot(found.connection, found.scratch, now)
    there = f"SELECT uid, pool_id FROM read_parquet({literal(now)})"
    rows = found.connection.execute(f"{there} EXCEPT SELECT uid, pool_id FROM {found.pools} ORDER BY pool_id, uid")
    joined: dict[UUID, list[UUID]] = {}
    for uid, pool_id in rows.fetchall():
        joined.setdefault(pool_id, []).append(uid)
    return joined


def _others(found: Snapshot, month: date, lower: UUID, upper: UUID | None) -> str:
    """Wallets of the range whose points of the month are in pools, though they are in none now, as a table."""
    listed = found.scratch / "origins.csv"
    points.origin_members(month, lower, upper, listed)
    source = f"read_csv({literal(listed)}, header=false, auto_detect=false, columns={{'uid': 'UUID'}})"
    return f"(SELECT uid FROM {source} WHERE uid NOT IN (SELECT uid FROM {found.pools}))"


def _within(column: str, lower: UUID, upper: UUID | None) -> str:
    below = "" if upper is None else f" AND {column} < {literal(upper)}::UUID"
    return f"{column} >= {literal(lower)}::UUID{below}"
