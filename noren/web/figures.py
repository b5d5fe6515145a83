"""How figures are written on every page: points and yen with their thousands apart."""

from django.template import Library

register = Library()

MINUS = "−"


@register.filter
def grouped(number: int) -> str:
    """1234567 as 1,234,567."""
    return f"{number:,}".replace("-", MINUS)


@register.filter
def signed(number: int) -> str:
    """The same with its sign: a change."""
    return f"{number:+,}".replace("-", MINUS)
