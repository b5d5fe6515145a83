"""How forms look: each field with its label, help, error and the attributes that tie them together."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Our field template."""

    form_template_name = "web/form.html"
    field_template_name = "web/field.html"
