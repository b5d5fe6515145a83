"""What is typed at the desk."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from noren.counter import rules
from noren.counter.actions import Sale
from noren.counter.queries import Customer
from noren.counter.rules import Item, Kind
from noren.kit.secrets import hashed
from noren.programme import labels as names
from noren.web.forms import Digits

ROWS = 5
"""Items that the form of a quote has room for."""


class Find(forms.Form):
    """One field for what a customer can say, or show."""

    text = forms.CharField(
        label=gettext_lazy("Line ID, phone number or login ID"),
        max_length=257,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class FindPerson(forms.Form):
    """For those who know none of these."""

    corporation = forms.CharField(
        label=gettext_lazy("Corporation"),
        help_text=gettext_lazy("Name as registered, corporate number or ID"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the person"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class Number(forms.IntegerField):
    """A whole number, without the arrows that change it by mistake."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            error_messages={"invalid": gettext_lazy("Enter a whole number.")},
            min_value=1,
            max_value=rules.MOST_YEN,
            **more,
        )


class Offer(forms.Form):
    """What is sold, for how much, with how many points, and who consents. `key`: the same look is one quote."""

    kind = forms.ChoiceField(label=gettext_lazy("What the points pay for"))
    points = Number(label=gettext_lazy("Points"), help_text=gettext_lazy("1 point pays 1 yen."))
    consent_of = forms.ChoiceField(label=gettext_lazy("Who consents"))
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, customer: Customer, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"key": uuid4()})
        self.customer = customer
        self._offer("kind", [(one.value, names.label(one)) for one in Kind])
        self._offer("consent_of", [(one.account_id, one.name) for one in customer.persons])
        if customer.holder_consents:
            del self.fields["consent_of"]
        self.order_fields(["kind", *self._add_items()])

    def _add_items(self) -> list[str]:
        """Give each row of items its fields; their names."""
        for number in range(1, ROWS + 1):
            self.fields[f"description_{number}"] = forms.CharField(
                label=_("Item %(number)s") % {"number": number},
                required=number == 1,
                max_length=rules.DESCRIPTION_LENGTH,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )
            label = _("Price of item %(number)s in yen, tax included") % {"number": number}
            self.fields[f"price_{number}"] = Number(label=label, required=number == 1)
        return [f"{name}_{number}" for number in range(1, ROWS + 1) for name in ("description", "price")]

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (for the type checker)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """An item has a description and a price."""
        given = super().clean() or {}
        for number in range(2, ROWS + 1):
            if bool(given.get(f"description_{number}")) != bool(given.get(f"price_{number}")):
                self.add_error(f"description_{number}", _("An item needs a description and a price."))
        return given

    @property
    def sale(self) -> Sale:
        """What the form offers."""
        given = self.cleaned_data
        rows = ((given[f"description_{number}"], given[f"price_{number}"]) for number in range(1, ROWS + 1))
        items = tuple(Item(description, price) for description, price in rows if description)
        return Sale(Kind(given["kind"]), items, given["points"], given.get("consent_of", ""))

    @property
    def mark(self) -> str:
        """What stands for an offer that was looked at."""
        return hashed(f"{self.customer.profile.uid} {self.sale}")


class Code(forms.Form):
    """The code that the customer reads out."""

    text = Digits(label=gettext_lazy("Code"), autocomplete="off", max_length=10)


class Pin(forms.Form):
    """The PIN of a line without an account, typed by the customer."""

    text = Digits(label=gettext_lazy("PIN of the line"), autocomplete="off", max_length=10, widget=forms.PasswordInput)


class Signature(forms.Form):
    """Strokes, as the script has noted them. `name` is asked where no account says it."""

    name = forms.CharField(label=gettext_lazy("Name of the person who signs"), max_length=rules.DESCRIPTION_LENGTH)
    text = forms.CharField(widget=forms.HiddenInput, max_length=rules.MOST_TEXT, required=False)

    def __init__(self, *, asks_name: bool, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, prefix="signature")
        if not asks_name:
            del self.fields["name"]


class Return(forms.Form):
    """What comes back, and why. `key`: the same form is one return."""

    yen = Number(label=gettext_lazy("Returned of the price, in yen"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("It is printed on the receipt."),
        max_length=rules.REASON_LENGTH,
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
