"""Letters on paper: text that can be read, a code that can be scanned, links that count once."""

import io
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from noren.accounts import actions as accounts
from noren.accounts.rules import TicketPurpose
from noren.bulk import actions
from noren.bulk.actions import printing
from noren.bulk.rules import Operation
from noren.lifecycle import actions as lifecycle
from tests.bulk.desk import LATER, Jobs, file, rows
from tests.cast import ENGINEER
from tests.lifecycle import cast
from tests.members.desk import Desk

HEAD = ("login_id", "name", "department", "contact_mail", "language")
PEOPLE = file(
    HEAD,
    ("hanako", "山田　花子", "営業部", "", "ja"),
    ("mail", "次郎", "", "jiro@example.jp", ""),
    ("taro", "Taro", "", "", "en"),
)


def scanned(pdf: bytes) -> list[str]:
    """What a phone reads on each page."""
    pages = pypdfium2.PdfDocument(pdf)
    codes = [zxingcpp.read_barcodes(page.render(scale=2).to_pil()) for page in pages]
    return [code.text for [code] in codes]


def printed(jobs: Jobs, **more: int) -> tuple[bytes, printing.Printed]:
    job = jobs.done(Operation.ISSUE, PEOPLE)
    out = io.BytesIO()
    told = actions.print_letters(job.job_id, out, actor=ENGINEER, now=LATER, **more)
    return out.getvalue(), told


def test_each_person_without_mail_gets_a_letter(jobs: Jobs) -> None:
    pdf, told = printed(jobs)
    assert told == printing.Printed(2, 1)
    first, second = (page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert "山田 花子" in first
    assert "営業部" in first
    assert "Your login ID: taro" in second
    assert b"/FontFile2" in pdf
    links = scanned(pdf)
    assert len(set(links)) == 2
    assert links[1].replace("\n", "") in second.replace("\n", "")


def test_a_scanned_code_opens_the_account_once_and_an_earlier_letter_not_at_all(jobs: Jobs) -> None:
    job = jobs.done(Operation.ISSUE, PEOPLE)
    first, second = io.BytesIO(), io.BytesIO()
    actions.print_letters(job.job_id, first, actor=ENGINEER, now=LATER)
    actions.print_letters(job.job_id, second, actor=ENGINEER, now=LATER)
    old, new = (scanned(out.getvalue())[0].rstrip("/").rpartition("/")[2] for out in (first, second))
    with pytest.raises(accounts.TicketUnusable):
        lifecycle.accept(old, purpose=TicketPurpose.LETTER, now=LATER)
    assert lifecycle.accept(new, purpose=TicketPurpose.LETTER, now=LATER) == rows(job)[0].account_id
    third = io.BytesIO()
    told = actions.print_letters(job.job_id, third, actor=ENGINEER, now=LATER + timedelta(hours=1))
    assert told.letters == 1


def test_letters_come_in_parts(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "LETTERS_PER_FILE", 1)
    pdf, told = printed(jobs, part=2)
    assert told == printing.Printed(1, 2)
    assert "taro" in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


def test_letters_are_for_jobs_that_issued_accounts(jobs: Jobs) -> None:
    job = jobs.done(Operation.LOCK, file(("account",), (cast.active("a"),)))
    with pytest.raises(actions.WrongState):
        actions.print_letters(job.job_id, io.BytesIO(), actor=ENGINEER, now=LATER)


def test_the_same_letter_for_a_single_account(desk: Desk, tmp_path: Path) -> None:
    cast.issue("hanako", department="営業部", language="ja")
    out = tmp_path / "letter.pdf"
    desk.place.noren("account", "invite", "hanako", "--letter", out)
    assert "/join/letter/" in scanned(out.read_bytes())[0]
    assert "山田花子" in PdfReader(out).pages[0].extract_text()


def test_many_letters_take_little_time_and_memory(jobs: Jobs) -> None:
    people = file(("login_id", "name"), *((f"p{number}", "花子") for number in range(1_000)))
    job = jobs.done(Operation.ISSUE, people)
    out = io.BytesIO()
    assert actions.print_letters(job.job_id, out, actor=ENGINEER, now=LATER).letters == 1_000
    assert len(out.getvalue()) < 10 << 20
