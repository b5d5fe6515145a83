"""What each step asks."""

import unicodedata
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from noren.accounts import actions as accounts
from noren.accounts.passwords import LONGEST_TYPED
from noren.accounts.rules import LOGIN_ID_LENGTH, LoginKind, login_key, login_kind
from noren.members.rules import corporate_number
from noren.web.forms import Digits, Kana

LONGEST_NAME = 200


class Kind(forms.Form):
    """Step 1."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Who joins?"),
        choices=[
            ("corporation", gettext_lazy("A corporation, with a corporate number")),
            ("sole_proprietor", gettext_lazy("A sole proprietor, without a corporate number")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the two.")},
    )


class _Named(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name of the corporation"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": gettext_lazy("Enter the name.")},
    )
    name_kana = Kana(label=gettext_lazy("Reading of the name (kana)"), max_length=LONGEST_NAME, required=False)


class Corporation(_Named):
    """Step 2 of a corporation."""

    corporate_number = forms.CharField(
        label=gettext_lazy("Corporate number"),
        help_text=gettext_lazy("13 digits, as in the National Tax Agency's register."),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter the corporate number.")},
    )
    field_order = ("corporate_number", "name", "name_kana")

    def clean_corporate_number(self) -> str:
        """13 half-width digits. Raises ValidationError."""
        number = corporate_number(self.cleaned_data["corporate_number"])
        if number is None:
            message = _("This is not a corporate number: it has 13 digits, and the first one must fit the others.")
            raise forms.ValidationError(message, code="join.corporate_number")
        return number


class SoleProprietor(_Named):
    """Step 2 of a sole proprietor."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the business, or your own")


class Person(forms.Form):
    """Step 3."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
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
    mail = forms.EmailField(
        label=gettext_lazy("Mail address"),
        help_text=gettext_lazy("A code is sent there on the next page."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": gettext_lazy("Enter your mail address."),
            "invalid": gettext_lazy("This is not a mail address."),
        },
    )
    login_id = forms.CharField(
        label=gettext_lazy("ID to sign in with"),
        help_text=gettext_lazy("Leave it empty to sign in with your mail address."),
        max_length=LOGIN_ID_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of our mails"), choices=settings.LANGUAGES)

    def clean_mail(self) -> str:
        """As it is kept, so that the address that is proved is that one. Raises ValidationError."""
        mail: str = self.cleaned_data["mail"]
        if not mail.isascii():
            raise forms.ValidationError(
                _("Write the mail address in half-width letters, digits and signs."), code="join.mail"
            )
        try:
            return accounts.tidy_mail(mail)
        except accounts.BadMail as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from refusal

    def clean_login_id(self) -> str:
        """A string of one's own; somebody else's mail address is none. Raises ValidationError."""
        text = unicodedata.normalize("NFKC", self.cleaned_data["login_id"]).strip()
        mail = self.cleaned_data.get("mail", text)
        another = "@" in text and login_key(text) != login_key(mail)
        if text and (login_kind(text) in {None, LoginKind.EMPLOYEE} or another):
            raise forms.ValidationError(
                _("Use half-width letters, digits and signs other than @ and /, or your mail address."),
                code="join.login_id",
            )
        return text


class Code(forms.Form):
    """Step 4."""

    code = Digits(
        label=gettext_lazy("Code from the mail"),
        help_text=gettext_lazy("6 digits"),
        error_messages={"required": gettext_lazy("Enter the code from the mail.")},
    )


class Terms(forms.Form):
    """Step 5."""

    agreed = forms.BooleanField(
        label=gettext_lazy("I agree to the terms, also in the name of the corporation."),
        error_messages={"required": gettext_lazy("Joining needs your agreement to the terms.")},
    )


class Password(forms.Form):
    """Step 6, and a person who accepts an invitation. `account` is whom the password is for."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=LONGEST_TYPED,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": gettext_lazy("Enter a password.")},
    )
    again = forms.CharField(
        label=gettext_lazy("The same password again"),
        strip=False,
        max_length=LONGEST_TYPED,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": gettext_lazy("Enter the password again.")},
    )

    def __init__(self, *args: Any, account: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean_password(self) -> str:
        """Long enough, not known. Raises ValidationError."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self.account)
        return password

    def clean(self) -> dict[str, Any]:
        """Typed the same twice."""
        cleaned = super().clean() or {}
        first, second = cleaned.get("password"), cleaned.get("again")
        if first and second and first != second:
            self.add_error("again", forms.ValidationError(_("The two passwords differ."), code="join.differ"))
        return cleaned
