"""Partner services that the account is linked to: see what they are given, release them one by one."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from noren.account_site import pages_kit
from noren.account_site.pages_again import recent_to_change
from noren.accounts import queries
from noren.accounts.queries import AccountRow
from noren.sso import actions as sso
from noren.sso import queries as linked_to
from noren.sso.labels import scope_texts
from noren.sso.queries import LinkedService
from noren.sso.rules import API_SCOPES, SCOPE_CLAIMS


def linked(account_id: str) -> Sequence[LinkedService]:
    """The services, the one used last first."""
    return linked_to.linked_services(account_id)


@require_GET
def services(request: HttpRequest) -> HttpResponse:
    """All of them."""
    return pages_kit.page(request, "services", rows=linked(pages_kit.mine(request)))


@require_GET
def service(request: HttpRequest, client_id: str) -> HttpResponse:
    """One, with the data that it is given."""
    row = _one(request, client_id)
    data = _handed_over(row, queries.account(pages_kit.mine(request)))
    rights = scope_texts(scope for scope in row.scopes if scope in API_SCOPES)
    return pages_kit.page(request, "service", row=row, data=data, rights=rights)


@recent_to_change
@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, client_id: str) -> HttpResponse:
    """Ask, then release: its tokens end at once."""
    row = _one(request, client_id)
    if request.method != "POST":
        return pages_kit.page(request, "service_release", row=row)
    sso.release(pages_kit.mine(request), client_id, actor=pages_kit.me(request), now=timezone.now())
    messages.success(request, _("%(service)s is released.") % {"service": row.name})
    return redirect("account_services")


def _one(request: HttpRequest, client_id: str) -> LinkedService:
    found = [row for row in linked(pages_kit.mine(request)) if row.client_id == client_id]
    if not found:
        raise Http404
    return found[0]


def _handed_over(row: LinkedService, account: AccountRow) -> list[tuple[str, str]]:
    """What the service learns, in words, and what that is for this account now."""
    known = {
        "name": (_("Name"), account.name),
        "name_kana": (_("Reading of the name (kana)"), account.name_kana),
        "preferred_username": (_("ID"), account.login_id),
        "locale": (_("Language"), account.language),
        "corporation_id": (_("Number of the corporation with us"), account.corporation_id),
        "corporation_name": (_("Corporation"), account.corporation_name),
        "department": (_("Department"), account.department),
        "title": (_("Title"), account.title),
        "employee_number": (_("Employee number"), account.employee_number),
        "email": (_("Contact mail"), account.contact_mail),
        "phone_number": (_("Contact mobile"), account.contact_mobile),
        "account_id": (_("Number of the account, which never changes"), account.account_id),
    }
    claims = [claim for scope in row.scopes for claim in SCOPE_CLAIMS.get(scope, ())]
    return [known[claim] for claim in claims if claim in known]
