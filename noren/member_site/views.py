"""The member site: points, stage, history and receipts, to read; points for bills, to use."""

from datetime import date
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from noren.accounts import actions as accounts
from noren.counter import queries as counter
from noren.counter import receipts as papers
from noren.counter.labels import RECEIPTS
from noren.kit.errors import Refusal
from noren.kit.months import parse_month
from noren.member_site import clock, explaining, months_page, payers, paying, standing, statements
from noren.member_site.people import Person, acting, members_only
from noren.web import answers

PAGE = 30


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
def bills(request: HttpRequest, person: Person) -> HttpResponse:
    """What was taken for bills, and what became of it."""
    offered = bool(payers.own(person))
    page = {"rows": paying.rows(person), "offered": offered, "standing": paying.every_month(person)}
    return render(request, "member_site/bills.html", page)


@acting
def pay_bill(request: HttpRequest, person: Person) -> HttpResponse:
    """Ask whose bill and how many points, show which they are, then take them."""
    form = paying.Wish(person, request.POST if request.method == "POST" else None)
    preview = None
    if form.is_valid():
        # What was taken already is taken again without effect, so it is not looked at again.
        if request.POST.get("looked_at") == paying.mark(form.cleaned_data):
            if _taken(request, person, form):
                return redirect("member_bills")
        elif (preview := paying.look(person, form.cleaned_data)) is None:
            form.add_error("points", _("There are not as many points that can pay bills."))
    return render(request, "member_site/pay_bill.html", {"form": form, "preview": preview})


@acting
def every_month(request: HttpRequest, person: Person) -> HttpResponse:
    """Have points taken for a bill every month."""
    form = paying.Every(person, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            paying.stand(person, form.cleaned_data, accounts.herself(str(request.user.pk)))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Points are taken every month from now on."))
            return redirect("member_bills")
    return render(request, "member_site/every_month.html", {"form": form})


@acting
def end_every_month(request: HttpRequest, person: Person, standing_id: UUID) -> HttpResponse:
    """No more from the next close on; it is asked once more before."""
    if request.method == "POST":
        paying.end(person, standing_id, accounts.herself(str(request.user.pk)))
        messages.success(request, _("The standing allocation has ended; what was taken stays."))
        return redirect("member_bills")
    found = [row for row in paying.every_month(person) if row[0] == standing_id]
    if not found:
        raise Http404
    return render(request, "member_site/end_every_month.html", {"one": found[0]})


def _taken(request: HttpRequest, person: Person, form: paying.Wish) -> bool:
    """Whether the points were taken; if not, the form says why."""
    try:
        paying.pay(person, form.cleaned_data, accounts.herself(str(request.user.pk)))
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("The points are reserved for the bill."))
    return True


@members_only
def receipts(request: HttpRequest, person: Person) -> HttpResponse:
    """What was used or given back at a counter, the newest first."""
    found = counter.receipts_for(person.wallets, person.account_id, below=_below(request), most=PAGE + 1)
    rows = [{"row": one, "number": papers.number(one), "label": RECEIPTS[one.kind]} for one in found[:PAGE]]
    earlier = found[PAGE - 1].number if len(found) > PAGE else None
    return render(request, "member_site/receipts.html", {"rows": rows, "earlier": earlier})


@members_only
def receipt(request: HttpRequest, person: Person, number: int, language: str) -> HttpResponse:
    """The PDF of one of them, in a language."""
    del request
    found = counter.receipt_for(number, person.wallets, person.account_id)
    if found is None or language not in dict(settings.LANGUAGES):
        raise Http404
    return answers.pdf(papers.pdf(found, language), papers.file_name(found))


@members_only
def membership(request: HttpRequest, person: Person) -> HttpResponse:
    """Who the member is, and the programme's rules."""
    return render(request, "member_site/membership.html", {"page": standing.membership(person, clock.today())})


def _below(request: HttpRequest) -> int | None:
    """The number of the receipt after which the page begins; what cannot be one is the top."""
    try:
        return int(request.GET.get("below", ""))
    except ValueError:
        return None


def _month(text: str) -> date:
    try:
        return parse_month(text)
    except ValueError as error:
        raise Http404 from error
