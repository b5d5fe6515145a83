"""Allauth's pages where ours must differ: the first step, and setting up second factors."""

from typing import Any

from allauth.account import views as account
from allauth.account.internal.stagekit import clear_login, stash_login, unstash_login
from allauth.account.utils import get_next_redirect_url, passthrough_next_redirect_url
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as mfa
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.mfa.webauthn.internal import auth
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from noren.account_site import sign_in_begun, sign_in_factors
from noren.accounts import actions as accounts


class SignIn(account.LoginView):  # type: ignore[misc]
    """ID and password. Who was half-way in goes on there, to where they want to go now."""

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: Any) -> HttpResponse | None:
        if request.method == "POST":
            clear_login(request)
            return None
        wanted = get_next_redirect_url(request)
        if wanted:
            stage.login.redirect_url = wanted
            stash_login(request, stage.login)
        response: HttpResponse = super()._redirect_to_pending_stage(request, stage)
        return response


@login_not_required
@require_POST
def cancel(request: HttpRequest) -> HttpResponse:
    """Give up half-way, and begin again."""
    login = unstash_login(request, peek=True)
    clear_login(request)
    wanted = {"next": login.redirect_url} if login and login.redirect_url else {}
    return redirect(f"{reverse('account_login')}?{urlencode(wanted)}")


class SecondStep(mfa.AuthenticateView):  # type: ignore[misc]
    """The person's own second factor."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Try it, if the first step still counts."""
        if not sign_in_begun.counts(self.stage.login):
            return self.stage.abort()  # type: ignore[no-any-return]
        return super().post(request, *args, **kwargs)  # type: ignore[no-any-return]


class ActivateApp(totp.ActivateTOTPView):  # type: ignore[misc]
    """An authenticator app; the code that set it up is used."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the app, and the time step of its first code."""
        response: HttpResponse = super().form_valid(form)
        sign_in_factors.used(self.request.user.pk, form.counter)
        _shown(self.request)
        return response


class AddPasskey(passkeys.AddWebAuthnView):  # type: ignore[misc]
    """A passkey that can also sign in alone: it stays on the device, and the device checks its owner."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what the browser needs to make one."""
        page: dict[str, Any] = super().get_context_data(**kwargs)
        page["js_data"] = {"creation_options": auth.begin_registration(self.request.user, passwordless=True)}
        return page

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it."""
        response: HttpResponse = super().form_valid(form)
        _shown(self.request)
        return response


def _shown(request: HttpRequest) -> None:
    """Who has just set a factor up has shown it by that."""
    newest = Authenticator.objects.filter(user_id=request.user.pk).exclude(type=Authenticator.Type.RECOVERY_CODES)
    post_authentication(request, newest.latest("pk"), reauthenticated=True)


class RemovePasskey(passkeys.RemoveWebAuthnView):  # type: ignore[misc]
    """Any but the last way to sign in."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it, or say why not."""
        if not get_adapter().can_delete_authenticator(self.get_object()):
            messages.error(self.request, str(get_adapter().error_messages["cannot_delete_authenticator"]))
            return redirect("mfa_list_webauthn")
        response: HttpResponse = super().form_valid(form)
        return response


class PasskeySignIn(passkeys.LoginWebAuthnView):  # type: ignore[misc]
    """Signing in with a passkey alone."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Go in; what wrong passwords have locked is open again."""
        account = form.cleaned_data["credential"].user
        if not account.is_active:
            accounts.unlock_by_passkey(account.pk, actor=accounts.herself(account.pk), now=timezone.now())
            account.refresh_from_db()
        return super().form_valid(form)  # type: ignore[no-any-return]

    def form_invalid(self, form: Any) -> HttpResponse:
        """Back to the sign-in page, on the way to where the person was going."""
        super().form_invalid(form)
        return redirect(_login(self.request))


class PasskeyAgain(passkeys.ReauthenticateWebAuthnView):  # type: ignore[misc]
    """Showing with a passkey that it is still the same person."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Here again."""
        super().form_invalid(form)
        return redirect(self.passthrough_next_url(self.request.path))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the other ways."""
        page: dict[str, Any] = super().get_context_data(**kwargs)
        page.setdefault("form", self.get_form())
        return page


def _login(request: HttpRequest) -> str:
    return str(passthrough_next_redirect_url(request, reverse("account_login"), "next"))
