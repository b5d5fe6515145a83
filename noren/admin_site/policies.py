"""Security policies: what each place asks, whom it meets, set with a look at who would be shut out."""

from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from noren.accounts import policy_labels
from noren.accounts.policy import Effective, Settings, of_place
from noren.admin_site import kit, policy_forms
from noren.admin_site.access import Manager, requires
from noren.admin_site.places import name_of, place_at, places
from noren.groups import actions as groups_actions
from noren.groups import queries as groups
from noren.groups.rules import Permission, PolicyPlace
from noren.kit.errors import Refusal


@dataclass(frozen=True, slots=True)
class Shown:
    """A place as the list shows it: its name, its address here, what it asks line by line."""

    name: str
    where: str
    asked: tuple[str, ...]
    coming_at: Any


@require_GET
@requires(Permission.POLICY_MANAGE)
def policies(request: HttpRequest, manager: Manager) -> HttpResponse:
    """The corporation and the groups whose policy the manager may set."""
    return kit.page(request, manager, "policies", rows=[_shown(manager, where) for where in places(manager)])


@require_http_methods(["GET", "POST"])
@requires(Permission.POLICY_MANAGE, fresh=True)
def policy(request: HttpRequest, manager: Manager, where: str) -> HttpResponse:
    """Fill in, see whom it would meet, confirm."""
    place, now = place_at(manager, where), timezone.now()
    form = policy_forms.PolicyForm(
        request.POST if request.method == "POST" else None,
        initial=policy_forms.initial(groups.policy(place, now).settings),
    )
    met = None
    if form.is_valid():
        try:
            if "set" in request.POST:
                return _set(request, manager, place, form)
            met = groups.fulfilment(place, groups_actions.tidy_policy(form.settings), now)
        except groups_actions.OwnNetwork as refusal:
            kit.told(form, refusal, "networks")
            return _page(request, manager, where, form, confirm=policy_forms.Confirmed())
        except Refusal as refusal:
            kit.told(form, refusal)
    return _page(request, manager, where, form, met=met)


@require_POST
@requires(Permission.POLICY_MANAGE, fresh=True)
def clear(request: HttpRequest, manager: Manager, where: str) -> HttpResponse:
    """The place asks nothing any more."""
    groups_actions.clear_policy(place_at(manager, where), actor=manager.actor, now=timezone.now())
    messages.success(request, _("The rules of this place are gone."))
    return redirect("manage_policies")


def _set(request: HttpRequest, manager: Manager, place: PolicyPlace, form: policy_forms.PolicyForm) -> HttpResponse:
    groups_actions.set_policy(
        place,
        form.settings,
        grace_until=form.from_at,
        address=get_adapter(request).get_client_ip(request) or "",
        confirmed="confirmed" in request.POST,
        actor=manager.actor,
        now=timezone.now(),
    )
    messages.success(request, _("The rules were set. They hold for everybody at once, or from the day that you gave."))
    return redirect("manage_policies")


def _page(
    request: HttpRequest, manager: Manager, where: str, form: policy_forms.PolicyForm, **more: Any
) -> HttpResponse:
    shown = _shown(manager, where)
    return kit.page(request, manager, "policy", form=form, place=shown, can_clear=bool(shown.asked), **more)


def _shown(manager: Manager, where: str) -> Shown:
    place, now = place_at(manager, where), timezone.now()
    found = groups.policy(place, now)
    asked = found.coming if found.coming_at else found.settings
    return Shown(name_of(manager, where), where, _lines(asked), found.coming_at)


def _lines(settings: Settings) -> tuple[str, ...]:
    effective: Effective = of_place("", settings)
    return tuple(line for line, _whose in policy_labels.rows(effective))
