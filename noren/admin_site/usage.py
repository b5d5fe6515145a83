"""Who signed in, when, from where, with what result; and which services were used. For 13 months."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from noren.accounts import labels
from noren.accounts import queries as accounts
from noren.accounts.rules import SignInResult, months_before
from noren.admin_site import kit
from noren.admin_site.access import Manager, requires
from noren.admin_site.drawing import bars, columns
from noren.admin_site.searching import ANY
from noren.groups.queries import directory
from noren.groups.queries.directory import Span, Use
from noren.groups.rules import Permission
from noren.kit import sheet
from noren.web import agents, paging

KEPT_MONTHS = 13
DAYS = 30


class Filter(forms.Form):
    """Which uses are shown."""

    since = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=gettext_lazy("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    login_id = forms.CharField(label=gettext_lazy("ID"), required=False, max_length=257)
    result = forms.ChoiceField(
        label=gettext_lazy("Result"),
        choices=[ANY, *((one.value, text) for one, text in labels.RESULTS.items())],
        required=False,
    )
    service = forms.CharField(label=gettext_lazy("Service"), required=False, max_length=200)

    def span(self, now: datetime) -> Span:
        """The span asked for, the last thirty days usually, never longer ago than is kept."""
        given: dict[str, Any] = self.cleaned_data if self.is_valid() else {}
        today, oldest = localtime(now).date(), localtime(months_before(now, KEPT_MONTHS)).date()
        first = max(given.get("since") or today - timedelta(days=DAYS), oldest)
        last = min(given.get("until") or today, today)
        named = accounts.by_login(given["login_id"]) if given.get("login_id") else None
        return Span(
            since=_start(first),
            until=_start(last + timedelta(days=1)),
            account_id=named.account_id if named else ("-" if given.get("login_id") else ""),
            result=SignInResult(given["result"]) if given.get("result") else None,
            service=given.get("service", ""),
        )


def _start(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min))


@require_GET
@requires(Permission.USAGE_VIEW)
def usage(request: HttpRequest, manager: Manager) -> HttpResponse:
    """Drawn by day and service, listed by person."""
    form, scope = Filter(request.GET), manager.scope(Permission.USAGE_VIEW)
    span = form.span(timezone.now())
    rows = directory.uses(scope, Span(**{**_fields(span), "behind": kit.behind(request)}))
    days, services = _counted(directory.uses_by_day(scope, span), span)
    return kit.page(
        request,
        manager,
        "usage",
        form=form,
        columns=columns((date_format(day), count) for day, count in days.items()),
        days=[(day, count) for day, count in days.items() if count],
        services=bars([(name, count, "") for name, count in services.most_common()]),
        rows=[_shown(row) for row in rows],
        asked=kit.asked(request),
        older=paging.place(rows[-1].at, rows[-1].sign_in_id) if len(rows) == span.size else "",
        newest="behind" in request.GET,
    )


@require_GET
@requires(Permission.USAGE_VIEW)
def usage_csv(request: HttpRequest, manager: Manager) -> HttpResponseBase:
    """The same as a file."""
    span = Filter(request.GET).span(timezone.now())
    answer = StreamingHttpResponse(_lines(manager, span), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="use-{localtime():%Y-%m-%d}.csv"'
    return answer


def _lines(manager: Manager, span: Span) -> Iterator[str]:
    headings = (_("Time"), _("ID"), _("Name"), _("What happened"), _("Service"), _("With"), _("Address"), _("Browser"))
    yield sheet.MARK + sheet.line(headings)
    asked = {**_fields(span), "size": 1_000}
    while rows := directory.uses(manager.scope(Permission.USAGE_VIEW), Span(**asked)):
        for row in rows:
            shown = _shown(row)
            yield sheet.line(
                [
                    f"{localtime(row.at):%Y-%m-%d %H:%M:%S}",
                    *(row.login_id, row.name, shown["result"], row.service, ", ".join(shown["methods"])),
                    *(row.address, shown["browser"]),
                ]
            )
        asked["behind"] = (rows[-1].at, rows[-1].sign_in_id)


def _fields(span: Span) -> dict[str, Any]:
    return {name: getattr(span, name) for name in Span.__dataclass_fields__}


def _counted(found: list[tuple[date, SignInResult, str, int]], span: Span) -> tuple[dict[date, int], Counter[str]]:
    """Uses on each day of the span, and of each service."""
    first, last = localtime(span.since).date(), localtime(span.until - timedelta(seconds=1)).date()
    days = {first + timedelta(days=number): 0 for number in range((last - first).days + 1)}
    services: Counter[str] = Counter()
    for day, result, service, count in found:
        days[day] = days.get(day, 0) + count
        services[service if result is SignInResult.SERVICE else str(labels.RESULTS[result])] += count
    return days, services


def _shown(row: Use) -> dict[str, Any]:
    return {
        "row": row,
        "result": labels.result(row.result, row.service),
        "methods": [labels.method(name) for name in row.methods],
        "browser": agents.short(row.agent),
    }
