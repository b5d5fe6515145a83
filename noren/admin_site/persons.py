"""One account: everything at a glance, and what is changed about it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from noren.accounts import actions as accounts
from noren.accounts import labels, queries
from noren.accounts.queries import AccountRow
from noren.accounts.rules import months_before
from noren.admin_site import acting, kit, person_forms
from noren.admin_site.access import Manager, requires
from noren.groups import queries as groups
from noren.groups.labels import ROLES
from noren.groups.queries import directory
from noren.groups.queries.directory import Search
from noren.groups.rules import Permission
from noren.kit.errors import Refusal
from noren.lifecycle import actions as lifecycle
from noren.members import queries as members
from noren.sso import actions as sso
from noren.sso import queries as linked_to
from noren.web import agents

SIGN_INS = 10
KEPT_MONTHS = 13


@require_GET
@requires(Permission.ACCOUNTS_VIEW)
def account(request: HttpRequest, manager: Manager, account_id: str) -> HttpResponse:
    """Who it is, how they sign in, where, and what can be done."""
    row, now = manager.account(account_id), timezone.now()
    [person] = directory.people(manager.scope(Permission.ACCOUNTS_VIEW), Search(ids=(account_id,))).rows
    history = queries.history(account_id, since=months_before(now, KEPT_MONTHS), behind="", size=SIGN_INS)
    return kit.page(
        request,
        manager,
        "account",
        account=row,
        person=person,
        state=labels.STATES[row.state],
        kind=labels.KINDS[row.kind],
        lock_reason=labels.LOCK_REASONS[row.lock_reason] if row.lock_reason else "",
        two_step=labels.TWO_STEPS[row.two_step],
        roles=[
            ROLES[role] for role in sorted(groups.roles_of([account_id]).get(account_id, ()), key=list(ROLES).index)
        ],
        lines=queries.lines(account_id),
        services=linked_to.linked_services(account_id),
        sessions=len(queries.sessions(account_id, now)),
        sign_ins=[_sign_in(one) for one in history.rows],
        acts=[act for act in acting.offered(manager) if row.state in act.states],
    )


def _sign_in(row: queries.SignInRow) -> dict[str, Any]:
    methods = [labels.method(name) for name in row.methods]
    return {
        "at": row.at,
        "result": labels.result(row.result, row.service),
        "methods": methods,
        "address": row.address,
        "browser": agents.short(row.agent),
    }


@require_http_methods(["GET", "POST"])
@requires(Permission.ACCOUNTS_CHANGE, fresh=True)
def data(request: HttpRequest, manager: Manager, account_id: str) -> HttpResponse:
    """Name, kana, department, title, employee number, language."""
    row = manager.touchable(account_id, Permission.ACCOUNTS_CHANGE)
    form = person_forms.Data(request.POST or None, initial=_of(row, person_forms.Data))
    return _change(
        request,
        manager,
        row,
        form,
        title=_("Change the user data"),
        act=lambda given: accounts.set_user_data(account_id, **given, actor=manager.actor, now=timezone.now()),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.ACCOUNTS_CHANGE, fresh=True)
def login_id(request: HttpRequest, manager: Manager, account_id: str) -> HttpResponse:
    """Another ID: everybody signs in anew."""
    row = manager.touchable(account_id, Permission.ACCOUNTS_CHANGE)
    form = person_forms.LoginId(request.POST or None)
    return _change(
        request,
        manager,
        row,
        form,
        title=_("Change the ID"),
        act=lambda given: lifecycle.rename(account_id, **given, actor=manager.actor, now=timezone.now()),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.ACCOUNTS_CHANGE, fresh=True)
def contact(request: HttpRequest, manager: Manager, account_id: str) -> HttpResponse:
    """Contact mail and mobile."""
    row = manager.touchable(account_id, Permission.ACCOUNTS_CHANGE)
    initial = {"mail": row.contact_mail, "mobile": row.contact_mobile}
    form = person_forms.Contact(request.POST or None, initial=initial)
    return _change(
        request,
        manager,
        row,
        form,
        title=_("Change contact data"),
        act=lambda given: lifecycle.change_contact(account_id, **given, actor=manager.actor, now=timezone.now()),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.ACCOUNTS_CHANGE, fresh=True)
def link_line(request: HttpRequest, manager: Manager, account_id: str) -> HttpResponse:
    """Link a line of the account's corporation."""
    row = manager.touchable(account_id, Permission.ACCOUNTS_CHANGE)
    form = person_forms.LineNumber(request.POST or None)
    return _change(
        request,
        manager,
        row,
        form,
        title=_("Link a phone line"),
        act=lambda given: lifecycle.link_line(
            account_id,
            line_of(manager, row.corporation_id, given["number"]),
            pin=None,
            actor=manager.actor,
            now=timezone.now(),
        ),
    )


def line_of(manager: Manager, corporation_id: str, number: str) -> str:
    """The id of the corporation's line of that number, if no group of others has it. Raises LineNotLinked."""
    found = members.lines_of_number(corporation_id, number)
    group_ids = groups.groups_of(one.uid for one in found).values()
    scope = manager.scope(Permission.GROUPS_MANAGE)
    ours = all(scope.covers(corporation_id=corporation_id, group_id=str(group_id)) for group_id in group_ids)
    if len(found) != 1 or not ours:
        raise accounts.LineNotLinked(_("The corporation has no open line of this number."))
    return found[0].line_id


@require_POST
@requires(Permission.ACCOUNTS_CHANGE, fresh=True)
def unlink_line(request: HttpRequest, manager: Manager, account_id: str, line_id: str) -> HttpResponse:
    """The line is the account's no more."""
    manager.touchable(account_id, Permission.ACCOUNTS_CHANGE)
    lifecycle.unlink_line(account_id, line_id, actor=manager.actor, now=timezone.now())
    messages.success(request, _("The line is linked no more."))
    return redirect("manage_account", account_id)


@require_POST
@requires(Permission.SERVICES_MANAGE, fresh=True)
def release(request: HttpRequest, manager: Manager, account_id: str, client_id: str) -> HttpResponse:
    """A service is linked no more; its tokens end at once."""
    manager.touchable(account_id, Permission.SERVICES_MANAGE)
    if not sso.release(account_id, client_id, actor=manager.actor, now=timezone.now()):
        raise Http404
    messages.success(request, _("The service is released."))
    return redirect("manage_account", account_id)


def _of(row: AccountRow, form: type[forms.Form]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in form.base_fields}


def _change(
    request: HttpRequest,
    manager: Manager,
    row: AccountRow,
    form: forms.Form,
    *,
    title: str,
    act: Callable[[dict[str, Any]], object],
) -> HttpResponse:
    """Ask, do it, go back to the account; a refusal is told in the form."""
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except Refusal as refusal:
            kit.told(form, refusal)
        else:
            messages.success(request, _("The change was saved."))
            return redirect("manage_account", row.account_id)
    return kit.page(request, manager, "change", account=row, form=form, title=title)
