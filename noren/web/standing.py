"""Points every month: what is asked of a member and of an administrator alike."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from noren.kit.months import month_text
from noren.spending import rules

MONTH = forms.DateInput(attrs={"type": "month"}, format="%Y-%m")


class EveryMonth(forms.Form):
    """How many points, from which usage month on, and until which. Several bills cannot all have all that lapses."""

    points = forms.IntegerField(
        label=gettext_lazy("Points in a month"),
        help_text=gettext_lazy("As far as there are any. Empty: all that lapse next"),
        min_value=1,
        max_value=rules.MOST,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    since = forms.DateField(
        label=gettext_lazy("From month"),
        help_text=gettext_lazy("Month like 2026-04"),
        input_formats=["%Y-%m"],
        widget=MONTH,
        error_messages={"invalid": gettext_lazy("Enter a month like 2026-04.")},
    )
    until = forms.DateField(
        label=gettext_lazy("Until month"),
        help_text=gettext_lazy("The last month. Empty: until it is ended"),
        input_formats=["%Y-%m"],
        required=False,
        widget=MONTH,
        error_messages={"invalid": gettext_lazy("Enter a month like 2026-04.")},
    )

    def __init__(self, data: Mapping[str, Any] | None, *, now: datetime, several: bool = False) -> None:
        self.first = rules.month_for(now)
        super().__init__(data, initial={"since": self.first})
        if several:
            self.fields["points"].required = True
            self.fields["points"].help_text = _("For each bill, as far as there are any")

    def clean_since(self) -> date:
        """Not a month whose bill takes no more."""
        since: date = self.cleaned_data["since"]
        if since < self.first:
            raise forms.ValidationError(_("Not before %(month)s.") % {"month": month_text(self.first)})
        return since
