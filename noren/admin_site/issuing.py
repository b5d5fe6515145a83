"""Issue one account, with or without a line."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from noren.admin_site import kit, person_forms
from noren.admin_site.access import Manager, requires
from noren.admin_site.persons import line_of
from noren.groups.rules import Permission
from noren.kit.errors import Refusal
from noren.lifecycle import actions as lifecycle

OF_ACCOUNT = ("login_id", "name", "name_kana", "department", "title", "employee_number")


@require_http_methods(["GET", "POST"])
@requires(Permission.ACCOUNTS_ISSUE, fresh=True)
def issue(request: HttpRequest, manager: Manager) -> HttpResponse:
    """One page: who, what they sign in with, where they belong; invited at once by mail."""
    form = person_forms.New(request.POST or None, manager=manager, initial={"language": get_language()})
    if form.is_valid():
        try:
            account_id = _issue(manager, form)
        except Refusal as refusal:
            kit.told(form, refusal)
        else:
            messages.success(request, _("The account was issued."))
            return redirect("manage_account", account_id)
    return kit.page(request, manager, "issue", form=form)


@transaction.atomic
def _issue(manager: Manager, form: person_forms.New) -> str:
    given, now = form.cleaned_data, timezone.now()
    who: dict[str, Any] = {"actor": manager.actor, "now": now}
    account_id = lifecycle.issue(
        corporation_id=manager.corporation_id,
        **{name: given[name] for name in (*OF_ACCOUNT, "contact_mail", "contact_mobile", "language")},
        lines=[line_of(manager, manager.corporation_id, given["line"])] if given["line"] else [],
        **who,
    )
    if given["place"]:
        group_id, unit_id = form.chosen
        lifecycle.join_group(group_id, account_ids=[account_id], unit_id=unit_id, **who)
    if given["invite"]:
        lifecycle.invite(account_id, by="mail", **who)
    return account_id
