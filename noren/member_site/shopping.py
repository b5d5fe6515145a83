"""What points buy: the catalogue, and an order of one item after a look at which points it takes."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from noren.kit.actor import Actor
from noren.member_site import clock, payers
from noren.member_site.payers import Payer, Taking
from noren.member_site.people import Person, name_of
from noren.members.queries import Member, Profile
from noren.members.rules import MemberKind
from noren.orders import actions, addresses, queries, rules
from noren.orders.actions import Wish
from noren.orders.definition import Item
from noren.orders.rules import NOWHERE, Address
from noren.points import actions as points
from noren.points import queries as books
from noren.points.rules import request_hash
from noren.programme import labels as names
from noren.spending import actions as spending

FIELDS = ("name", "postal_code", "prefecture", "city", "street", "phone")
CODE = re.compile(r"[0-9]{7}")
PHONE = re.compile(r"0[0-9]{9,10}")


@dataclass(frozen=True, slots=True)
class Card:
    """An item in the catalogue. `available`: how many there are; None: any number."""

    code: str
    title: str
    text: str
    picture: str
    points: int
    available: int | None


class PostalCode(forms.CharField):
    """Seven figures, in any width, with or without a hyphen."""

    def clean(self, value: Any) -> str:
        """The figures. Raises ValidationError."""
        text = re.sub(r"[\s〒ー―‐−-]", "", unicodedata.normalize("NFKC", super().clean(value)))
        if text and not CODE.fullmatch(text):
            raise forms.ValidationError(_("Enter the seven figures of the postal code."), code="order.postal_code")
        return text


class Telephone(forms.CharField):
    """A Japanese number with its leading zero."""

    def clean(self, value: Any) -> str:
        """The figures. Raises ValidationError."""
        text = re.sub(r"[\s()ー―‐−-]", "", unicodedata.normalize("NFKC", super().clean(value)))
        if text and not PHONE.fullmatch(text):
            raise forms.ValidationError(_("Enter a telephone number of 10 or 11 figures."), code="order.phone")
        return text


class Basket(forms.Form):
    """How many for whom, with whose points, to where. `key`: the same look is one order, however often it is sent."""

    target = forms.ChoiceField(label=gettext_lazy("For"))
    payer = forms.ChoiceField(label=gettext_lazy("Points of"))
    quantity = forms.IntegerField(
        label=gettext_lazy("Quantity"),
        min_value=1,
        max_value=1_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": gettext_lazy("Enter a whole number.")},
    )
    phone_model = forms.CharField(
        label=gettext_lazy("Model of the phone"),
        help_text=gettext_lazy("As it stands on the phone or in its settings."),
        max_length=100,
    )
    name = forms.CharField(
        label=gettext_lazy("Deliver to (name)"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    postal_code = PostalCode(
        label=gettext_lazy("Postal code"),
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "postal-code"}),
    )
    prefecture = forms.CharField(
        label=gettext_lazy("Prefecture"),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "address-level1"}),
    )
    city = forms.CharField(
        label=gettext_lazy("City"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "address-level2"})
    )
    street = forms.CharField(
        label=gettext_lazy("Street, building, department"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    phone = Telephone(
        label=gettext_lazy("Telephone of who receives it"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, person: Person, item: Item, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"key": uuid4(), "quantity": item.least})
        self.item, self.person = item, person
        self.payers = {str(one.wallet_id): one for one in payers.payers(person)}
        if data is None and (fullest := payers.fullest(self.payers.values())):
            self.initial["payer"] = str(fullest.wallet_id)
        self._offer("target", [(str(one.uid), name_of(one)) for one in targets(person, item)])
        self._offer("payer", [(key, one.name) for key, one in self.payers.items()])
        if not item.not_for:
            del self.fields["phone_model"]
        if not item.delivered:
            for name in FIELDS:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Whose points may be used for whom."""
        told: dict[str, Any] = super().clean() or {}
        if {"target", "payer"} <= told.keys():
            try:
                spending.must_be_payable(self.chosen.wallet_id, self._target)
            except spending.NotPayable:
                self.add_error("payer", _("These points cannot be used for whom you have chosen."))
        return told

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (for the type checker)
        field.choices = choices

    @property
    def can(self) -> bool:
        """Whether there is somebody for whom it may be, and points to use."""
        return bool(self.payers and targets(self.person, self.item))

    @property
    def chosen(self) -> Payer:
        """Whose points pay."""
        return self.payers[self.cleaned_data["payer"]]

    @property
    def _target(self) -> Member:
        return payers.target(self.person.profile(UUID(self.cleaned_data["target"])))

    @property
    def wish(self) -> Wish:
        """What is ordered, at today's price."""
        told, item = self.cleaned_data, self.item
        address = Address(**{name: told[name] for name in FIELDS}) if item.delivered else NOWHERE
        return Wish(
            target=self._target,
            code=item.code,
            quantity=told["quantity"],
            points=rules.price(item, clock.today()) * told["quantity"],
            phone_model=told.get("phone_model", ""),
            address=address,
        )

    @property
    def mark(self) -> str:
        """What stands for all that was looked at: only that is ordered, and once."""
        told = {name: str(value) for name, value in self.cleaned_data.items()}
        return request_hash("look", points=self.wish.points, **told).hex()


def shelves(person: Person) -> list[tuple[str, list[Card]]]:
    """What can be ordered today, use by use; without what is for lines where the person has none. Two statements."""
    today, stock, catalogue = clock.today(), queries.stock(), queries.catalogue()
    has_line = any(one.kind is MemberKind.LINE for one in payers.staying(person))
    offered = [one for one in catalogue.items if rules.is_offered(one, today) and (has_line or not one.line)]
    return [
        (names.label(use), [_card(one, stock) for one in offered if one.use == use])
        for use in catalogue.uses
        if any(one.use == use for one in offered)
    ]


def card(item: Item) -> Card:
    """One of them."""
    return _card(item, queries.stock() if item.stocked else {})


def targets(person: Person, item: Item) -> list[Profile]:
    """The person's members for which the item may be."""
    return [one for one in payers.staying(person) if not item.line or one.kind is MemberKind.LINE]


def filled_in(person: Person, item: Item, data: Mapping[str, Any]) -> Basket:
    """The form with prefecture and city of the postal code; what else is wrong is told when it is looked at."""
    typed = {name: data[name] for name in data}
    code = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", typed.get("postal_code", "")))
    found = addresses.area(code) if CODE.fullmatch(code) else None
    if found is not None:
        typed |= {"prefecture": found.prefecture, "city": found.city + found.town}
    form = Basket(person, item, typed)
    form.errors.clear()
    if found is None:
        form.add_error("postal_code", _("There is no such postal code. Enter the address by hand."))
    return form


def look(form: Basket) -> Taking:
    """Which points the order would take. Raises the refusals of a wish, points.InsufficientPoints."""
    wish, item, wallet_id, today = form.wish, form.item, form.chosen.wallet_id, clock.today()
    actions.check(item, wish, today)
    if item.stocked and queries.stock().get(item.code, 0) < wish.quantity:
        raise actions.sold_out()
    taking = payers.look(wallet_id, wish.points, item.use, today, item.kinds)
    if taking is None:
        raise points.insufficient(wish.points, books.usable(wallet_id, item.use, today, item.kinds))
    return taking


def buy(form: Basket, account_id: str, actor: Actor) -> str:
    """Order; gives the order's number. Raises the refusals of orders.place."""
    return actions.place(
        form.wish,
        wallet_id=form.chosen.wallet_id,
        account_id=account_id,
        spenders=form.chosen.spenders,
        key=f"site/{form.mark}",
        actor=actor,
        now=clock.now(),
    )


def _card(item: Item, stock: Mapping[str, int]) -> Card:
    return Card(
        code=item.code,
        title=queries.told(item.title),
        text=queries.told(item.text),
        picture=item.picture or "",
        points=rules.price(item, clock.today()),
        available=stock.get(item.code, 0) if item.stocked else None,
    )
