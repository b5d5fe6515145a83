"""Forms about groups: a new one, its settings, units, its representative, one across companies."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from noren.groups.rules import NAME_LENGTH, PoolView, UnitKind

UNIT_KINDS = {
    UnitKind.DEPARTMENT: gettext_lazy("Department"),
    UnitKind.SITE: gettext_lazy("Site"),
    UnitKind.OTHER: gettext_lazy("Other"),
}
POOL_VIEWS = {
    PoolView.ALL: gettext_lazy("All points of the group"),
    PoolView.OWN: gettext_lazy("What they have brought themselves"),
    PoolView.NOTHING: gettext_lazy("Nothing"),
}


def _name() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Name"),
        max_length=NAME_LENGTH,
        error_messages={"required": gettext_lazy("Enter the name.")},
    )


class Account(forms.Form):
    """An account, by its ID."""

    login_id = forms.CharField(
        label=gettext_lazy("ID of the representative"),
        max_length=257,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter the ID.")},
    )


class New(Account):
    """A new group of one corporation."""

    name = _name()
    field_order: tuple[str, ...] = ("name", "login_id")


class Across(New):
    """A group across companies: applied for."""

    partner = forms.CharField(
        label=gettext_lazy("Customer number of the other corporation"),
        max_length=64,
        error_messages={"required": gettext_lazy("Enter the customer number.")},
    )
    capital_tie = forms.CharField(
        label=gettext_lazy("How the companies are tied"),
        help_text=gettext_lazy("For example: wholly owned subsidiary"),
        max_length=500,
        error_messages={"required": gettext_lazy("Enter how the companies are tied.")},
    )
    evidence = forms.FileField(
        label=gettext_lazy("Document that shows it"),
        help_text=gettext_lazy("At most 10 MB"),
        error_messages={"required": gettext_lazy("Add the document.")},
    )
    starts_on = forms.DateField(
        label=gettext_lazy("Start date"), widget=forms.DateInput(attrs={"type": "date"}), required=True
    )
    field_order = ("name", "login_id", "partner", "capital_tie", "evidence", "starts_on")


class Settings(forms.Form):
    """Name, and what plain members see and may do."""

    name = _name()
    pool_view = forms.ChoiceField(
        label=gettext_lazy("What members see of the group's points"),
        choices=[(one.value, text) for one, text in POOL_VIEWS.items()],
        widget=forms.RadioSelect,
    )
    members_spend = forms.BooleanField(
        label=gettext_lazy("Members may use the group's points within their limits"), required=False
    )


class Unit(forms.Form):
    """A department or site."""

    name = _name()
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of unit"), choices=[(one.value, text) for one, text in UNIT_KINDS.items()]
    )


class Dissolving(forms.Form):
    """The name, typed to confirm."""

    typed = forms.CharField(
        label=gettext_lazy("Type the name of the group to confirm"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Type the name.")},
    )

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name

    def clean_typed(self) -> str:
        """Raises ValidationError."""
        typed: str = self.cleaned_data["typed"].strip()
        if typed != self.name:
            raise forms.ValidationError(_("This is not its name. Nothing was done."), code="group.typed")
        return typed


class Candidates(forms.Form):
    """Who is to be put into the group: a search, then ticks."""

    text = forms.CharField(
        label=gettext_lazy("Search"),
        help_text=gettext_lazy("ID, name, kana, phone number or employee number"),
        max_length=200,
        required=False,
        widget=forms.SearchInput(),
    )
