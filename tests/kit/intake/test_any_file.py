"""Any file at all: no row and no yen is lost, whatever it holds."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noren.kit import duck, intake
from tests import soak
from tests.kit.intake.desk import COLUMNS, GOOD, HEADER, Desk

# --- any file at all ----------------------------------------------------------------------------------------

BROKEN = [
    b"a,b",
    b"A0,2026-01-31,1,x,y",
    b'"A0,2026-01-31,5,n',
    b"A0,\xff\xfe,1,",
    b"\0",
    b"\xfe\xff\xfd",
    b" ",
    b"A0,2026-01-31,9,z,",
]
AMOUNTS = st.sampled_from(["", " 1", "1.0", "1e3", "+1", "１", "x", "10000000000000"]) | st.integers(-999, 999).map(str)
IDS = st.sampled_from(["", "x" * 21, "あ", " a", "a"]) | st.integers(0, 30).map("A{}".format)
DAYS = st.sampled_from(["2026-01-31"] * 6 + ["2026-02-30", "", "日"])


def rows(notes: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.tuples(IDS, DAYS, AMOUNTS, st.text(notes, max_size=4))


@dataclass(frozen=True)
class Expected:
    ids: list[str]
    read: intake.Counts
    accepted: intake.Counts


def is_number(amount: str) -> bool:
    return amount.removeprefix("-").isdecimal() and amount.isascii() and abs(int(amount)) <= 10**12


def expected(lines: list[tuple[str, ...] | bytes]) -> Expected:
    """The reference: what a careful clerk would do with the rows, one after the other."""
    ids: list[str] = []
    amounts: list[str] = []
    for line in lines:
        if isinstance(line, bytes):
            continue
        key, day, amount, _ = line
        right = is_number(amount)
        if key and key not in ids and len(key) <= 20 and day == "2026-01-31" and right:
            ids.append(key)
            amounts.append(amount)
    every = ["" if isinstance(line, bytes) else line[2] for line in lines]
    return Expected(ids, counts(every), counts(amounts))


def counts(amounts: list[str]) -> intake.Counts:
    readable = [int(amount) for amount in amounts if is_number(amount)]
    return intake.Counts(len(amounts), sum(readable), len(amounts) - len(readable))


def as_csv(lines: list[tuple[str, ...] | bytes], encoding: str, end: str) -> bytes:
    def field(value: str) -> str:
        plain = value and not set(value) & set('",\r\n')
        return value if plain else '"' + value.replace('"', '""') + '"'

    written = [line if isinstance(line, bytes) else ",".join(map(field, line)).encode(encoding) for line in lines]
    return end.encode().join([HEADER.encode(), *written, b""])


def as_parquet(desk: Desk, lines: list[tuple[str, ...]]) -> Path:
    values = [f"({', '.join(map(duck.literal, line))})" for line in lines]
    rows = ", ".join(values) or "(NULL, NULL, NULL, NULL)"
    where = "" if lines else " WHERE false"
    return desk.parquet(f"SELECT * FROM (VALUES {rows}) AS t({', '.join(COLUMNS)}){where}")


@pytest.mark.soak
@settings(max_examples=soak.many(40, 1_000), deadline=None)
@given(st.lists(rows('aあ①",\n\r =N'), max_size=12))
def test_every_form_of_a_file_has_the_same_outcome(desk: Desk, lines: list[tuple[str, ...]]) -> None:
    content: list[tuple[str, ...] | bytes] = [*lines]
    outcomes = [
        desk.take(as_csv(content, "utf-8", "\n")),
        desk.take(as_csv(content, "cp932", "\r\n")),
        desk.take(as_csv(content, "utf-8", "\r")),
        desk.take(as_csv(content, "cp932", "\r"), encoding="cp932"),
        desk.take(as_parquet(desk, lines)),
    ]
    want = expected(content)
    for outcome in outcomes:
        assert (outcome.ids, outcome.result.read, outcome.result.accepted) == (
            want.ids,
            want.read,
            want.accepted,
        )
        assert (outcome.accepted, outcome.rejects) == (outcomes[0].accepted, outcomes[0].rejects)


@pytest.mark.soak
@settings(max_examples=soak.many(50, 2_000), deadline=None)
@given(st.lists(rows("aあ①") | st.sampled_from(BROKEN), max_size=12), st.sampled_from(["\n", "\r\n", "\r"]))
def test_no_row_is_lost_whatever_the_file_holds(desk: Desk, lines: list[tuple[str, ...] | bytes], end: str) -> None:
    want = expected(lines)
    for encoding in ("utf-8", "cp932"):
        outcome = desk.take(as_csv(lines, encoding, end))
        assert (outcome.ids, outcome.result.read, outcome.result.accepted) == (
            want.ids,
            want.read,
            want.accepted,
        )


@pytest.mark.soak
@settings(max_examples=soak.many(50, 2_000), deadline=None)
@given(st.lists(st.sampled_from([b'"', b",", b"\n", b"\r", b"a", b" ", b"\xff", GOOD.encode() + b"\n"]), max_size=40))
def test_any_bytes_are_accounted_for(desk: Desk, pieces: list[bytes]) -> None:
    outcome = desk.take(HEADER.encode() + b"\n" + b"".join(pieces))
    assert outcome.result.read == outcome.result.accepted + outcome.result.rejected
