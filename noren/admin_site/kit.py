"""What the pages of this site share: their menu, their frame, a refusal told in a form."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from noren.admin_site.access import Manager
from noren.groups.rules import Permission
from noren.kit.errors import Overloaded, Refusal
from noren.web import paging
from noren.web.context import Entry, entry

MENU = (
    ("manage_home", gettext_lazy("Overview"), Permission.GROUPS_VIEW),
    ("manage_accounts", gettext_lazy("Accounts"), Permission.ACCOUNTS_VIEW),
    ("manage_issue", gettext_lazy("Issue an account"), Permission.ACCOUNTS_ISSUE),
    ("manage_jobs", gettext_lazy("Bulk jobs"), Permission.ACCOUNTS_SECURE),
    ("manage_groups", gettext_lazy("Management groups"), Permission.GROUPS_VIEW),
    ("manage_pools", gettext_lazy("Points"), Permission.POINTS_VIEW),
    ("manage_policies", gettext_lazy("Security rules"), Permission.POLICY_MANAGE),
    ("manage_services", gettext_lazy("Linked services"), Permission.POLICY_MANAGE),
    ("manage_usage", gettext_lazy("Use of services"), Permission.USAGE_VIEW),
    ("manage_audit", gettext_lazy("What was done"), Permission.AUDIT_VIEW),
)


def page(request: HttpRequest, manager: Manager, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page of this site, with the part of the menu that is open to the manager."""
    return render(
        request,
        f"admin_site/{name}.html",
        {"menu": _menu(request, manager), "may": may(manager), **context},
        status=status,
    )


def _menu(request: HttpRequest, manager: Manager) -> tuple[Entry, ...]:
    shown = [(str(label), reverse(name)) for name, label, permission in MENU if manager.may(permission)]
    return tuple(entry(label, url, request.path, first=url == reverse("manage_home")) for label, url in shown)


def may(manager: Manager) -> dict[str, bool]:
    """For templates: the permissions that the manager holds somewhere, as `accounts_view`."""
    return {str(one).replace(":", "_"): True for one in Permission if manager.may(one)}


def told(form: forms.Form, refusal: Refusal, field: str | None = None) -> None:
    """Say in the form why it was refused; what is refused for being too much at once is the frame's to tell."""
    if isinstance(refusal, Overloaded):
        raise refusal
    form.add_error(field, str(refusal))


def page_number(request: HttpRequest) -> int:
    """Which page of a list is asked for; one that cannot be read is the first."""
    text = request.GET.get("page", "1")
    return int(text) if text.isdecimal() and 0 < len(text) < 7 and int(text) else 1


def behind(request: HttpRequest) -> tuple[datetime, UUID] | None:
    """The moment and id behind which the page begins; what cannot be read is the top."""
    return paging.read(request.GET.get("behind", ""))


def asked(request: HttpRequest) -> str:
    """The search as it stands in an address, without the page."""
    query = request.GET.copy()
    query.pop("page", None)
    query.pop("behind", None)
    return query.urlencode()


def at_page(request: HttpRequest, number: int) -> str:
    """The same search, at that page."""
    query = request.GET.copy()
    query["page"] = str(number)
    return query.urlencode()
