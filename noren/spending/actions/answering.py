"""Take in what the billing system answers: each item is paid, paid in part, or refused, once."""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from noren.audit import actions as audit
from noren.kit import db, intake, sql
from noren.kit.actor import Actor
from noren.kit.duck import Connection, csv_of, literal
from noren.kit.intake import Reason, Result
from noren.kit.months import parse_month
from noren.kit.progress import Progress
from noren.points import actions as points
from noren.points import rules as ledger
from noren.spending import layouts, rules
from noren.spending.actions.handing import give_back, total
from noren.spending.actions.standing import Call
from noren.spending.models import Answer

REASONS = {
    **intake.REASONS,
    "unknown_item": _("%(field)s names nothing that was handed over."),
    "not_what_was_sent": _("%(field)s is not what was sent, although all of it is said to be confirmed."),
    "not_less": _("%(field)s is not less than what was sent, although it is said to be reduced."),
    "not_zero": _("%(field)s is not 0, although the item is said to be refused."),
    "contradiction": _("The item was answered otherwise before; the first answer counts."),
}
"""What is wrong with a field, by code."""

KNOWN = {"id": "VARCHAR", "wallet_id": "VARCHAR", "sent": "BIGINT", "state": "VARCHAR", "paid": "BIGINT"}


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of an answer. `again`: rows that say what was said before. Points: paid, given back, carried on."""

    file_name: str
    sha256: str
    read: int
    rejected: int
    again: int
    paid: int
    returned: int
    carried: int
    rejects: str = ""
    reasons: tuple[Reason, ...] = ()


@transaction.atomic
def take_answer(
    connection: Connection,
    folder: Path,
    *,
    path: Path,
    home: Path,
    actor: Actor,
    now: datetime,
    progress: Progress,
    encoding: intake.Encoding = "auto",
    rejects: Path | None = None,
) -> Answered:
    """Settle the items that the file answers; rejected rows go to a file, and the same file again changes nothing.

    Raises the refusals of `kit.intake`.
    """
    sql.value("spending", "alone.sql")
    raw = intake.open_file(connection, folder, path, layouts.ANSWERS, encoding=encoding, progress=progress)
    _know_items(connection, folder)
    result = intake.split(connection, raw, checks=layouts.AGAINST_ITEMS, lookups=(layouts.KNOWN,), progress=progress)
    told = intake.keep_rejects(connection, raw, result, rejects, REASONS, home=home, now=now)
    number = Answer.objects.count() + 1  # a file may settle more when it is read in another way
    call = Call(f"allocation/answer/{number}", localtime(now).date(), actor, now)
    settled = _settle(connection, folder, call)
    done = Answered(
        file_name=path.name,
        sha256=raw.sha256,
        read=result.read.rows,
        rejected=result.rejected.rows,
        again=result.accepted.rows - settled.items,
        paid=settled.paid,
        returned=settled.returned,
        carried=settled.carried,
        rejects=told,
        reasons=result.reasons,
    )
    _keep(number, result, done, call)
    return done


@dataclass(frozen=True, slots=True)
class _Settled:
    items: int
    paid: int
    returned: int
    carried: int


def _settle(connection: Connection, folder: Path, call: Call) -> _Settled:
    answered, refused = folder / "answered.csv", folder / "refused.csv"
    connection.execute(
        "COPY (SELECT split_part(item_id, '/', 1) || '-01', split_part(item_id, '/', 2), wallet_id,"
        " split_part(item_id, '/', 3), accepted.state, points, coalesce(reason, '') AS reason"
        " FROM accepted JOIN known_items ON id = item_id WHERE answered IS NULL"
        f" ORDER BY wallet_id, item_id) TO {literal(answered)}"
        " (FORMAT csv, HEADER false, FORCE_QUOTE (reason))"
    )
    sql.run("spending", "scratch_answered.sql")
    db.copy_in(answered, sql.text("spending", "copy_answered.sql"))
    items = sql.run("spending", "answer_items.sql", {"now": call.now})
    paid, carried = _move(call)
    sql.run("spending", "settle_paid.sql")
    sql.run("spending", "note_refused.sql")
    db.copy_out(sql.text("spending", "refused.sql"), refused)
    give_back(call, refused, folder, reason="refused")
    sql.run("spending", "settle_refused.sql")
    return _Settled(items, paid, total(refused), carried)


def _move(call: Call) -> tuple[int, int]:
    """What was sent leaves the clearing accounts: to the use what is paid, back to what waits the rest.

    Gives what is paid, and what is carried.
    """
    rows = sql.rows(lambda *row: row, "spending", "moves.sql")
    for month, number, sent, paid, _carried in rows:
        moved = {
            rules.clearing(month, number): -sent,
            ledger.used(rules.BILL): paid,
            ledger.reserved(rules.BILL): sent - paid,
        }
        part = f"{month:%Y-%m}/{number}"
        points.move(run=call.run, part=part, on=call.on, actor=call.actor, now=call.now, accounts=moved)
    return sum(row[3] for row in rows), sum(row[4] for row in rows)


def _know_items(connection: Connection, folder: Path) -> None:
    """The table known_items: what was handed over for the months that the file names, and what was answered."""
    named = connection.execute(
        "SELECT DISTINCT substr(item_id, 1, 7) FROM raw WHERE regexp_full_match(item_id, '[0-9]{4}-[0-9]{2}/.*')"
    ).fetchall()
    known = folder / "known-items.csv"
    months = [month for (text,) in named if (month := _month(text)) is not None]
    db.copy_out(sql.text("spending", "known_items.sql"), known, {"months": months})
    connection.execute(
        "CREATE OR REPLACE TABLE known_items AS SELECT id, wallet_id, sent,"
        " CASE WHEN state <> 'sent' THEN state || ':' || paid END AS answered"
        f" FROM {csv_of(known, KNOWN)}"
    )


def _month(text: str) -> object:
    try:
        return parse_month(text)
    except ValueError:
        return None


def _keep(number: int, result: Result, done: Answered, call: Call) -> None:
    """Note the file, and tell the audit."""
    Answer.objects.create(
        number=number,
        sha256=done.sha256,
        file_name=done.file_name,
        rows=result.read.rows,
        rejected=done.rejected,
        again=done.again,
        paid=done.paid,
        returned=done.returned,
        carried=done.carried,
        taken_by=str(call.actor),
        taken_at=call.now,
    )
    audit.record(actor=call.actor, act="allocation.answer", subject=done.file_name, detail=asdict(done), now=call.now)
