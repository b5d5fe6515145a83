"""How forms look, and the fields that several doors ask for."""

import re
import unicodedata
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext as _

_KANA = re.compile(r"[ァ-ヺー・A-Za-z0-9 .,&'()\-]*")
_HIRAGANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}


class Renderer(TemplatesSetting):
    """Our field template: each field with its label, help, error and the attributes that tie them together."""

    form_template_name = "web/form.html"
    field_template_name = "web/field.html"


class Kana(forms.CharField):
    """A reading in katakana; half-width and hiragana are turned into it."""

    def clean(self, value: Any) -> str:
        """Raises ValidationError."""
        text = unicodedata.normalize("NFKC", super().clean(value)).translate(_HIRAGANA)
        if not _KANA.fullmatch(text):
            raise forms.ValidationError(_("Write the reading in katakana."), code="web.kana")
        return text


class Digits(forms.CharField):
    """A code; typed in full width or in groups it is the same."""

    def __init__(self, *, autocomplete: str = "one-time-code", max_length: int = 20, **more: Any) -> None:
        widget = more.pop("widget", forms.TextInput)
        attributes = {"inputmode": "numeric", "autocomplete": autocomplete}
        super().__init__(max_length=max_length, widget=widget(attrs=attributes), **more)

    def clean(self, value: Any) -> str:
        """Half-width, without spaces. Raises ValidationError."""
        return re.sub(r"\s", "", unicodedata.normalize("NFKC", super().clean(value)))
