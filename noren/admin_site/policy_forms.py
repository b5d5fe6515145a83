"""The security policy of a place, as it is filled in."""

import re
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy

from noren.accounts.labels import METHODS
from noren.accounts.policy import LONGEST_SESSION, MOST_DEVICES, SHORTEST_SESSION, Method, Settings


class PolicyForm(forms.Form):
    """Everything may be left empty: then the place asks nothing of it."""

    methods = forms.MultipleChoiceField(
        label=gettext_lazy("Allowed ways of signing in"),
        help_text=gettext_lazy("Tick none to allow all. The passkey is always allowed."),
        choices=[(one.value, METHODS[one.value]) for one in Method],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    second_factor = forms.BooleanField(
        label=gettext_lazy("Ask for the second step at every sign-in, in trusted browsers, too"), required=False
    )
    session_minutes = forms.IntegerField(
        label=gettext_lazy("A sign-in lasts so many minutes at most"),
        min_value=SHORTEST_SESSION,
        max_value=LONGEST_SESSION,
        required=False,
    )
    networks = forms.CharField(
        label=gettext_lazy("Networks from which accounts may be used"),
        help_text=gettext_lazy("One in a line, for example 203.0.113.0/24. Empty: from everywhere."),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        required=False,
    )
    devices = forms.IntegerField(
        label=gettext_lazy("Browsers that may be signed in at a time"),
        help_text=gettext_lazy("One more signs the oldest out."),
        min_value=1,
        max_value=MOST_DEVICES,
        required=False,
    )
    second_approval = forms.BooleanField(
        label=gettext_lazy("A second administrator approves when accounts are abolished and for large bulk jobs"),
        required=False,
    )
    grace_until = forms.DateField(
        label=gettext_lazy("Holds from this day on"),
        help_text=gettext_lazy("Empty: at once. Until then everybody is told, with the days that are left."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )

    @property
    def settings(self) -> Settings:
        """What was filled in."""
        given = self.cleaned_data
        networks = tuple(re.split(r"[\s,]+", given["networks"].strip())) if given["networks"].strip() else None
        return Settings(
            methods=frozenset(map(Method, given["methods"])) or None,
            second_factor=given["second_factor"],
            session_minutes=given["session_minutes"],
            networks=networks,
            devices=given["devices"],
            second_approval=given["second_approval"],
        )

    @property
    def from_at(self) -> datetime | None:
        """When it begins to hold; None: at once."""
        day = self.cleaned_data["grace_until"]
        return make_aware(datetime.combine(day, time.min)) if day else None


class Confirmed(forms.Form):
    """Knowing that it would shut oneself out."""

    confirmed = forms.BooleanField(
        label=gettext_lazy("Set it although I am outside of these networks now."), required=False
    )


def initial(settings: Settings) -> dict[str, Any]:
    """What the form shows of a policy."""
    return {
        "methods": sorted(settings.methods or ()),
        "second_factor": settings.second_factor,
        "session_minutes": settings.session_minutes,
        "networks": "\n".join(settings.networks or ()),
        "devices": settings.devices,
        "second_approval": settings.second_approval,
    }
