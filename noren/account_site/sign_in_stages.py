"""The steps between a right password and being signed in."""

from typing import Any

from allauth.account import stages
from allauth.mfa import stages as mfa_stages
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.internal.flows import did_use_passwordless_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from noren.account_site import sign_in_begun, sign_in_code, sign_in_policy, sign_in_trust
from noren.web.factors import FACTORS

ENROL = "must_enrol"
"""Key in the session: signed in by a password alone, so that a second factor must be set up before anything else."""

TRUSTED = "trusted_browser"
"""Key in the session: the second step was skipped in a trusted browser."""

Step = tuple[HttpResponse | None, bool]


class PolicyStage(stages.LoginStage):  # type: ignore[misc]
    """Whether the account may be used from here; asked before a code is sent, and told to nobody else."""

    key = "noren_policy"

    def handle(self) -> Step:
        """Let through, or say why not."""
        refusal = sign_in_policy.at_the_door(self.request, self.login.user)
        return refusal, refusal is None


class CodeStage(stages.LoginByCodeStage):  # type: ignore[misc]
    """A code by mail or short message, for accounts without a factor of their own."""

    def handle(self) -> Step:
        """Send the code; or let through what needs none."""
        account = self.login.user
        sign_in_begun.note(self.login)
        self.request.session.pop(ENROL, None)
        self.request.session.pop(TRUSTED, None)
        if is_mfa_enabled(account, FACTORS) or _skips(self.request, account):
            return None, True
        way = sign_in_code.way(account)
        if way is None:
            self.request.session[ENROL] = True
            return None, True
        sign_in_code.send(self.request, account, now=timezone.now())
        self.state["asked"] = True
        return redirect(self.urlname), True


class FactorStage(mfa_stages.AuthenticateStage):  # type: ignore[misc]
    """The person's own second factor."""

    def _should_handle(self, request: HttpRequest) -> bool:
        account = self.login.user
        return is_mfa_enabled(account, FACTORS) and not _skips(request, account)


class TrustStage(mfa_stages.TrustStage):  # type: ignore[misc]
    """Whether to trust this browser; asked only where trust changes something."""

    def handle(self) -> Step:
        """Ask after a second step that was really done."""
        asked = any(
            stage is not None and stage.state.get(name)
            for stage, name in (
                (self.controller.get_stage(CodeStage.key), "asked"),
                (self.controller.get_stage(FactorStage.key), "authentication_required"),
            )
        )
        if not asked or not sign_in_trust.offered(self.login.user):
            return None, True
        return redirect(self.urlname), True


class LastStage(stages.LoginStage):  # type: ignore[misc]
    """Whether the sign-in still counts, however long the steps before have taken."""

    key = "noren_last"

    def handle(self) -> Step:
        """Let through, or begin again."""
        if sign_in_begun.counts(self.login):
            return None, True
        messages.error(self.request, _("That did not work. Please try again."))
        return redirect("account_login"), False


def _skips(request: HttpRequest, account: Any) -> bool:
    """A passkey is two factors by itself; a trusted browser is one."""
    if did_use_passwordless_login(request, account):
        return True
    trusted = sign_in_trust.trusted(request, account, now=timezone.now())
    if trusted:
        request.session[TRUSTED] = True
    return trusted
