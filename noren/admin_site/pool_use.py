"""What was used of a group's pool: by department, person and use, drawn and listed, with the limits beside it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from noren.admin_site import kit, points_pages
from noren.admin_site.access import Manager, requires
from noren.admin_site.drawing import bars, columns
from noren.admin_site.points_pages import UNIT
from noren.groups import queries as groups
from noren.groups.rules import Permission
from noren.kit import sheet
from noren.kit.actor import ActorKind
from noren.kit.months import add_months, first_day, month_text
from noren.points import queries as points
from noren.programme import labels
from noren.spending import queries as spending

MONTHS = 12
MOST_MONTHS = 120
MEMBER = f"{ActorKind.MEMBER}:"


class Span(forms.Form):
    """Which months are shown: the last twelve, unless others are asked for."""

    since = forms.DateField(
        label=gettext_lazy("From month"),
        input_formats=["%Y-%m"],
        required=False,
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
    )
    until = forms.DateField(
        label=gettext_lazy("Until month"),
        input_formats=["%Y-%m"],
        required=False,
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
    )

    def months(self, today: date) -> list[date]:
        """The months asked for, the last twelve where that cannot be read."""
        given: dict[str, Any] = self.cleaned_data if self.is_valid() else {}
        last = min(given.get("until") or first_day(today), first_day(today))
        first = min(given.get("since") or add_months(last, 1 - MONTHS), last)
        first = max(first, add_months(last, 1 - MOST_MONTHS))
        return [month for number in range(MOST_MONTHS) if (month := add_months(first, number)) <= last]


@dataclass(frozen=True, slots=True)
class Used:
    """Points used in a month: in which department, by whom, for what; by the names that people know."""

    month: date
    unit: str
    person: str
    use: str
    points: int


@require_GET
@requires(Permission.POINTS_VIEW)
def pool_use(request: HttpRequest, manager: Manager, group_id: UUID) -> HttpResponse:
    """Drawn by month, department, person and use."""
    group = manager.group(group_id, Permission.POINTS_VIEW)
    form = Span(request.GET)
    months = form.months(localtime().date())
    rows = _used(manager, group_id, months)
    by_month = {month: sum(row.points for row in rows if row.month == month) for month in months}
    return kit.page(
        request,
        manager,
        "pool_use",
        group=group,
        form=form,
        total=sum(by_month.values()),
        months=by_month.items(),
        columns=columns((date_format(month, "YEAR_MONTH_FORMAT"), count) for month, count in by_month.items()),
        parts=[
            (title, caption, _bars(rows, name))
            for name, title, caption in (
                ("unit", _("By department or site"), _("Points used, by department or site")),
                ("person", _("By person"), _("Points used, by the person who used them")),
                ("use", _("By use"), _("Points used, by what they were used for")),
            )
        ],
        limits=points_pages.limits(manager, group_id),
        asked=kit.asked(request),
    )


@require_GET
@requires(Permission.POINTS_VIEW)
def pool_use_csv(request: HttpRequest, manager: Manager, group_id: UUID) -> HttpResponseBase:
    """The same as a file, a row for each month, department, person and use."""
    manager.group(group_id, Permission.POINTS_VIEW)
    rows = _used(manager, group_id, Span(request.GET).months(localtime().date()))
    answer = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="points-used-{localtime():%Y-%m-%d}.csv"'
    return answer


def _lines(rows: list[Used]) -> Iterator[str]:
    yield sheet.MARK + sheet.line([_("Month"), _("Department or site"), _("Person"), _("Use"), _("Points")])
    for row in rows:
        yield sheet.line([month_text(row.month), row.unit, row.person, row.use, row.points])


def _bars(rows: list[Used], name: str) -> Any:
    counted: Counter[str] = Counter()
    for row in rows:
        counted[getattr(row, name)] += row.points
    return bars([(called, count, "") for called, count in counted.most_common()])


def _used(manager: Manager, group_id: UUID, months: list[date]) -> list[Used]:
    span = (months[0], add_months(months[-1], 1))
    found = [*points.used_by(group_id, *span), *spending.standing_used(group_id, *span)]
    units = {f"{UNIT}{one.unit_id}": one.name for one in groups.units(group_id)}
    members = {row.actor.removeprefix(MEMBER) for row in found if row.actor.startswith(MEMBER)}
    people = points_pages.names(manager, members)
    counted: Counter[tuple[date, str, str, str]] = Counter()
    for row in found:
        unit = next((name for one in row.spenders if (name := units.get(one))), _("In no department"))
        who = _("Somebody who is not in your scope") if row.actor.startswith(MEMBER) else _("The operator")
        who = people.get(row.actor.removeprefix(MEMBER), who)
        counted[row.month, unit, who, labels.label(row.use)] += row.points
    return [Used(*key, count) for key, count in sorted(counted.items()) if count]
