"""Changes that matter need a second factor of the last ten minutes: the person's own, or a code that is sent."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from noren.account_site import page_forms, pages_kit, sign_in_code, sign_in_failures, sign_in_limits
from noren.accounts import actions as accounts
from noren.accounts.rules import Way
from noren.web.factors import is_fresh, own_factors

PURPOSE = "confirm"

View = Callable[..., HttpResponse]


def recent(view: View) -> View:
    """Ask who it is first, unless that was proved in the last ten minutes."""
    return cast("View", reauthentication_required(view))


def recent_to_change(view: View) -> View:
    """The same, but looking is free."""
    return cast("View", reauthentication_required(view, allow_get=True))


def second_factor(view: View) -> View:
    """Ask for a second factor first, unless one was given in the last ten minutes."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if is_fresh(request) else _ask(request)

    return asked


def own_factor(view: View) -> View:
    """The same where the factors themselves are changed; whoever has none yet shows the password, and sets one up."""

    @recent
    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_open = not own_factors(request) or is_fresh(request)
        return view(request, *args, **kwargs) if is_open else _ask(request)

    return asked


def _ask(request: HttpRequest, onward: str = "") -> HttpResponse:
    page = _second_factor_page(request)
    if page is None:
        messages.warning(request, _("This change needs a second step. Set up a passkey or an authenticator app first."))
        return redirect("mfa_index")
    return redirect(f"{reverse(page)}?{urlencode({'next': onward or request.path})}")


def _second_factor_page(request: HttpRequest) -> str | None:
    """Where the person's second factor is asked; None: they have none."""
    own = own_factors(request)
    if Authenticator.Type.TOTP in own:
        return "mfa_reauthenticate"
    if Authenticator.Type.WEBAUTHN in own:
        return "mfa_reauthenticate_webauthn"
    return None if sign_in_code.way(pages_kit.person(request)) is None else "account_confirm"


@require_GET
def step_up(request: HttpRequest) -> HttpResponse:
    """A partner wants a second factor: ask for it and go on; without one, the password again must do."""
    page = _second_factor_page(request) or "account_reauthenticate"
    return redirect(f"{reverse(page)}?{urlencode({'next': _onward(request)})}")


@require_GET
def second_step(request: HttpRequest) -> HttpResponse:
    """Another site wants a second factor of the last ten minutes: ask for it and go on."""
    return redirect(_onward(request)) if is_fresh(request) else _ask(request, _onward(request))


@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Send a code to the contact mail or mobile, take it, and go on to where the person was going."""
    to, onward = sign_in_code.way(pages_kit.person(request)), _onward(request)
    if to is None or own_factors(request):
        return redirect(f"{reverse(_second_factor_page(request) or 'mfa_index')}?{urlencode({'next': onward})}")
    if "send" in request.POST:
        _send(request, to)
        return redirect(f"{request.path}?{urlencode({'next': onward, 'sent': '1'})}")
    form = page_forms.Code(request.POST if request.method == "POST" else None)
    if form.is_valid() and _right(request, form):
        record_authentication(
            request, pages_kit.person(request), method="code", channel=to.channel, reauthenticated=True
        )
        return redirect(onward)
    sent = "sent" in request.GET or request.method == "POST"
    return pages_kit.page(request, "confirm", form=form, to=to.shown, channel=to.channel, next=onward, sent=sent)


def _send(request: HttpRequest, to: Way) -> None:
    now = timezone.now()
    sign_in_limits.message(request, pages_kit.mine(request), pages_kit.person(request).corporation_id, now=now)
    sign_in_code.deliver(request, PURPOSE, pages_kit.person(request), to, now=now)


def _right(request: HttpRequest, form: page_forms.Code) -> bool:
    now = timezone.now()
    sign_in_limits.second_step(request, pages_kit.mine(request), now=now)
    try:
        accounts.check_code(purpose=PURPOSE, subject=pages_kit.mine(request), code=form.cleaned_data["code"], now=now)
    except (accounts.CodeWrong, accounts.CodeExpired) as refusal:
        form.add_error("code", str(refusal))
        sign_in_failures.wrong_code(request, pages_kit.person(request), now=now)
        return False
    accounts.code_was_right(pages_kit.mine(request))
    return True


def _onward(request: HttpRequest) -> str:
    """Where the person was going, below this installation only."""
    return get_next_redirect_url(request) or reverse("account_home")
