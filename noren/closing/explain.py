"""Why a member has the points of a month: down to the bill items, the contracts and the postings."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from noren.billing import queries as billing
from noren.billing.queries import ItemRow
from noren.closing import queries
from noren.closing.queries import RunRow
from noren.closing.rules import StepName
from noren.closing.work import result_file
from noren.kit.duck import Connection, literal
from noren.kit.months import last_day, month_text
from noren.members.queries import Member
from noren.points import queries as points
from noren.points.queries import BroughtRow, EntryRow, LotRow
from noren.points.rules import Movement
from noren.programme import queries as programme
from noren.programme import words
from noren.programme.definition import Definition, Stage
from noren.programme.rules import solutions_day, tenure_month


class Reason(StrEnum):
    """Why a thing counts, or does not."""

    COUNTS = "counts"
    NOT_ELIGIBLE = "not_eligible"
    REPLACED = "replaced"
    NOTHING = "nothing"
    NOT_MEMBER = "not_member"
    COUNTED_ONCE = "counted_once"
    NOT_STARTED = "not_started"
    ENDED = "ended"
    NOT_JOINED = "not_joined"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    UNKNOWN = "unknown_then"


@dataclass(frozen=True, slots=True)
class Item:
    """A bill item and whether it is in the base."""

    item_id: str
    charge_code: str
    amount_yen: int
    intake: int
    replaced_by: int | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class Contract:
    """A solution contract and whether it counted on the day of judgement."""

    contract_id: str
    solution: str
    started_on: date
    ended_on: date | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class Rating:
    """The figures that rating gave the member."""

    tenure_months: int | None
    solutions: int
    spend_yen: int
    stage: str
    rate: int
    eligible_yen: int
    base_yen: int
    points: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything behind the points of one member and month; `rating` is None for one who was no member.

    `pooled`: what was brought from the member's wallet into another, or posted to pools in its stead.
    """

    member: Member
    month: date
    run: RunRow
    definition: Definition
    membership: Reason
    opened_on: date | None
    tenure_month: date
    solutions_day: date
    rating: Rating | None
    items: tuple[Item, ...]
    contracts: tuple[Contract, ...]
    entries: tuple[EntryRow, ...]
    pooled: tuple[BroughtRow, ...]
    lots: tuple[LotRow, ...]

    @property
    def posted(self) -> int:
        """Points that closes posted for the month, to the member's own wallet or in its stead to pools."""
        stead = sum(row.points for row in self.pooled if row.movement is not Movement.TRANSFER)
        return sum(entry.points for entry in self.entries) + stead

    @property
    def stage(self) -> Stage | None:
        """The stage that matched, with its condition."""
        name = self.rating.stage if self.rating else None
        return next((stage for stage in self.definition.stages if stage.name == name), None)


def explain(connection: Connection, home: Path, member: Member, month: date, *, whole: bool = True) -> Explanation:
    """Why the member has the points of the month, as of its last finished close.

    `whole`: read the bill files to their end first, to see that they are as taken in; else only count their rows.
    Raises queries.NotClosed, billing.queries.ArchiveDamaged.
    """
    run = queries.latest_run(month)
    definition = programme.version(run.programme_version)
    (billing.check_archive if whole else billing.check_archive_rows)(connection, home, month)
    until = int(run.totals(StepName.INTAKE)["files"])
    bills = billing.items_of(connection, home, month, member.uid, until=until)
    dates = _dates(connection, queries.kept(result_file(home, month, run.number, "members")), member.uid)
    membership = _membership(dates, month)
    return Explanation(
        member=member,
        month=month,
        run=run,
        definition=definition,
        membership=membership,
        opened_on=dates.opened_on if dates else None,
        tenure_month=tenure_month(definition, month),
        solutions_day=solutions_day(definition, month),
        rating=_rating(connection, queries.kept(result_file(home, month, run.number, "rated")), member.uid),
        items=tuple(
            Item(
                row.item_id,
                row.charge_code,
                row.amount_yen,
                row.intake,
                row.replaced_by,
                _counts(row, definition, membership),
            )
            for row in bills
        ),
        contracts=tuple(
            _contracts(
                connection,
                queries.kept(result_file(home, month, run.number, "contracts")),
                member.uid,
                definition,
                month,
            )
        ),
        entries=tuple(points.entries_for(member.uid, month)),
        pooled=tuple(points.brought(member.uid, usage_month=month)),
        lots=tuple(points.lots(member.uid)),
    )


def as_dict(found: Explanation) -> dict[str, object]:
    """All of an explanation, as programs are told it."""
    stage = found.stage
    return {
        "member": asdict(found.member),
        "month": month_text(found.month),
        "run": found.run.run_id,
        "business_date": found.run.as_of,
        "programme_version": found.definition.version,
        "membership": found.membership,
        "tenure": {"opened_on": found.opened_on, "judged_in": month_text(found.tenure_month)},
        "solutions_judged_on": found.solutions_day,
        "stage_rule": None if stage is None else words.condition_of(stage),
        "unit_yen": found.definition.earning.unit_yen,
        "rounding": found.definition.earning.rounding.model_dump(),
        "rating": None if found.rating is None else asdict(found.rating),
        "items": [asdict(item) for item in found.items],
        "contracts": [asdict(contract) for contract in found.contracts],
        "postings": [asdict(entry) for entry in found.entries],
        "pooled": [asdict(row) for row in found.pooled],
        "lots": [asdict(lot) for lot in found.lots],
    }


@dataclass(frozen=True, slots=True)
class _Dates:
    """The dates of a member as they were when the month was closed."""

    opened_on: date | None
    joined_on: date | None
    withdrawn_on: date | None
    closed_on: date | None


def _select(connection: Connection, columns: str, path: Path, uid: UUID) -> list[tuple[Any, ...]]:
    return connection.execute(
        f"SELECT {columns} FROM read_parquet({literal(path)}) WHERE uid = ? ORDER BY ALL", [uid]
    ).fetchall()


def _dates(connection: Connection, path: Path, uid: UUID) -> _Dates | None:
    found = _select(connection, "opened_on, joined_on, withdrawn_on, closed_on", path, uid)
    return _Dates(*found[0]) if found else None


def _membership(dates: _Dates | None, month: date) -> Reason:
    """Why the line or account is a member of the month, or is none."""
    if dates is None:
        return Reason.UNKNOWN
    if dates.joined_on is None or dates.joined_on > last_day(month):
        return Reason.NOT_JOINED
    if dates.withdrawn_on is not None and dates.withdrawn_on <= month:
        return Reason.WITHDRAWN
    if dates.closed_on is not None and dates.closed_on <= month:
        return Reason.CLOSED
    return Reason.COUNTS


def _rating(connection: Connection, path: Path, uid: UUID) -> Rating | None:
    found = _select(connection, ", ".join(Rating.__dataclass_fields__), path, uid)
    return Rating(*found[0]) if found else None


def _counts(item: ItemRow, definition: Definition, membership: Reason) -> Reason:
    """Whether the item is in the base: the first thing that speaks against it."""
    against = (
        (item.replaced_by is not None, Reason.REPLACED),
        (membership is not Reason.COUNTS, Reason.NOT_MEMBER),
        (item.charge_code not in definition.earning.eligible_charges, Reason.NOT_ELIGIBLE),
        (item.amount_yen == 0, Reason.NOTHING),
    )
    return next((reason for speaks, reason in against if speaks), Reason.COUNTS)


def _contracts(
    connection: Connection, path: Path, uid: UUID, definition: Definition, month: date
) -> Iterator[Contract]:
    day, held = solutions_day(definition, month), set[str]()
    for contract_id, solution, started_on, ended_on in _select(
        connection, "contract_id, solution, started_on, ended_on", path, uid
    ):
        reason = _in_force(solution, started_on, ended_on, definition, day)
        if reason is Reason.COUNTS and solution in held:
            reason = Reason.COUNTED_ONCE
        elif reason is Reason.COUNTS:
            held.add(solution)
        yield Contract(contract_id, solution, started_on, ended_on, reason)


def _in_force(solution: str, started_on: date, ended_on: date | None, definition: Definition, day: date) -> Reason:
    if solution not in definition.solutions.eligible:
        return Reason.NOT_ELIGIBLE
    if started_on > day:
        return Reason.NOT_STARTED
    return Reason.ENDED if ended_on is not None and ended_on <= day else Reason.COUNTS
