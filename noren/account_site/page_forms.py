"""Forms of what a person changes about their own account."""

import re
import unicodedata
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from noren.accounts.rules import LOGIN_ID_LENGTH, TwoStep
from noren.web.forms import Digits, Kana

LONGEST_NAME = 200


class Code(forms.Form):
    """A code that was sent."""

    code = Digits(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("6 digits"),
        error_messages={"required": gettext_lazy("Enter the code.")},
    )


class LoginId(forms.Form):
    """Another login id."""

    login_id = forms.CharField(
        label=gettext_lazy("New ID"),
        help_text=gettext_lazy("Your contact mail, or half-width letters, digits and signs other than @ and /."),
        max_length=LOGIN_ID_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Enter the new ID.")},
    )


class UserData(forms.Form):
    """What the corporation and partner services know of the person."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Enter your name.")},
    )
    name_kana = Kana(label=gettext_lazy("Reading of your name (kana)"), max_length=LONGEST_NAME, required=False)
    department = forms.CharField(label=gettext_lazy("Department"), max_length=LONGEST_NAME, required=False)
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    employee_number = forms.CharField(label=gettext_lazy("Employee number"), max_length=64, required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language of our mails"), choices=settings.LANGUAGES)


class ContactMail(forms.Form):
    """Where mails go."""

    destination = forms.EmailField(
        label=gettext_lazy("Mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": gettext_lazy("Enter the mail address."),
            "invalid": gettext_lazy("This is not a mail address."),
        },
    )


class ContactMobile(forms.Form):
    """Where short messages go."""

    destination = forms.CharField(
        label=gettext_lazy("Mobile number"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"required": gettext_lazy("Enter the mobile number.")},
    )


class TwoStepSetting(forms.Form):
    """When the second step is asked."""

    two_step = forms.ChoiceField(
        label=gettext_lazy("Ask for the second step"),
        choices=[
            (TwoStep.STRONG.value, gettext_lazy("At every sign-in (recommended)")),
            (TwoStep.WEAK.value, gettext_lazy("Not in browsers that I trust")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the two.")},
    )


class Line(forms.Form):
    """A phone line, proved by its PIN or by a code that is sent to it."""

    number = forms.CharField(
        label=gettext_lazy("Phone number of the line"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"required": gettext_lazy("Enter the phone number of the line.")},
    )
    pin = Digits(
        label=gettext_lazy("PIN of the line"),
        help_text=gettext_lazy("4 digits. Leave it empty to have a code sent to the line instead."),
        max_length=8,
        required=False,
        widget=forms.PasswordInput,
        autocomplete="off",
    )

    def clean_pin(self) -> str:
        """Raises ValidationError."""
        pin: str = self.cleaned_data["pin"]
        if pin and not re.fullmatch(r"[0-9]{4}", pin):
            raise forms.ValidationError(_("The PIN has 4 digits."), code="line.pin")
        return pin


class Abolish(forms.Form):
    """The login id, typed to confirm."""

    typed = forms.CharField(
        label=gettext_lazy("Type your ID to confirm"),
        max_length=LOGIN_ID_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Type your ID.")},
    )

    def __init__(self, *args: Any, login_id: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.login_id = login_id

    def clean_typed(self) -> str:
        """Raises ValidationError."""
        typed = unicodedata.normalize("NFKC", self.cleaned_data["typed"]).strip()
        if typed.casefold() != self.login_id.casefold():
            raise forms.ValidationError(_("This is not your ID. Nothing was done."), code="abolish.typed")
        return typed
