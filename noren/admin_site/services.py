"""Which partner services accounts may be linked to, for the corporation and for each group."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from noren.admin_site import kit
from noren.admin_site.access import Manager, requires
from noren.admin_site.places import name_of, place_at, places
from noren.groups import actions as groups_actions
from noren.groups import queries as groups
from noren.groups.rules import Permission
from noren.lifecycle import actions as lifecycle
from noren.sso import queries as sso


@require_GET
@requires(Permission.POLICY_MANAGE)
def services(request: HttpRequest, manager: Manager) -> HttpResponse:
    """Each place with every service: allowed or not."""
    known = sso.clients()
    rows = []
    for where in places(manager):
        denied = groups.denied_services(place_at(manager, where))
        shown = [(client.client_id, client.name, client.client_id not in denied) for client in known]
        rows.append((where, name_of(manager, where), shown))
    return kit.page(request, manager, "services", rows=rows)


@require_POST
@requires(Permission.POLICY_MANAGE, fresh=True)
def change(request: HttpRequest, manager: Manager, where: str, client_id: str) -> HttpResponse:
    """Deny a service, which releases those who are linked, or allow it again."""
    place, client = place_at(manager, where), sso.client(client_id)
    if client is None:
        raise Http404
    if "deny" in request.POST:
        released = lifecycle.deny_service(
            place, client_id, scope=manager.corporation_id, actor=manager.actor, now=timezone.now()
        )
        messages.success(
            request,
            _("%(service)s is denied; accounts released: %(count)d.") % {"service": client.name, "count": released},
        )
    else:
        groups_actions.allow_service(
            place, client_id, scope=manager.corporation_id, actor=manager.actor, now=timezone.now()
        )
        messages.success(request, _("%(service)s is allowed.") % {"service": client.name})
    return redirect("manage_services")
