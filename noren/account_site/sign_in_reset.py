"""A forgotten password: a code to the contact mail, then a new password. The pages look alike whatever was typed."""

from contextlib import suppress
from typing import Any

from allauth.account.utils import get_next_redirect_url, passthrough_next_redirect_url
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from noren.account_site import adapter, forms, sign_in_code, sign_in_letters, sign_in_limits
from noren.accounts import actions as accounts
from noren.accounts.rules import RESET_UNLOCKS, SignInResult, State
from noren.kit.errors import Refusal
from noren.kit.secrets import peppered

PURPOSE = "password_reset"
ASKED = "reset_asked"
"""Key in the session: the hash of what was typed, by which tries are counted, and the account, if there is one."""

PROVED = "reset_proved"
"""Key in the session: the account whose code was right, with the epoch that it had then, and when."""

PROVED_SECONDS = 600
"""How long a new password may be chosen on the strength of a code."""

TRIES = 5
BOTH = ["GET", "POST"]


@login_not_required
@require_http_methods(BOTH)
def ask(request: HttpRequest) -> HttpResponse:
    """Who has forgotten the password."""
    by = (request.POST if request.method == "POST" else request.GET).get("by", "")
    form = forms.ResetAsked(request.POST or None, by=by)
    if form.is_valid():
        now, key = timezone.now(), form.key()
        sign_in_limits.reset(request, key, now=now)
        account = _meant(key)
        if account is not None:
            _tell(account)
        account_id = "" if account is None else account.account_id
        request.session.pop(PROVED, None)
        request.session[ASKED] = {"subject": peppered(key, purpose=PURPOSE), "account": account_id, "tries": 0}
        return redirect(_on(request, "account_confirm_password_reset_code"))
    return render(request, "account/password_reset.html", {"form": form, "next": _next(request)})


def _meant(key: str) -> Any:
    """The account of that login id; else the one account with that contact mail."""
    everybody = get_user_model().objects
    found = everybody.filter(login_key=key).first()
    if found is not None:
        return found
    if "@" not in key:
        return None
    same = list(everybody.filter(contact_mail=key).exclude(state=State.ABOLISHED).order_by("issued_at")[:20])
    if len(same) > 1:
        ids = [account.login_id for account in same]
        sign_in_letters.ambiguous(key, ids, language=same[0].language, now=timezone.now())
    return same[0] if len(same) == 1 else None


def _tell(account: Any) -> None:
    """A code, if a reset can open the account; else a letter that says why not."""
    now, to = timezone.now(), sign_in_code.way(account)
    if not _can_reset(account):
        sign_in_letters.closed(account, now=now)
    elif to is not None:
        with translation.override(account.language), suppress(accounts.CodeTooSoon):
            accounts.send_code(
                purpose=PURPOSE, subject=account.account_id, channel=to.channel, destination=to.destination, now=now
            )


def _can_reset(account: Any) -> bool:
    locked = account.state == State.LOCKED and account.lock_reason in RESET_UNLOCKS
    return bool(account.state == State.ACTIVE or locked)


@login_not_required
@require_http_methods(BOTH)
def confirm(request: HttpRequest) -> HttpResponse:
    """Type the code that was sent, if there is an account."""
    asked = request.session.get(ASKED)
    if asked is None:
        return redirect(_on(request, "account_reset_password"))
    form = forms.SentCode(request.POST or None)
    if form.is_valid():
        account = _proved(request, asked, form.cleaned_data["code"])
        if account is not None:
            del request.session[ASKED]
            at = timezone.now().timestamp()
            request.session[PROVED] = {"account": account.account_id, "epoch": account.epoch, "at": at}
            return redirect(_on(request, "account_complete_password_reset"))
        request.session[ASKED] = {**asked, "tries": asked["tries"] + 1}
        if asked["tries"] + 1 >= TRIES:
            del request.session[ASKED]
            messages.error(request, _("The code was wrong too often. Ask for a new one."))
            return redirect(_on(request, "account_reset_password"))
        form.add_error("code", _("The code is wrong or can no longer be used."))
    return render(request, "account/confirm_password_reset_code.html", {"form": form, "next": _next(request)})


def _proved(request: HttpRequest, asked: dict[str, Any], code: str) -> Any:
    """The account whose code that is; None: wrong, too late, or there is no account. A stranger's tries lock nobody."""
    now = timezone.now()
    sign_in_limits.reset_code(request, asked["subject"], now=now)
    account = get_user_model().objects.filter(account_id=asked["account"]).first()
    try:
        accounts.check_code(purpose=PURPOSE, subject=asked["account"], code=code, now=now)
    except Refusal:
        if account is not None:
            result, where = SignInResult.WRONG_CODE, sign_in_limits.where(request)
            accounts.sign_in_failed(account.account_id, result=result, counts=False, now=now, **where)
        return None
    return account


@login_not_required
@sensitive_post_parameters("password1", "password2")
@require_http_methods(BOTH)
def complete(request: HttpRequest) -> HttpResponse:
    """Choose the new password. The next step is signing in with it, second step included."""
    account = _who_proved(request)
    if account is None or not _can_reset(account):
        request.session.pop(PROVED, None)
        return redirect(_on(request, "account_reset_password"))
    form = forms.NewPassword(request.POST or None, user=account)
    if form.is_valid():
        del request.session[PROVED]
        adapter.store_password(account, form.cleaned_data["password1"])
        sign_in_letters.notice("password_reset", account, now=timezone.now(), **sign_in_limits.where(request))
        messages.success(request, _("The password was reset. Sign in with the new one."))
        return redirect(_on(request, "account_login"))
    return render(request, "account/password_reset_from_key.html", {"form": form, "next": _next(request)})


def _who_proved(request: HttpRequest) -> Any:
    """The account whose code was right a moment ago, if nothing has ended its sign-ins since."""
    proved = request.session.get(PROVED)
    if proved is None or proved["at"] < timezone.now().timestamp() - PROVED_SECONDS:
        return None
    return get_user_model().objects.filter(account_id=proved["account"], epoch=proved["epoch"]).first()


def _next(request: HttpRequest) -> str:
    return get_next_redirect_url(request) or ""


def _on(request: HttpRequest, name: str) -> str:
    """The address of the next page, with where the person was going."""
    return str(passthrough_next_redirect_url(request, reverse(name), "next"))
