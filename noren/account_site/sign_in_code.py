"""The second step by a code that was sent: by mail, or by short message where the account has only a mobile."""

from datetime import datetime
from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.stages import LoginByCodeStage
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from noren.account_site import forms, sign_in_begun, sign_in_failures, sign_in_limits
from noren.accounts import actions as accounts
from noren.accounts import rules
from noren.accounts.rules import Way
from noren.kit.errors import Refusal

PURPOSE = "sign_in"


def way(account: Any) -> Way | None:
    """How the account is reached; None: not at all."""
    return rules.way(
        mail=account.contact_mail, mobile=account.contact_mobile, mobile_verified_at=account.mobile_verified_at
    )


def send(request: HttpRequest, account: Any, *, now: datetime) -> None:
    """Send a code; one that was sent less than a minute ago is still good."""
    to = way(account)
    if to is None:
        return
    sign_in_limits.message(request, account.account_id, str(account.corporation_id), now=now)
    deliver(request, PURPOSE, account, to, now=now)


def deliver(request: HttpRequest, purpose: str, account: Any, to: Way, *, now: datetime) -> None:
    """Send a code in the account's language. Within a minute of the last one: say so instead."""
    try:
        with translation.override(account.language):
            accounts.send_code(
                purpose=purpose, subject=account.account_id, channel=to.channel, destination=to.destination, now=now
            )
    except accounts.CodeTooSoon:
        messages.warning(request, _("A code was sent a moment ago. You can ask for another one after a minute."))


@login_stage_required(  # type: ignore[untyped-decorator]
    stage=LoginByCodeStage.key, redirect_urlname="account_login"
)
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Type the code; or have another one sent; or give up."""
    stage = request._login_stage  # type: ignore[attr-defined]  # noqa: SLF001  (where allauth keeps it)
    account = stage.login.user
    to = way(account)
    action = request.POST.get("action", "verify")
    if to is None or not account.is_active or not sign_in_begun.counts(stage.login):
        return stage.abort()  # type: ignore[no-any-return]
    if action == "resend":
        send(request, account, now=timezone.now())
        return redirect("account_confirm_login_code")
    form = forms.SentCode(request.POST or None)
    if form.is_valid() and _right(request, account, form):
        record_authentication(request, account, method="code", channel=to.channel)
        return stage.exit()  # type: ignore[no-any-return]
    return render(request, "account/confirm_login_code.html", {"form": form, "to": to.shown, "channel": to.channel})


def _right(request: HttpRequest, account: Any, form: forms.SentCode) -> bool:
    now = timezone.now()
    sign_in_limits.second_step(request, account.account_id, now=now)
    try:
        accounts.check_code(purpose=PURPOSE, subject=account.account_id, code=form.cleaned_data["code"], now=now)
    except Refusal as refusal:
        form.add_error("code", str(refusal))
        sign_in_failures.wrong_code(request, account, now=now)
        return False
    accounts.code_was_right(account.account_id)
    return True
