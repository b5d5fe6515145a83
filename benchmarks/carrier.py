"""The files of a carrier to measure with. Runs in a process of its own: it needs memory."""

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.place import Place
from noren.demo.generate import Size, generate
from noren.kit import duck

MONTH = date(2021, 7, 1)
LINES_PER_CORPORATION = 20
CORRECTED_PERCENT = 1
MASTERS = ("corporations", "lines", "contracts")


@dataclass(frozen=True, slots=True)
class Carrier:
    """Where the files are, how long they took to write and to import."""

    bills: Path
    corrected: Path
    items: int
    members: int
    generate_seconds: float
    import_seconds: dict[str, float]


def bring(place: Place, *, items: int, items_per_member: int, seed: int) -> Carrier:
    """Write the files of a carrier with so many bill items and import its corporations, lines and contracts."""
    members, folder = items // items_per_member, place.folder / "files"
    made = place.python("benchmarks.carrier", folder, members, items_per_member, seed)
    imports = {name: place.noren("import", name, folder / f"{name}.csv").seconds for name in MASTERS}
    return Carrier(
        bills=folder / "bills-2021-07.csv",
        corrected=folder / "corrected.csv",
        items=members * items_per_member,
        members=members,
        generate_seconds=made.seconds,
        import_seconds=imports,
    )


def write(folder: Path, members: int, items_per_member: int, seed: int) -> None:
    """Write the files, and one with another amount for one item of a hundred."""
    size = Size(
        corporations=max(1, members // LINES_PER_CORPORATION),
        lines=members,
        items_per_line=items_per_member,
        plain=True,
    )
    made = generate(folder, size=size, seed=seed, months=[MONTH])
    with duck.connect(folder) as (connection, _):
        connection.execute(
            "COPY (SELECT * REPLACE (amount_yen + 1000 AS amount_yen)"
            f" FROM read_csv({duck.literal(made.bills[MONTH])}, all_varchar = true, types = {{'amount_yen': 'BIGINT'}})"
            f" WHERE hash(item_id) % 100 < {CORRECTED_PERCENT})"
            f" TO {duck.literal(folder / 'corrected.csv')} (FORMAT csv, HEADER)"
        )


if __name__ == "__main__":
    write(Path(sys.argv[1]), *map(int, sys.argv[2:5]))
