"""What every page is given."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from noren.web import coming

PROGRAMME = "Noren"


@dataclass(frozen=True)
class Entry:
    """A link of the menu. `current` is aria-current: "page", "true" for a page below it, or empty."""

    label: str
    url: str
    current: str = ""


def page(request: HttpRequest) -> dict[str, object]:
    """The name of the programme, whether this is the demo, the languages and the links around the page."""
    return {
        "programme_name": PROGRAMME,
        "demo": settings.NOREN_DEMO,
        "languages": settings.LANGUAGES,
        "menu": _menu(request),
        "coming_rules": coming.rules(request),
        "footer": _footer(),
    }


def _menu(request: HttpRequest) -> tuple[Entry, ...]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ()
    names = {
        "member_home": _("Home"),
        "member_history": _("Point history"),
        "member_months": _("Month by month"),
        "member_shop": _("Use points"),
        "member_bills": _("Points for bills"),
        "member_orders": _("Orders"),
        "member_receipts": _("Receipts"),
        "member_membership": _("My membership"),
        "account_home": _("My account"),
    }
    return tuple(
        entry(label, reverse(name), request.path, first=name == "member_home") for name, label in names.items()
    )


def entry(label: str, url: str, path: str, *, first: bool = False) -> Entry:
    """A link of a menu, seen from the page at that path. The first page of a site has the others not below it."""
    if path == url:
        return Entry(label, url, "page")
    below = not first and path.startswith(url)
    return Entry(label, url, "true" if below else "")


def _footer() -> tuple[Entry, ...]:
    names = {"member_home": _("Points"), "account_home": _("My account")}
    names |= {"manage_home": _("Administration"), "join_home": _("Join the programme")}
    return tuple(Entry(label, reverse(name)) for name, label in names.items())
