"""A receipt to print: PDF, A4, in the language that is asked for. The same receipt is always the same bytes.

All that it says was kept with the quote or stands in the ledger; nothing of it is looked up as it is called today.
"""

import io
from collections.abc import Iterable

from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from noren.counter import queries
from noren.counter.labels import CONSENTS, RECEIPTS
from noren.counter.queries import QuoteRow, ReceiptRow
from noren.counter.rules import WIDTH, ReceiptKind
from noren.kit import paper
from noren.programme import labels as names

TEXT = paper.LEFT + 45 * mm
FIGURES = paper.RIGHT - 40 * mm
SIGNATURE = 70 * mm
SIGNATURE_HEIGHT = 30 * mm


def pdf(receipt: ReceiptRow, language: str) -> bytes:
    """The receipt in that language."""
    out = io.BytesIO()
    page = paper.canvas(out, same_bytes=True)
    with translation.override(language):
        page.setTitle(f"{RECEIPTS[receipt.kind]} {number(receipt)}")
        _Sheet(page).draw(receipt)
    page.save()
    return out.getvalue()


def number(receipt: ReceiptRow) -> str:
    """The number as it is written."""
    return f"{receipt.number:08}"


def file_name(receipt: ReceiptRow) -> str:
    """What the file is called."""
    return f"receipt-{number(receipt)}.pdf"


class _Sheet:
    """A page that is filled from above; what does not fit goes on to another one."""

    def __init__(self, page: Canvas) -> None:
        self.page = page
        self.height = paper.TOP

    def draw(self, receipt: ReceiptRow) -> None:
        quote = receipt.quote
        self._title(str(RECEIPTS[receipt.kind]))
        self._facts(_head(receipt))
        self._table(_("What it is for"), [(item.description, _yen(item.price)) for item in quote.items])
        self._table(_("Amounts"), _amounts(receipt))
        heading = _("Taken from") if receipt.kind is ReceiptKind.SALE else _("Given back to")
        self._table(
            heading, [(_lot(part.lot.kind, part.lot.lapses_on), _points(part.points)) for part in queries.lots(receipt)]
        )
        if receipt.kind is ReceiptKind.SALE and quote.signature:
            self._signature(quote)

    def _title(self, text: str) -> None:
        self.height = paper.lines(self.page, [text], self.height, 18) - 4 * mm

    def _facts(self, facts: Iterable[tuple[str, str]]) -> None:
        for name, text in facts:
            if text:
                self._row(name, text)

    def _row(self, name: str, text: str) -> None:
        self._room(12 * mm)
        below = paper.lines(self.page, [name], self.height, 10, right=TEXT - 3 * mm)
        self.height = min(below, paper.lines(self.page, [text], self.height, 10, left=TEXT)) - 1 * mm

    def _table(self, heading: str, rows: list[tuple[str, str]]) -> None:
        if not rows:
            return
        self._room(30 * mm)
        self.height = paper.lines(self.page, [heading], self.height - 6 * mm, 12) - 1 * mm
        for text, figure in rows:
            self._room(12 * mm)
            self.page.setLineWidth(0.3)
            self.page.line(paper.LEFT, self.height + 5 * mm, paper.RIGHT, self.height + 5 * mm)
            self.page.setFont(paper.FONT, 10)
            self.page.drawString(paper.RIGHT - stringWidth(figure, paper.FONT, 10), self.height, figure)
            self.height = paper.lines(self.page, [text], self.height, 10, right=FIGURES) - 2 * mm

    def _signature(self, quote: QuoteRow) -> None:
        self._room(SIGNATURE_HEIGHT + 25 * mm)
        self.height = paper.lines(self.page, [_("Signature")], self.height - 6 * mm, 12)
        scale, top = SIGNATURE / WIDTH, self.height
        path = self.page.beginPath()
        for stroke in filter(None, quote.signature):
            (x, y), *rest = stroke
            path.moveTo(paper.LEFT + x * scale, top - y * scale)
            for right, down in rest:
                path.lineTo(paper.LEFT + right * scale, top - down * scale)
        self.page.setLineWidth(1)
        self.page.drawPath(path, stroke=1, fill=0)
        self.height = paper.lines(self.page, [quote.signed_name], top - SIGNATURE_HEIGHT, 10)

    def _room(self, needed: float) -> None:
        if self.height - needed < paper.BOTTOM:
            self.page.showPage()
            self.height = paper.TOP


def _head(receipt: ReceiptRow) -> list[tuple[str, str]]:
    quote = receipt.quote
    consent = quote.consent if receipt.kind is ReceiptKind.SALE else None
    return [
        (_("Number"), number(receipt)),
        (_("Day"), date_format(localtime(receipt.made_at), "Y-m-d H:i")),
        (_("Shop"), receipt.shop_name),
        (_("Customer"), quote.corporation_name),
        (_("Line or account"), quote.called),
        (_("Use"), names.label(quote.kind)),
        (_("How it was consented to"), str(CONSENTS[consent]) if consent else ""),
        (_("Reason"), receipt.reason),
    ]


def _amounts(receipt: ReceiptRow) -> list[tuple[str, str]]:
    if receipt.kind is ReceiptKind.SALE:
        return [
            (_("Price, tax included"), _yen(receipt.yen)),
            (_("Points used (1 point = 1 yen)"), _points(receipt.points)),
            (_("Rest to pay"), _yen(receipt.rest)),
        ]
    return [
        (_("Returned of the price, tax included"), _yen(receipt.yen)),
        (_("Points given back"), _points(receipt.points)),
        (_("Rest given back in yen"), _yen(receipt.rest)),
    ]


def _lot(kind: str, day: object) -> str:
    return _("%(kind)s, last day of use %(day)s") % {"kind": names.label(kind), "day": day}


def _yen(amount: int) -> str:
    return _("%(amount)s yen") % {"amount": f"{amount:,}"}


def _points(amount: int) -> str:
    return _("%(points)s points") % {"points": f"{amount:,}"}
