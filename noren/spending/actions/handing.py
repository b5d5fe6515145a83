"""Hand over to the billing system: how much of each bill of the month points pay, never more than it comes to."""

import json
from collections.abc import Iterable
from datetime import date
from itertools import islice
from pathlib import Path

from django.db import transaction

from noren.audit import actions as audit
from noren.billing import queries as billing
from noren.kit import db, files, sql
from noren.kit.duck import PARQUET, Connection, csv_of, literal
from noren.kit.months import add_months, month_text
from noren.points import actions as points
from noren.points import rules as ledger
from noren.spending import layouts, queries, rules
from noren.spending.actions.standing import Call
from noren.spending.models import Handover
from noren.spending.queries import HandoverRow

ITEMS = {
    "wallet_id": "VARCHAR",
    "allocation_id": "VARCHAR",
    "uid": "UUID",
    "kind": "VARCHAR",
    "member_id": "VARCHAR",
    "points": "BIGINT",
    "month": "VARCHAR",
    "made_at": "VARCHAR",
}
HANDED = {"uid": "UUID", "yen": "BIGINT"}
FILES = {name: "BIGINT" if name == "points" else "VARCHAR" for name in layouts.HANDOVERS.columns}


def hand_over(
    connection: Connection,
    call: Call,
    *,
    month: date,
    home: Path,
    folder: Path,
    charges: Iterable[str],
    carry_months: int,
) -> HandoverRow | None:
    """Note what the bills of the month take of the open allocations, and let it wait on an account of its own.

    The oldest application comes first; what was handed over for the month before counts. None: there is nothing.
    """
    with transaction.atomic():
        sql.value("spending", "alone.sql")
        found = folder / "items.csv"
        number = Handover.objects.filter(month=month).count() + 1
        _pay(connection, month=month, home=home, folder=folder, charges=charges, carry_months=carry_months)
        connection.execute(
            f"COPY (SELECT {literal(month)}, {number}, wallet_id, allocation_id, uid, kind, member_id, paid,"
            " 'sent', 0, '' AS reason FROM handed WHERE paid > 0 ORDER BY wallet_id, allocation_id)"
            f" TO {literal(found)} (FORMAT csv, HEADER false, FORCE_QUOTE (reason))"
        )
        items = db.copy_in(found, sql.text("spending", "copy_items.sql"))
        if not items:
            return None
        amount = int((connection.execute("SELECT sum(paid)::BIGINT FROM handed").fetchone() or (0,))[0])
        Handover.objects.create(month=month, number=number, run=call.run, items=items, points=amount, made_at=call.now)
        account = rules.clearing(month, number)
        moved = {ledger.reserved(rules.BILL): -amount, account: amount}
        points.move(run=call.run, part="hand-over", on=call.on, actor=call.actor, now=call.now, accounts=moved)
        subject = f"{month_text(month)}/{number}"
        detail = {"items": items, "points": amount}
        audit.record(actor=call.actor, act="allocation.hand_over", subject=subject, detail=detail, now=call.now)
    return queries.handover(month, number)


def write_files(connection: Connection, made: HandoverRow, *, home: Path, folder: Path) -> Path:
    """Write the handover as CSV and Parquet, and last its control totals as JSON; gives the path of the CSV.

    A file has its name when it is whole; the same handover gives the same bytes.
    """
    target = home / "allocations" / f"allocations-{month_text(made.month)}-{made.number:04}.csv"
    items, which = folder / "handover.csv", {"month": made.month, "number": made.number}
    rows = db.copy_out(sql.text("spending", "export_handover.sql"), items, which)
    connection.execute(
        f"CREATE OR REPLACE TABLE handover AS FROM {csv_of(items, FILES)} ORDER BY member_kind, member_id, item_id"
    )
    for path, how in ((target, "(FORMAT csv, HEADER)"), (target.with_suffix(".parquet"), PARQUET)):
        with files.whole(path) as scratch:
            connection.execute(f"COPY handover TO {literal(scratch)} {how}")
    told = {
        "bill_month": month_text(made.month),
        "number": made.number,
        "items": rows,
        "points": made.points,
        "csv_sha256": files.sha256(target),
        "parquet_sha256": files.sha256(target.with_suffix(".parquet")),
    }
    with files.whole(target.with_suffix(".json")) as scratch:
        scratch.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return target


def end_old(
    call: Call, *, month: date, closed_since: date, folder: Path, carry_months: int, after: rules.After
) -> tuple[int, int]:
    """End the allocations that no bill after the month's may take; gives the points given back, and lost.

    `closed_since`: the first of the months that are closed up to that one without a gap; allocations for earlier ones
    wait until the gap is closed. In the caller's transaction.
    """
    sql.value("spending", "alone.sql")
    told = {"oldest": rules.oldest(add_months(month, 1), carry_months), "closed_since": closed_since}
    listed = folder / "old.csv"
    db.copy_out(sql.text("spending", "too_old.sql"), listed, told)
    amount = total(listed)
    gives_back = after is rules.After.RETURN
    sql.run("spending", "end_old.sql", {**told, "gives_back": gives_back})
    if gives_back:
        give_back(call, listed, folder, reason="no bill took them")
    else:
        moved = {ledger.reserved(rules.BILL): -amount, "forfeited/bill": amount}
        points.move(run=call.run, part="forfeit", on=call.on, actor=call.actor, now=call.now, accounts=moved)
    return (amount, 0) if gives_back else (0, amount)


def total(listed: Path) -> int:
    """The points of what is listed to be given back."""
    with listed.open(encoding="utf-8") as lines:
        return sum(int(line.rpartition(",")[2]) for line in lines)


def give_back(call: Call, listed: Path, folder: Path, *, reason: str) -> None:
    """Give back what is listed, from where reserved points wait, in slices."""
    one = folder / "returns-slice.csv"
    with listed.open(encoding="utf-8") as lines:
        while some := list(islice(lines, points.WISHES_PER_SLICE)):
            one.write_text("".join(some), encoding="utf-8")
            booked = points.return_slice(
                run=call.run,
                returns=one,
                use=rules.BILL,
                against=ledger.reserved(rules.BILL),
                on=call.on,
                actor=call.actor,
                now=call.now,
                reason=reason,
            )
            if booked != len(some):
                raise ValueError(f"{booked} of {len(some)} were given back")


def _pay(
    connection: Connection, *, month: date, home: Path, folder: Path, charges: Iterable[str], carry_months: int
) -> None:
    """The view `handed`: each open allocation, and what the bill of its member takes of it. Equals rules.pay."""
    wished, handed = folder / "open.csv", folder / "handed.csv"
    asked: dict[str, date] = {"month": month, "oldest": rules.oldest(month, carry_months)}
    db.copy_out(sql.text("spending", "open_allocations.sql"), wished, asked)
    db.copy_out(sql.text("spending", "handed_over.sql"), handed, {"month": month})
    billing.items_view(connection, home, month)
    codes = ", ".join(map(literal, sorted(charges)))
    connection.execute(
        "CREATE OR REPLACE TABLE handed AS"
        " WITH bill AS (SELECT uid, sum(amount_yen)::BIGINT AS yen FROM items"
        f" WHERE charge_code IN ({codes}) GROUP BY uid),"
        f" rest AS (SELECT bill.uid, greatest(bill.yen - coalesce(before.yen, 0), 0) AS yen"
        f" FROM bill LEFT JOIN {csv_of(handed, HANDED)} AS before USING (uid))"
        " SELECT wish.*, greatest(least(wish.points, coalesce(rest.yen, 0)"
        " - (sum(wish.points) OVER in_order - wish.points)), 0)::BIGINT AS paid"
        f" FROM {csv_of(wished, ITEMS)} AS wish LEFT JOIN rest USING (uid)"
        " WINDOW in_order AS (PARTITION BY wish.uid ORDER BY month, made_at, allocation_id)"
    )
