"""What printed pages share: A4, one font for both languages, text that is broken where the page ends.

The font is IPAex Gothic, embedded as far as a document uses it (licence and origin beside it).
"""

from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import BinaryIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONT = "IPAexGothic"
LEFT, RIGHT, TOP = 25 * mm, A4[0] - 25 * mm, A4[1] - 30 * mm
BOTTOM = 25 * mm


def canvas(out: BinaryIO, *, same_bytes: bool = False) -> Canvas:
    """A document to draw on. `same_bytes`: it tells no time, so that the same drawing is the same file."""
    _register()
    return Canvas(out, pagesize=A4, pageCompression=1, invariant=int(same_bytes))


@cache
def _register() -> None:
    with resources.as_file(resources.files("noren").joinpath("kit", "font", "ipaexg.ttf")) as path:
        pdfmetrics.registerFont(TTFont(FONT, str(path)))


def lines(
    page: Canvas, texts: Iterable[str], height: float, size: int, *, left: float = LEFT, right: float = RIGHT
) -> float:
    """Each text below the other, broken where the space ends; gives how far down that came."""
    page.setFont(FONT, size)
    for text in filter(None, texts):
        for line in simpleSplit(text, FONT, size, right - left):
            for part in _fitting(line, size, right - left):
                page.drawString(left, height, part)
                height -= size * 1.6
    return height


def _fitting(line: str, size: int, width: float) -> Iterable[str]:
    """Text without spaces, as Japanese and addresses are, is broken at any sign."""
    part = ""
    for sign in line:
        if part and pdfmetrics.stringWidth(part + sign, FONT, size) > width:
            yield part
            part = ""
        part += sign
    yield part
