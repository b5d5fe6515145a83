"""Management groups: which there are, who is in them, who may what, and their end."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from noren.accounts import queries as accounts
from noren.admin_site import group_forms, kit
from noren.admin_site.access import Manager, requires
from noren.groups import actions as groups_actions
from noren.groups import queries as groups
from noren.groups.labels import ROLES, matrix
from noren.groups.queries import GroupRow, directory
from noren.groups.queries.directory import Search
from noren.groups.rules import Permission, PoolView, Role, UnitKind, candidates, may_act_on, may_grant
from noren.kit.errors import Refusal
from noren.lifecycle import actions as lifecycle
from noren.points import queries as points


@require_GET
@requires(Permission.GROUPS_VIEW)
def group_list(request: HttpRequest, manager: Manager) -> HttpResponse:
    """The groups that are theirs to see."""
    found = groups.groups(manager.scope(Permission.GROUPS_VIEW))
    waiting = groups.consents(manager.corporation_id) if manager.has_all else ()
    return kit.page(request, manager, "groups", rows=found, waiting=waiting, elsewhere=_elsewhere(manager))


@require_GET
@requires(Permission.GROUPS_VIEW)
def permissions(request: HttpRequest, manager: Manager) -> HttpResponse:
    """What each role may do: the table by which the site decides."""
    return kit.page(request, manager, "permissions", roles=ROLES.values(), rows=matrix())


@require_http_methods(["GET", "POST"])
@requires(Permission.GROUPS_CREATE, fresh=True)
def create(request: HttpRequest, manager: Manager) -> HttpResponse:
    """A group of one's own corporation."""
    form = group_forms.New(request.POST or None)
    if form.is_valid():
        try:
            group_id = lifecycle.create_group(
                corporation_id=manager.corporation_id,
                name=form.cleaned_data["name"],
                representative=_named(manager, form.cleaned_data["login_id"]),
                actor=manager.actor,
                now=timezone.now(),
            )
        except Refusal as refusal:
            kit.told(form, refusal)
        else:
            messages.success(request, _("The group was made."))
            return redirect("manage_group", group_id)
    return kit.page(request, manager, "group_form", form=form, title=_("Make a group"), back="manage_groups")


@require_http_methods(["GET", "POST"])
@requires(Permission.GROUPS_CREATE, fresh=True)
def apply(request: HttpRequest, manager: Manager) -> HttpResponse:
    """Apply for a group across companies; the other corporation consents, the operator decides."""
    form = group_forms.Across(request.POST or None, request.FILES or None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            groups_actions.apply(
                corporation_id=manager.corporation_id,
                name=given["name"],
                representative=_named(manager, given["login_id"]),
                partners={given["partner"]: given["capital_tie"]},
                evidence_name=given["evidence"].name,
                evidence=given["evidence"].read(),
                starts_on=given["starts_on"],
                actor=manager.actor,
                now=timezone.now(),
            )
        except Refusal as refusal:
            kit.told(form, refusal)
        else:
            messages.success(request, _("The application was sent. The other corporation is asked to consent."))
            return redirect("manage_groups")
    title = _("Apply for a group across companies")
    return kit.page(request, manager, "group_form", form=form, title=title, back="manage_groups", files=True)


@require_POST
@requires(Permission.GROUPS_CREATE, fresh=True)
def consent(request: HttpRequest, manager: Manager, group_id: UUID) -> HttpResponse:
    """The other corporation's administrator agrees."""
    if group_id not in {one.group_id for one in groups.consents(manager.corporation_id)}:
        raise Http404
    groups_actions.consent(
        group_id, manager.corporation_id, account_id=manager.account_id, actor=manager.actor, now=timezone.now()
    )
    messages.success(request, _("Your corporation has consented. The operator decides now."))
    return redirect("manage_groups")


@require_POST
@requires(Permission.GROUPS_CREATE, fresh=True)
def withdraw_consent(request: HttpRequest, manager: Manager, group_id: UUID) -> HttpResponse:
    """The other corporation takes part no more."""
    if group_id not in {one.group_id for one in _elsewhere(manager)}:
        raise Http404
    left = lifecycle.withdraw_consent(group_id, manager.corporation_id, actor=manager.actor, now=timezone.now())
    told = _("Your corporation takes part no more. Accounts and lines that left: %(count)d")
    messages.success(request, told % {"count": left})
    return redirect("manage_groups")


def _elsewhere(manager: Manager) -> tuple[GroupRow, ...]:
    """Other companies' groups in which one's corporation takes part, for its administrators."""
    return groups.taking_part(manager.corporation_id) if manager.has_all else ()


@require_GET
@requires(Permission.GROUPS_VIEW)
def group(request: HttpRequest, manager: Manager, group_id: UUID) -> HttpResponse:
    """Members by unit, who may what, points."""
    row = manager.group(group_id)
    mine, whole = manager.roles_in(row), manager.has_whole(row)
    pool = points.holdings([group_id])
    seen = manager.scope(Permission.GROUPS_VIEW).units
    held = [one for one in groups.holders(group_id) if whole or str(one.unit_id) in seen]
    return kit.page(
        request,
        manager,
        "group",
        group=row,
        units=[one for one in groups.units(group_id) if whole or str(one.unit_id) in seen],
        holders=[(one, ROLES[one.role], may_grant(mine, one.role)) for one in held],
        whole=whole,
        people=directory.people(manager.scope(Permission.ACCOUNTS_VIEW), Search(group_id=group_id)),
        points=pool[0].points if pool else 0,
        sees_points=manager.scope(Permission.POINTS_VIEW).covers(
            corporation_id=row.corporation_id, group_id=str(group_id)
        ),
        pool_view=group_forms.POOL_VIEWS[row.pool_view],
        leads=Role.REPRESENTATIVE in mine or Role.ADMINISTRATOR in mine,
        manages=manager.scope(Permission.GROUPS_MANAGE).covers(
            corporation_id=row.corporation_id, group_id=str(group_id)
        ),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.GROUPS_MANAGE, fresh=True)
def add(request: HttpRequest, manager: Manager, group_id: UUID) -> HttpResponse:
    """Search for people of the corporation who are in no group, tick them, add them."""
    elsewhere = next((one for one in _elsewhere(manager) if one.group_id == group_id), None)
    row = elsewhere or manager.group(group_id, Permission.GROUPS_MANAGE)
    back = reverse("manage_groups") if elsewhere else reverse("manage_group", args=[group_id])
    form = group_forms.Candidates(request.GET)
    search = Search(ungrouped=True, text=form.cleaned_data["text"] if form.is_valid() else "")
    found = directory.people(candidates(manager.corporation_id), search)
    if request.method == "POST" and _add(request, manager, row.group_id):
        return redirect(back)
    return kit.page(
        request,
        manager,
        "group_add",
        group=row,
        form=form,
        rows=found.rows,
        total=found.total,
        units=() if elsewhere else groups.units(group_id),
        back=back,
    )


def _add(request: HttpRequest, manager: Manager, group_id: UUID) -> bool:
    ids = request.POST.getlist("account")
    within = directory.people(candidates(manager.corporation_id), Search(ids=tuple(ids), ungrouped=True, size=len(ids)))
    theirs = groups.held_by(ids)
    others = [one for one in within.rows if one.account_id != manager.account_id]
    if within.total != len(set(ids)):
        raise Http404
    if not all(
        may_act_on(manager.held, theirs.get(one.account_id, ()), corporation_id=one.corporation_id) for one in others
    ):
        raise PermissionDenied
    try:
        unit_id = UUID(request.POST["unit"]) if request.POST.get("unit") else None
    except ValueError as error:
        raise Http404 from error
    if not ids:
        messages.warning(request, _("Tick at least one account first."))
        return False
    count = lifecycle.join_group(group_id, account_ids=ids, unit_id=unit_id, actor=manager.actor, now=timezone.now())
    messages.success(request, _("Added, with their lines: %(count)d.") % {"count": count})
    return True


@require_http_methods(["GET", "POST"])
@requires(Permission.GROUPS_MANAGE, fresh=True)
def settings(request: HttpRequest, manager: Manager, group_id: UUID) -> HttpResponse:
    """Name, what members see."""
    row = manager.group(group_id, Permission.GROUPS_MANAGE)
    initial = {"name": row.name, "pool_view": row.pool_view.value, "members_spend": row.members_spend}
    form = group_forms.Settings(request.POST or None, initial=initial)
    if form.is_valid():
        given = {**form.cleaned_data, "pool_view": PoolView(form.cleaned_data["pool_view"])}
        try:
            groups_actions.change(group_id, **given, actor=manager.actor, now=timezone.now())
        except Refusal as refusal:
            kit.told(form, refusal)
        else:
            messages.success(request, _("The change was saved."))
            return redirect("manage_group", group_id)
    return kit.page(request, manager, "group_form", form=form, group=row, title=_("Settings of the group"))


@require_http_methods(["GET", "POST"])
@requires(Permission.GROUPS_MANAGE, fresh=True)
def unit_add(request: HttpRequest, manager: Manager, group_id: UUID) -> HttpResponse:
    """A department or site."""
    row = manager.group(group_id, Permission.GROUPS_MANAGE)
    form = group_forms.Unit(request.POST or None)
    if form.is_valid():
        given: dict[str, Any] = {"name": form.cleaned_data["name"], "kind": UnitKind(form.cleaned_data["kind"])}
        try:
            groups_actions.add_unit(group_id, **given, actor=manager.actor, now=timezone.now())
        except Refusal as refusal:
            kit.told(form, refusal)
        else:
            messages.success(request, _("The change was saved."))
            return redirect("manage_group", group_id)
    return kit.page(request, manager, "group_form", form=form, group=row, title=_("Add a department or site"))


@require_POST
@requires(Permission.GROUPS_MANAGE, fresh=True)
def unit_remove(request: HttpRequest, manager: Manager, group_id: UUID, unit_id: UUID) -> HttpResponse:
    """Its members stay in the group."""
    manager.group(group_id, Permission.GROUPS_MANAGE)
    groups_actions.remove_unit(group_id, unit_id, actor=manager.actor, now=timezone.now())
    messages.success(request, _("The change was saved."))
    return redirect("manage_group", group_id)


@require_POST
@requires(Permission.GROUPS_GRANT, fresh=True)
def revoke(request: HttpRequest, manager: Manager, group_id: UUID) -> HttpResponse:
    """Take a role from somebody who may less than oneself."""
    row = manager.group(group_id, Permission.GROUPS_GRANT)
    try:
        role = Role(request.POST.get("role", ""))
    except ValueError as error:
        raise Http404 from error
    if not may_grant(manager.roles_in(row), role):
        raise Http404
    groups_actions.revoke(group_id, request.POST.get("account", ""), role, actor=manager.actor, now=timezone.now())
    messages.success(request, _("The permission was taken."))
    return redirect("manage_group", group_id)


@require_http_methods(["GET", "POST"])
@requires(Permission.GROUPS_DISSOLVE, fresh=True)
def representative(request: HttpRequest, manager: Manager, group_id: UUID) -> HttpResponse:
    """Somebody else leads the group."""
    row = manager.group(group_id, Permission.GROUPS_DISSOLVE)
    form = group_forms.Account(request.POST or None)
    if form.is_valid():
        try:
            account_id = _named(manager, form.cleaned_data["login_id"])
            groups_actions.replace_representative(group_id, account_id, actor=manager.actor, now=timezone.now())
        except Refusal as refusal:
            kit.told(form, refusal)
        else:
            messages.success(request, _("The change was saved."))
            return redirect(
                "manage_group" if manager.has_all else "manage_groups", *([group_id] if manager.has_all else [])
            )
    return kit.page(request, manager, "group_form", form=form, group=row, title=_("Replace the representative"))


@require_http_methods(["GET", "POST"])
@requires(Permission.GROUPS_DISSOLVE, fresh=True)
def dissolve(request: HttpRequest, manager: Manager, group_id: UUID) -> HttpResponse:
    """Everybody leaves; the points go to the representative."""
    row = manager.group(group_id, Permission.GROUPS_DISSOLVE)
    form = group_forms.Dissolving(request.POST or None, name=row.name)
    if form.is_valid():
        try:
            lifecycle.dissolve_group(group_id, actor=manager.actor, now=timezone.now())
        except Refusal as refusal:
            kit.told(form, refusal)
        else:
            messages.success(request, _("The group is dissolved."))
            return redirect("manage_home")
    explained = _("Everybody leaves the group, and permissions in it end. Its points go to the representative.")
    title = _("Dissolve the group")
    return kit.page(request, manager, "group_form", form=form, group=row, title=title, explained=explained, danger=True)


def _named(manager: Manager, login_id: str) -> str:
    """The account of one's own corporation by its ID. Raises NotOurs."""
    found = accounts.by_login(login_id)
    if found is None or found.corporation_id != manager.corporation_id:
        raise groups_actions.NotOurs(_("Your corporation has no account with this ID."))
    return found.account_id
