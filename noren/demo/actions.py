"""Load the demo carrier and close its months; harmless when it is there already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from noren.closing import actions as closing
from noren.closing.actions import Door
from noren.closing.queries import RunRow
from noren.demo import ordering, paying, people
from noren.demo.generate import Size, generate
from noren.demo.people import SignIn
from noren.kit import duck
from noren.kit.errors import Refusal
from noren.kit.months import add_months, parse_month
from noren.members import actions as members
from noren.members import queries as members_queries
from noren.members.actions import Kind
from noren.orders import actions as orders
from noren.orders import queries as orders_queries

SIZE = Size(corporations=400, lines=3_000)
SEED = 20210701
MONTHS = 12
CATALOGUE = Path(__file__).parent / "catalogue" / "catalogue.toml"
STOCK = 200
"""How many there are of each stocked item of the demo's catalogue."""


class NotEmpty(Refusal):
    """There are customers already, and they are not the demo's."""

    code = "demo.not_empty"


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo carrier: where its files are, and the run that closed each month."""

    folder: Path
    runs: tuple[RunRow, ...]
    sign_ins: tuple[SignIn, ...]


def load(*, door: Door, present: date) -> Demo:
    """Make the carrier's files and people once, import them, and close the year of months before the present month.

    Raises NotEmpty where there are customers of somebody else.
    """
    folder = door.home / "demo"
    if not any(folder.glob("bills-*.csv")):
        if members_queries.has_customers():
            message = _(
                "%(home)s holds customers already. Name another place for the demo: NOREN_HOME=var/demo noren demo"
            )
            raise NotEmpty(message, home=door.home)
        last = add_months(present, -1)
        generate(folder, size=SIZE, seed=SEED, months=_year(last), progress=door.progress)
    _import(door, {kind: folder / f"{kind}.csv" for kind in Kind})
    bills = {parse_month(path.stem.removeprefix("bills-")): [path] for path in sorted(folder.glob("bills-*.csv"))}
    first, last = min(bills), max(bills)
    sign_ins = people.load(folder, since=first, actor=door.actor, now=door.clock())
    contracts, charges = people.solution_of_their_own(folder, since=first, month=last)
    _import(door, {Kind.CONTRACTS: contracts})
    _open_shop(door)
    bills[last].append(charges)
    runs = []
    before = add_months(last, -1)
    for number, (month, paths) in enumerate(bills.items()):
        door.progress("demo", number, len(bills))
        if month >= before and sign_ins:
            paying.use_points(sign_ins[0].login_id, month)
        runs.append(closing.close(door=door, month=month, bills=paths)[-1])
        if month == before:
            paying.answer(door, month)
    logins = {one.role: one.login_id for one in sign_ins}
    if logins:
        ordering.populate(door, leader=logins["administrator"], worker=logins["employee"])
    return Demo(folder, tuple(runs), tuple(sign_ins))


def _open_shop(door: Door) -> None:
    """Load the catalogue, and stock what nobody has stocked."""
    loaded = orders.load(CATALOGUE, actor=door.actor, now=door.clock())
    stock = orders_queries.stock()
    for item in loaded.items:
        if item.stocked and not stock[item.code]:
            orders.set_stock(item.code, STOCK, actor=door.actor, now=door.clock())


def _year(last: date) -> Sequence[date]:
    return [add_months(last, number) for number in range(1 - MONTHS, 1)]


def _import(door: Door, paths: Mapping[Kind, Path]) -> None:
    with duck.connect(door.home / "scratch") as (connection, scratch):
        for kind, path in paths.items():
            with transaction.atomic():
                members.import_file(
                    connection,
                    scratch,
                    kind=kind,
                    path=path,
                    home=door.home,
                    actor=door.actor,
                    now=door.clock(),
                    progress=door.progress,
                )
