"""The member site: points, stage and history, to read."""

from datetime import date
from uuid import UUID

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse

from noren.kit.months import parse_month
from noren.member_site import clock, explaining, months_page, standing, statements
from noren.member_site.people import Person, members_only


@members_only
def home(request: HttpRequest, person: Person) -> HttpResponse:
    """Points, what lapses soon, the stage, the last month."""
    return render(request, "member_site/home.html", {"page": standing.home(person, clock.today())})


@members_only
def history(request: HttpRequest, person: Person) -> HttpResponse:
    """What happened, page by page."""
    form = statements.Filter(person, request.GET)
    page = statements.page(person, form, request.GET.get(statements.BELOW, ""))
    return render(request, "member_site/history.html", {"form": form, "page": page})


@members_only
def history_csv(request: HttpRequest, person: Person) -> HttpResponseBase:
    """The same as a file; a filter that cannot be read is told by the page."""
    form = statements.Filter(person, request.GET)
    if not form.is_valid():
        return HttpResponseRedirect(f"{reverse('member_history')}?{request.GET.urlencode()}")
    answer = StreamingHttpResponse(statements.csv_lines(person, form), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="points-{clock.today()}.csv"'
    return answer


@members_only
def months(request: HttpRequest, person: Person) -> HttpResponse:
    """Points month by month, drawn and as a table."""
    return render(request, "member_site/months.html", {"page": months_page.page(person, clock.today())})


@members_only
def why(request: HttpRequest, person: Person, month: str, uid: UUID) -> HttpResponse:
    """Why a member has the points of a month."""
    page = explaining.page(person.profile(uid), _month(month))
    return render(request, "member_site/why.html", {"page": page})


@members_only
def membership(request: HttpRequest, person: Person) -> HttpResponse:
    """Who the member is, and the programme's rules."""
    return render(request, "member_site/membership.html", {"page": standing.membership(person, clock.today())})


def _month(text: str) -> date:
    try:
        return parse_month(text)
    except ValueError as error:
        raise Http404 from error
