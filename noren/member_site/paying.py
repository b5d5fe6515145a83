"""Points for bills: what was taken, and taking more, after a look at which points it would be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import Http404
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy

from noren.kit.actor import Actor
from noren.member_site import clock, payers
from noren.member_site.payers import Taking
from noren.member_site.people import Person, name_of
from noren.members import queries as members
from noren.programme import queries as programme
from noren.programme.definition import Allocation
from noren.spending import actions, queries, rules
from noren.web.standing import EveryMonth


class Wish(forms.Form):
    """Whose bill, whose points, how many. `key`: the same look is one application, however often it is sent."""

    bill = forms.ChoiceField(label=gettext_lazy("Bill of"))
    payer = forms.ChoiceField(label=gettext_lazy("Points of"))
    points = forms.IntegerField(
        label=gettext_lazy("Points"),
        help_text=gettext_lazy("1 point pays 1 yen."),
        min_value=1,
        max_value=rules.MOST,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Enter how many points."),
            "invalid": gettext_lazy("Enter a whole number."),
        },
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, person: Person, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"key": uuid4()})
        _offer(self, person)


class Every(EveryMonth):
    """Whose bill and whose points, beside how many and when."""

    field_order = ("bill", "payer", "points", "since", "until")
    bill = forms.ChoiceField(label=gettext_lazy("Bill of"))
    payer = forms.ChoiceField(label=gettext_lazy("Points of"))

    def __init__(self, person: Person, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, now=clock.now())
        _offer(self, person)


def _offer(form: forms.Form, person: Person) -> None:
    """The person's own members as bills, and as those whose points pay."""
    offered = [(str(profile.uid), name_of(profile)) for profile in payers.own(person)]
    for name in ("bill", "payer"):
        field = form.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (for the type checker)
        field.choices = offered


@dataclass(frozen=True, slots=True)
class Row:
    """An allocation as the person sees it."""

    on: date
    bill: str
    month: date
    points: int
    paid: int
    returned: int
    lost: int
    open_points: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be taken for which bill. `mark` stands for what was looked at: only that is taken."""

    mark: str
    bill: str
    month: date
    points: int
    taking: Taking
    rule: Allocation


def rows(person: Person) -> list[Row]:
    """What was taken from the person's points, the newest first: one statement."""
    called = {profile.uid: name_of(profile) for profile in person.profiles}
    return [
        Row(
            localtime(row.made_at).date(),
            called.get(row.uid, row.member_id),
            row.month,
            row.points,
            row.paid,
            row.returned,
            row.lost,
            row.open_points,
        )
        for row in queries.allocations(person.wallets)
    ]


def mark(wish: Mapping[str, Any]) -> str:
    """What stands for a wish that was looked at."""
    return f"{wish['bill']}/{wish['payer']}/{wish['points']}"


def look(person: Person, wish: Mapping[str, Any]) -> Preview | None:
    """Which points the wish would take; None: there are not as many."""
    month = rules.month_for(clock.now())
    taking = payers.look(UUID(wish["payer"]), wish["points"], rules.BILL, clock.today())
    if taking is None:
        return None
    return Preview(
        mark=mark(wish),
        bill=name_of(person.profile(UUID(wish["bill"]))),
        month=month,
        points=wish["points"],
        taking=taking,
        rule=programme.in_force(month).allocation,
    )


def pay(person: Person, wish: Mapping[str, Any], actor: Actor) -> UUID:
    """Take the points. Raises the refusals of spending.actions.allocate."""
    return actions.allocate(
        wallet_id=UUID(wish["payer"]),
        target=payers.target(person.profile(UUID(wish["bill"]))),
        amount=wish["points"],
        key=f"site/{wish['key']}",
        actor=actor,
        now=clock.now(),
    )


def every_month(person: Person) -> list[tuple[UUID, str, int | None, date, date | None]]:
    """What is taken of the person's points every month: id, whose bill, how many (None: all that lapse), months."""
    called = {profile.uid: name_of(profile) for profile in person.profiles}
    return [
        (row.standing_id, called.get(row.uid, row.member_id), row.points, row.since, row.until)
        for row in queries.standing(person.wallets)
    ]


def stand(person: Person, wish: Mapping[str, Any], actor: Actor) -> UUID:
    """Have them taken every month. Raises the refusals of spending.actions.set_standing."""
    return actions.set_standing(
        wallet_id=UUID(wish["payer"]),
        target=payers.target(person.profile(UUID(wish["bill"]))),
        amount=wish["points"],
        since=wish["since"],
        until=wish["until"],
        actor=actor,
        now=clock.now(),
    )


def end(person: Person, standing_id: UUID, actor: Actor) -> None:
    """No more from the next close on. Raises Http404, spending.actions.UnknownStanding."""
    found = next((row for row in queries.standing(person.wallets) if row.standing_id == standing_id), None)
    if found is None:
        raise Http404
    target = members.member(f"{found.kind}:{found.member_id}")
    actions.end_standing(standing_id, target=target, actor=actor, now=clock.now())
