"""Reserve what the standing allocations wish for a month, slice by slice."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby, islice
from pathlib import Path

from noren.kit import db, sql
from noren.kit.actor import Actor
from noren.points import actions as points
from noren.points import rules as ledger
from noren.points.actions import SliceReserved
from noren.spending import rules
from noren.spending.models import Overdue


@dataclass(frozen=True, slots=True)
class Call:
    """A run that books for many: its id, business day, who asks, and when."""

    run: str
    on: date
    actor: Actor
    now: datetime


def wishes(month: date, folder: Path) -> Iterator[Path]:
    """Files of what is wished for the month and not reserved yet, each for one slice, in the order of the wallets."""
    every, one = folder / "wishes.csv", folder / "wishes-slice.csv"
    db.copy_out(sql.text("spending", "wishes.sql"), every, {"month": month, "overdue": False})
    with every.open(encoding="utf-8") as lines:
        for some in slices_of(lines, points.WISHES_PER_SLICE):
            one.write_text("".join(some), encoding="utf-8")
            yield one
    every.unlink()


def left_out(month: date, folder: Path) -> int:
    """How many standing allocations wish for the month and get nothing, because the member's bills are overdue."""
    if not Overdue.objects.exists():
        return 0
    listed = folder / "overdue.csv"
    return db.copy_out(sql.text("spending", "wishes.sql"), listed, {"month": month, "overdue": True})


def slices_of(lines: Iterable[str], most: int) -> Iterator[list[str]]:
    """At most so many lines at a time. A wallet (the second column) is cut only where it has more by itself."""
    kept: list[str] = []
    for _wallet, its in groupby(lines, key=lambda line: line.split(",", 2)[1]):
        while some := list(islice(its, most)):
            if kept and len(kept) + len(some) > most:
                yield kept
                kept = []
            kept += some
    if kept:
        yield kept


def reserve_standing(call: Call, month: date, slice_no: int, wished: Path) -> SliceReserved:
    """Take what a slice wishes for the month, as far as there is any; in the caller's transaction.

    Raises points.AlreadyPosted.
    """
    done = points.reserve_slice(
        run=call.run,
        slice_no=slice_no,
        wishes=wished,
        use=rules.BILL,
        against=ledger.reserved(rules.BILL),
        on=call.on,
        actor=call.actor,
        now=call.now,
    )
    posting_id = ledger.posting_id(f"{call.run}/reserve/{slice_no:04}")
    bounds = {"lower": done.lower, "upper": done.upper}
    made = {"month": month, "on": call.on, "now": call.now, "posting_id": posting_id}
    if sql.run("spending", "add_standing.sql", {**bounds, **made}) != done.wishes:
        raise ValueError("a standing allocation has changed its wallet")
    return done
