"""How allauth speaks with our accounts."""

import io
from typing import Any, ClassVar
from urllib.parse import urlsplit
from uuid import uuid4

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from noren.account_site import sign_in_browsers, sign_in_failures, sign_in_letters, sign_in_limits, sign_in_policy
from noren.accounts import actions as accounts
from noren.accounts.rules import SignInResult, login_key
from noren.accounts.sessions import SID, STARTED
from noren.kit import secrets
from noren.lifecycle import actions as lifecycle
from noren.sso import actions as sso
from noren.web.context import PROGRAMME

WRONG = gettext_lazy("The ID or the password is wrong.")
WRONG_CODE = gettext_lazy("That did not work. Please try again.")
TOO_OFTEN = gettext_lazy("That was tried too often. Please wait a while and try again.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are issued, never signed up for; whatever is wrong at signing in is said in the same words."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG,
        "invalid_login": WRONG,
        "account_inactive": WRONG,
        "incorrect_password": gettext_lazy("The password is wrong."),
        "enter_current_password": gettext_lazy("The password is wrong."),
        "incorrect_code": WRONG_CODE,
        "too_many_login_attempts": TOO_OFTEN,
        "rate_limited": TOO_OFTEN,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed: the join site issues accounts."""
        del request
        return False

    def get_login_stages(self) -> list[str]:
        """Our own steps."""
        module = "noren.account_site.sign_in_stages"
        return [f"{module}.{name}" for name in ("PolicyStage", "CodeStage", "FactorStage", "TrustStage", "LastStage")]

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """The active account of that login id and password, or None. Raises TooOften and Overloaded."""
        now = timezone.now()
        key, password = login_key(credentials["username"]), credentials["password"]
        sign_in_limits.password(request, key, now=now)
        account = get_user_model().objects.filter(login_key=key).first()
        if account is None:
            get_user_model()().set_password(password)
            return None
        if not account.check_password(password):
            sign_in_failures.wrong_password(request, account, now=now)
            return None
        if not account.is_active:
            accounts.sign_in_failed(
                account.account_id, result=SignInResult.LOCKED, now=now, **sign_in_limits.where(request)
            )
            sign_in_letters.closed(account, now=now)
            return None
        return account

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Whether that is the password of who is signed in."""
        return bool(self.authenticate(context.request, username=user.login_id, password=password) == user)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not when the person has just signed in: any step of the last ten minutes counts."""
        del app, kwargs
        request = context.request
        since = timezone.now().timestamp() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        return not any(record["at"] > since for record in get_authentication_records(request, request.user))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways of showing that it is still the same person, in our words."""
        words = {
            "reauthenticate": _("Use the password"),
            "mfa_reauthenticate": _("Use the authenticator app or a recovery code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        return [{**way, "description": words[way["id"]]} for way in super().get_reauthentication_methods(user)]

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """The same answer as to a wrong password; the person is told by mail."""
        sign_in_letters.closed(user, now=timezone.now())
        clear_login(request)
        messages.error(request, str(WRONG))
        return redirect("account_login")

    def login(self, request: HttpRequest, user: Any) -> None:
        """Begin the session: until the browser closes, or 12 hours without use; listed from now on."""
        if not user.is_active:
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))
        super().login(request, user)
        now = timezone.now().isoformat()
        request.session.set_expiry(0)
        request.session[SID] = str(uuid4())
        request.session[STARTED] = {
            "at": now,
            "seen": now,
            "address": sign_in_limits.address(request),
            "agent": sign_in_limits.agent(request),
        }

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Enter it in the history; tell the person about a browser that is new to the account."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        now, where = timezone.now(), sign_in_limits.where(request)
        accounts.signed_in(user.account_id, methods=sign_in_browsers.methods(request), now=now, **where)
        if sign_in_browsers.is_new(request, user):
            sign_in_letters.notice("new_browser", user, now=now, **where)
        sign_in_browsers.remember(request, user, response)
        sign_in_policy.end_surplus(request, user)
        return response

    def logout(self, request: HttpRequest) -> None:
        """End the session; what partner services hold on its strength ends with it, and they are told."""
        sid = request.session.get(SID)
        if request.user.is_authenticated and sid:
            sso.end(account_id=str(request.user.pk), sid=sid, now=timezone.now())
        super().logout(request)

    def set_password(self, user: Any, password: str) -> None:
        """Set it and end every other session."""
        store_password(user, password)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: Any = None, email: str | None = None
    ) -> None:
        """Tell the person what changed, with a link that locks the account."""
        del context, email
        event = template_prefix.rpartition("/")[2]
        sign_in_letters.notice(event, user, now=timezone.now(), **sign_in_limits.where(_request()))

    def send_mail(self, template_prefix: str, email: str, context: Any) -> None:
        """Never: our own letters go through the outbox."""
        del email, context
        raise RuntimeError(f"{template_prefix}: letters go through the outbox")

    def is_safe_url(self, url: str | None) -> bool:
        """A path of this installation, and nothing else."""
        return bool(url) and str(url).startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """To the account pages."""
        del request
        return "/account/"


def store_password(account: Any, password: str) -> None:
    """Set it, and do all that goes with a new password. Raises Overloaded, WrongState."""
    actor = accounts.herself(account.account_id)
    lifecycle.password_changed(account.account_id, password=password, actor=actor, now=timezone.now())
    account.refresh_from_db()


def _request() -> HttpRequest:
    return context.request  # type: ignore[no-any-return]


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets are sealed; names are ours."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "cannot_delete_authenticator": gettext_lazy("This is the only way to sign in. Add another one first."),
        "cannot_generate_recovery_codes": gettext_lazy(
            "Recovery codes go with an authenticator app or a passkey. Add one first."
        ),
    }

    def encrypt(self, text: str) -> str:
        """Seal a TOTP secret or the seed of recovery codes."""
        return secrets.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Unseal it."""
        return secrets.unseal(encrypted_text)

    def get_totp_label(self, user: Any) -> str:
        """What the app shows."""
        return str(user.login_id)

    def get_totp_issuer(self) -> str:
        """Whose code it is."""
        return PROGRAMME

    def build_totp_svg(self, url: str) -> str:
        """The QR code, as a picture of its own: one within a page would need no namespace."""
        drawn = io.BytesIO()
        segno.make(url, micro=False).save(drawn, kind="svg", scale=5, border=4, light="#fff", dark="#000")
        return drawn.getvalue().decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last passkey of an account without a password."""
        if authenticator.user.has_usable_password():
            return True
        others = Authenticator.objects.filter(user=authenticator.user, type=Authenticator.Type.WEBAUTHN)
        return bool(others.exclude(pk=authenticator.pk).exists())

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:  # noqa: A002  (allauth's name)
        """A name for a passkey until the person gives a better one."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return _("Passkey %(number)d") % {"number": count + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys are bound to the installation's host."""
        return {"id": urlsplit(settings.NOREN_URL).hostname or "localhost", "name": PROGRAMME}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """The account's opaque id; what the device shows is the login id and the name."""
        return {"id": str(user.pk).encode(), "display_name": user.name or user.login_id, "name": user.login_id}
