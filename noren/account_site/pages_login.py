"""Changing the login id: everybody signs in anew with it."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from noren.account_site import page_forms, pages_kit
from noren.account_site.pages_again import recent, second_factor
from noren.accounts import actions as accounts
from noren.accounts import limits
from noren.accounts.rules import login_key
from noren.kit.errors import Refusal
from noren.lifecycle import actions as lifecycle

TRIES_AN_HOUR = 10
"""IDs that may be tried: the answer tells whether somebody has one."""


@recent
@second_factor
@require_http_methods(["GET", "POST"])
def login_id(request: HttpRequest) -> HttpResponse:
    """Choose another one. All sign-ins end with it, this one too."""
    form = page_forms.LoginId(request.POST if request.method == "POST" else None)
    if not form.is_valid() or not _changed(request, form):
        return pages_kit.page(request, "login_id", form=form, account=pages_kit.person(request))
    account = pages_kit.person(request)
    account.refresh_from_db()
    pages_kit.tell(request, "login_id_changed", account)
    logout(request)
    return pages_kit.page(request, "login_id_done", account=account)


def _changed(request: HttpRequest, form: page_forms.LoginId) -> bool:
    account_id, wished, now = pages_kit.mine(request), form.cleaned_data["login_id"], timezone.now()
    limits.count([limits.Limit("login_id", account_id, TRIES_AN_HOUR, 3600)], now=now)
    if "@" in wished and login_key(wished) != login_key(pages_kit.person(request).contact_mail):
        form.add_error("login_id", _("A mail address must be your verified contact mail. Change that one first."))
        return False
    try:
        lifecycle.change_login_id(account_id, wished, actor=pages_kit.me(request), now=now)
    except accounts.LoginTaken:
        form.add_error("login_id", _("This ID is not available. Choose another one."))
        return False
    except Refusal as refusal:
        form.add_error("login_id", str(refusal))
        return False
    return True
