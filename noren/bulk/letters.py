"""A letter to print for a person without mail: their login ID and a QR code that works once. PDF, A4."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

import segno
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from segno.utils import matrix_to_lines  # type: ignore[attr-defined]  # the stubs do not know it

from noren.kit import paper

CODE = 55 * mm
MASK = 3


@dataclass(frozen=True, slots=True)
class Letter:
    """What one person gets. `link` is a secret: it stands in the letter and nowhere else."""

    corporation: str
    department: str
    name: str
    login_id: str
    language: str
    link: str
    until: datetime


def write(letters: Iterable[Letter], out: BinaryIO) -> int:
    """Print each letter on a page of its own; how many."""
    canvas, pages = paper.canvas(out), 0
    for letter in letters:
        with translation.override(letter.language):
            _page(canvas, letter)
        canvas.showPage()
        pages += 1
    canvas.setTitle("Noren")
    canvas.save()
    return pages


def _page(canvas: Canvas, letter: Letter) -> None:
    height = paper.lines(canvas, (letter.corporation, letter.department, letter.name), paper.TOP, 12)
    height = paper.lines(canvas, (_("Your business account"),), height - 10 * mm, 18)
    text = _("Scan this code with your phone, or type the address below, and set your account up.")
    height = paper.lines(canvas, (text,), height - 4 * mm, 11)
    _code(canvas, letter.link, height - CODE)
    height = paper.lines(canvas, (letter.link,), height - CODE - 6 * mm, 9)
    login = _("Your login ID: %(login_id)s") % {"login_id": letter.login_id}
    until = _("It works once, until %(until)s. Keep it to yourself.")
    shown = until % {"until": f"{localtime(letter.until):%Y-%m-%d %H:%M}"}
    paper.lines(canvas, (login, shown), height - 6 * mm, 12)


def _code(canvas: Canvas, link: str, bottom: float) -> None:
    """The QR code as one path, a rectangle for each run of dark modules. The quiet zone is four modules wide.

    The mask is fixed: links are random signs, so that no mask is much better, and weighing all eight of them takes
    five times as long as the code itself.
    """
    matrix = segno.make(link, error="m", mask=MASK, micro=False).matrix
    side = CODE / (len(matrix) + 8)
    path = canvas.beginPath()
    for (start, row), (end, _row) in matrix_to_lines(matrix, 4, 4):
        path.rect(paper.LEFT + start * side, bottom + CODE - (row + 1) * side, (end - start) * side, side)
    canvas.drawPath(path, stroke=0, fill=1)
