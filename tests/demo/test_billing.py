"""The simulated billing system: the same seed, the same answer; a file that is no handover is refused."""

import csv
from pathlib import Path

import pytest

from tests.conftest import Place

HEAD = "item_id,bill_month,member_kind,member_id,points\n"


def test_the_same_seed_gives_the_same_answer(place: Place, tmp_path: Path) -> None:
    handover, out = tmp_path / "handover.csv", tmp_path / "answer.csv"
    handover.write_text(HEAD + "".join(f"2021-07/1/{n},2021-07,line,L{n},100\n" for n in range(300)))
    answers = []
    for seed in (1, 1, 2):
        place.noren("demo", "billing", handover, "--out", out, "--seed", seed)
        answers.append(out.read_bytes())
    assert (answers[0] == answers[1], answers[0] == answers[2]) == (True, False)
    told = list(csv.DictReader(answers[0].decode().splitlines()))
    assert {(row["state"], row["points"]) for row in told} == {
        ("confirmed", "100"),
        ("reduced", "50"),
        ("refused", "0"),
    }


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a,b\n1,2\n", "file.header"),
        (HEAD.encode() + b"x,2021-07,line,L1,many\n", "import.strict"),
        (b"\xa0\xff\x00\x01" * 50, "file."),
    ],
)
def test_what_is_no_handover_is_refused(place: Place, tmp_path: Path, content: bytes, code: str) -> None:
    path, out = tmp_path / "odd.csv", tmp_path / "answer.csv"
    path.write_bytes(content)
    done = place.noren("demo", "billing", path, "--out", out, check=False)
    assert (done.returncode, done.stderr.startswith(f"[{code}"), out.exists()) == (1, True, False), done.stderr
