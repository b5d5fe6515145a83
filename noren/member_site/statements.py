"""The history: which postings are asked for, a page of them, all of them as a file."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import Http404, QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from noren.kit import sheet
from noren.kit.months import month_text
from noren.member_site.people import Person, name_of
from noren.points import queries as points
from noren.points.labels import LABELS
from noren.points.queries import Asked, Place, StatementRow
from noren.points.rules import Movement
from noren.programme import labels as names

PAGE = 50
FILE_PAGE = 2_000
"""Rows read at once for the file."""

BELOW = "below"
"""The parameter that carries the place where the page before ended."""


class Filter(forms.Form):
    """Which postings are shown."""

    since = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    until = forms.DateField(
        label=gettext_lazy("To"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    movement = forms.ChoiceField(label=gettext_lazy("Movement"), required=False)
    member = forms.ChoiceField(label=gettext_lazy("Member"), required=False)

    def __init__(self, person: Person, data: QueryDict) -> None:
        super().__init__(data)
        every = [("", _("All"))]
        movements = [(kind.value, capfirst(str(LABELS[kind]))) for kind in Movement]
        members = [(str(profile.uid), name_of(profile)) for profile in person.profiles]
        choices = {"movement": movements, "member": members}
        for name, offered in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  (for the type checker)
            field.choices = every + offered
        if len(members) == 1:
            del self.fields["member"]

    def clean(self) -> dict[str, object]:
        """The span must not end before it begins."""
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day is before the first one."))
        return given

    def wallets(self, person: Person) -> list[UUID]:
        """The wallet of the member asked for, or all of the person's."""
        chosen = self.cleaned_data.get("member")
        return [UUID(chosen)] if chosen else person.wallets

    def asked(self) -> Asked:
        """The filter as the query takes it."""
        given = self.cleaned_data
        return Asked(
            since=given["since"] or date.min,
            until=given["until"] or date.max,
            movement=Movement(given["movement"]) if given["movement"] else None,
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A posting as it is shown."""

    on: date
    movement: str
    member: str
    uid: UUID
    usage_month: date | None
    what: str
    lapses_on: date | None
    points: int
    balance: int

    @property
    def month(self) -> str:
        """The usage month as addresses write it."""
        return month_text(self.usage_month) if self.usage_month else ""


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, the query string of the older ones (empty: there are none), that of the file."""

    rows: tuple[Row, ...]
    older: str
    newest: str
    file: str
    several: bool


def page(person: Person, form: Filter, below: str) -> Page:
    """The page below a place. Raises Http404 for a place that cannot be read."""
    several = len(person.profiles) > 1
    if not form.is_valid():
        return Page((), "", "", "", several)
    asked = replace(form.asked(), limit=PAGE + 1, below=_place(below) if below else None)
    found = points.statement(form.wallets(person), asked)
    query = {name: value for name in form.fields if (value := form.data.get(name))}
    older = urlencode({**query, BELOW: _text(found[PAGE - 1].place)}) if len(found) > PAGE else ""
    rows = tuple(_row(row, person) for row in found[:PAGE])
    return Page(rows, older, urlencode(query) if below else "", urlencode(query), several)


def csv_lines(person: Person, form: Filter) -> Iterator[bytes]:
    """The whole history as a CSV file (RFC 4180, UTF-8 with its mark), the newest first, read in pages."""
    heads = [
        str(head)
        for head in (
            _("Day"),
            _("Movement"),
            _("Member"),
            _("Usage month"),
            _("What"),
            _("Lapses on"),
            _("Points"),
            _("Balance"),
        )
    ]
    yield (sheet.MARK + sheet.line(heads)).encode()
    asked = replace(form.asked(), limit=FILE_PAGE)
    while found := points.statement(form.wallets(person), asked):
        yield "".join(sheet.line(_cells(_row(row, person))) for row in found).encode()
        asked = replace(asked, below=found[-1].place)


def _cells(row: Row) -> list[str | int]:
    lapses_on = row.lapses_on.isoformat() if row.lapses_on else ""
    return [row.on.isoformat(), row.movement, row.member, row.month, row.what, lapses_on, row.points, row.balance]


def _row(row: StatementRow, person: Person) -> Row:
    profile = person.profile(row.place.wallet_id)
    kinds = names.listed(row.kinds.split())
    return Row(
        on=row.place.effective_on,
        movement=capfirst(str(LABELS[row.movement])),
        member=name_of(profile),
        uid=profile.uid,
        usage_month=row.usage_month,
        what=names.label(row.use) if row.use else kinds,
        lapses_on=row.lapses_on,
        points=row.points,
        balance=row.balance,
    )


def _text(place: Place) -> str:
    return f"{place.effective_on}_{place.booked_at.isoformat()}_{place.posting_id}_{place.wallet_id}"


def _place(text: str) -> Place:
    try:
        day, at, posting, wallet = text.split("_")
        instant = datetime.fromisoformat(at)
        place = Place(date.fromisoformat(day), instant, UUID(posting), UUID(wallet))
    except ValueError as error:
        raise Http404 from error
    if instant.tzinfo is None:
        raise Http404
    return place
