"""A desk that takes files in, for the tests of intake: a file goes in, everything it led to comes out."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from noren.kit import duck, intake

COLUMNS = ("id", "issued", "amount", "note")
LAYOUT = intake.Layout(
    "bills",
    COLUMNS,
    key="id",
    yen="amount",
    checks=(
        intake.required("id"),
        intake.max_length("id", 20),
        intake.required("issued"),
        intake.a_date("issued"),
        intake.required("amount"),
        intake.whole_number("amount"),
    ),
)
HEADER = "id,issued,amount,note"
GOOD = "A1,2026-01-31,100,x"
NEXT = "A2,2026-02-28,-5,"


@dataclass(frozen=True)
class Outcome:
    """Everything a file led to, by plain values."""

    result: intake.Result
    raw: intake.Raw
    accepted: list[tuple[object, ...]]
    rejects: list[dict[str, str]]

    @property
    def ids(self) -> list[object]:
        return [row[1] for row in self.accepted]

    @property
    def faults(self) -> list[tuple[int, str, str]]:
        return [(int(row["row"]), row["field"], row["code"]) for row in self.rejects]


class Desk:
    """Takes files in and tells what became of them."""

    def __init__(self, con: duck.Connection, folder: Path) -> None:
        self.con, self.folder = con, folder

    def take(
        self,
        source: str | bytes | Path,
        layout: intake.Layout = LAYOUT,
        *,
        encoding: intake.Encoding = "auto",
        lookups: tuple[intake.Lookup, ...] = (),
        checks: tuple[intake.Check, ...] = (),
    ) -> Outcome:
        path = source if isinstance(source, Path) else self.file(source)
        raw = intake.open_file(self.con, self.folder, path, layout, encoding=encoding)
        result = intake.split(self.con, raw, checks=checks, lookups=lookups)
        accepted = self.con.execute('FROM accepted ORDER BY "row"').fetchall()
        target = self.folder / "rejects.csv"
        texts = {one.code: f"%(field)s {one.code}" for one in result.reasons}
        intake.write_rejects(self.con, raw, result, target, texts=texts)
        rejects = list(csv.DictReader(io.StringIO(target.read_bytes().decode("utf-8-sig"), newline="")))
        assert result.read == result.accepted + result.rejected
        assert (len(accepted), len(rejects)) == (result.accepted.rows, result.rejected.rows)
        return Outcome(result, raw, accepted, rejects)

    def file(self, content: str | bytes, name: str = "bills.csv") -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def parquet(self, select: str, name: str = "bills.parquet") -> Path:
        path = self.folder / name
        self.con.execute(f"COPY ({select}) TO {duck.literal(path)} (FORMAT parquet)")
        return path


def text(*lines: str, end: str = "\n") -> str:
    return end.join((HEADER, *lines, ""))


ROWS = [(2, "A1", "2026-01-31", "100", "x"), (3, "A2", "2026-02-28", "-5", None)]
