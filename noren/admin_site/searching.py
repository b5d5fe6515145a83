"""The directory's search as people fill it in, and as it stands in an address."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from noren.accounts.labels import KINDS, STATES
from noren.accounts.rules import Kind, State
from noren.groups.queries import GroupRow
from noren.groups.queries.directory import PAGE, Search

ANY = ("", gettext_lazy("Any"))
UNGROUPED = "none"
FACTORS = (
    ("passkey", gettext_lazy("With a passkey")),
    ("no_passkey", gettext_lazy("Without a passkey")),
    ("own", gettext_lazy("With a passkey or an app")),
    ("no_own", gettext_lazy("Without passkey and app")),
)
ORDERS = (
    ("name_kana", gettext_lazy("Name")),
    ("login_id", gettext_lazy("ID")),
    ("employee_number", gettext_lazy("Employee number")),
    ("state", gettext_lazy("State")),
    ("used", gettext_lazy("Used last")),
)
UNUSED = (("30", gettext_lazy("30 days")), ("90", gettext_lazy("90 days")), ("365", gettext_lazy("A year")))


class Filter(forms.Form):
    """What the list shows. Everything may be left out."""

    text = forms.CharField(
        label=gettext_lazy("Search"),
        help_text=gettext_lazy("ID, name, kana, phone number or employee number"),
        max_length=200,
        required=False,
        widget=forms.SearchInput(),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"), choices=[ANY, *((one.value, text) for one, text in STATES.items())], required=False
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of account"),
        choices=[ANY, *((one.value, text) for one, text in KINDS.items())],
        required=False,
    )
    group = forms.ChoiceField(label=gettext_lazy("Management group"), required=False)
    factor = forms.ChoiceField(label=gettext_lazy("Second factor"), choices=[ANY, *FACTORS], required=False)
    unused = forms.ChoiceField(label=gettext_lazy("Not used for"), choices=[ANY, *UNUSED], required=False)
    order = forms.ChoiceField(label=gettext_lazy("Order"), choices=ORDERS, required=False)
    descending = forms.BooleanField(label=gettext_lazy("Backwards"), required=False)

    def __init__(self, *args: Any, groups: tuple[GroupRow, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["group"]
        field.choices = [
            ANY,
            (UNGROUPED, gettext_lazy("In no group")),
            *((str(group.group_id), group.name) for group in groups),
        ]

    def search(self, *, now: datetime, page: int) -> Search:
        """What is asked for; of a filter that cannot be read, everything."""
        given = self.cleaned_data if self.is_valid() else {}
        group, unused = given.get("group", ""), given.get("unused", "")
        return Search(
            text=given.get("text", ""),
            state=State(given["state"]) if given.get("state") else None,
            kind=Kind(given["kind"]) if given.get("kind") else None,
            group_id=UUID(group) if group not in {"", UNGROUPED} else None,
            ungrouped=group == UNGROUPED,
            factor=given.get("factor", ""),
            unused_since=now - timedelta(days=int(unused)) if unused else None,
            order=given.get("order") or "name_kana",
            descending=bool(given.get("descending")),
            offset=(page - 1) * PAGE,
        )
