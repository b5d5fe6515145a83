"""What the pages of the desk share: their frame."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from noren.desk.access import Clerk
from noren.web.context import entry


def page(request: HttpRequest, clerk: Clerk, name: str, **context: Any) -> HttpResponse:
    """A page of the desk, with its menu and the shop."""
    menu = (entry(_("Counter"), reverse("desk_home"), request.path),)
    return render(request, f"desk/{name}.html", {"menu": menu, "clerk": clerk.row, **context})
