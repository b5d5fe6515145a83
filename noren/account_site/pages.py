"""The overview, the person's data, the second step and the browsers that skip it."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from noren.account_site import page_forms, pages_kit, pages_rules, pages_services, sign_in_trust
from noren.account_site.pages_again import recent, recent_to_change, second_factor
from noren.accounts import actions as accounts
from noren.accounts import queries
from noren.accounts.rules import TwoStep


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Everything at a glance, each with the way to change it."""
    account, now = queries.account(pages_kit.mine(request)), timezone.now()
    return pages_kit.page(
        request,
        "home",
        account=account,
        **_factors(account.account_id),
        has_password=pages_kit.person(request).has_usable_password(),
        password_days=(now - account.password_changed_at).days if account.password_changed_at else None,
        weak=account.two_step is TwoStep.WEAK,
        trusted=sign_in_trust.trusted(request, pages_kit.person(request), now=now),
        sessions=queries.sessions(account.account_id, now),
        lines=queries.lines(account.account_id),
        services=pages_services.linked(account.account_id),
        rules=pages_rules.of(account.account_id, now),
    )


def _factors(account_id: str) -> dict[str, Any]:
    found: dict[str, Any] = {"passkeys": 0, "has_app": False, "codes_left": None}
    for authenticator in Authenticator.objects.filter(user_id=account_id):
        if authenticator.type == Authenticator.Type.WEBAUTHN:
            found["passkeys"] += 1
        elif authenticator.type == Authenticator.Type.TOTP:
            found["has_app"] = True
        else:
            found["codes_left"] = len(authenticator.wrap().get_unused_codes())
    return found


@recent_to_change
@require_http_methods(["GET", "POST"])
def user_data(request: HttpRequest) -> HttpResponse:
    """Name, kana, department, title, employee number, language."""
    account = queries.account(pages_kit.mine(request))
    initial = {name: getattr(account, name) for name in page_forms.UserData.base_fields}
    form = page_forms.UserData(request.POST if request.method == "POST" else None, initial=initial)
    if not form.is_valid():
        return pages_kit.page(request, "user_data", form=form, account=account)
    actor = pages_kit.me(request)
    accounts.set_user_data(account.account_id, **form.cleaned_data, actor=actor, now=timezone.now())
    messages.success(request, _("Your data was changed."))
    return redirect("account_home")


@recent
@second_factor
@require_http_methods(["GET", "POST"])
def two_step(request: HttpRequest) -> HttpResponse:
    """When the second step is asked."""
    account = queries.account(pages_kit.mine(request))
    form = page_forms.TwoStepSetting(
        request.POST if request.method == "POST" else None, initial={"two_step": account.two_step.value}
    )
    if not form.is_valid():
        return pages_kit.page(request, "two_step", form=form)
    chosen = TwoStep(form.cleaned_data["two_step"])
    if chosen is not account.two_step:
        accounts.set_two_step(account.account_id, chosen, actor=pages_kit.me(request), now=timezone.now())
        pages_kit.tell(request, "two_step_changed", pages_kit.person(request))
    messages.success(request, _("The two-step setting was saved."))
    return redirect("account_home")


@recent_to_change
@require_http_methods(["GET", "POST"])
def browsers(request: HttpRequest) -> HttpResponse:
    """Forget this browser, or every one."""
    now = timezone.now()
    if request.method != "POST":
        offered = sign_in_trust.offered(pages_kit.person(request))
        trusted = sign_in_trust.trusted(request, pages_kit.person(request), now=now)
        return pages_kit.page(request, "browsers", offered=offered, trusted=trusted)
    response = redirect("account_browsers")
    if "all" in request.POST:
        accounts.forget_browsers(pages_kit.mine(request), actor=pages_kit.me(request), now=now)
        messages.success(request, _("No browser is trusted any more."))
    else:
        sign_in_trust.forget(request, pages_kit.person(request), response, now=now)
        messages.success(request, _("This browser is not trusted any more."))
    return response
