"""A small generated carrier, its files in every form, and what a close of it must give by the plain rules."""

import csv
import random
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from noren.closing.rules import Rated, rate_member
from noren.demo.generate import Size, generate
from noren.members.rules import is_member
from noren.programme.definition import Definition
from noren.stages.rules import Contract
from tests.strategies import NEW

MONTH = date(2021, 7, 1)
KINDS = ("corporations", "lines", "contracts")


@dataclass(frozen=True)
class Carrier:
    """Where the four files are."""

    folder: Path
    suffix: str = "csv"

    def file(self, kind: str) -> Path:
        return self.folder / f"{kind}.{self.suffix}"

    @property
    def bills(self) -> Path:
        return self.file("bills-2021-07")

    def rows(self, kind: str) -> list[dict[str, str]]:
        with self.file(kind).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def with_bills(self, rows: list[dict[str, str]], name: str) -> Path:
        """Another bill file with these rows."""
        path = self.folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return path


def make(folder: Path, *, corporations: int = 20, lines: int = 150, seed: int = 7) -> Carrier:
    generate(folder, size=Size(corporations=corporations, lines=lines), seed=seed, months=[MONTH])
    return Carrier(folder)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def expected(
    carrier: Carrier, bills: list[dict[str, str]] | None = None, definition: Definition = NEW
) -> dict[str, Rated]:
    """Each member of the month and what it is given, line by line in plain Python."""
    items = carrier.rows("bills-2021-07") if bills is None else bills
    contracts = carrier.rows("contracts")
    found = {}
    for line in carrier.rows("lines"):
        opened, closed, joined, withdrawn = (
            _day(line[name]) for name in ("opened_on", "closed_on", "joined_on", "withdrawn_on")
        )
        if is_member(MONTH, joined_on=joined, withdrawn_on=withdrawn, closed_on=closed):
            found[line["line_id"]] = rate_member(
                definition,
                MONTH,
                opened_on=opened,
                contracts=[
                    Contract(row["solution"], parse_day(row["started_on"]), _day(row["ended_on"]))
                    for row in contracts
                    if row["line_id"] == line["line_id"]
                ],
                amounts=[
                    (row["charge_code"], int(row["amount_yen"])) for row in items if row["line_id"] == line["line_id"]
                ],
            )
    return found


def parse_day(text: str) -> date:
    return date.fromisoformat(text)


def as_grants(rated: dict[str, Rated], version: str = NEW.version) -> list[dict[str, str]]:
    """The rows that `noren export grants` must write."""
    return [
        {
            "member_id": member,
            "bill_month": "2021-07",
            "stage": one.stage,
            "tenure_months": "" if one.tenure_months is None else str(one.tenure_months),
            "solutions": str(one.solutions),
            "base_yen": str(one.base_yen),
            "rate": str(one.rate),
            "points": str(one.points),
            "programme_version": version,
        }
        for member, one in sorted(rated.items())
    ]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# ── the same files in other forms ────────────────────────────────────────────────────────────────────────────


def in_cp932(carrier: Carrier, folder: Path) -> Carrier:
    """CP932 with CRLF, as an office program saves them."""
    folder.mkdir()
    for path in carrier.folder.glob("*.csv"):
        text = path.read_text(encoding="utf-8").replace("\n", "\r\n")
        (folder / path.name).write_bytes(text.encode("cp932"))
    return Carrier(folder)


def with_bom(carrier: Carrier, folder: Path) -> Carrier:
    folder.mkdir()
    for path in carrier.folder.glob("*.csv"):
        (folder / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")
    return Carrier(folder)


def as_parquet(carrier: Carrier, folder: Path) -> Carrier:
    """Parquet with typed columns: dates as dates, amounts as numbers."""
    folder.mkdir()
    for path in carrier.folder.glob("*.csv"):
        typed = "* REPLACE (amount_yen::BIGINT AS amount_yen)" if path.stem.startswith("bills") else "*"
        duckdb.execute(
            f"COPY (SELECT {typed} FROM read_csv('{path}', all_varchar=true)) TO '{folder / path.stem}.parquet'"
        )
    return Carrier(folder, "parquet")


def shuffled(carrier: Carrier, folder: Path) -> Carrier:
    folder.mkdir()
    for path in carrier.folder.glob("*.csv"):
        head, *lines = path.read_text(encoding="utf-8").splitlines()
        random.Random(1).shuffle(lines)
        (folder / path.name).write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return Carrier(folder)


def with_broken_rows(carrier: Carrier, folder: Path) -> Carrier:
    """Every twentieth place has a broken row put in before it: copies of good rows with one thing wrong."""
    folder.mkdir()
    chance = random.Random(2)
    for path in carrier.folder.glob("*.csv"):
        head, *lines = path.read_text(encoding="utf-8").splitlines()
        out = [head]
        for line in lines:
            if chance.random() < 0.05:
                out.append(_broken(line, chance))
            out.append(line)
        (folder / path.name).write_text("\n".join(out) + "\n", encoding="utf-8")
    return Carrier(folder)


def _broken(line: str, chance: random.Random) -> str:
    fields = line.split(",")
    kind = chance.randrange(4)
    if kind == 0:
        return ",".join(fields[:-1])  # a column too few
    if kind == 1:
        return line + ",surplus"
    if kind == 2:
        return ",".join(["", *fields[1:]])  # no key
    return '"' + line  # a quote that never ends


FORMS = {
    "cp932": in_cp932,
    "bom": with_bom,
    "parquet": as_parquet,
    "shuffled": shuffled,
    "broken": with_broken_rows,
}
