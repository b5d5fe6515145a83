"""Bills and points from a file: every row is looked at first, and says what is wrong with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from noren.admin_site import bills, kit
from noren.admin_site.access import Manager, requires
from noren.bulk.reading import tables
from noren.bulk.reading.refusals import BadColumns, TooLarge
from noren.bulk.reading.tables import NUMBER
from noren.groups.queries import insiders
from noren.groups.queries.insiders import Insider, Within
from noren.kit import sheet
from noren.kit.errors import Refusal
from noren.spending import rules
from noren.spending.actions import MOST

TITLES = {"member": ("line or account", "回線・アカウント"), "points": ("points", "ポイント")}
"""Column -> how it may be called in English and Japanese. Part of the file format, so not of the catalogue."""


class Upload(forms.Form):
    """A file of bills."""

    file = forms.FileField(
        label=gettext_lazy("CSV or XLSX file"),
        help_text=gettext_lazy("Two columns: line or account, and points. At most 1,000 rows."),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file as it was read; `why` is empty where nothing is wrong."""

    number: int
    name: str
    points: str
    why: str = ""
    uid: UUID | None = None


@require_http_methods(["GET", "POST"])
@requires(bills.SPEND, fresh=True)
def upload(request: HttpRequest, manager: Manager, group_id: UUID) -> HttpResponse:
    """Read the file. Rows that are good go on to be looked at; the others are told."""
    group, place = manager.part(group_id, bills.SPEND)
    form = Upload(request.POST or None, request.FILES or None)
    rows: list[Row] = []
    if form.is_valid():
        try:
            rows = list(_judged(place, _read(form.cleaned_data["file"].read())))
        except Refusal as refusal:
            kit.told(form, refusal, "file")
    good = {str(row.uid): int(row.points) for row in rows if not row.why}
    bad = [row for row in rows if row.why]
    if good:
        bills.keep(request, group_id, dict(good))
        if not bad:
            return redirect("manage_bills_pay", group_id)
    return kit.page(request, manager, "bills_file", group=group, form=form, bad=bad, good=len(good))


@require_GET
@requires(bills.SPEND)
def template(request: HttpRequest, manager: Manager, group_id: UUID) -> HttpResponse:
    """A file with the lines and accounts of the manager, to be filled in."""
    _group, place = manager.part(group_id, bills.SPEND)
    found, _total = insiders.page(place, size=MOST)
    spoken = str(getattr(request, "LANGUAGE_CODE", "en")) == "ja"
    lines = [sheet.line([forms_of[spoken] for forms_of in TITLES.values()])]
    lines += [sheet.line([one.member_id if one.kind == "line" else one.called, ""]) for one in found]
    answer = HttpResponse(sheet.MARK + "".join(lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="points-for-bills.csv"'
    return answer


def _read(content: bytes) -> list[tuple[int, str, str]]:
    """Row number, name and points as written. Raises the refusals of noren.bulk.reading."""
    table = tables.open_table(content)
    known = {title: name for name, titles in TITLES.items() for title in (name, *titles)}
    found = [known.get(title.strip().casefold(), "") for title in table.header]
    if sorted(found) != sorted(TITLES):
        raise BadColumns(_("The file needs two columns, line or account and points, and no others."))
    places = [found.index(name) for name in TITLES]
    rows = []
    for number, cells in table.rows:
        name, points = (_plain(cells[place]) if place < len(cells) else "" for place in places)
        if points:  # who gets none is not meant
            rows.append((number, name, points))
    if len(rows) > MOST:
        raise TooLarge(_("The file has more than %(most)d rows. Part it."), most=MOST)
    return rows


def _plain(cell: str) -> str:
    """A cell's text; the apostrophe is a spreadsheet's, who has written a formula for what is none."""
    return cell.removeprefix(NUMBER).strip().removeprefix("'")


def _judged(place: Within, rows: Sequence[tuple[int, str, str]]) -> Iterator[Row]:
    found = _named(place, {name for _number, name, _points in rows if name})
    field = forms.IntegerField(min_value=1, max_value=rules.MOST)
    seen: set[UUID] = set()
    for number, name, written in rows:
        one, points, why = found.get(name.casefold()), written, ""
        if one is None:
            why = _("The group has no line or account of this name.")
        elif one.uid in seen:
            why = _("The line or account stands in an earlier row.")
        else:
            seen.add(one.uid)
            try:
                points = str(field.clean(written.replace(",", "")))
            except forms.ValidationError as error:
                why = " ".join(error.messages)
        yield Row(number, name, points, why, one.uid if one else None)


def _named(place: Within, names: set[str]) -> dict[str, Insider]:
    """By each name that somebody may write. One that names two is nobody's."""
    found: dict[str, Any] = {}
    for one in insiders.named(place, names):
        for name in {one.member_id.casefold(), one.called.casefold()}:
            found[name] = None if name in found and found[name] != one else one
    return found
