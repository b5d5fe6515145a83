"""Forms of signing in, of passwords and of second factors. Every visible word is ours."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account import forms as account_forms
from allauth.core import context
from allauth.mfa.adapter import get_adapter as adapter_of_factors
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, generate_totp_secret
from allauth.mfa.webauthn import forms as passkey_forms
from cryptography.exceptions import InvalidSignature
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from noren.account_site import sign_in_factors, sign_in_failures, sign_in_limits
from noren.accounts import actions as accounts
from noren.accounts.passwords import LONGEST_TYPED
from noren.accounts.rules import LOGIN_ID_LENGTH, employee_login, login_key
from noren.kit import secrets
from noren.web.forms import Digits

ODD = (ArithmeticError, AttributeError, InvalidSignature, LookupError, TypeError, ValueError, struct.error)
"""What the passkey library raises at data that no device has made."""

NUL = r"\u0000"
"""How JSON writes the sign that the database takes in no text."""

BY_EMPLOYEE = "employee"


def _plain(label: Any, autocomplete: str, **more: Any) -> forms.CharField:
    attributes = {"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"}
    return forms.CharField(label=label, widget=forms.TextInput(attrs=attributes), **more)


def _password(label: Any, autocomplete: str, **more: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=LONGEST_TYPED, widget=widget, **more)


class _ById(forms.Form):
    """Who it is: one id; or an organisation's code and an employee number, when the form is asked for with `by`."""

    def __init__(self, *args: Any, by: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_employee = by == BY_EMPLOYEE
        if self.by_employee:
            who = {
                "organisation": _plain(_("Organisation code"), "organization", max_length=12),
                "employee_number": _plain(_("Employee number"), "username", max_length=64),
            }
        else:
            who = {"login": _plain(_("ID or mail address"), "username", max_length=LOGIN_ID_LENGTH)}
        self.fields = {**who, **{name: field for name, field in self.fields.items() if name != "login"}}

    def login_id(self) -> str:
        """The login id that was typed, in either way."""
        if self.by_employee:
            return employee_login(self.cleaned_data["organisation"], self.cleaned_data["employee_number"])
        return str(self.cleaned_data["login"]).strip()


class SignIn(_ById, account_forms.LoginForm):  # type: ignore[misc]
    """Login id and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        request = kwargs["request"]
        super().__init__(*args, by=(request.POST if request.method == "POST" else request.GET).get("by", ""), **kwargs)
        self.fields["password"] = _password(_("Password"), "current-password")
        self.initial.setdefault("login", request.GET.get("login", "")[:LOGIN_ID_LENGTH])  # what a partner expects

    def user_credentials(self) -> dict[str, str]:
        """What the adapter is asked."""
        return {"username": self.login_id(), "password": self.cleaned_data["password"]}

    def clean_login(self) -> str:
        """As typed."""
        return str(self.cleaned_data["login"]).strip()

    def clean(self) -> dict[str, Any]:
        """Find the account. Raises ValidationError in the same words whatever was wrong."""
        if self.errors:
            return self.cleaned_data
        self.cleaned_data.setdefault("login", self.login_id())
        super().clean()
        return self.cleaned_data


class ResetAsked(_ById):
    """Whose password is to be reset."""

    def key(self) -> str:
        """What accounts are compared by."""
        return login_key(self.login_id())


class SentCode(forms.Form):
    """A code that was sent."""

    code = Digits(label=gettext_lazy("Security code"), help_text=gettext_lazy("6 digits"))


class NewPassword(account_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _new_password_words(self)

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError when the two differ."""
        return _same_twice(self)


class ChangePassword(account_forms.ChangePasswordForm):  # type: ignore[misc]
    """The present password and a new one, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"] = _password(_("Present password"), "current-password")
        _new_password_words(self)

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError when the two differ."""
        return _same_twice(self)

    def clean_oldpassword(self) -> str:
        """Raises ValidationError when it is wrong; that counts like a wrong password at signing in."""
        old = str(self.cleaned_data["oldpassword"])
        if not _adapter().reauthenticate(self.user, old):
            raise _adapter().validation_error("incorrect_password")
        return old


class SetPassword(account_forms.SetPasswordForm):  # type: ignore[misc]
    """A first password, for an account that has none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _new_password_words(self)

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError when the two differ."""
        return _same_twice(self)


def _adapter() -> Any:
    return account_forms.get_adapter()


def _new_password_words(form: Any) -> None:
    form.fields["password1"].label = _("New password")
    form.fields["password1"].max_length = LONGEST_TYPED
    form.fields["password1"].validators.append(MaxLengthValidator(LONGEST_TYPED))
    form.fields["password1"].widget.attrs.pop("placeholder", None)
    form.fields["password2"] = _password(_("New password again"), "new-password")


def _same_twice(form: Any) -> dict[str, Any]:
    data: dict[str, Any] = form.cleaned_data
    if {"password1", "password2"} <= data.keys() and data["password1"] != data["password2"]:
        form.add_error("password2", _("The two passwords differ."))
    return data


class Reauthenticate(account_forms.ReauthenticateForm):  # type: ignore[misc]
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = _password(_("Password"), "current-password")


class _OneTimeCode(mfa_forms.BaseAuthenticateForm):  # type: ignore[misc]
    """A code of the authenticator app, or a recovery code: used up by the check itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = Digits(
            label=_("Code"),
            help_text=_("The 6 digits that your authenticator app shows, or one of your recovery codes."),
        )

    def clean_code(self) -> str:
        """Raises ValidationError (wrong or used before) and TooOften."""
        now, request = timezone.now(), context.request
        sign_in_limits.second_step(request, self.user.pk, now=now)
        code = str(self.cleaned_data["code"])
        found = sign_in_factors.use(self.user.pk, code, now=now)
        if found is None:
            sign_in_failures.wrong_code(request, self.user, now=now)
            raise ValidationError(_("The code is wrong, or was used before."), code="incorrect_code")
        accounts.code_was_right(self.user.pk)
        found.user = self.user
        self.authenticator = found
        return code


class SecondFactor(_OneTimeCode):
    """The code, after the password."""

    def save(self) -> None:
        """Note how the person signed in."""
        post_authentication(context.request, self.authenticator)


class SecondFactorAgain(_OneTimeCode):
    """The code, of somebody who is signed in."""

    def save(self) -> None:
        """Note that it was done again."""
        post_authentication(context.request, self.authenticator, reauthenticated=True)


class ActivateApp(totp_forms.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator app. Its secret waits sealed in the session."""

    code = Digits(label=gettext_lazy("Code"), help_text=gettext_lazy("The 6 digits that the app shows now."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user = kwargs.pop("user")
        forms.Form.__init__(self, *args, **kwargs)
        session = context.request.session
        sealed = session.get(SECRET_SESSION_KEY)
        if not self.is_bound or not sealed:
            sealed = session[SECRET_SESSION_KEY] = secrets.seal(generate_totp_secret())
        self.secret = secrets.unseal(sealed)

    def clean_code(self) -> str:
        """Raises ValidationError and TooOften."""
        now = timezone.now()
        sign_in_limits.second_step(context.request, self.user.pk, now=now)
        counter = sign_in_factors.step(self.secret, self.cleaned_data["code"], now=now)
        if counter is None:
            raise ValidationError(_("The code is wrong. Check the clock of the phone."), code="incorrect_code")
        self.counter = counter
        return str(self.cleaned_data["code"])


class _Named(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)
        self.fields["name"] = forms.CharField(
            label=_("Name of the passkey"),
            help_text=_("So that you recognise it later: the phone, computer or key that holds it."),
            max_length=60,
            required=False,
        )


class _Credential(forms.JSONField):
    """What a browser's passkey says; anything but an object is none."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """Raises ValidationError."""
        try:
            found = super().to_python(value)
        except RecursionError:
            found = None
        if not isinstance(found, dict) or NUL in str(value):
            raise ValidationError(str(adapter_of_factors().error_messages["incorrect_code"]), code="incorrect_code")
        return found


@contextmanager
def _whole() -> Iterator[None]:
    """What the passkey library stumbles over is a wrong passkey, not a fault of ours. Raises ValidationError."""
    try:
        yield
    except ODD as odd:
        raise adapter_of_factors().validation_error("incorrect_code") from odd


class AddPasskey(_Named, passkey_forms.AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey and its name."""

    credential = _Credential()

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError."""
        with _whole():
            return super().clean() or {}


class RenamePasskey(_Named, passkey_forms.EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    def clean_name(self) -> str:
        """Raises ValidationError when it is empty."""
        if not self.cleaned_data["name"].strip():
            raise ValidationError(_("Give it a name."), code="required")
        return str(self.cleaned_data["name"]).strip()


class _Shown(forms.Form):
    credential = _Credential()

    def clean_credential(self) -> Any:
        """Raises ValidationError and TooOften."""
        sign_in_limits.passkey(context.request, now=timezone.now())
        with _whole():
            return super().clean_credential()  # type: ignore[misc]


class PasskeySecondStep(_Shown, passkey_forms.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey after the password."""


class PasskeySignIn(_Shown, passkey_forms.LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey alone."""


class PasskeyAgain(_Shown, passkey_forms.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey, of somebody who is signed in."""
