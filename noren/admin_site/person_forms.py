"""Forms about one account: its data, its ID, how its person is reached, its lines; and a new one."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from noren.accounts.rules import LOGIN_ID_LENGTH
from noren.admin_site.act_forms import Place
from noren.web.forms import Kana

LONGEST_NAME = 200
PLAIN = {"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}


class Data(forms.Form):
    """What the corporation and partner services know of the person."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=LONGEST_NAME,
        error_messages={"required": gettext_lazy("Enter the name.")},
    )
    name_kana = Kana(label=gettext_lazy("Reading of the name (kana)"), max_length=LONGEST_NAME, required=False)
    department = forms.CharField(label=gettext_lazy("Department"), max_length=LONGEST_NAME, required=False)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=LONGEST_NAME, required=False)
    employee_number = forms.CharField(label=gettext_lazy("Employee number"), max_length=64, required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language of our mails"), choices=settings.LANGUAGES)


class LoginId(forms.Form):
    """Another login ID."""

    login_id = forms.CharField(
        label=gettext_lazy("New ID"),
        help_text=gettext_lazy("A mail address, or half-width letters, digits and signs other than @ and /."),
        max_length=LOGIN_ID_LENGTH,
        widget=forms.TextInput(attrs=PLAIN),
        error_messages={"required": gettext_lazy("Enter the new ID.")},
    )


class Contact(forms.Form):
    """How the person is reached."""

    mail = forms.CharField(label=gettext_lazy("Contact mail"), max_length=254, required=False)
    mobile = forms.CharField(label=gettext_lazy("Contact mobile"), max_length=40, required=False)


class LineNumber(forms.Form):
    """A line of the corporation."""

    number = forms.CharField(
        label=gettext_lazy("Phone number of the line"),
        max_length=40,
        error_messages={"required": gettext_lazy("Enter the phone number of the line.")},
    )


class New(Place):
    """A new account."""

    name = Data.base_fields["name"]
    name_kana = Data.base_fields["name_kana"]
    login_id = forms.CharField(
        label=gettext_lazy("Login ID"),
        help_text=gettext_lazy("A mail address or free letters, digits and signs. Without one, the employee number."),
        max_length=LOGIN_ID_LENGTH,
        required=False,
        widget=forms.TextInput(attrs=PLAIN),
    )
    employee_number = Data.base_fields["employee_number"]
    department = Data.base_fields["department"]
    title = Data.base_fields["title"]
    contact_mail = forms.CharField(label=gettext_lazy("Contact mail"), max_length=254, required=False)
    contact_mobile = forms.CharField(label=gettext_lazy("Contact mobile"), max_length=40, required=False)
    line = forms.CharField(
        label=gettext_lazy("Phone number of the line"),
        help_text=gettext_lazy("Leave it empty for a person without a line."),
        max_length=40,
        required=False,
    )
    language = Data.base_fields["language"]
    invite = forms.BooleanField(label=gettext_lazy("Invite the person by mail now"), required=False, initial=True)

    field_order = (
        *("name", "name_kana", "login_id", "employee_number", "department", "title", "contact_mail"),
        *("contact_mobile", "line", "place", "language", "invite"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["reason"]
        place: Any = self.fields["place"]
        if self.manager.has_all:
            place.required = False
            place.choices = [("", _("In no group")), *place.choices]

    def clean(self) -> dict[str, Any]:
        """An invitation needs an address; an account needs something to sign in with."""
        given: dict[str, Any] = super().clean() or {}
        if not given.get("login_id") and not given.get("employee_number"):
            self.add_error("login_id", _("Enter a login ID or an employee number."))
        if given.get("invite") and not given.get("contact_mail"):
            self.add_error("contact_mail", _("Enter the address, or do not invite by mail."))
        return given
