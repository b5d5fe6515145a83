"""What acts on chosen accounts ask for."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from noren.accounts.labels import TWO_STEPS
from noren.groups import queries as groups
from noren.groups.labels import ROLES
from noren.groups.rules import OF_UNITS, Permission, Role, may_grant


class Reason(forms.Form):
    """Why: it stands in the audit."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("It is kept in the audit, and the person may be told."),
        max_length=500,
        required=False,
    )

    def __init__(self, *args: Any, manager: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.manager = manager
        self.order_fields([name for name in self.fields if name != "reason"])


class Abolishing(Reason):
    """The end is confirmed by a word."""

    typed = forms.BooleanField(
        label=gettext_lazy("I know that this cannot be undone."),
        error_messages={"required": gettext_lazy("Tick the box to confirm.")},
    )


class TwoSteps(Reason):
    """When the second step is asked."""

    two_step = forms.ChoiceField(
        label=gettext_lazy("Ask for the second step"),
        choices=[(one.value, text) for one, text in TWO_STEPS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the two.")},
    )


class Place(Reason):
    """A group that the manager manages, and a unit of it."""

    place = forms.ChoiceField(
        label=gettext_lazy("Management group, and department or site"),
        error_messages={"required": gettext_lazy("Choose a group.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["place"]
        field.choices = list(self._places())

    def _places(self) -> Any:
        scope = self.manager.scope(Permission.GROUPS_MANAGE)
        for group in groups.groups(scope):
            if scope.covers(corporation_id=group.corporation_id, group_id=str(group.group_id)):
                yield str(group.group_id), group.name
                for unit in groups.units(group.group_id):
                    yield f"{group.group_id}/{unit.unit_id}", f"{group.name} / {unit.name}"

    @property
    def chosen(self) -> tuple[UUID, UUID | None]:
        """Group and unit."""
        group, _slash, unit = self.cleaned_data["place"].partition("/")
        return UUID(group), UUID(unit) if unit else None


class Granting(Place):
    """A role in a group, for all of it or one unit."""

    role = forms.ChoiceField(
        label=gettext_lazy("Permission"), error_messages={"required": gettext_lazy("Choose a permission.")}
    )

    field_order = ("role", "place", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["role"]
        mine = [one.role for one in self.manager.held]
        offered = (Role.MANAGING_USER, Role.MANAGE_USERS, Role.MANAGE_POINTS)
        field.choices = [(role.value, ROLES[role]) for role in offered if may_grant(mine, role)]

    def clean(self) -> dict[str, Any]:
        """A managing user manages all of the group."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("place") and given.get("role"):
            mine = self.manager.roles_in(groups.group(self.chosen[0]))
            if not may_grant(mine, Role(given["role"])):
                self.add_error("role", _("You may not give or take this permission."))
        if "/" in given.get("place", "") and given.get("role") and Role(given["role"]) not in OF_UNITS:
            self.add_error("place", _("A managing user is for the whole group. Choose a group without a department."))
        return given
