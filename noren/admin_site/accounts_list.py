"""The list of accounts: search, filters, saved views, a file; what is ticked goes on to an act."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from noren.accounts.labels import KINDS, STATES
from noren.admin_site import acting, kit
from noren.admin_site.access import Manager, requires
from noren.admin_site.acts import ACTS
from noren.admin_site.searching import Filter
from noren.groups import actions as groups_actions
from noren.groups import queries as groups
from noren.groups.queries import directory
from noren.groups.queries.directory import PAGE, Person
from noren.groups.rules import Permission
from noren.kit import sheet

MOST_CHOSEN = 1_000
"""More than these are for a bulk job."""


@require_GET
@requires(Permission.ACCOUNTS_VIEW)
def accounts(request: HttpRequest, manager: Manager) -> HttpResponse:
    """A page of those that answer."""
    form, number = _filter(request, manager), kit.page_number(request)
    found = directory.people(manager.scope(Permission.ACCOUNTS_VIEW), form.search(now=timezone.now(), page=number))
    return kit.page(
        request,
        manager,
        "accounts",
        form=form,
        rows=found.rows,
        total=found.total,
        first=(number - 1) * PAGE + 1,
        last=(number - 1) * PAGE + len(found.rows),
        acts=acting.offered(manager),
        views=groups.saved_views(manager.account_id),
        asked=kit.asked(request),
        earlier=kit.at_page(request, number - 1) if number > 1 else "",
        later=kit.at_page(request, number + 1) if number * PAGE < found.total else "",
    )


@require_GET
@requires(Permission.ACCOUNTS_VIEW)
def accounts_csv(request: HttpRequest, manager: Manager) -> HttpResponseBase:
    """All that answer, as a file."""
    search = _filter(request, manager).search(now=timezone.now(), page=1)
    rows = directory.every(manager.scope(Permission.ACCOUNTS_VIEW), search)
    answer = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="accounts-{localtime():%Y-%m-%d}.csv"'
    return answer


@require_POST
@requires(Permission.ACCOUNTS_VIEW)
def choose(request: HttpRequest, manager: Manager) -> HttpResponse:
    """Go on to an act with the accounts that were ticked, or with all that answer."""
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    ids = request.POST.getlist("account")
    if request.POST.get("all"):
        search = _filter(request, manager).search(now=timezone.now(), page=1)
        rows = directory.every(manager.scope(Permission.ACCOUNTS_VIEW), search)
        ids = [row.account_id for _number, row in zip(range(MOST_CHOSEN + 1), rows, strict=False)]
    if not ids:
        messages.warning(request, _("Tick at least one account first."))
    elif len(ids) > MOST_CHOSEN:
        messages.warning(
            request, _("At most %(most)d accounts at a time. Use a bulk job for more.") % {"most": MOST_CHOSEN}
        )
    else:
        acting.keep_choice(request, act, ids)
        return redirect("manage_act", act.name)
    return redirect(f"{reverse('manage_accounts')}?{kit.asked(request)}")


@require_POST
@requires(Permission.ACCOUNTS_VIEW)
def save_view(request: HttpRequest, manager: Manager) -> HttpResponse:
    """Keep this search under a name, or forget one."""
    if "forget" in request.POST:
        groups_actions.forget_view(manager.account_id, request.POST["forget"])
        messages.success(request, _("The view was removed."))
    else:
        groups_actions.save_view(manager.account_id, name=request.POST.get("name", ""), query=kit.asked(request))
        messages.success(request, _("The view was saved."))
    return redirect(f"{reverse('manage_accounts')}?{kit.asked(request)}")


def _filter(request: HttpRequest, manager: Manager) -> Filter:
    return Filter(request.GET, groups=groups.groups(manager.scope(Permission.GROUPS_VIEW)))


COLUMNS = ("login_id", "name", "name_kana", "department", "title", "employee_number")


def _lines(rows: Iterator[Person]) -> Iterator[str]:
    headings = [
        *(_("ID"), _("Name"), _("Kana"), _("Department"), _("Title"), _("Employee number")),
        *(_("Kind of account"), _("State"), _("Management group"), _("Department or site"), _("Contact mail")),
        *(_("Contact mobile"), _("Passkey"), _("Authenticator app"), _("Used last")),
    ]
    yield sheet.MARK + sheet.line(headings)
    for row in rows:
        yield sheet.line([*(getattr(row, column) for column in COLUMNS), *_more(row)])


def _more(row: Person) -> list[Any]:
    yes, no = _("yes"), _("no")
    return [
        KINDS[row.kind],
        STATES[row.state],
        row.group,
        row.unit,
        row.contact_mail,
        row.contact_mobile,
        yes if row.has_passkey else no,
        yes if row.has_app else no,
        date_format(localtime(row.last_used_at), "Y-m-d H:i") if row.last_used_at else "",
    ]
